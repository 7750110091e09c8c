"""The report says what the record holds, in order of the contents, and trusts none of it."""

import json
from html.parser import HTMLParser

import pytest

from tools.contents import entries
from ui.misconceptions import catalogue
from ui.record import Check, Prediction, Puzzle, Record
from ui.report import ENOUGH, Lesson, body, page
from ui.saved import parse

LESSONS = (Lesson("pooling", "Pooling", 8), Lesson("icc", "ICC", 5))
EVIL = "<script>alert(1)</script><img src=x onerror='alert(2)'>\"&"
WORK = Record(
    {
        "icc.pairs": Prediction(
            0.4,
            "certain",
            "half-way",
            question="How alike?",
            said="0.40",
            truth="0.17",
            gap="You said 0.40; it is 0.17.",
            right=False,
            reason="schools differ",
        ),
        "pooling.moves": Prediction(None, question="Which moves most?", truth="school 48"),
        "pooling.moves@abc": Prediction(["48", "59"]),
    },
    {"pooling.two": Check(1, "Which?", "The school of 150", False, "The school of 5", "No.")},
    {
        "pooling.half": Puzzle(1, True, "Keep half.", "n=48%3A5&sigma_u=3"),
        "pooling.half@abc": Puzzle(0, True, "Keep most.", "n=48%3A20"),
    },
)


class Reader(HTMLParser):
    """The tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += f" {data}"

    @property
    def links(self) -> list[str | None]:
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]


def test_every_part_of_the_work_can_be_read():
    said = Reader(body(WORK, LESSONS)).text
    for text in (
        "How alike?",
        "You said 0.40; it is 0.17.",
        "certain",
        "schools differ",
        "looked without predicting",
        "48, 59",
        "solved with one hint",
        "The school of 150",
        "The school of 5",
        "3 of 8",
        "1 of 5",
        catalogue()["half-way"].claim,
        catalogue()["half-way"].counter,
    ):
        assert text in said
    assert catalogue()["all-alike"].claim not in said


def test_lessons_stand_in_the_order_of_the_contents_whatever_the_record_says():
    said = Reader(body(WORK, LESSONS)).text
    assert said.index("Which moves most?") < said.index("Keep most.") < said.index("How alike?")
    turned = Reader(body(WORK, LESSONS[::-1])).text
    assert turned.index("How alike?") < turned.index("Which moves most?")


def test_settings_are_links_that_open_them_under_their_code():
    assert Reader(body(WORK, LESSONS, "http://here/")).links == [
        "http://here/pooling?n=48%3A5&sigma_u=3",
        "http://here/pooling?n=48%3A20&code=abc",
    ]


def everywhere(text: str) -> Record:
    return Record(
        {
            f"pooling.{text}": Prediction(
                text, "certain", text, text, text, text, text, False, text
            ),
            f"{text}.x@{text}": Prediction([text, text]),
        },
        {f"pooling.c{text}": Check(0, text, text, False, text, text, text)},
        {
            f"pooling.p{text}": Puzzle(1, True, text, f"{text}={text}"),
            "javascript:alert(1)//.p": Puzzle(1, True, text, "n=1"),
        },
    )


@pytest.mark.parametrize("make", [body, lambda *args: page(*args, "today")], ids=["body", "page"])
def test_no_text_of_a_record_becomes_markup(make):
    record = parse(json.dumps(everywhere(EVIL).dump()))
    harmless = Reader(make(everywhere("harmless"), LESSONS, "http://here/"))
    found = Reader(make(record, LESSONS, "http://here/"))
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in harmless.tags]
    assert [list(attrs) for _, attrs in found.tags] == [list(attrs) for _, attrs in harmless.tags]
    assert found.text.count("<script>alert(1)</script>") >= 10
    assert all(link.startswith("http://here/pooling?") for link in found.links)


def test_the_saved_page_asks_nobody_for_anything():
    found = Reader(page(WORK, LESSONS, "http://here/", "1 May 2026"))
    assert {"script", "link", "img", "iframe"}.isdisjoint(tag for tag, _ in found.tags)
    assert {"src", "srcset"}.isdisjoint(name for _, attrs in found.tags for name in attrs)
    style = page(Record(), LESSONS, "", "")
    assert "url(" not in style
    assert "@import" not in style


def test_calibration_is_said_once_there_is_enough():
    rated = [("certain", True), ("certain", False), ("certain", False), ("a guess", True)]

    def said(outcomes):
        given = {f"icc.{i}": Prediction(1.0, sure, right=r) for i, (sure, r) in enumerate(outcomes)}
        return Reader(body(Record(given), LESSONS)).text

    assert len(rated) == ENOUGH - 1
    assert "You were right" not in said([*rated, (None, True), ("certain", None)])
    assert "You were right 1 of 3 times when certain and 2 of 2 times when you guessed" in (
        said([*rated, ("a guess", True)])
    )


def test_each_misconception_names_a_lesson_that_treats_it():
    paths = {entry.path for entry in entries() if entry.tasks}
    assert {each.lesson for each in catalogue().values()} <= paths
