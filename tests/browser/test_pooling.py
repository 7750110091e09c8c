"""The lesson Pooling in a browser: by hand, by keyboard, on a phone, after a reload."""

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from mlcore import pooling_weight
from tests.browser.axe import violations
from tools.server import running
from tools.visit import LAPTOP, PHONE, PROJECTOR, Visit

RANKING = {"59": 1, "53": 2, "54": 3, "48": 4, "35": 5}
KEPT = "JSON.parse(localStorage.getItem('multilevel-lab'))"


def place(page: Page, school: str, where: int) -> Locator:
    return page.get_by_role("radio", name=f"school {school}: place {where}", exact=True)


def lock(learner: Visit) -> None:
    page = learner.page
    for school, where in RANKING.items():
        place(page, school, where).click()
        expect(place(page, school, where)).to_have_attribute("aria-checked", "true")
    learner.settle()
    page.locator(".st-key-lock-pooling-moves button").click()
    learner.settle()


def show(learner: Visit) -> None:
    learner.page.locator(".st-key-skip-pooling-moves button").click()
    learner.settle()


def finding(page: Page) -> str:
    return page.locator(".finding").inner_text()


def test_a_ranking_is_locked_and_met_by_the_truth_on_the_same_rows(visit):
    learner = visit("pooling")
    page = learner.page
    top = page.locator(".st-key-springs svg").bounding_box()["y"]
    lock(learner)
    expect(page.locator(".st-key-springs .gap")).to_contain_text(
        "You put the furthest schools first, and 5 of your 10 pairs come out the other way round. "
        "School 48, your fourth, moves most."
    )
    assert finding(page) == (
        "Two pupils: school 48 moves 71 % of the way to the mean. "
        "Seventy pupils: school 53 moves 7 %."
    )
    expect(page.locator(".st-key-springs svg .guess")).to_have_count(len(RANKING))
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    # the stage keeps its pixels from question to reveal
    assert page.locator(".st-key-springs svg").bounding_box()["y"] == pytest.approx(top, abs=2)
    assert violations(page) == []


def test_the_picture_moves_before_the_handle_is_released_and_nothing_is_sent(visit):
    learner = visit("pooling")
    show(learner)
    page = learner.page
    handle = page.get_by_role("slider", name=re.compile("sigma u"))
    box = handle.locator("circle:not(.target)").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    marks = page.locator(".st-key-springs svg .row .predicted")
    before, said = marks.first.get_attribute("d"), finding(page)
    learner.traffic.clear()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y, steps=8)
    assert marks.first.get_attribute("d") != before
    assert finding(page) != said
    assert learner.traffic.sent == []
    assert "sigma_u" not in page.url
    page.mouse.move(x - 300, y, steps=4)
    assert finding(page) == "Complete pooling: every school is given the mean of all schools."
    page.mouse.up()
    learner.settle()
    assert len(learner.traffic.sent) == 1
    assert "sigma_u=0" in page.url
    # what comes back are the moved picture (7 kB), the menu and some ninety elements, most of them
    # by name only: no cloud (16 kB), no other stage (10 kB and more), no library (150 kB)
    assert sum(learner.traffic.received) < 34_000


def test_every_step_of_a_drag_redraws_the_picture(visit):
    learner = visit("pooling")
    show(learner)
    pictures = learner.page.evaluate(
        """() => {
          const find = (node, query) => {
            for (const each of node.querySelectorAll('*')) {
              if (each.matches(query)) return each;
              const inside = each.shadowRoot && find(each.shadowRoot, query);
              if (inside) return inside;
            }
          };
          const root = document.querySelector('.st-key-springs');
          const handle = find(root, '[data-focus=sigma_u]');
          const mark = find(root, '.row .predicted');
          const box = handle.getBoundingClientRect();
          const drag = (x, type) => handle.dispatchEvent(new PointerEvent(type,
            {bubbles: true, pointerId: 1, clientX: x, clientY: box.y + 10}));
          handle.setPointerCapture = () => {};
          drag(box.x + 10, 'pointerdown');
          const seen = new Set();
          for (let i = 0; i < 20; i++) {
            drag(box.x + 10 - 4 * i, 'pointermove');
            seen.add(mark.getAttribute('d'));
          }
          drag(box.x - 70, 'pointerup');
          return seen.size;
        }"""
    )
    assert pictures == 20
    learner.settle()


def test_the_closed_form_in_the_browser_is_the_cores(visit):
    page = visit("pooling").page
    page.wait_for_function("globalThis.multilevelLab")
    grid = [
        (n, tau, sigma)
        for n in (1, 2, 8, 70, 198)
        for tau in (0.0, 0.05, 4.14, 40.0, float("inf"))
        for sigma in (0.5, 9.2, 30.0)
    ]
    asked = json.dumps([[n, "inf" if tau == float("inf") else tau, s] for n, tau, s in grid])
    found = page.evaluate(
        f"""async () => (await globalThis.multilevelLab.promise).springs.weight
          && {asked}.map(async ([n, tau, sigma]) => (await globalThis.multilevelLab.promise)
            .springs.weight(n, tau === 'inf' ? Infinity : tau, sigma))
          .reduce(async (all, one) => [...await all, await one], [])"""
    )
    n, tau, sigma = map(np.array, zip(*grid, strict=True))
    # the same three operations in the same floating point numbers: the last bits may differ
    np.testing.assert_allclose(found, pooling_weight(n, tau, sigma), rtol=1e-14)


def test_the_whole_lesson_by_keyboard(visit):
    learner = visit("pooling")
    page = learner.page

    def tab_to(target: Locator) -> None:
        for _ in range(150):
            page.keyboard.press("Tab")
            if target.evaluate("node => node.getRootNode().activeElement === node"):
                return
        pytest.fail("the keyboard does not get there")

    for school, where in sorted(
        RANKING.items(), key=lambda pair: list("48 54 35 59 53".split()).index(pair[0])
    ):
        tab_to(place(page, school, 1))
        for _ in range(where - 1):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        expect(place(page, school, where)).to_have_attribute("aria-checked", "true")
    learner.settle()
    tab_to(page.locator(".st-key-lock-pooling-moves button"))
    page.keyboard.press("Enter")
    learner.settle()
    handle = page.get_by_role("slider", name=re.compile("sigma u"))
    handle_focus = page.locator(".st-key-springs [data-focus=sigma_u]")
    page.evaluate("document.querySelector('[data-testid=stMain]').focus()")
    tab_to(handle_focus)
    start = float(handle.get_attribute("aria-valuenow"))
    page.keyboard.press("ArrowRight")
    assert float(handle.get_attribute("aria-valuenow")) == pytest.approx(start + 0.1, abs=0.06)
    page.keyboard.press("End")
    assert handle.get_attribute("aria-valuetext") == "infinite: no pooling"
    page.keyboard.press("Home")
    assert handle.get_attribute("aria-valuetext") == "0: complete pooling"
    learner.settle()
    assert "sigma_u=0" in page.url
    tab_to(page.locator(".st-key-axis-pooling-slope [role=slider]"))
    page.keyboard.press("ArrowLeft")
    learner.settle()
    tab_to(page.locator(".st-key-lock-pooling-slope button"))
    page.keyboard.press("Enter")
    learner.settle()
    expect(page.locator(".st-key-panels figure")).to_have_count(4)
    tab_to(page.locator(".st-key-panels select"))
    page.keyboard.press("ArrowDown")
    learner.settle()
    assert "line=" in page.url
    radios = page.get_by_role("radiogroup", name=re.compile("Which family misses"))
    tab_to(radios.get_by_role("radio").first)
    page.keyboard.press("Space")
    learner.settle()
    tab_to(page.locator(".st-key-lock-pooling-hidden-school button"))
    page.keyboard.press("Enter")
    learner.settle()
    expect(page.locator(".st-key-dots-pooling-hidden-school svg")).to_have_count(1)
    questions = page.get_by_role("radiogroup", name=re.compile("Two schools both lie"))
    tab_to(questions.get_by_role("radio").first)
    page.keyboard.press("Space")
    learner.settle()
    expect(page.get_by_text("It keeps .50 of its distance")).to_be_visible()


def test_answers_survive_a_reload_and_a_new_session(visit):
    learner = visit("pooling")
    lock(learner)
    kept = learner.page.evaluate(KEPT)
    assert kept["predictions"]["pooling.moves"]["value"] == ["59", "53", "54", "48", "35"]
    learner.page.reload()
    learner.settle()
    expect(learner.page.locator(".st-key-springs .gap")).to_contain_text("furthest")
    menu = learner.page.locator("[data-testid=stSidebarNavLink]", has_text="Pooling")
    mark = menu.evaluate("node => getComputedStyle(node, '::before').backgroundImage")
    assert "gradient" in mark


ASKED = """globalThis.asked = 0;
new MutationObserver(() => {
  asked += document.querySelectorAll(".st-key-skip-pooling-moves").length;
}).observe(document, { childList: true, subtree: true });"""


def test_who_comes_back_does_not_see_the_question_open_first(visit):
    learner = visit("pooling")
    show(learner)
    learner.page.add_init_script(ASKED)
    learner.go("pooling")
    expect(learner.page.locator(".st-key-springs .finding")).to_be_visible()
    assert learner.page.evaluate("asked") == 0
    learner.page.evaluate("localStorage.clear()")
    learner.go("pooling")  # the cookie promises a record that is gone
    expect(learner.page.locator(".st-key-skip-pooling-moves")).to_be_visible()
    assert "multilevel-lab" not in learner.page.evaluate("document.cookie")


def test_a_damaged_copy_in_the_browser_is_said_and_kept_aside(visit):
    learner = visit("pooling")
    page = learner.page
    page.evaluate("localStorage.setItem('multilevel-lab', '{\"version\": 1, \"checks\": 7}')")
    page.reload()
    learner.settle()
    expect(page.get_by_text("could not be read, so this visit starts afresh")).to_be_visible()
    assert page.evaluate("localStorage.getItem('multilevel-lab.aside')") is not None
    expect(page.locator(".st-key-lock-pooling-moves button")).to_be_visible()


def test_work_is_saved_as_a_file_and_loaded_on_another_machine(visit, tmp_path):
    first = visit("pooling")
    lock(first)
    first.page.locator("[data-testid=stSidebarNavLink]", has_text="Your work").click()
    first.settle()
    with first.page.expect_download() as download:
        first.page.get_by_role("button", name="Save as a file").click()
    path = tmp_path / "work.json"
    download.value.save_as(path)
    second = visit("work")
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    second.page.set_input_files("input[type=file]", broken)
    second.settle()
    expect(second.page.get_by_text("Nothing was changed: the file is not one")).to_be_visible()
    second.page.set_input_files("input[type=file]", path)
    second.settle()
    expect(second.page.get_by_text("Loaded.")).to_be_visible()
    assert second.page.evaluate(KEPT) == first.page.evaluate(KEPT)


def test_the_cloud_is_sent_once(visit):
    learner = visit("pooling")
    show(learner)
    learner.traffic.clear()
    learner.page.locator(".st-key-skip-pooling-slope button").click()
    learner.settle()
    assert max(learner.traffic.received) > 16_000  # 4,059 points, four bytes each, in base64
    learner.traffic.clear()
    learner.page.get_by_role("button", name="No pooling").click()
    learner.settle()
    learner.page.locator(".st-key-panels select").select_option("53")
    learner.settle()
    assert len(learner.traffic.sent) == 2
    assert max(learner.traffic.received) < 16_000
    expect(learner.page.locator(".st-key-panels .reading").nth(1)).to_contain_text("school 53")


def test_another_dataset_runs_a_part_and_an_answer_in_it_the_whole_page(visit):
    learner = visit("pooling")
    page = learner.page
    show(learner)
    page.locator(".st-key-skip-pooling-slope button").click()
    learner.settle()
    whole = len(learner.traffic.received)
    learner.traffic.clear()
    page.locator(".st-key-data button").nth(1).click()
    learner.settle()
    expect(page.locator(".st-key-panels select")).to_have_accessible_name("school in focus")
    assert "data=hsb" in page.url
    assert len(learner.traffic.received) < 30 < whole / 2
    page.locator(".st-key-skip-pooling-hidden-hsb button").click()
    learner.settle()
    learner.go("pooling", "data=hsb")  # what was answered went to the browser's own storage
    expect(page.locator(".st-key-dots-pooling-hidden-hsb svg")).to_have_count(1)


@pytest.mark.parametrize(
    ("size", "dark", "query"),
    [(LAPTOP, True, ""), (PHONE, False, ""), (PROJECTOR, False, "view=presenter")],
    ids=["dark", "phone", "projector"],
)
def test_the_revealed_lesson_fits_every_form(visit: Callable[..., Visit], size, dark, query):
    learner = visit("pooling", size=size, dark=dark, query=query, touch=size == PHONE)
    for name in ("moves", "slope", "hidden-school"):
        button = learner.page.locator(f".st-key-skip-pooling-{name} button")
        while query and not button.is_visible():  # on a later step of presenter view
            learner.page.keyboard.press("PageDown")
            learner.settle()
        button.click()
        learner.settle()
    assert learner.overflow() <= 0
    assert learner.cut_off() == []
    assert learner.page.locator(".katex-error").count() == 0
    assert violations(learner.page) == []


def test_the_first_interaction_is_above_the_fold(visit):
    page = visit("pooling").page
    box = page.locator(".st-key-lock-pooling-moves button").bounding_box()
    assert box["y"] + box["height"] <= LAPTOP[1]
    for target in page.locator(".st-key-springs .place .target").all():
        size = target.bounding_box()
        assert size["width"] >= 40
        assert size["height"] >= 27


def test_a_stepper_changes_one_school_and_the_table_follows(visit):
    learner = visit("pooling")
    show(learner)
    page = learner.page
    for _ in range(3):
        page.get_by_role("button", name="one pupil more").click()
    learner.settle()
    assert "n=48%3A5" in page.url
    expect(page.get_by_text("Done. A school keeps half of its distance")).to_be_visible()
    page.get_by_role("button", name="The same as a table").click()
    row = page.locator(".st-key-springs .twin tbody tr").first
    assert row.inner_text().split() == ["48", "5", "−4.01", ".50", "−2.02", "1.99"]
    page.get_by_role("button", name="All 65 schools").click()
    expect(page.locator(".st-key-springs .row")).to_have_count(65)


def test_presenter_view_is_part_of_the_link_and_follows_the_reader(visit):
    learner = visit("pooling")
    learner.page.get_by_role("button", name="Presenter view").click()
    learner.settle()
    assert "view=presenter" in learner.page.url
    expect(learner.page.locator("[data-testid=stSidebar]")).to_be_hidden()
    learner.page.get_by_role("button", name="Leave presenter view").click()
    learner.settle()
    assert "view" not in learner.page.url


def test_the_dark_switch_turns_the_lights_off_and_on_every_page(visit):
    learner = visit("pooling")
    scheme = "getComputedStyle(document.querySelector('.stApp')).colorScheme"
    assert learner.page.evaluate(scheme) == "light"
    learner.page.get_by_role("button", name="Dark", exact=True).click()
    learner.page.wait_for_function(f"document.querySelector('.stApp') && {scheme} === 'dark'")
    learner.settle()
    learner.go("data")
    assert learner.page.evaluate(scheme) == "dark"


def test_a_lost_connection_loses_nothing(browser):
    state = "[data-testid=stApp][data-test-connection-state={}]"
    with running() as first:
        learner = Visit(browser, first.url)
        learner.go("pooling")
        lock(learner)
    page = learner.page
    page.wait_for_selector(state.format("PINGING_SERVER"))
    handle = page.locator(".st-key-springs [data-focus=sigma_u]")
    said = finding(page)
    handle.focus()
    page.keyboard.press("PageDown")
    assert finding(page) != said  # the picture needs no server
    with running(port=first.port):
        page.wait_for_selector(state.format("CONNECTED"), timeout=30_000)
        learner.settle()
        expect(page.locator(".st-key-springs .gap")).to_contain_text("furthest")
        page.reload()
        learner.settle()
        expect(page.locator(".st-key-springs .gap")).to_contain_text("furthest")
        assert page.evaluate(KEPT)["predictions"]["pooling.moves"]["value"][0] == "59"
        learner.complaints.clear()  # the browser says that the connection was lost
        learner.close()


def test_less_motion_is_honoured(visit):
    learner = visit("pooling")
    learner.page.emulate_media(reduced_motion="reduce")
    show(learner)
    page = learner.page
    mark = page.locator(".st-key-springs .row .predicted").first
    positions = page.evaluate(
        """async () => {
          const root = [...document.querySelectorAll('.st-key-springs *')].find(n => n.shadowRoot);
          const at = () => root.shadowRoot.querySelector('.row .predicted').getAttribute('d');
          const button = [...root.shadowRoot.querySelectorAll('.link')]
            .find(n => n.textContent === 'No pooling');
          const seen = new Set([at()]);
          button.click();
          for (let i = 0; i < 20; i++) {
            seen.add(at());
            await new Promise(requestAnimationFrame);
          }
          return seen.size;
        }"""
    )
    assert positions == 2
    assert mark.is_visible()
    learner.settle()


def test_presenter_view_shows_one_step_a_screen(visit):
    learner = visit("pooling", size=PROJECTOR, query="view=presenter")
    page = learner.page
    steps = page.get_by_role("button", name=re.compile("^step "))
    expect(steps.first).to_have_attribute("aria-current", "step")
    question = page.locator(".st-key-springs")
    springs = page.get_by_role("heading", name="Two springs, one weight")
    expect(question).to_be_visible()
    expect(springs).to_be_hidden()
    lock_button = page.locator(".st-key-lock-pooling-moves button").bounding_box()
    assert lock_button["y"] + lock_button["height"] < PROJECTOR[1] - 60  # above the line of steps
    page.keyboard.press("PageDown")
    expect(question).to_be_hidden()
    expect(springs).to_be_visible()
    learner.settle()
    assert "step=2" in page.url
    for _ in range(steps.count()):
        page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", name="Take away")).to_be_visible()
    learner.settle()
    link = page.url
    page.goto(link)
    learner.settle()
    expect(page.get_by_role("heading", name="Take away")).to_be_visible()
    expect(question).to_be_hidden()
    page.keyboard.press("PageUp")
    expect(page.get_by_role("heading", name="Check yourself")).to_be_visible()
    page.get_by_role("button", name="Leave presenter view").click()
    learner.settle()
    expect(question).to_be_visible()


def test_page_keys_on_a_handle_move_the_handle_not_the_lesson(visit):
    learner = visit("pooling", size=PROJECTOR, query="view=presenter")
    show(learner)
    page = learner.page
    handle = page.locator(".st-key-springs [data-focus=sigma_u]")
    before = float(handle.get_attribute("aria-valuenow"))
    handle.focus()
    page.keyboard.press("PageDown")
    assert float(handle.get_attribute("aria-valuenow")) < before
    expect(page.locator(".st-key-springs")).to_be_visible()
    learner.settle()
    assert "step=" not in page.url
