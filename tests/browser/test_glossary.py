"""The glossary in a browser: by keyboard, from a lesson, from a link, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tools.visit import LAPTOP, PHONE, PROJECTOR
from ui.glossary import catalogue

# What is typed, and the entry that comes first.
ASKED = {
    "VPC": "intraclass correlation",
    "rho": "intraclass correlation",
    "ρ": "intraclass correlation",
    "random coefficient": "random slope",
    "Random Coefficients": "random slope",
    "hierarchical linear models": "multilevel model",
    "mixed model": "multilevel model",
    "shrinkge": "shrinkage",
    "intarclass": "intraclass correlation",
    "Dèviance": "deviance",
    "BLUPs": "empirical Bayes estimate",
    "sigma e": "within-group variance",
    "springs": "Pooling",
    "secondary school": "Pupils in primary and secondary schools",
    "sleep": "Reaction times on little sleep",
    "whole group raises": "random intercept",
    "trap of numbers": "Three levels",
}


def first_found(page: Page) -> str:
    return page.locator(".found a").first.inner_text()


def test_the_search_finds_what_other_traditions_call_it(visit):
    learner = visit("glossary")
    field = learner.page.get_by_role("searchbox")
    learner.traffic.clear()
    found = {}
    for asked in ASKED:
        field.fill(asked)
        found[asked] = first_found(learner.page)
    assert found == ASKED
    assert learner.traffic.sent == []  # all of it in the browser
    field.fill("zzzz")
    expect(learner.page.get_by_role("status")).to_contain_text("Nothing found")


def test_by_keyboard_from_a_word_to_an_entry_and_on(visit):
    learner = visit("glossary")
    page = learner.page
    page.get_by_role("searchbox").focus()
    page.keyboard.type("vpc")
    expect(page.get_by_role("status")).to_contain_text("found")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".found a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Intraclass correlation")).to_be_focused()
    expect(page.locator(".entry svg")).to_be_visible()
    learner.settle()
    assert page.url.endswith("glossary?term=icc")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Between-group variance")).to_be_focused()
    learner.settle()
    assert page.url.endswith("?term=between-variance")
    page.go_back()
    learner.settle()
    expect(page.get_by_role("heading", name="Intraclass correlation")).to_be_visible()


def test_the_terms_are_sent_once(visit):
    learner = visit("glossary")
    terms = max(learner.traffic.received)
    assert terms > 100_000  # 56 pictures
    learner.traffic.clear()
    learner.page.locator(".index a", has_text="caterpillar plot").click()
    learner.settle()
    assert learner.page.url.endswith("?term=caterpillar")
    assert sum(learner.traffic.received) < terms / 10


@pytest.mark.parametrize(
    ("size", "dark", "query"),
    [
        (LAPTOP, False, ""),
        (LAPTOP, True, ""),
        (PHONE, False, ""),
        (PROJECTOR, False, "&view=presenter"),
    ],
    ids=["light", "dark", "phone", "projector"],
)
def test_an_entry_fits_every_form(visit, size, dark, query):
    learner = visit("glossary", size=size, dark=dark, query=f"term=icc{query}", touch=size == PHONE)
    page = learner.page
    picture = page.locator(".entry svg").bounding_box()
    assert picture["width"] >= 340
    assert picture["y"] + picture["height"] <= size[1]
    assert learner.overflow() <= 0
    assert learner.cut_off() == []
    assert violations(page) == []
    page.get_by_role("searchbox").fill("pooling")
    assert learner.cut_off() == []
    assert violations(page) == []


def test_the_header_leads_to_the_glossary_and_a_result_to_its_page(visit):
    learner = visit("pooling")
    page = learner.page
    page.get_by_role("navigation", name="Where you are").get_by_role(
        "link", name="Glossary"
    ).click()
    learner.settle()
    expect(page.get_by_role("heading", name="Glossary", exact=True)).to_be_visible()
    page.get_by_role("searchbox").fill("Robinson 1930")
    page.locator(".found a").first.click()
    learner.settle()
    assert re.search(r"/data\?data=states$", page.url)
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()


def test_a_term_in_a_lesson_says_its_sentence(visit):
    learner = visit("pooling")
    page = learner.page
    link = page.get_by_role("link", name="Partial pooling")
    card = page.locator(".term-card")
    expect(card).to_be_hidden()
    link.hover()
    expect(card).to_have_text(catalogue()["partial-pooling"].sentence)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.get_by_role("link", name="weight").focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(card).to_be_visible()
    expect(link).to_have_accessible_description(catalogue()["partial-pooling"].sentence)
    assert violations(page) == []


def test_a_first_tap_on_a_term_says_its_sentence_and_a_second_opens_the_entry(visit):
    learner = visit("pooling", size=PHONE, touch=True)
    page = learner.page
    link = page.get_by_role("link", name="Partial pooling")
    link.tap()
    expect(page.locator(".term-card")).to_be_visible()
    assert learner.cut_off() == []
    with learner.context.expect_page() as opened:
        link.tap()
    expect(opened.value.get_by_role("heading", name="Partial pooling")).to_be_visible()


def test_a_term_in_a_lesson_opens_its_entry_beside_the_lesson(visit):
    learner = visit("pooling")
    with learner.context.expect_page() as opened:
        learner.page.get_by_role("link", name="Partial pooling").click()
    expect(opened.value.get_by_role("heading", name="Partial pooling")).to_be_visible()
