"""What a stage sends while its question is open: frames with something to see, in their place."""

from ui.stage.axis import Axis
from ui.stage.layout import Column, Frame
from ui.stage.marks import Dots
from ui.stage.quantity import Program, control
from ui.stage.text import text

QUIET = Axis((0, 1), [], "")
TICKED = Axis((0, 1), [0, 1], "x")
SECRET = text("the answer is {a}", a=control("a"))


def asked(*frames: Frame) -> list[dict]:
    return Column(frames).wire_asked(Program())["items"]


def test_a_frame_without_marks_or_ticks_is_left_out():
    dots = [Dots(1, 1)]
    assert len(asked(Frame(dots, QUIET, QUIET), Frame(dots, TICKED, QUIET))) == 1
    assert len(asked(Frame([], QUIET, QUIET, asked=dots))) == 1


def test_a_computed_title_keeps_its_place_and_its_secret():
    (frame,) = asked(Frame([], TICKED, QUIET, title=SECRET))
    assert frame["title"] == ["\u00a0"]
    (plain,) = asked(Frame([], TICKED, QUIET, title="means"))
    assert plain["title"] == ["means"]


def test_a_frame_is_as_high_in_a_low_window_unless_it_says_otherwise():
    heights = [
        (frame["height"], frame["low"])
        for frame in asked(
            Frame([], TICKED, QUIET, height=190), Frame([], TICKED, QUIET, height=190, low=116)
        )
    ]
    assert heights == [(190, 190), (190, 116)]
