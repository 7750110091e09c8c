"""Your work in a browser: kept over a reload, saved as a page, loaded elsewhere; codes and keys."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.test_pooling import KEPT, RANKING, place
from tools.contents import entries
from tools.visit import LAPTOP, PHONE, Visit

SOLVED = "n=48:5"
EVIL = "far <script>document.title = 'caught'</script>"


def menu(learner: Visit, title: str) -> None:
    learner.page.locator("[data-testid=stSidebarNavLink]", has_text=title).click()
    learner.settle()


def answer(learner: Visit) -> None:
    """A ranking with its reason, and a question not answered right.

    Opened with five pupils for school 48 in the address, the ranking also solves a puzzle.
    """
    page = learner.page
    for school, where in RANKING.items():
        place(page, school, where).click()
    learner.settle()
    page.get_by_text("fairly sure").first.click()
    learner.settle()
    page.get_by_placeholder("Why? (optional)").first.fill(EVIL)
    # one click locks, although the reason was not confirmed with Enter
    page.locator(".st-key-lock-pooling-moves button").click()
    learner.settle()
    page.get_by_text("Both the same, since").click()
    learner.settle()


TASKS = next(entry.tasks for entry in entries() if entry.path == "pooling")
SAID = (
    "Which of five schools will move most",
    "school 59, school 53, school 54, school 48, school 35",
    "school 48, school 54, school 59, school 53, school 35",
    "5 of your 10 pairs come out the other way round.",
    "fairly sure",
    EVIL,
    "n = 48:5",
    "The distance is the same, the share is not",
    "The furthest groups move most.",
    f"3 of {TASKS}",
)


def test_the_work_is_read_again_after_a_reload_saved_as_a_page_and_loaded(visit, browser, tmp_path):
    learner = visit("pooling", query=SOLVED)
    answer(learner)
    learner.page.reload()
    learner.settle()
    menu(learner, "Your work")
    page = learner.page
    for text in SAID:
        expect(page.locator(".report")).to_contain_text(text)
    assert violations(page) == []
    assert page.title() != "caught"
    page.get_by_role("link", name="n = 48:5").click()
    learner.settle()
    expect(page.get_by_text("Done. A school keeps half of its distance")).to_be_visible()
    assert "n=48%3A5" in page.url
    menu(learner, "Your work")
    files = {}
    for kind, name in (("page", "work.html"), ("file", "work.json")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as a {kind}").click()
        files[kind] = tmp_path / name
        download.value.save_as(files[kind])

    asked: list[str] = []
    paper = browser.new_page(viewport={"width": 390, "height": 844})
    paper.on("request", lambda request: asked.append(request.url))
    paper.goto(files["page"].as_uri())
    for text in SAID:
        expect(paper.locator("main")).to_contain_text(text)
    assert asked == [files["page"].as_uri()]
    assert paper.title().startswith("My work in Multilevel Lab")
    assert paper.evaluate("document.documentElement.scrollWidth") <= 390
    link = paper.get_by_role("link", name="n = 48:5").get_attribute("href")
    assert link == f"{learner.home}/pooling?n=48%3A5"
    paper.close()

    elsewhere = visit("work")
    elsewhere.page.set_input_files("input[type=file]", files["file"])
    elsewhere.settle()
    for text in SAID:
        expect(elsewhere.page.locator(".report")).to_contain_text(text)
    assert elsewhere.page.evaluate(KEPT) == page.evaluate(KEPT)


def test_what_the_first_version_kept_is_taken_over(visit):
    learner = visit("work")
    page = learner.page
    old = {
        "version": 1,
        "checks": {"pooling.two": 0},
        "predictions": {"pooling.slope": {"value": 1}},
    }
    page.evaluate(f"localStorage.setItem('multilevel-lab', {json.dumps(json.dumps(old))})")
    page.reload()
    learner.settle()
    expect(page.locator(".report")).to_contain_text(f"2 of {TASKS}")
    assert page.evaluate(KEPT) == old, "what is in the browser is rewritten with the next answer"
    menu(learner, "Pooling")
    page.locator(".st-key-skip-pooling-moves button").click()
    learner.settle()
    kept = page.evaluate(KEPT)
    assert kept["version"] == 2
    assert kept["checks"] == {"pooling.two": {"option": 0}}
    assert set(kept["predictions"]) == {"pooling.slope", "pooling.moves"}


def test_a_code_is_typed_once_and_stays(visit):
    learner = visit("work")
    page = learner.page
    page.get_by_label("Code", exact=True).fill("Autumn")
    page.keyboard.press("Enter")
    learner.settle()
    menu(learner, "Pooling")
    assert page.url.endswith("/pooling?code=autumn")
    page.reload()
    learner.settle()
    assert page.url.endswith("/pooling?code=autumn")
    expect(page.get_by_text("code autumn")).to_be_visible()
    page.locator(".st-key-skip-pooling-moves-autumn button").click()
    learner.settle()
    assert list(page.evaluate(KEPT)["predictions"]) == ["pooling.moves@autumn"]


def test_the_key_is_reached_from_a_typed_code_and_left_again(visit):
    learner = visit("work")
    page = learner.page
    page.get_by_label("Make the key for a code").fill("spring26")
    page.keyboard.press("Enter")
    learner.settle()
    page.get_by_role("link", name="Pooling, the key for spring26").click()
    learner.settle()
    expect(page.get_by_text("Key.", exact=True)).to_have_count(TASKS)
    assert violations(page) == []
    page.get_by_role("link", name="Leave the key").click()
    learner.settle()
    menu(learner, "Pooling")
    assert page.url.endswith("/pooling")
    expect(page.get_by_text("Key.", exact=True)).to_have_count(0)
    expect(page.locator(".st-key-lock-pooling-moves button")).to_be_visible()
    assert page.evaluate("localStorage.getItem('multilevel-lab')") is None


@pytest.mark.parametrize(("size", "dark"), [(LAPTOP, True), (PHONE, False)], ids=["dark", "phone"])
def test_the_answered_page_fits_every_form(visit, size, dark):
    learner = visit("pooling", query=SOLVED, size=size, dark=dark, touch=size == PHONE)
    answer(learner)
    learner.go("work")
    expect(learner.page.locator(".report")).to_contain_text(EVIL)
    assert learner.overflow() <= 0
    assert learner.cut_off() == []
    assert violations(learner.page) == []
