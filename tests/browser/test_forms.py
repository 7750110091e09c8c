"""Every page, opened cold from its own address, in every form the course is used in."""

from collections.abc import Callable

import pytest

from tests.browser.axe import violations
from tools.contents import entries
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit

PAGES = [entry.path for entry in entries()]
FORMS = {
    "laptop": {"size": LAPTOP},
    "dark": {"size": LAPTOP, "dark": True},
    "phone": {"size": PHONE, "touch": True},
    "projector": {"size": PROJECTOR, "query": "view=presenter"},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", PAGES)
def test_opens_cold_in_every_form(visit: Callable[..., Visit], path: str, form: str) -> None:
    learner = visit(path, **FORMS[form])
    page = learner.page
    assert page.locator("h1").first.is_visible()
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.get_by_text("Page not found").count() == 0
    assert learner.overflow() <= 0
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_keyboard_reaches_the_main_content(visit: Callable[..., Visit], path: str) -> None:
    page = visit(path).page
    in_main = "document.querySelector('[data-testid=stMain]').contains(document.activeElement)"
    for _ in range(len(PAGES) + 12):  # the menu, the header, and something to spare
        page.keyboard.press("Tab")
        if page.evaluate(in_main):
            break
    assert page.evaluate(in_main)


def test_menu_leads_to_every_page(visit: Callable[..., Visit]) -> None:
    learner = visit()
    links = learner.page.locator("[data-testid=stSidebarNavLink]")
    assert links.count() == len(PAGES)
    for place, path in enumerate(PAGES):
        links.nth(place).click()
        learner.settle()
        assert learner.page.url.partition("?")[0].rstrip("/").endswith(path if place else "")
        assert learner.page.locator("h1").first.is_visible()
        assert learner.page.locator("[data-testid=stException]").count() == 0


def test_address_that_is_no_page_says_so(visit: Callable[..., Visit]) -> None:
    assert visit("no-such-page").page.get_by_text("Page not found").is_visible()
