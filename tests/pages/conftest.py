"""Pages without a browser: nobody draws their beginning or a picture, so nobody waits for that."""

import pytest

from ui import controls, frame


@pytest.fixture(autouse=True)
def no_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "OPENING", 0)
    monkeypatch.setattr(controls, "FRAMES", 0)
