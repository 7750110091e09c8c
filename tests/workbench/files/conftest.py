"""Files read in this process, which saves a second for each; test_apart.py is of the other."""

import pytest

from workbench.files import apart, reading


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "contents_apart", apart.contents)
