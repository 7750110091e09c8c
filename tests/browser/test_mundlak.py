"""The lesson Mundlak in a browser: placed by click and key, dragged, on a wall and on a phone."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tools.visit import LAPTOP, PHONE, Visit

PLACES = ("sixty", "three", "means")


def stage(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}")


def skip(learner: Visit, *names: str) -> None:
    for name in names:
        learner.page.locator(f".st-key-skip-mundlak-{name} button").click()
        learner.settle()


def test_three_guesses_by_click_and_by_key_meet_the_truth_on_one_line(visit):
    learner = visit("mundlak")
    page = learner.page
    lock = page.locator(".st-key-lock-mundlak-sixty button")
    box = lock.bounding_box()
    assert box["y"] + box["height"] <= LAPTOP[1]
    strip = stage(page, "mundlak-question").locator("rect.target").bounding_box()
    # 12 beside the ends of the scale from 0 to 2: its middle is 1
    page.mouse.click(strip["x"] + strip["width"] / 2, strip["y"] + strip["height"] / 2)
    handle = stage(page, "mundlak-question").get_by_role("slider")
    expect(handle).to_have_attribute("aria-valuetext", "1.00 points")
    learner.settle()
    lock.click()
    asked = stage(page, "mundlak-question")
    expect(asked.locator(".story")).to_contain_text("You said 1.00; it is 0.51")
    expect(asked.locator(".question")).to_contain_text("And in classes of 3?")
    handle = asked.get_by_role("slider")
    expect(handle).to_have_attribute("aria-valuetext", "none")
    handle.focus()
    for _ in range(5):  # from the middle, by steps of 0.05
        page.keyboard.press("ArrowLeft")
    expect(handle).to_have_attribute("aria-valuetext", "0.75 points")
    learner.settle()
    page.locator(".st-key-lock-mundlak-three button").click()
    expect(asked.locator(".story")).to_contain_text("You said 0.75; it is 0.75. That is close.")
    learner.settle()
    skip(learner, "means")
    shown = stage(page, "mundlak")
    expect(shown.locator(".gap")).to_contain_text("It is 1.25.")
    expect(shown.locator(".finding")).to_have_text(
        "Classes of 3: random effects weigh the slope between by 34 % and find 0.75."
    )
    assert violations(page) == []


def test_a_slope_is_dragged_on_the_number_line_and_nothing_is_sent(visit):
    learner = visit("mundlak")
    skip(learner, *PLACES)
    page = learner.page
    shown = stage(page, "mundlak")
    expect(shown).to_contain_text("1.50 between classes")
    grip = shown.locator("[data-focus=b_b]").locator("circle.knot").bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    learner.traffic.clear()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=4)
    expect(shown.locator(".finding")).not_to_contain_text("find 0.75")
    page.mouse.move(x - 2000, y, steps=4)
    expect(shown).to_contain_text("−1.00 between classes")
    expect(shown.locator(".readout output")).to_have_text("−.91")
    assert learner.traffic.sent == []
    page.mouse.up()
    learner.settle()
    assert len(learner.traffic.sent) == 1
    assert "b_b=-1" in page.url


def test_one_slider_turns_random_into_fixed_by_keyboard(visit):
    learner = visit("mundlak")
    skip(learner, *PLACES)
    page = learner.page
    shown = stage(page, "mundlak")
    size = shown.get_by_role("slider", name=re.compile("pupils in each class"))
    size.focus()
    page.keyboard.press("End")
    expect(shown.locator(".finding")).to_have_text(
        "Classes of 60: random effects weigh the slope between by 1 % and find 0.51."
    )
    learner.settle()
    assert "n=60" in page.url
    shown.get_by_role("button", name="One slope at both levels").click()
    expect(shown.locator(".finding")).to_have_text(
        "One slope within and between: every estimator finds 0.50."
    )
    shown.get_by_role("button", name="The same as a table").click()
    expect(shown.locator(".twin tbody tr")).to_have_count(5)
    learner.settle()

    real = stage(page, "levels-school")
    rho = real.get_by_role("slider")
    rho.focus()
    page.keyboard.press("Home")
    expect(real.locator(".finding")).to_have_text(
        "At ρ = .00 random effects find 0.595; fixed effects find 0.559."
    )
    page.keyboard.press("End")
    expect(real.locator(".finding")).to_have_text(
        "At ρ = 1.00 random effects find 0.559; fixed effects find 0.559."
    )
    learner.settle()
    assert "school_rho=1" in page.url


def test_on_a_phone_everything_stays_inside_and_a_dataset_brings_its_own(visit):
    learner = visit("mundlak", size=PHONE, dark=True, query="data=popularity")
    skip(learner, *PLACES, "centred")
    page = learner.page
    expect(stage(page, "levels-popularity")).to_contain_text("Popularity, rated by classmates")
    assert learner.overflow() == 0
    assert learner.cut_off() == []
    assert violations(page) == []
