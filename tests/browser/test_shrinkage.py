"""The lesson Shrinkage in a browser: placed by hand, moved by drag and by key, redrawn."""

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tools.visit import Visit

SKIP = [f".st-key-skip-shrinkage-{task}-school button" for task in ("place", "exclude", "adjacent")]


def tables(page: Page):
    return page.locator(".st-key-tables-school")


def skip(learner: Visit, tasks: int = 3) -> None:
    for button in SKIP[:tasks]:
        learner.page.locator(button).click()
        learner.settle()


def test_a_place_is_clicked_and_met_by_the_truth_on_the_same_row(visit):
    learner = visit("shrinkage")
    page = learner.page
    assert "−1.2" not in tables(page).inner_text()
    row = tables(page).locator("rect.target")
    box = row.bounding_box()
    end = 12  # the row reaches so far past the first and the last place
    x = box["x"] + end + (box["width"] - 2 * end) * (11 - 1) / (65 - 1)
    page.mouse.click(x, box["y"] + box["height"] / 2)
    expect(tables(page).get_by_role("slider")).to_have_attribute("aria-valuenow", "11")
    learner.settle()
    page.locator(".st-key-lock-shrinkage-place-school button").click()
    expect(tables(page).locator(".gap")).to_have_text(
        "You said 11th from the bottom. It is 27th, 16 places up, and its 95 % interval reaches "
        "from −8.0 to 5.7."
    )
    expect(tables(page)).to_contain_text("16 places")
    expect(tables(page).locator(".finding")).to_have_text(
        "The school of two moves 71 % of the way to the mean, from 11th to 27th of 65."
    )
    learner.settle()
    assert violations(page) == []


def test_dragging_the_number_of_pupils_sends_nothing_until_it_rests(visit):
    learner = visit("shrinkage")
    skip(learner, 1)
    page = learner.page
    finding = tables(page).locator(".finding")
    slider = tables(page).locator("input[type=range]")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    learner.traffic.clear()
    page.mouse.move(box["x"] + 9, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=6)
    expect(finding).to_contain_text(re.compile(r"^With \d+ pupils, school 48 moves \d %"))
    assert learner.traffic.sent == []
    assert "n=" not in page.url
    page.mouse.up()
    learner.settle()
    assert len(learner.traffic.sent) == 1
    assert re.search(r"[?&]n=\d+", page.url)
    # another school brings its own number of pupils
    option = tables(page).locator("option", has_text=re.compile(r"^53 "))
    tables(page).locator("select").select_option(option.get_attribute("value"))
    expect(finding).to_contain_text("The school of seventy moves 7 %")
    learner.settle()
    assert "school=53" in page.url
    assert "n=" not in page.url


def test_the_puzzle_is_solved_and_the_table_redrawn_by_keyboard(visit):
    learner = visit("shrinkage")
    skip(learner)
    page = learner.page
    tables(page).locator("input[type=range]").focus()
    for _ in range(25 - 2):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-status-shrinkage-reach-school")).to_contain_text("Done.")
    picture = page.locator(".st-key-caterpillar-school")
    expect(picture).to_contain_text("left out by 36 of the 65 intervals")
    picture.get_by_role("switch").focus()
    page.keyboard.press("Space")
    expect(picture).to_contain_text("School 48 can be told from 8 of the other 64 schools.")
    redraws = page.locator(".st-key-redraws-school")
    redraws.get_by_role("button", name="Step on").focus()
    page.keyboard.press("Enter")
    expect(redraws).to_contain_text("1 of 40")
    page.keyboard.press("Enter")
    expect(redraws).to_contain_text("2 of 40")
    learner.settle()
    assert "compare=yes" in page.url
    assert "redraw=2" in page.url
