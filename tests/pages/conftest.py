"""Pages without a browser: nobody draws their beginning, so nobody waits for that."""

import pytest

from ui import frame


@pytest.fixture(autouse=True)
def no_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "HEAD_START", 0)
