"""The lesson Panel data in a browser: a guess in the picture, handles by hand and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tools.visit import LAPTOP, PHONE
from ui.pictures import studies

SKIP = ("panel-intercept", "panel-slope")


def skip(page: Page, name: str) -> None:
    page.locator(f".st-key-skip-{name} button").click()
    expect(page.locator(f".st-key-again-{name}")).to_be_visible()


def says(page: Page, found: list[int]) -> None:
    """The finding counts the studies that are called significant: by one model, or by two."""
    said = f"in {found[0]} of 100" + (f", random slopes in {found[1]}." if found[1:] else ".")
    expect(page.locator(".st-key-trial .finding")).to_contain_text(said)


def counts(**at: float) -> list[int]:
    """What the hundred squares must say, by the core's evaluation of the same expressions."""
    now = {"sigma_u1": 0.4, "persons": 50.0, "waves": 6.0, "seed": float(studies.SEED), **at}
    return [int(each.evaluate(now).sum()) for each in studies.sums().found]


def test_a_guess_is_placed_by_keyboard_and_stays_where_the_truth_arrives(visit):
    learner = visit("panel")
    page = learner.page
    handle = page.get_by_role("slider", name="significant studies of 100")
    expect(handle).to_be_in_viewport()
    handle.press("PageDown")
    for _ in range(5):
        handle.press("PageDown")
    learner.settle()
    page.locator(".st-key-lock-panel-intercept button").click()
    expect(page.locator(".st-key-trial .gap")).to_contain_text("it is 21 of 100")
    expect(page.locator(".st-key-trial svg").get_by_text("you", exact=True)).to_be_visible()
    says(page, counts()[:1])
    assert violations(page) == []


def test_dragging_moves_rates_squares_and_the_refit_and_sends_nothing(visit):
    learner = visit("panel")
    page = learner.page
    for name in SKIP:
        skip(page, name)
    says(page, counts())
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    handle = page.get_by_role("slider", name="SD of people’s slopes")
    box = handle.locator(".pill").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    equation = page.locator(".st-key-trial .equation").first
    before = equation.inner_text()
    learner.settle()
    learner.traffic.clear()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 500, y, steps=8)
    expect(handle).to_have_attribute("aria-valuenow", "0")
    says(page, counts(sigma_u1=0.0))
    assert equation.inner_text() != before
    assert learner.traffic.sent == []
    page.mouse.up()
    page.wait_for_url(re.compile(r"sigma_u1=0"))


def test_waves_and_draws_by_keyboard_agree_with_the_core(visit):
    learner = visit("panel", query="waves=4&persons=20")
    page = learner.page
    for name in SKIP:
        skip(page, name)
    says(page, counts(waves=4.0, persons=20.0))
    page.get_by_role("slider", name="waves").press("End")
    says(page, counts(waves=10.0, persons=20.0))
    page.get_by_role("button", name="Step on").click()
    page.wait_for_url(re.compile(rf"seed={studies.SEED + 1}"))
    says(page, counts(waves=10.0, persons=20.0, seed=studies.SEED + 1.0))
    assert "waves=10" in page.url


def test_the_second_picture_follows_its_last_day(visit):
    learner = visit("panel")
    page = learner.page
    for name in SKIP:
        skip(page, name)
    said = page.locator(".st-key-lives .finding")
    expect(said).to_have_text(
        "With random slopes the standard error of the trend is 1.9 times as large."
    )
    handle = page.locator(".st-key-lives").get_by_role("slider", name="last day used")
    handle.press("Home")
    expect(said).to_contain_text("1.2 times")
    page.wait_for_url(re.compile("lives_last=2"))


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_the_first_guess_is_within_reach(visit, size):
    page = visit("panel", size=size).page
    guess = page.get_by_role("slider", name="significant studies of 100")
    expect(guess).to_be_visible()
    if size == LAPTOP:
        expect(guess).to_be_in_viewport()
        expect(page.locator(".st-key-lock-panel-intercept")).to_be_in_viewport()
