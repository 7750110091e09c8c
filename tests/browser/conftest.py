"""One server and one Chromium for all browser tests; a fresh window for each visit."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools import chromium
from tools.server import Server, running
from tools.visit import LAPTOP, Visit


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The course as `make run` starts it; no page may have failed by the end."""
    with running() as started:
        yield started
        assert "Traceback" not in started.log.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open ``visit(path, size=…, dark=…, query=…, touch=…)``; each call is a learner's own window.

    At the end of the test no visit may have an error in the console or a request elsewhere.
    """
    opened: list[Visit] = []

    def open_one(
        path: str = "",
        *,
        size: tuple[int, int] = LAPTOP,
        dark: bool = False,
        query: str = "",
        touch: bool = False,
    ) -> Visit:
        learner = Visit(browser, server.url, size=size, dark=dark, touch=touch)
        opened.append(learner)
        learner.go(path, query)
        return learner

    yield open_one
    for learner in opened:
        learner.close()
