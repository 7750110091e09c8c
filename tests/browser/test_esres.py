"""The lesson ESRES in a browser: an order locked, the sample drawn larger by hand and by keys."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tools.visit import PHONE, Visit

ORDER = {
    "each group’s own mean": 1,
    "the model’s score, ESRES": 2,
    "one mean for all, no groups": 3,
}
STAGE = ".st-key-scores"


def lock(learner: Visit) -> None:
    page = learner.page
    for item, place in ORDER.items():
        radio = page.get_by_role("radio", name=f"{item}: place {place}", exact=True)
        radio.click()
        expect(radio).to_have_attribute("aria-checked", "true")
    learner.settle()
    page.locator(".st-key-lock-esres-order button").click()
    learner.settle()


def skip(learner: Visit, *names: str) -> None:
    for name in names:
        learner.page.locator(f".st-key-skip-esres-{name} button").click()
        learner.settle()


def handle(page: Page) -> Locator:
    return page.locator(STAGE).get_by_role("slider", name=re.compile("share of people"))


def test_an_order_meets_the_errors_on_their_own_bars(visit):
    learner = visit("esres")
    page = learner.page
    button = page.locator(".st-key-lock-esres-order button").bounding_box()
    assert button["y"] + button["height"] < 768  # seen without scrolling
    lock(learner)
    expect(page.locator(f"{STAGE} .gap")).to_contain_text(
        "You put raw means first. 2 of your 3 pairs come out the other way round."
    )
    expect(page.locator(f"{STAGE} .finding")).to_contain_text("more than no groups at all")
    for place in ("first", "second", "third"):
        expect(page.locator(STAGE).get_by_text(f"you: {place}")).to_be_visible()
    assert violations(page) == []


def test_the_sample_grows_under_the_hand_and_nothing_is_sent(visit):
    learner = visit("esres")
    skip(learner, "order")
    page = learner.page
    finding = page.locator(f"{STAGE} .finding")
    expect(finding).to_contain_text("From 5 %")
    handle(page).hover()  # once it stands still
    box = handle(page).locator(".pill").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    learner.traffic.clear()
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=6)
    expect(finding).to_contain_text("less than no groups")
    page.mouse.move(x + 600, y, steps=6)
    expect(finding).to_contain_text("From 50 % it hardly matters")
    assert learner.traffic.sent == []
    page.mouse.up()
    learner.settle()
    assert len(learner.traffic.sent) == 1
    assert "share=50" in page.url
    # the words around the picture; the picture itself (80 kB) is not sent again
    assert sum(learner.traffic.received) < 40_000


def test_keys_solve_the_puzzle_of_the_crossing(visit):
    learner = visit("esres")
    skip(learner, "order")
    page = learner.page
    handle(page).focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    learner.settle()
    expect(page.locator(".st-key-status-esres-crossing")).to_contain_text("Done.")
    assert "share=7" in page.url
    page.get_by_role("switch", name="hold sex and age").first.click()
    learner.settle()
    expect(page.locator(".st-key-status-esres-crossing")).to_contain_text("sex and age are held")


def test_the_reference_moves_every_diamond(visit):
    learner = visit("esres")
    skip(learner, "order", "small", "controls")
    page = learner.page
    stage = page.locator(".st-key-qualifications")
    expect(stage).to_contain_text("£1,649")
    stage.get_by_role("switch", name="hold sex and age").click()
    expect(stage.locator(".finding")).to_contain_text("nursing")
    learner.settle()
    expect(page.locator(".st-key-status-esres-reference")).to_contain_text("Done.")
    stage.get_by_role("switch", name="score a man of 30").click()
    expect(stage).to_contain_text("£1,835")


def test_the_table_is_smoothed_by_a_link(visit):
    learner = visit("esres")
    page = learner.page
    stage = page.locator(".st-key-smoothing")
    expect(stage.locator(".finding")).to_contain_text("Raw: the small cells")
    stage.get_by_role("button", name="Smooth, as the model says").click()
    expect(stage.locator(".finding")).to_contain_text("Smooth: the small cells follow")
    stage.get_by_role("button", name="Rows + columns").click()
    expect(stage.locator(".finding")).to_contain_text("no cell has anything to say")


def test_on_a_phone_in_the_dark_nothing_is_cut_off(visit):
    learner = visit("esres", size=PHONE, dark=True)
    skip(learner, "order", "small", "controls", "parsimony")
    assert learner.cut_off() == []
    assert violations(learner.page) == []
