"""Presenter view by keyboard: steps, the blank wall, answers that wait to be asked for."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tools.visit import PROJECTOR, Visit

WALL = ".st-key-steps_bar dialog"
# The size in pixels of every text on screen but scripts of symbols, as the wall shows it.
SIZES = """() => {
  const sizes = [];
  const visit = (node) => {
    for (const element of node.children) {
      const style = getComputedStyle(element);
      if (style.display === 'none' || style.visibility === 'hidden') continue;
      if (element.closest('.sr, .live, .katex, .equation, sub, sup, tspan, option')) continue;
      for (const word of element.childNodes) {
        if (word.nodeType !== 3 || !word.data.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(word);
        const box = range.getBoundingClientRect();
        if (box.width < 2 || box.bottom < 0 || box.top > innerHeight) continue;
        const scale = element.getScreenCTM?.()?.a ?? 1;
        sizes.push([scale * parseFloat(style.fontSize), element.localName, word.data.trim()]);
      }
      visit(element);
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document.body);
  return sizes;
}"""


def told(page: Page) -> str:
    return page.locator(".st-key-steps_bar .next span").inner_text()


@pytest.fixture
def wall(visit) -> Visit:
    return visit("pooling", size=PROJECTOR, query="view=presenter")


def test_home_and_end_go_to_the_first_and_the_last_step(wall):
    page = wall.page
    page.keyboard.press("End")
    expect(page.get_by_role("heading", name="Take away")).to_be_visible()
    wall.settle()
    assert re.search(r"step=\d", page.url)
    page.keyboard.press("Home")
    expect(page.locator(".st-key-springs")).to_be_visible()
    expect(page.locator(".st-key-steps_bar .live")).to_contain_text("Step 1 of")


@pytest.mark.parametrize("key", ["F9", ".", "b"])
def test_a_key_blanks_the_wall_and_any_key_brings_it_back(wall, key):
    page = wall.page
    lock = page.locator(".st-key-skip-pooling-moves button")
    lock.focus()
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name=re.compile("Any key brings the page back"))
    expect(dialog).to_be_visible()
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 1920, "height": 1080}
    assert page.evaluate("document.elementFromPoint(900, 500).matches('.st-key-steps_bar *')")
    page.keyboard.press("Shift")
    expect(dialog).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator(WALL)).to_be_hidden()
    expect(lock).to_be_focused()
    assert told(page).startswith("step 1 of")
    expect(page.locator(".st-key-steps_bar .live")).to_have_text("The page is back.")


def test_letters_are_no_keys_in_a_field_or_when_they_are_turned_off(wall):
    page = wall.page
    why = page.get_by_role("textbox").first
    why.focus()
    page.keyboard.type("b.b")
    expect(page.locator(WALL)).to_be_hidden()
    why.blur()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("checkbox", name=re.compile("as clickers send them")).uncheck()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press(".")
    expect(page.locator(WALL)).to_be_hidden()
    page.keyboard.press("F9")
    expect(page.locator(WALL)).to_be_visible()
    page.keyboard.press("b")
    page.reload()
    wall.settle()
    page.keyboard.press("b")
    expect(page.locator(WALL)).to_be_hidden()


def test_the_focus_is_never_left_on_a_step_that_is_gone(wall):
    page = wall.page
    page.locator(".st-key-skip-pooling-moves button").focus()
    page.keyboard.press("PageDown")
    assert page.evaluate("document.activeElement.dataset.testid") == "stMain"
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    page.keyboard.press("PageUp")
    expect(page.locator(".st-key-springs")).to_be_visible()


def test_an_answer_of_before_is_covered_until_it_is_asked_for(visit):
    learner = visit("pooling")
    page = learner.page
    page.locator(".st-key-skip-pooling-moves button").click()
    learner.settle()
    expect(page.locator(".st-key-springs .finding")).to_be_visible()
    page.get_by_role("button", name="Presenter view").click()
    learner.settle()
    expect(page.locator(".st-key-springs .place").first).to_be_visible()
    page.get_by_role("button", name="Show the answer").first.click()
    expect(page.locator(".st-key-springs .finding")).to_be_visible()
    learner.settle()
    page.get_by_role("button", name="Leave presenter view").click()
    learner.settle()
    expect(page.locator(".st-key-springs .finding")).to_be_visible()


def test_type_is_large_enough_for_the_last_row(wall):
    page = wall.page
    title = page.locator("h1").evaluate("node => getComputedStyle(node).fontSize")
    assert float(title.removesuffix("px")) == pytest.approx(60, abs=0.5)
    page.get_by_role("radio", name="school 48: place 2", exact=True).click()
    for _ in range(6):
        # the least of the mocks is 24 px; browsers round the size of a letter to 1/64
        assert [text for text in page.evaluate(SIZES) if text[0] < 23.98] == []
        page.keyboard.press("PageDown")
        wall.settle()
