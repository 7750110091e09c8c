"""A lab as it is done: from the list to a step, its finding, its model, and back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit
from ui.labs import LABS
from ui.labs.intercepts import NULL

FOUND = "intraclass correlation"


def test_from_the_list_to_a_finding_and_to_the_model(visit: Callable[..., Visit]) -> None:
    learner = visit("labs")
    page = learner.page
    heading = page.get_by_role("heading", level=1)
    page.get_by_role("link", name="1 Random intercepts").click()
    expect(heading).to_have_text("Random intercepts")
    expect(page).to_have_url(f"{learner.home}/labs?lab=intercepts")
    expect(page.get_by_text(FOUND)).to_have_count(0)
    page.get_by_role("button", name="Show what you should find").first.click()
    expect(page.get_by_text(FOUND)).to_be_visible()
    page.go_back()
    expect(heading).to_have_text("Labs")
    page.go_forward()
    expect(page.get_by_text(FOUND)).to_be_visible()
    page.get_by_role("link", name="Open this model").first.click()
    expect(heading).not_to_have_text("Random intercepts")
    learner.settle()
    assert "/workbench?" in page.url
    assert NULL.formula in page.evaluate("new URLSearchParams(location.search).get('model')")
    page.go_back()
    expect(heading).to_have_text("Random intercepts")
    expect(page.get_by_text(FOUND)).to_be_visible()


def test_a_handout_has_room_for_answers_that_are_not_shown(visit: Callable[..., Visit]) -> None:
    learner = visit("labs", query="lab=intercepts")
    page = learner.page
    page.get_by_role("button", name="Show what you should find").first.click()
    expect(page.get_by_text(FOUND)).to_be_visible()
    page.emulate_media(media="print")
    learner.settle()
    room = page.locator("[class*=st-key-ask-]")
    assert room.count() == page.locator(".stMain h2").count() - 1
    tall = room.evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert min(tall) > 90  # a line of the question, three to write on
    expect(page.get_by_text(FOUND)).to_be_visible()
    expect(page.get_by_role("button", name="Show what you should find").first).to_be_hidden()


def test_on_a_wall_each_step_stands_alone(visit: Callable[..., Visit]) -> None:
    learner = visit("labs", query="lab=intercepts&view=presenter&step=2", size=PROJECTOR)
    page = learner.page
    expect(page.get_by_role("heading", name="The null model")).to_be_visible()
    expect(page.get_by_role("heading", name="Forget the schools")).to_be_hidden()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", name="Forget the schools")).to_be_visible()
    expect(page.get_by_role("heading", name="The null model")).to_be_hidden()


@pytest.mark.parametrize(
    ("lab", "form"),
    [*((lab, {"size": PHONE}) for lab in LABS), ("levels", {"size": LAPTOP, "dark": True})],
)
def test_every_finding_has_room(
    visit: Callable[..., Visit], lab: str, form: dict[str, object]
) -> None:
    learner = visit("labs", query=f"lab={lab}&view=key&commands=r", **form)
    assert learner.page.locator("[class*=st-key-found-]").count() == len(LABS[lab].steps)
    assert learner.overflow() <= 0
    assert learner.cut_off() == []
    assert violations(learner.page) == []
