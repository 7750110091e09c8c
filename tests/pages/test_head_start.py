"""What is waited for is drawn first: the beginning of a page, the picture of a moved control."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import opened
from tools.server import ROOT
from ui import controls, frame, pause


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that pages hold, on a clock that goes on only then."""
    pauses: list[float] = []
    monkeypatch.setattr(frame, "OPENING", 1)
    monkeypatch.setattr(controls, "FRAMES", 0.25)
    monkeypatch.setattr(pause, "sleep", pauses.append)
    monkeypatch.setattr(pause, "monotonic", lambda: sum(pauses))
    return pauses


def test_the_rest_of_a_lesson_is_held_when_it_is_opened(held: list[float]) -> None:
    test = opened("pooling/pooling")
    assert sum(held) == pytest.approx(1)
    test.button(key="skip.pooling.moves").click().run()
    assert sum(held) == pytest.approx(1)
    test.switch_page("pages/pooling/icc.py").run()
    assert sum(held) == pytest.approx(2)


def test_a_link_to_a_step_holds_nothing(held: list[float]) -> None:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    test.query_params["step"] = "3"
    test.switch_page("pages/pooling/pooling.py").run()
    assert not test.exception
    assert held == []


def test_what_follows_the_picture_of_a_control_is_held_when_it_was_moved(held: list[float]) -> None:
    test = opened("reference/data")
    before = sum(held)
    test.selectbox(key="data").set_value("nurses").run()
    assert sum(held) - before == pytest.approx(0.25)
    test.run()
    assert sum(held) - before == pytest.approx(0.25)
