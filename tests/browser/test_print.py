"""Every page on paper: whole, light, without controls, with room to answer by hand."""

import re
from collections.abc import Callable
from math import ceil

import pytest
from playwright.sync_api import Page, expect

from figures.style import COLOURS, INK, Meaning
from tools.contents import addresses
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit

PAGES = addresses()
INCH, WIDE, TALL = 25.4, 180, 262  # millimetres: an inch, and A4 within its margins
CONTROLS = (
    "[data-testid=stSidebar], .stAppHeader, .st-key-header, .st-key-paper, .stButton, "
    ".stDownloadButton, .stFileUploader, .stDataFrame, .links, .stepper, .hint"
)
PICTURES = ".stMain .stage svg[viewBox]"


def pixels(millimetres: float) -> float:
    return millimetres / INCH * 96


def on_paper(learner: Visit) -> Page:
    learner.page.emulate_media(media="print")
    learner.settle()
    return learner.page


def colour(page: Page, selector: str, name: str = "color") -> str:
    painted = page.locator(selector).first
    return str(painted.evaluate(f"node => getComputedStyle(node)[{name!r}]"))


def light(meaning: Meaning) -> str:
    return f"rgb({', '.join(str(int(meaning.light[i : i + 2], 16)) for i in (1, 3, 5))})"


def widths(page: Page) -> list[float]:
    """The widths for which the pictures are drawn, in sixteenths of a rem."""
    drawn: list[float] = page.locator(PICTURES).evaluate_all(
        "all => all.map(p => p.viewBox.baseVal.width)"
    )
    return drawn


@pytest.mark.parametrize("form", [{"dark": True}, {"size": PHONE}, {"query": "view=presenter"}])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_page_is_whole_on_paper(
    visit: Callable[..., Visit], path: str, form: dict[str, object]
) -> None:
    page = on_paper(visit(path, **{"size": LAPTOP, **form}))
    assert page.locator(CONTROLS).locator("visible=true").count() == 0
    for heading in page.locator(".stMain :is(h1, h2, h3)").all():
        expect(heading).to_be_visible()
    column = page.locator(".stMainBlockContainer").bounding_box()
    assert column["width"] == pytest.approx(pixels(WIDE), abs=1)
    # nothing scrolls: the document is as tall as what it holds
    assert page.evaluate("document.documentElement.scrollHeight") >= column["height"]
    for picture in page.locator(f"{PICTURES}, .stMain table").all():
        box = picture.bounding_box()
        assert box["height"] > 0
        assert box["x"] >= column["x"] - 1
        assert box["x"] + box["width"] <= column["x"] + column["width"] + 1


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_sheets_of_paper_hold_all_of_it(visit: Callable[..., Visit], path: str) -> None:
    learner = visit(path)
    sheets = learner.page.pdf(format="A4", prefer_css_page_size=True)
    tall = on_paper(learner).locator(".stMainBlockContainer").bounding_box()["height"]
    least = ceil(tall / pixels(TALL) - 0.1)
    # what is kept whole moves to the next sheet and may leave up to half a sheet empty
    assert least <= len(re.findall(rb"/Type\s*/Page\b", sheets)) <= ceil(1.5 * least) + 1


def test_dark_pages_print_in_light_colours(visit: Callable[..., Visit]) -> None:
    learner = visit("pooling", dark=True)
    learner.page.locator(".st-key-skip-pooling-moves button").click()
    learner.settle()
    assert colour(learner.page, ".stMain h1") != light(INK)
    page = on_paper(learner)
    assert colour(page, ".stMain h1") == light(INK)
    assert colour(page, ".stMain .stMarkdown p") == light(INK)
    assert colour(page, ".stApp", "backgroundColor") == "rgb(255, 255, 255)"
    assert colour(page, ".stage .label.strong", "fill") == light(INK)
    assert colour(page, ".stage .between-bar", "stroke") == light(COLOURS["between"])
    assert colour(page, ".katex [style*=color]") == light(COLOURS["between"])


def test_dark_charts_print_in_light_colours_as_wide_as_the_sheet(
    visit: Callable[..., Visit],
) -> None:
    page = visit("data", dark=True).page
    chart = page.locator(".js-plotly-plot")
    expect(chart.locator(".point").first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert colour(page, ".js-plotly-plot .point", "fill") == light(COLOURS["between"])
    column = page.locator(".stMainBlockContainer").bounding_box()
    assert chart.bounding_box()["width"] == pytest.approx(column["width"], abs=1)
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert colour(page, ".js-plotly-plot .point", "fill") != light(COLOURS["between"])


def test_pictures_are_drawn_for_the_sheet_and_again_for_the_screen(
    visit: Callable[..., Visit],
) -> None:
    learner = visit("pooling", size=PHONE)
    page = learner.page
    before = widths(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(printed > 2 * shown for printed, shown in zip(widths(page), before, strict=True))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert widths(page) == before
    page.pdf(format="A4")  # the browser says both by itself
    assert widths(page) == before


def test_folded_text_prints_open(visit: Callable[..., Visit]) -> None:
    learner = visit("pooling")
    source = learner.page.get_by_text("Data Analysis Using Regression")
    expect(source).not_to_be_visible()
    on_paper(learner)
    expect(source).to_be_visible()


def test_open_questions_leave_room_and_answered_ones_say_the_answer(
    visit: Callable[..., Visit],
) -> None:
    learner = visit("pooling")
    page = learner.page
    room = "question => getComputedStyle(question, '::after').content"
    question = page.locator(".stRadio", has_text="Two schools both lie")
    assert question.evaluate(room) == "none"
    on_paper(learner)
    assert question.evaluate(room) == '"Why?"'
    assert page.locator(".st-key-bar-pooling-slope").evaluate(room) == '"Why?"'
    page.emulate_media(media="screen")
    question.get_by_text("The school of 5").click()
    learner.settle()
    on_paper(learner)
    assert question.evaluate(room) == "none"
    expect(page.get_by_text("Yes. It keeps")).to_be_visible()


def test_margins_carry_the_lesson_and_the_link_to_this_picture(visit: Callable[..., Visit]) -> None:
    learner = visit("pooling", query="view=presenter&data=hsb", size=PROJECTOR)
    sheet = learner.page.locator("#lab-paper").evaluate("sheet => sheet.textContent")
    assert 'content:"Multilevel Lab / Pooling and variance / Pooling"' in sheet
    assert f'content:"{learner.home}/pooling?data=hsb"' in sheet
    assert "counter(pages)" in sheet


def test_a_quiet_link_prints(visit: Callable[..., Visit]) -> None:
    page = visit("pooling").page
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print this page").click()
    assert page.evaluate("window.printed")
