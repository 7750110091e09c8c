"""The page as it was left: seen before the live one, true or not shown at all, never in the way."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_pooling import KEPT
from tests.browser.test_work import menu
from tools.contents import entries
from tools.visit import IDLE, LAPTOP, PHONE, Visit

SEEN = "performance.getEntriesByName('left').length > 0"
NAMES = "Object.keys(localStorage).filter((name) => name.startsWith('multilevel-lab.left./'))"
CURRENT = """(path) => JSON.parse(localStorage.getItem(`multilevel-lab.left./${path}`))?.conditions
  === multilevelLeft.conditions()"""
SKIP = ".st-key-skip-pooling-moves button"
FULL = """() => {
  for (let size = 1 << 20; size >= 1; size >>= 1)
    for (let number = 0; ; number++) {
      try { localStorage.setItem(`full.${size}.${number}`, "x".repeat(size)); } catch { break; }
    }
}"""
# Its shadow root is closed, so a test that reads it has to be there when it is made.
OVERHEAR = """() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    if (this.id === "left") globalThis.overheard = root;
    return root;
  };
}"""
WORD = "!overheard.querySelector('.left-word').hidden"


def left(learner: Visit, path: str = "pooling") -> Visit:
    """Wait until the page that is open is kept in the form that it has now."""
    learner.page.wait_for_function(CURRENT, arg=path)
    return learner


def seen_again(learner: Visit, query: str = "", change: Callable[[Page], object] = id) -> bool:
    """Open Pooling in another tab of the same browser; tell whether it was seen as it was left."""
    page = learner.context.new_page()
    page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
    change(page)
    page.goto(f"{learner.home}/pooling{query}")
    page.wait_for_selector(IDLE)
    page.wait_for_selector("h1")
    seen = bool(page.evaluate(SEEN))
    page.close()
    return seen


def hold_server(page: Page) -> None:
    """From now on the server does not answer what a page asks for."""
    page.route_web_socket("**/*", lambda socket: None)


@pytest.mark.parametrize("path", ["", "pooling", "icc", "data", "glossary"])
def test_who_comes_back_sees_the_page_and_then_the_live_one(visit, path):
    learner = visit(path)
    page = left(learner, path).page
    assert not page.evaluate(SEEN)
    page.reload()
    page.wait_for_function(SEEN)
    learner.settle()
    expect(page.locator("#left")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("path", ["pooling", "icc", "data"])
def test_it_looks_like_the_live_page(visit, path, size, dark):
    page = left(visit(path, size=size, dark=dark), path).page
    live = page.screenshot()
    hold_server(page)
    page.goto(page.url)
    page.wait_for_function(SEEN)
    page.evaluate("document.fonts.ready.then(() => true)")
    shown = page.screenshot()
    expect(page.locator("#left")).to_have_count(1)
    before, after = (np.asarray(Image.open(io.BytesIO(each)), dtype=int) for each in (live, shown))
    # what is painted is scaled once more, so an edge may be a shade lighter; a word would be 100s
    assert np.count_nonzero(abs(before - after).max(axis=2) > 64) < 20


def test_an_answer_is_seen_at_the_next_visit_and_the_page_can_be_used_at_once(visit):
    learner = visit("pooling")
    page = left(learner).page
    page.locator(SKIP).click()
    learner.settle()
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    left(learner)
    page.reload()
    page.wait_for_function(SEEN)
    learner.settle()
    expect(page.locator(SKIP)).to_have_count(0)
    page.locator(".st-key-skip-pooling-slope button").click()
    learner.settle()
    assert set(page.evaluate(KEPT)["predictions"]) == {"pooling.moves", "pooling.slope"}


@pytest.mark.parametrize(
    ("query", "change"),
    [
        ("?n=5", id),
        ("", lambda page: page.set_viewport_size({"width": 1200, "height": 768})),
        ("", lambda page: page.emulate_media(color_scheme="dark")),
        ("?view=presenter", id),
        ("?answers=hidden", id),
    ],
    ids=["address", "width", "theme", "presenter", "hidden"],
)
def test_what_would_look_otherwise_is_not_shown(visit, query, change):
    learner = left(visit("pooling"))
    assert seen_again(learner)
    assert not seen_again(learner, query, change)
    if query.endswith(("presenter", "hidden")):
        assert not seen_again(learner, query), "nor is it kept"


def test_an_answer_in_another_tab_makes_it_untrue(visit):
    learner = left(visit("pooling"))
    other = learner.context.new_page()
    other.goto(learner.page.url)
    other.locator(SKIP).click()
    other.wait_for_function(f"{KEPT}?.predictions")
    other.close()
    # whatever moves on the page of before, it is not kept as if it knew the answer
    learner.page.evaluate("document.getElementById('root').dataset.moved = 'yes'")
    learner.page.wait_for_timeout(1500)
    assert learner.page.evaluate(NAMES) == []
    learner.page.reload()
    learner.settle()
    assert not learner.page.evaluate(SEEN)
    expect(learner.page.locator(SKIP)).to_have_count(0)


@pytest.mark.parametrize(
    "entry", [each for each in entries() if each.private], ids=lambda entry: entry.path
)
def test_a_private_page_is_never_kept(visit, entry):
    learner = visit(entry.path)
    learner.page.wait_for_timeout(1500)
    menu(learner, "Pooling")
    left(learner)
    assert learner.page.evaluate(NAMES) == ["multilevel-lab.left./pooling"]


def test_erasing_the_record_leaves_nothing(visit):
    learner = visit("pooling")
    page = learner.page
    page.locator(SKIP).click()
    learner.settle()
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    left(learner)
    menu(learner, "Your work")
    assert page.evaluate(NAMES)
    page.get_by_text("I want to erase all my answers in this browser").click()
    learner.settle()
    page.get_by_role("button", name="Erase them").click()
    page.wait_for_function(f"{NAMES}.length === 0")


def test_a_full_storage_keeps_the_record(visit):
    learner = left(visit("pooling"))
    page = learner.page
    page.evaluate(FULL)
    page.locator(SKIP).click()
    learner.settle()
    assert set(page.evaluate(KEPT)["predictions"]) == {"pooling.moves"}


def test_only_the_last_four_are_kept(visit):
    learner = visit("icc")
    left(learner, "icc")
    for title in ("Pooling", "Mundlak", "Shrinkage", "Glossary"):
        menu(learner, title)
        left(learner, title.lower())
    kept = {name.rpartition("/")[2] for name in learner.page.evaluate(NAMES)}
    assert kept == {"pooling", "mundlak", "shrinkage", "glossary"}


@pytest.mark.parametrize(
    "text", ["'{'", "'null'", "JSON.stringify({ conditions: multilevelLeft.conditions() })"]
)
def test_what_is_damaged_does_no_harm(visit, text):
    learner = left(visit("pooling"))
    page = learner.page
    page.evaluate(f"localStorage.setItem('multilevel-lab.left./pooling', {text})")
    page.reload()
    learner.settle()
    expect(page.locator("#left")).to_have_count(0)
    expect(page.locator(SKIP)).to_be_visible()


def test_a_slow_server_is_told_and_the_page_goes_when_another_is_asked_for(visit):
    page = left(visit("pooling")).page
    hold_server(page)
    page.add_init_script(f"({OVERHEAR})()")
    page.goto(page.url)
    page.wait_for_function(SEEN)
    shown = page.locator("#left")
    assert shown.get_attribute("aria-hidden") == "true"
    assert shown.evaluate("node => node.inert && !node.shadowRoot")
    assert shown.evaluate("node => getComputedStyle(node).pointerEvents") == "none"
    page.wait_for_function(WORD)
    page.evaluate("history.pushState(null, '', 'icc')")
    expect(shown).to_have_count(0)


def test_it_does_not_stay_for_ever(visit):
    page = left(visit("pooling")).page
    hold_server(page)
    page.goto(page.url)
    page.wait_for_function(SEEN)
    expect(page.locator("#left")).to_have_count(0, timeout=40_000)
