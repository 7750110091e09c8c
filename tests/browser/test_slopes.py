"""The lesson Random slopes in a browser: a guess placed, the origin dragged, all by keyboard."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit
from ui.record import Prediction, Record

ASKED = ("origin", "without", "icc", "sector")


def skip(learner: Visit, *names: str) -> None:
    for name in names:
        button = learner.page.locator(f".st-key-skip-slopes-{name} button")
        while not button.is_visible():  # on a later step of presenter view
            learner.page.keyboard.press("PageDown")
            learner.settle()
        button.click()
        learner.settle()


def stage(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}")


def test_a_guess_is_placed_and_met_on_the_same_axis(visit):
    learner = visit("slopes")
    page = learner.page
    lock = page.locator(".st-key-lock-slopes-origin button")
    box = lock.bounding_box()
    assert box["y"] + box["height"] <= LAPTOP[1]
    top = stage(page, "origin").locator("svg").first.bounding_box()["y"]
    strip = stage(page, "origin").locator("rect.target").bounding_box()
    # 12 above and below the scale: a quarter from the top is .50
    page.mouse.click(strip["x"] + strip["width"] / 2, strip["y"] + 12 + (strip["height"] - 24) / 4)
    handle = stage(page, "origin").get_by_role("slider")
    expect(handle).to_have_attribute("aria-valuetext", "0.50")
    learner.settle()
    lock.click()
    gap = stage(page, "origin").locator(".gap")
    expect(gap).to_contain_text(
        "You said the correlation stays when the origin moves. It does not."
    )
    expect(stage(page, "origin")).to_contain_text("1.11 apart")
    learner.settle()
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    assert stage(page, "origin").locator("svg").first.bounding_box()["y"] == pytest.approx(
        top, abs=6
    )
    assert violations(page) == []


def test_dragging_the_origin_refits_the_model_and_sends_nothing(visit):
    learner = visit("slopes")
    skip(learner, "origin")
    page = learner.page
    origin = stage(page, "origin")
    finding = origin.locator(".finding")
    expect(finding).to_contain_text("at c = 0 the correlation is .50; at −29 it would be −.61")
    lines = origin.locator("path.mark.line").first.get_attribute("d")
    pill = origin.locator("[data-focus=c]").bounding_box()
    x, y = pill["x"] + pill["width"] / 2, pill["y"] + pill["height"] / 2
    learner.traffic.clear()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 900, y, steps=10)
    expect(finding).to_contain_text("at c = −29 the correlation is −.61; at 0 it is .50")
    expect(origin).to_contain_text("−14004.61, wherever the origin is")
    expect(origin.locator(".readout output")).to_have_text(["−.61", "10.8", ".0145"])
    numbers = [
        [float(number) for number in re.findall(r"-?\d+\.\d", path)]
        for path in (lines, origin.locator("path.mark.line").first.get_attribute("d"))
    ]
    assert numbers[1] == pytest.approx(numbers[0], abs=0.11)  # refitted lines, a tenth of a pixel
    assert learner.traffic.sent == []
    page.mouse.up()
    learner.settle()
    assert len(learner.traffic.sent) == 1
    assert "c=-29" in page.url
    expect(page.get_by_text("at c = −29 the correlation is −.61.")).to_be_visible()


def test_the_whole_lesson_by_keyboard(visit):
    learner = visit("slopes")
    page = learner.page

    def press(target: Locator, *keys: str) -> None:
        target.focus()
        for key in keys:
            page.keyboard.press(key)
        learner.settle()

    press(stage(page, "origin").get_by_role("slider"), *["ArrowUp"] * 2)
    press(page.locator(".st-key-lock-slopes-origin button"), "Enter")
    expect(stage(page, "origin").locator(".gap")).to_contain_text("It turns round, to −.61")
    press(stage(page, "origin").locator("[data-focus=c]"), *["ArrowLeft"] * 12)
    expect(page.get_by_text("Done. At c = −12 the intercept variance is 6.81")).to_be_visible()
    press(page.locator(".st-key-axis-slopes-without [role=slider]"), "Home")
    press(page.locator(".st-key-lock-slopes-without button"), "Enter")
    press(stage(page, "without").locator("[data-focus=c]"), "End")
    expect(stage(page, "without").locator(".finding")).to_contain_text(
        "at c = 30 the fit loses 19.5"
    )
    assert "without_c=30" in page.url
    press(stage(page, "fans").get_by_role("slider", name="correlation at 0, ρu01"), "Home")
    expect(stage(page, "fans").locator(".finding")).to_contain_text("the lines fan in")
    press(stage(page, "spread").get_by_role("slider"), "ArrowUp")
    press(page.locator(".st-key-lock-slopes-icc button"), "Enter")
    press(stage(page, "spread").locator("[data-focus=x]"), "End")
    expect(stage(page, "spread").locator(".finding")).to_contain_text("At x = 30 the ICC is .37")
    radios = page.get_by_role("radiogroup", name=re.compile("In which schools"))
    press(radios.get_by_role("radio").nth(1), "Space")
    press(page.locator(".st-key-lock-slopes-sector button"), "Enter")
    press(stage(page, "sectors").locator("[data-focus=w]"), "Home")
    expect(stage(page, "sectors").locator(".finding")).to_contain_text("At a mean SES of −1.2")
    assert "w=-1.2" in page.url


def test_the_invented_schools_are_refitted_when_they_are_drawn_again(visit):
    learner = visit("slopes")
    skip(learner, "origin")
    page = learner.page
    estimates = stage(page, "fans").locator(".readout output")
    before = estimates.all_inner_texts()
    page.get_by_role("button", name="Draw other schools").click()
    expect(stage(page, "fans")).to_contain_text("seed 2")
    expect(estimates.first).not_to_have_text(before[0])
    page.get_by_role("button", name="Side by side").click()
    expect(stage(page, "fans").locator(".finding")).to_contain_text("the lines run side by side")
    learner.settle()


@pytest.mark.parametrize(
    ("size", "dark", "query"),
    [
        (LAPTOP, True, "data=popularity"),
        (PHONE, False, "data=ghq_panel"),
        (PROJECTOR, False, "view=presenter"),
    ],
    ids=["dark", "phone", "projector"],
)
def test_the_revealed_lesson_fits_every_form(visit, size, dark, query):
    learner = visit("slopes", size=size, dark=dark, touch=size == PHONE)
    kept = json.dumps(Record({f"slopes.{name}": Prediction(None) for name in ASKED}).dump())
    learner.page.evaluate("kept => localStorage.setItem('multilevel-lab', kept)", kept)
    learner.go("slopes", query)
    if size == PROJECTOR:  # on a wall each question opens again
        lock = learner.page.locator(".st-key-lock-slopes-origin button").bounding_box()
        assert lock["y"] + lock["height"] < PROJECTOR[1] - 60  # above the line of steps
        skip(learner, *ASKED)
    assert learner.overflow() <= 0
    assert learner.cut_off() == []
    assert learner.page.locator(".katex-error").count() == 0
    assert violations(learner.page) == []
