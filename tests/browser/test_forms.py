"""Every page, opened cold from its own address, in every form the course is used in."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.browser.axe import violations
from tools.contents import addresses
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit

PAGES = addresses()
FORMS = {
    "laptop": {"size": LAPTOP},
    "dark": {"size": LAPTOP, "dark": True},
    "phone": {"size": PHONE, "touch": True},
    "projector": {"size": PROJECTOR, "query": "view=presenter"},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_opens_cold_in_every_form(visit: Callable[..., Visit], path: str, form: str) -> None:
    learner = visit(path, **FORMS[form])
    page = learner.page
    assert page.locator("h1").first.is_visible()
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.get_by_text("Page not found").count() == 0
    assert learner.overflow() <= 0
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_keyboard_reaches_the_main_content(visit: Callable[..., Visit], path: str) -> None:
    page = visit(path).page
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("[data-testid=stMain] :focus").count() == 1


def test_menu_leads_to_every_page(visit: Callable[..., Visit]) -> None:
    learner = visit()
    links = learner.page.locator("[data-testid=stSidebarNavLink]")
    assert links.count() == len(PAGES)
    for place, path in enumerate(PAGES.values()):
        links.nth(place).click()
        learner.settle()
        assert urlsplit(learner.page.url).path == f"/{path}"
        assert learner.page.locator("h1").first.is_visible()
        assert learner.page.locator("[data-testid=stException]").count() == 0


def test_address_that_is_no_page_says_so(visit: Callable[..., Visit]) -> None:
    learner = visit("no-such-page")
    assert learner.page.get_by_text("Page not found").is_visible()
    assert [said for said in learner.complaints if "does not seem to exist" in said]
    learner.complaints.clear()  # expected here, and nowhere else
