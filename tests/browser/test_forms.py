"""Every page, opened cold from its own address, in every form the course is used in."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import violations
from tools.contents import addresses
from tools.server import Server, running
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
    assert page.locator(".katex-error").count() == 0
    assert page.get_by_text("a mistake of ours").count() == 0
    assert learner.overflow() <= 0
    assert learner.cut_off() == []
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_keyboard_reaches_the_main_content(visit: Callable[..., Visit], path: str) -> None:
    page = visit(path).page
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("[data-testid=stMain] :focus").count() > 0


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


def test_first_visitor_of_a_fresh_server_may_follow_a_deep_link(browser: Browser) -> None:
    *_, last = PAGES.values()
    with running() as fresh:
        learner = Visit(browser, fresh.url)
        learner.go(last)
        assert urlsplit(learner.page.url).path == f"/{last}"
        assert learner.page.get_by_text("Page not found").count() == 0
        learner.close()


def test_page_comes_back_when_the_server_does(browser: Browser) -> None:
    state = "[data-testid=stApp][data-test-connection-state={}]"
    with running() as first:
        learner = Visit(browser, first.url)
        learner.go("")
    learner.page.wait_for_selector(state.format("PINGING_SERVER"))
    with running(port=first.port):
        learner.page.wait_for_selector(state.format("CONNECTED"), timeout=30_000)
        learner.page.locator("[data-testid=stSidebarNavLink]").nth(1).click()
        learner.settle()
        assert learner.page.locator("h1").first.is_visible()
        learner.complaints.clear()  # the browser says that the connection was lost
        learner.close()


def test_first_visit_is_light(server: Server, browser: Browser) -> None:
    learner = Visit(browser, server.url)
    learner.go("")
    # 1.5 MB of scripts and fonts, which would be 3.3 if nothing were compressed
    assert sum(learner.loaded.values()) < 2_000_000
    learner.close()


def test_address_that_is_no_page_says_so(visit: Callable[..., Visit]) -> None:
    learner = visit("no-such-page")
    assert learner.page.get_by_text("Page not found").is_visible()
    assert [said for said in learner.complaints if "does not seem to exist" in said]
    learner.complaints.clear()  # expected here, and nowhere else


LOOK = """(heading) => {
  const { fontFamily, fontSize, fontWeight, letterSpacing, color } = getComputedStyle(heading);
  return { fontFamily, fontSize, fontWeight, letterSpacing, color };
}"""


def test_a_step_is_headed_like_any_section(visit: Callable[..., Visit]) -> None:
    section = visit("").page.get_by_role("heading", name="What the lessons ask").evaluate(LOOK)
    assert visit("pooling").page.locator("h2.step").first.evaluate(LOOK) == section
