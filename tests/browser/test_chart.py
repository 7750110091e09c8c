"""Charts that are drawn by Plotly, in place: on a page of their own, and on the page Data."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from figures import style
from tests.browser.axe import violations
from tools.server import Server, house_around, running
from tools.visit import LAPTOP, PROJECTOR, Visit

PLOT = ".st-key-chart .js-plotly-plot"
MOVING = style.COLOURS["within"]


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one chart under controls."""
    house = house_around(
        Path(__file__).with_name("chart_page.py"), tmp_path_factory.mktemp("charts")
    )
    with running(folder=house) as started:
        yield started
        assert "Traceback" not in started.log.read_text()


@pytest.fixture
def look(charts: Server, browser: Browser) -> Iterator[Callable[..., Visit]]:
    opened: list[Visit] = []

    def open_one(**how: object) -> Visit:
        learner = Visit(browser, charts.url, **how)
        opened.append(learner)
        learner.go("")
        expect(learner.page.locator(f"{PLOT} .point")).to_have_count(8)
        return learner

    yield open_one
    for learner in opened:
        learner.close()


def move(learner: Visit) -> None:
    """Move the slider by one."""
    learner.page.locator(".st-key-height input[type=range]").press("ArrowRight")
    learner.settle()


def across(page: Page) -> list[float]:
    """From where to where the x axis goes."""
    found: list[float] = page.locator(PLOT).evaluate("plot => plot._fullLayout.xaxis.range")
    return found


def zoom(page: Page) -> list[float]:
    """Drag a box over the middle of the chart; return what the x axis shows then."""
    box = page.locator(f"{PLOT} .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.05 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.95 * box["height"], steps=4)
    page.mouse.up()
    page.wait_for_timeout(400)  # a second click within 300 ms would be a double one
    return across(page)


def point(page: Page, which: int) -> Locator:
    """One of the points that the slider moves."""
    return page.locator(f"{PLOT} .trace").nth(1).locator(".point").nth(which)


def test_a_zoom_outlasts_a_change_of_the_data_on_the_same_node(look):
    learner = look()
    page = learner.page
    whole = across(page)
    page.locator(PLOT).evaluate("plot => { window.first = plot; }")
    zoomed = zoom(page)
    assert whole[0] < zoomed[0] < zoomed[1] < whole[1]
    move(learner)
    assert page.locator(PLOT).evaluate("plot => plot.data[1].y[0]") == 5
    assert across(page) == zoomed
    assert page.locator(PLOT).evaluate("plot => plot === window.first")
    expect(page.get_by_role("img", name="The moving points lie at 5.")).to_be_visible()


def test_a_hidden_legend_entry_stays_hidden(look):
    learner = look()
    page = learner.page
    page.locator(f"{PLOT} .legendtoggle").nth(1).click()
    expect(page.locator(f"{PLOT} .point")).to_have_count(4)
    move(learner)
    expect(page.locator(f"{PLOT} .legendtoggle")).to_have_count(2)
    expect(page.locator(f"{PLOT} .point")).to_have_count(4)


def test_a_click_reaches_the_server_and_leaves_the_picture(look):
    learner = look()
    page = learner.page
    zoomed = zoom(page)
    point(page, 1).click(force=True)
    expect(page.locator(".st-key-said")).to_contain_text(
        "kept Point(trace=1, index=1, x=2, y=4, text='south')"
    )
    learner.settle()
    assert across(page) == zoomed
    learner.traffic.clear()
    page.locator(f"{PLOT} .legendtoggle").nth(0).hover()
    zoom(page)
    assert learner.traffic.sent == []


@pytest.mark.parametrize(
    ("motion", "least", "most"), [("no-preference", 4, 1000), ("reduce", 1, 1)]
)
def test_points_move_to_their_new_place_unless_motion_is_unwelcome(look, motion, least, most):
    learner = look()
    page = learner.page
    page.emulate_media(reduced_motion=motion)
    point(page, 0).evaluate(
        """node => {
          const height = () => node.getAttribute('transform').split(',')[1];
          window.heights = new Set();
          new MutationObserver(() => window.heights.add(height()))
            .observe(node, { attributeFilter: ['transform'] });
        }"""
    )
    move(learner)
    page.wait_for_timeout(400)
    assert least <= page.evaluate("window.heights.size") <= most


def test_the_chart_turns_dark_with_the_page_and_asks_nobody(look):
    learner = look()
    page = learner.page
    zoomed = zoom(page)
    learner.traffic.clear()
    for scheme, colour in (("dark", MOVING.dark), ("light", MOVING.light)):
        page.emulate_media(color_scheme=scheme)
        rgb = ", ".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
        expect(point(page, 0)).to_have_css("fill", f"rgb({rgb})")
    assert learner.traffic.sent == []
    assert across(page) == zoomed


def test_the_chart_follows_the_width_of_the_window(look):
    learner = look()
    page = learner.page
    zoomed = zoom(page)
    page.set_viewport_size({"width": 700, "height": 768})
    page.wait_for_timeout(600)
    column = page.locator(".st-key-chart").bounding_box()
    drawn = page.locator(f"{PLOT} .main-svg").first.bounding_box()
    assert drawn["width"] == pytest.approx(column["width"], abs=1)
    assert across(page) == zoomed


def test_a_chart_that_leaves_the_page_lets_go(look):
    learner = look()
    page = learner.page
    page.locator(PLOT).evaluate("plot => { window.first = plot; }")
    page.get_by_text("Show it").click()
    learner.settle()
    expect(page.locator(PLOT)).to_have_count(0)
    assert page.evaluate("window.first._fullLayout === undefined")
    page.set_viewport_size({"width": 900, "height": 768})
    page.get_by_text("Show it").click()
    expect(page.locator(f"{PLOT} .point")).to_have_count(8)


def test_without_its_script_the_chart_says_so(charts, browser):
    learner = Visit(browser, charts.url)
    learner.context.route("**/plotly-basic*", lambda route: route.abort())
    learner.go("")
    expect(learner.page.locator(".st-key-chart")).to_contain_text("The picture did not arrive.")
    learner.complaints.clear()  # the browser says that the script is missing
    learner.close()


def test_a_finger_taps_a_point_and_scrolls_past_the_chart(look):
    learner = look(size=(390, 500), touch=True)
    page = learner.page
    point(page, 1).tap(force=True)
    expect(page.locator(".st-key-said")).to_contain_text("text='south'")
    whole, before = across(page), page.locator(PLOT).bounding_box()
    touch = page.context.new_cdp_session(page)
    x, y = before["x"] + before["width"] / 2, before["y"] + 100
    for kind, up in (("touchStart", 0), *(("touchMove", 10 * step) for step in range(1, 9))):
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y - up}]},
        )
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(500)
    assert page.locator(PLOT).bounding_box()["y"] < before["y"] - 40
    assert across(page) == pytest.approx(whole, abs=0.1)  # the scroll bar takes some width


def test_plotly_arrives_once_and_only_where_there_is_a_chart(visit):
    learner = visit("pooling")
    assert not [url for url in learner.loaded if "plotly" in url.lower()]
    learner.page.get_by_role("link", name="Data", exact=True).click()
    learner.settle()
    expect(learner.page.locator(".st-key-levels .point").first).to_be_visible()
    learner.page.get_by_role("link", name="Your work").click()
    learner.settle()
    learner.page.get_by_role("link", name="Data", exact=True).click()
    learner.settle()
    asked = [url for url in learner.loaded if "plotly" in url.lower()]
    assert len(asked) == 1
    assert "/app/static/vendor/" in asked[0]


def test_another_dataset_is_drawn_on_the_same_node_from_end_to_end(visit):
    learner = visit("data")
    page = learner.page
    plot = page.locator(".st-key-levels .js-plotly-plot")
    expect(plot.locator(".point").first).to_be_visible()
    plot.evaluate("plot => { window.first = plot; }")
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="High School and Beyond").click()
    learner.settle()
    assert plot.evaluate("plot => plot === window.first")
    expect(plot).to_contain_text("160 schools")
    expect(plot.locator(".point")).to_have_count(160 + 3)  # three of them are drawn larger too
    expect(page.get_by_role("img", name="160 schools")).to_be_visible()
    assert violations(page) == []


def test_on_the_wall_the_chart_is_as_large_as_the_type(visit):
    def height(learner: Visit) -> float:
        label = learner.page.locator(".st-key-levels .annotation-text").first
        expect(label).to_be_visible()
        return label.bounding_box()["height"]

    laptop = height(visit("data", size=LAPTOP))
    wall = height(visit("data", size=PROJECTOR, query="view=presenter"))
    # 1920 pixels make a rem of 28 px, against 16
    assert wall / laptop == pytest.approx(28 / 16, rel=0.03)
