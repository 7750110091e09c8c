"""The order of the tests, quick ones first, and the count of reference cases that were met."""

import json
import os
import re
from pathlib import Path

import hypothesis
import pytest

ORDER = ("mlcore", "datasets", "workbench", "figures", "ui", "bench", "house", "pages", "browser")
HERE = Path(__file__).parent
CASES = {
    case["id"] for case in json.loads((HERE / "reference" / "cases.json").read_text())["cases"]
}

# No test asserts a time, so no example has a deadline; the gate draws the same examples each time.
hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("house")
pytest.register_assert_rewrite("tests.mlcore.oracle")
MET = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "case(*names): the reference cases a test is about")
    config.stash[MET] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    room = {item: item.path.relative_to(HERE).parts[0] for item in items}
    for item in items:
        if room[item] == "browser":
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: ORDER.index(room[item]) if room[item] in ORDER else -1)


def cases_of(item: pytest.Item) -> set[str]:
    """The reference cases that a test is marked with, or has among its parameters."""
    marked = {name for mark in item.iter_markers("case") for name in mark.args}
    return (marked | set(re.split(r"[\[\]\-]", item.name))) & CASES


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call):
    report = (yield).get_result()
    if report.when == "call" and report.passed:
        item.config.stash[MET] |= cases_of(item)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where most reference cases were asked for, all have to be met."""
    met = session.config.stash[MET]
    if len(met) > len(CASES) / 2 and met < CASES and not session.testsfailed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    met = config.stash[MET]
    if met:
        terminalreporter.write_line(f"{len(met)} of {len(CASES)} reference cases met")
        if len(met) > len(CASES) / 2 and met < CASES:
            terminalreporter.write_line("not met: " + ", ".join(sorted(CASES - met)))
