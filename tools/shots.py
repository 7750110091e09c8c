"""A screenshot of every page in the four forms, and of its full height, in ``build/shots/``."""

from playwright.sync_api import Browser, sync_playwright

from tools import chromium
from tools.contents import addresses
from tools.server import ROOT, running
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit

FORMS: dict[str, tuple[tuple[int, int], bool, str]] = {
    "laptop": (LAPTOP, False, ""),
    "projector": (PROJECTOR, False, "view=presenter"),
    "phone": (PHONE, False, ""),
    "dark": (LAPTOP, True, ""),
}
SHOTS = ROOT / "build" / "shots"


def photograph(browser: Browser, home: str, page: str, form: str) -> None:
    """Take what is first seen, then the whole page: a window as tall as its content."""
    size, dark, query = FORMS[form]
    learner = Visit(browser, home, size=size, dark=dark, touch=form == "phone")
    learner.go(addresses()[page], query)
    learner.page.screenshot(path=SHOTS / f"{page}-{form}.png")
    learner.page.set_viewport_size({"width": size[0], "height": learner.height()})
    learner.settle()
    learner.page.screenshot(path=SHOTS / f"{page}-{form}-whole.png")
    learner.close()


def main() -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    with running() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=list(chromium.FLAGS)
        )
        for page in addresses():
            for form in FORMS:
                photograph(browser, server.url, page, form)
        browser.close()
    print(f"{len(addresses()) * len(FORMS)} pages photographed in {SHOTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
