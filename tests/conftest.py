"""The order of the tests: quick ones first, those that need a browser last."""

from pathlib import Path

import pytest

ORDER = ("mlcore", "datasets", "figures", "ui", "bench", "house", "pages", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    room = {item: item.path.relative_to(here).parts[0] for item in items}
    for item in items:
        if room[item] == "browser":
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: ORDER.index(room[item]) if room[item] in ORDER else -1)
