"""Every page, opened from the menu: no error, a heading, and words for each picture."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tools.contents import entries
from tools.server import ROOT
from ui.frame import Entry

PAGES = entries()


@pytest.fixture(params=PAGES, ids=lambda entry: entry.path)
def page(request: pytest.FixtureRequest) -> AppTest:
    """The course, opened at its first page and then led to another by the menu."""
    entry: Entry = request.param
    course = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not course.exception
    return course.switch_page(f"pages/{entry.file}.py").run()


def test_opens_from_the_menu_without_an_exception(page: AppTest) -> None:
    assert not page.exception


def test_every_chart_says_what_it_shows(page: AppTest) -> None:
    parts = (json.loads(part.proto.json or "{}") for part in page.get("bidi_component"))
    for chart in (given for given in parts if "figure" in given):
        assert len(chart["alt"].split()) >= 5


def test_a_lesson_ends_with_the_way_to_the_next() -> None:
    lessons = [entry for entry in PAGES if entry.tasks]
    course = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    for entry, following in zip(lessons, [*lessons[1:], None], strict=True):
        links = course.switch_page(f"pages/{entry.file}.py").run().get("page_link")
        said = [link.proto.label for link in links if link.proto.label.startswith("Next lesson")]
        assert said == ([f"Next lesson: {following.title}"] if following else [])
