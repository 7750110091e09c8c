"""The lesson Same data, five questions in a browser: by keyboard, by drag, and without traffic."""

import re

import pytest
from playwright.sync_api import expect

import datasets
import mlcore
from tests.browser.axe import violations
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit

LINES = ".st-key-lines"


def raised(school: str, by: float) -> str:
    """How far the core's coefficient of boys' school goes if one school is raised."""
    rows = datasets.load("school").frame
    higher = rows.assign(gcse=rows.gcse + by * (rows.school == int(school)))
    before, after = (
        mlcore.five("gcse ~ lrt + girl + C(schgend)", each, "school").of("C(schgend)2").estimate
        for each in (rows, higher)
    )
    moved = (after - before).round(2).map("{:.2f}".format).str.lstrip("0")
    return f"{moved['OLS', 'between']}, random effects by {moved['random effects', 'between']}"


def lock(learner: Visit, *, presses: int = 12) -> None:
    page = learner.page
    page.locator(".st-key-sure [role=slider]").focus()
    for _ in range(presses):
        page.keyboard.press("ArrowLeft")
    learner.settle()
    page.locator(".st-key-lock-five-sure button").click()
    expect(page.locator(".st-key-sure .gap")).to_contain_text("The standard error goes from")


def skip(learner: Visit) -> None:
    page = learner.page
    for name in ("sure", "silent", "girl"):
        button = page.locator(f".st-key-skip-five-{name} button")
        expect(button).to_have_count(1)
        while not button.is_visible():  # on a later step of presenter view
            page.keyboard.press("PageDown")
            learner.settle()
        button.click()
        learner.settle()


def test_the_interval_is_drawn_by_keyboard_and_stays_beside_the_truth(visit):
    learner = visit("five")
    page = learner.page
    box = page.locator(".st-key-lock-five-sure button").bounding_box()
    assert box["y"] + box["height"] <= LAPTOP[1]
    expect(page.locator(".st-key-sure")).not_to_contain_text("3.62")
    before = page.locator(".st-key-sure .layer svg").first.bounding_box()
    lock(learner)
    expect(page.locator(".st-key-sure")).to_contain_text("0.9 apart")
    expect(page.locator(".st-key-sure")).to_contain_text("to 3.62")
    after = page.locator(".st-key-sure .layer svg").first.bounding_box()
    assert after["y"] == pytest.approx(before["y"], abs=2)


def test_a_drag_moves_ols_and_not_fixed_effects_and_is_told_once(visit):
    learner = visit("five")
    skip(learner)
    page = learner.page
    handle = page.locator(f"{LINES} [data-focus=delta]")
    handle.scroll_into_view_if_needed()
    learner.settle()
    learner.traffic.clear()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, 11):
        page.mouse.move(x, y - 2 * i)
    finding = page.locator(f"{LINES} .finding")
    expect(finding).to_contain_text("fixed effects not at all")
    assert learner.traffic.sent == []
    page.mouse.up()
    learner.settle()
    assert len(learner.traffic.sent) == 1
    assert "school-lrt-delta=0." in page.url
    page.get_by_role("button", name="The same as a table").last.click()
    rows = page.locator(f"{LINES} .twin tbody tr")
    moved = {row.split("\t")[0]: row.split("\t")[-1] for row in rows.all_inner_texts()}
    assert moved["fixed effects"] == moved["within–between, within"] == ".000"
    assert float(moved["OLS"]) > 0.01
    assert moved["OLS"] == moved["cluster-robust"]


def test_the_stage_and_its_puzzle_by_keyboard(visit):
    learner = visit("five")
    skip(learner)
    page = learner.page
    handle = page.locator(f"{LINES} [data-focus=delta]")
    handle.focus()
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    learner.settle()
    expect(page.get_by_text("Done. OLS, random effects and fixed effects all say")).to_be_visible()
    page.locator(f"{LINES} [data-focus='estimator/0']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{LINES} .aside")).to_contain_text("Robust errors go with whom OLS")
    learner.settle()
    assert "school-lrt-estimator=robust" in page.url
    expect(handle).to_have_attribute("aria-valuetext", "−0.36")


def test_a_click_on_a_row_shows_its_estimator_and_fixed_effects_can_be_silent(visit):
    learner = visit("five", query="coefficient-school=schgend2")
    skip(learner)
    page = learner.page
    row = page.locator(f"{LINES} svg text", has_text="no coefficient")
    row.scroll_into_view_if_needed()
    box = row.bounding_box()
    page.mouse.click(box["x"] - 60, box["y"] + box["height"] / 2)
    finding = page.locator(f"{LINES} .finding")
    expect(finding).to_contain_text("Fixed effects say nothing")
    page.locator(f"{LINES} select").select_option(label="37 (22)")
    page.locator(f"{LINES} [data-focus=shift]").focus()
    page.keyboard.press("End")
    expect(finding).to_contain_text(f"OLS follows by {raised('37', 9.5)}, fixed effects not at")
    expect(page.get_by_text("Done. A small school is one school of ten")).to_be_visible()
    learner.settle()
    assert "school-schgend2-group=37" in page.url


def test_other_data_change_the_stage(visit):
    learner = visit("five", query="data=ghq_households")
    skip(learner)
    page = learner.page
    expect(page.locator(f"{LINES} .finding")).to_contain_text("OLS compares any two people")
    page.get_by_role("radio", name="Garden").click()
    expect(page.get_by_text("One household of 7,893 moves nothing")).to_be_visible()
    expect(page.locator(f"{LINES} [role=slider]")).to_have_count(0)


@pytest.mark.parametrize(
    ("size", "dark", "query"),
    [(LAPTOP, True, ""), (PHONE, False, ""), (PROJECTOR, False, "view=presenter")],
    ids=["dark", "phone", "projector"],
)
def test_the_revealed_lesson_fits_every_form(visit, size, dark, query):
    learner = visit("five", size=size, dark=dark, query=query, touch=size == PHONE)
    skip(learner)
    assert learner.overflow() <= 0
    assert learner.cut_off() == []
    assert learner.page.locator(".katex-error").count() == 0
    assert violations(learner.page) == []


def test_presenter_view_has_the_question_and_its_button_on_one_screen(visit):
    learner = visit("five", size=PROJECTOR, query="view=presenter")
    page = learner.page
    expect(page.get_by_role("radiogroup", name=re.compile("Give every school"))).to_be_visible()
    page.keyboard.press("PageDown")
    button = page.locator(".st-key-lock-five-sure button")
    expect(button).to_be_visible()
    learner.settle()
    box = button.bounding_box()
    assert box["y"] + box["height"] < PROJECTOR[1] - 55  # above the line of steps
