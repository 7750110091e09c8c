"""The lens: a parameter that is chosen, pointed at or focused is marked in every face."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

import mlcore
from datasets import load
from tests.browser.stage import Bench
from ui.lens import panel
from ui.lens import words as naming


@pytest.fixture
def lens(browser):
    bench = Bench(browser, "lens", size=(1040, 1400))
    bench.show(panel.shared("gcse ~ lrt + (1 + lrt | school)", "school"))
    yield bench
    bench.close()


CUT = """() => [...document.querySelectorAll('.picture-face svg text')].filter(t => {
  const box = t.getBBox(); return box.x < 0 || box.x + box.width > 521; }).length"""
NAME = "sd(school,(Intercept))"


def faces_lit(bench):
    """The faces in which something is lit."""
    return set(
        bench.page.eval_on_selector_all(
            ".face:has([data-p].lit)", "all => all.map(e => e.querySelector('h3').textContent)"
        )
    )


ALL = {"Picture", "Equation", "Output", "Sentences", "Code"}


def test_a_chip_marks_its_parameter_in_all_faces(lens):
    chip = lens.page.locator(f"button.chip[value='{NAME}']")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert faces_lit(lens) == ALL
    names = lens.page.eval_on_selector_all("[data-p].lit", "all => all.map(e => e.dataset.p)")
    assert set(names) == {NAME}
    lens.says("marked in every face")
    chip.click()
    lens.page.mouse.move(0, 0)
    lens.page.keyboard.press("Tab")
    expect(chip).to_have_attribute("aria-pressed", "false")


def test_pointing_at_a_number_in_the_output_marks_it_elsewhere(lens):
    lens.page.locator(".output-face [data-p='sigma']").first.hover()
    assert faces_lit(lens) == ALL - {"Code"}
    lens.page.mouse.move(0, 0)
    expect(lens.page.locator("[data-p].lit")).to_have_count(0)


def test_a_chip_is_followed_by_keyboard(lens):
    lens.page.locator("button.chip").first.focus()
    assert "Output" in faces_lit(lens)
    lens.page.keyboard.press("Enter")
    expect(lens.page.locator("button.chip").first).to_have_attribute("aria-pressed", "true")


def test_tabs_show_one_face_and_arrows_move_between_them(lens):
    lens.page.get_by_role("tab", name="All faces").focus()
    lens.page.keyboard.press("ArrowRight")
    expect(lens.page.get_by_role("tab", name="Picture")).to_be_focused()
    expect(lens.page.locator(".face")).to_have_count(1)
    lens.page.keyboard.press("ArrowLeft")
    expect(lens.page.locator(".face")).to_have_count(5)


def test_the_program_is_chosen_and_each_listing_says_where_it_differs(lens):
    for name, words in (("R", "lmerMod"), ("SPSS", "Estimates of Fixed Effects")):
        lens.page.locator(".output-face").get_by_role("button", name=name, exact=True).click()
        expect(lens.page.locator(".output-face pre")).to_contain_text(words)
        expect(lens.page.locator(".output-face .aside")).not_to_be_empty()


def test_a_script_is_saved(lens):
    lens.page.locator(".code-face").get_by_role("button", name="Python", exact=True).click()
    with lens.page.expect_download() as saved:
        lens.page.get_by_role("button", name="Save school.py").click()
    assert saved.value.suggested_filename == "school.py"
    assert "from mlcore import lmm" in saved.value.path().read_text(encoding="utf-8")


def test_a_model_that_is_not_fitted_shows_its_equations_alone(browser):
    design = mlcore.design("gcse ~ lrt + (1 + lrt | school)", load("school").frame)
    bench = Bench(browser, "lens", size=(1040, 700))
    bench.show(panel.equations(design))
    expect(bench.page.locator(".equations p")).to_have_count(7)
    expect(bench.page.locator("[role=tab], .chip, h3")).to_have_count(0)
    bench.close()


def test_it_fits_a_phone(browser):
    bench = Bench(browser, "lens", size=(360, 800))
    bench.show(panel.shared("gcse ~ lrt + (1 + lrt | school)", "school"))
    assert bench.page.evaluate("document.documentElement.scrollWidth") <= 360
    bench.close()


@pytest.fixture
def leaving(browser):
    data = load("london_nurses")
    fit = mlcore.glmm("leave ~ fam + age + (1 | hospital)", data.frame)
    bench = Bench(browser, "lens", size=(360, 900))
    bench.show(panel.faces(fit, naming.of_data(data), data))
    yield bench
    bench.close()


def test_a_binary_outcome_has_the_same_faces_on_a_phone_too(leaving):
    leaving.page.locator("button.chip[value='sd(hospital,(Intercept))']").click()
    assert faces_lit(leaving) == ALL
    expect(leaving.page.locator(".picture-face svg")).to_contain_text("two hospitals in three")
    assert leaving.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert leaving.page.evaluate(CUT) == 0


def test_long_names_stay_inside_the_picture(browser):
    data = load("london_nurses")
    frame = data.frame.rename(columns={"hospital": "the_hospital_of_the_last_employer"})
    fit = mlcore.glmm("leave ~ 1 + (1 | the_hospital_of_the_last_employer)", frame)
    long = replace(naming.of_data(data), labels={"leave": "whether somebody says " * 9}, groups={})
    bench = Bench(browser, "lens", size=(1040, 900))
    bench.show(panel.faces(fit, long))
    assert bench.page.evaluate(CUT) == 0
    bench.close()
