"""Links to a picture: copied, opened elsewhere, with the answers hidden; and the way back."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import violations
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit

TRIGGER = "Link"


def open_panel(page: Page) -> None:
    page.get_by_role("button", name=TRIGGER, exact=True).click()
    expect(page.get_by_role("group", name="Links to what is on screen")).to_be_visible()


def link(page: Page, which: str) -> str:
    return page.get_by_role("textbox", name=which, exact=True).input_value()


def reveal(learner: Visit) -> None:
    learner.page.locator(".st-key-skip-pooling-moves button").click()
    learner.settle()


def test_a_copied_link_shows_the_same_picture_to_another_learner(visit):
    first = visit("pooling", query="sigma_u=2.5&utm_source=mail")
    first.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = first.page
    reveal(first)
    open_panel(page)
    page.get_by_role("button", name="Copy the link to this picture").click()
    expect(page.get_by_role("status").filter(has_text="Copied: the link")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == link(page, "to this picture")
    assert copied.endswith("/pooling?sigma_u=2.5&v=1")
    hidden = link(page, "to the same with the answers hidden")
    assert hidden.endswith("/pooling?sigma_u=2.5&answers=hidden&v=1")
    second = visit()
    second.page.goto(copied)
    second.settle()
    reveal(second)
    handle = second.page.get_by_role("slider", name=re.compile("sigma u"))
    assert float(handle.get_attribute("aria-valuenow")) == pytest.approx(2.5)
    assert second.page.url.endswith("/pooling?sigma_u=2.5")  # the version is used up
    second.page.goto(hidden)
    second.settle()
    expect(second.page.locator(".st-key-springs .place").first).to_be_visible()
    expect(second.page.get_by_role("button", name="Show the answer").first).to_be_visible()


def test_a_lesson_is_drawn_before_the_server_has_said_who_may_frame_it(visit):
    page = visit().page
    asked: list[Route] = []
    page.route("**/_stcore/host-config", lambda route: asked.append(route))
    page.goto(f"{page.url}pooling")
    expect(page.get_by_role("heading", name="How far should you trust")).to_be_visible()
    expect(page.locator(".st-key-springs .place").first).to_be_visible()
    assert asked
    for route in asked:
        route.continue_()


def test_where_the_clipboard_is_closed_the_old_way_copies(visit):
    learner = visit("pooling")
    page = learner.page
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error('closed')) }")
    open_panel(page)
    page.get_by_role("button", name="Copy the link to this picture").click()
    expect(page.get_by_role("status").filter(has_text=re.compile("^Copied"))).to_be_visible()


def test_the_panel_by_keyboard(visit):
    page = visit("pooling").page
    page.get_by_role("button", name=TRIGGER, exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="to this picture", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=re.compile("opied"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Links to what is on screen")).to_be_hidden()
    expect(page.get_by_role("button", name=TRIGGER, exact=True)).to_be_focused()


@pytest.mark.parametrize(
    ("size", "dark", "query"),
    [(LAPTOP, True, ""), (PHONE, False, ""), (PROJECTOR, False, "view=presenter")],
    ids=["dark", "phone", "projector"],
)
def test_the_header_and_its_panel_fit_every_form(visit, size, dark, query):
    learner = visit("pooling", size=size, dark=dark, query=query, touch=size == PHONE)
    page = learner.page
    open_panel(page)
    box = page.get_by_role("group", name="Links to what is on screen").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    for control in page.locator(".st-key-header nav > :is(button, a)").all():
        place = control.bounding_box()
        assert place["x"] + place["width"] <= size[0]
        assert place["height"] >= 23.9  # WCAG 2.5.8 asks for 24 or for space around
    assert learner.overflow() <= 0
    assert learner.cut_off() == []
    assert violations(page) == []


def test_the_step_worked_on_is_part_of_the_link_and_scrolled_to(visit):
    learner = visit("pooling")
    page = learner.page
    page.get_by_role("radio", name="The school of 5", exact=True).click(force=True)
    learner.settle()
    open_panel(page)
    copied = link(page, "to this picture")
    assert re.search(r"\?step=\d&v=1$", copied)
    page.goto(copied)
    learner.settle()
    expect(page.get_by_role("heading", name="Check yourself")).to_be_in_viewport()
    expect(page.locator("h1")).not_to_be_in_viewport()


def test_back_leaves_the_lesson_instead_of_undoing_a_move(visit):
    learner = visit()
    page = learner.page
    page.locator("[data-testid=stSidebarNavLink]", has_text="Pooling").click()
    learner.settle()
    reveal(learner)
    handle = page.locator(".st-key-springs [data-focus=sigma_u]")
    for key in ("Home", "ArrowRight", "End"):
        handle.focus()
        page.keyboard.press(key)
        learner.settle()
    assert "sigma_u" in page.url
    page.go_back()
    learner.settle()
    expect(page.get_by_role("heading", name="Take the course")).to_be_visible()
    assert "sigma_u" not in page.url
    page.go_forward()
    learner.settle()
    expect(page.locator(".st-key-springs [data-focus=sigma_u]")).to_be_visible()
    assert "sigma_u=inf" in page.url


def test_answers_hidden_sends_no_answer_to_a_browser_that_has_one(visit):
    learner = visit("pooling")
    page = learner.page
    reveal(learner)
    kept = json.loads(page.evaluate("localStorage.getItem('multilevel-lab')"))
    assert "pooling.moves" in kept["predictions"]
    received: list[str] = []

    def listen(frame: str | bytes) -> None:
        text = frame if isinstance(frame, bytes) else frame.encode()
        received.append(text.decode("utf-8", "ignore"))

    page.on("websocket", lambda socket: socket.on("framereceived", listen))
    learner.go("pooling", "answers=hidden")
    everything = "".join(received)
    assert "Twelve of the" in everything
    for trace in ('"reveal"', '"truth"', "It takes both", "moves most, 2"):
        assert trace not in everything
    reveal(learner)
    assert "It takes both" in "".join(received)
