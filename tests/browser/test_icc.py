"""The lesson ICC in a browser: a guess on the bar, rulers, shuffles, a predictor, other data."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tools.visit import PHONE, PROJECTOR, Visit

START = "Two pupils of one school correlate at .168: 17 % of the variance lies between schools."


def stage(page: Page) -> Locator:
    return page.locator(".st-key-strips")


def says(page: Page, words: str | re.Pattern[str]) -> None:
    expect(stage(page).locator(".finding")).to_have_text(words)


def skip(learner: Visit, *tasks: str) -> None:
    for task in tasks:
        learner.page.locator(f".st-key-skip-icc-{task} button").click()
        learner.settle()


def handle(page: Page, name: str) -> Locator:
    return stage(page).locator(f"[data-focus={name}]")


def middle(handle: Locator) -> tuple[float, float]:
    box = handle.locator(".knot").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_guess_is_placed_by_keyboard_and_met_on_the_same_bar(visit):
    learner = visit("icc")
    page = learner.page
    lock = page.locator(".st-key-lock-icc-pair button").bounding_box()
    assert lock["y"] + lock["height"] < 768  # seen without scrolling
    top = stage(page).locator("svg").first.bounding_box()["y"]
    guess = handle(page, "icc")
    guess.focus()
    for _ in range(19):
        page.keyboard.press("ArrowLeft")
    expect(guess).to_have_attribute("aria-valuenow", "0.31")
    learner.settle()
    page.locator(".st-key-lock-icc-pair button").click()
    says(page, START)
    learner.settle()
    expect(stage(page).locator(".gap")).to_contain_text("You said .31; it is .17.")
    expect(stage(page)).to_contain_text(".14 apart")
    expect(page.get_by_text("The rulers alone would give")).to_be_visible()
    assert abs(stage(page).locator("svg").first.bounding_box()["y"] - top) < 2
    assert violations(page) == []


def test_the_rulers_make_strips_bar_and_pairs_anew_and_nothing_is_sent(visit):
    learner = visit("icc")
    skip(learner, "pair")
    page = learner.page
    x, y = middle(handle(page, "sigma_u"))
    readout = stage(page).locator(".readout output")
    expect(readout).to_have_text("358 independent")
    learner.traffic.clear()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 190, y, steps=6)
    says(page, re.compile(r"correlate at \.4\d\d|correlate at \.5\d\d"))
    page.mouse.move(x - 300, y, steps=6)
    says(
        page,
        "Two pupils of one school correlate at .000: 0 % of the variance lies between schools.",
    )
    expect(readout).to_have_text("4,059 independent")
    assert learner.traffic.sent == []
    page.mouse.up()
    learner.settle()
    assert len(learner.traffic.sent) == 1
    assert "sigma_u=0" in page.url
    assert sum(learner.traffic.received) < 60_000  # words that changed, not the pupils again
    page.get_by_role("button", name="Back to the start").first.click()
    says(page, START)
    handle(page, "sigma_e").focus()
    page.keyboard.press("Home")
    says(page, re.compile(r"correlate at \.9\d\d"))
    learner.settle()


def test_shuffles_and_the_predictor_come_with_their_answers(visit):
    learner = visit("icc")
    skip(learner, "pair")
    page = learner.page
    expect(handle(page, "shuffle")).to_have_count(0)
    skip(learner, "zero", "added")
    handle(page, "shuffle").click()
    says(page, "Shuffled: the ICC is exactly 0. Which school it is says nothing about the pupil.")
    expect(stage(page)).to_contain_text("pupils dealt out anew")
    handle(page, "shuffle").click()
    says(page, "Shuffled: the ICC is .001. That much comes by chance.")
    expect(stage(page).locator(".seed")).to_have_text("seed 2")
    page.get_by_role("button", name="Back to the start").first.click()
    handle(page, "predictor").click()
    says(
        page,
        "The variance between schools falls by 45 %, within falls by 33 %: the ICC is .142.",
    )
    learner.settle()
    assert "predictor=yes" in page.url
    stage(page).get_by_role("button", name="The same as a table").click()
    row = stage(page).locator(".twin tbody tr").first
    expect(row).to_have_text(re.compile("between schools9.38"))


def test_other_data_bring_their_own_spreads(visit):
    learner = visit("icc")
    skip(learner, "pair")
    page = learner.page
    handle(page, "sigma_u").focus()
    page.keyboard.press("PageUp")
    learner.settle()
    assert "sigma_u=" in page.url
    page.get_by_role("combobox", name="Dataset").click()
    page.get_by_role("option", name="Nurses in wards").click()
    expect(page.get_by_role("heading", name="How alike are a ward’s nurses?")).to_be_visible()
    says(page, re.compile(r"Two nurses of one ward correlate at \.686"))
    learner.settle()
    assert "sigma_u" not in page.url
    assert "data=nurses" in page.url


def test_on_a_phone_nothing_is_cut_off_and_on_the_wall_the_question_fits(visit):
    phone = visit("icc", size=PHONE, touch=True)
    assert phone.overflow() == 0
    skip(phone, "pair", "zero", "added")
    assert phone.overflow() == 0
    assert phone.cut_off() == []
    wall = visit("icc", size=PROJECTOR, query="view=presenter")
    lock = wall.page.locator(".st-key-lock-icc-pair button").bounding_box()
    assert lock["y"] + lock["height"] < PROJECTOR[1] - 60  # above the line of steps
