"""Your data in a browser: a file is opened, a model built, fitted, stopped, and taken home."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tools.server import ROOT
from tools.visit import LAPTOP, PHONE

CLINICS = 24


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Nurses in wards that are numbered within clinics, as a German Excel would save them."""
    rng = np.random.default_rng(7)
    clinic = np.repeat(np.arange(CLINICS), 32)
    ward = np.tile(np.repeat([1, 2, 3, 4], 8), CLINICS)
    of_ward = rng.normal(size=(CLINICS, 5))[clinic, ward]
    years = rng.integers(1, 30, len(clinic))
    expected = 5 + rng.normal(size=CLINICS)[clinic] + of_ward - 0.05 * years
    stress = expected + rng.normal(size=len(clinic))
    size = rng.integers(8, 30, (CLINICS, 5))[clinic, ward]
    table = pd.DataFrame(
        {
            "Klinik": [f"Klinik {name}, Süd" for name in clinic],
            "ward": ward,
            "Größe der Station": size,
            "Jahre im Beruf": years,
            "stress": stress.round(3),
            "__import__('os')": rng.integers(0, 2, len(clinic)),
        }
    )
    path = tmp_path / "kliniken.csv"
    table.to_csv(path, sep=";", decimal=",", index=False, encoding="cp1252")
    return path


@pytest.fixture
def opened(visit, file):
    """The page with the file on the desk."""
    learner = visit("workbench")
    learner.page.set_input_files("input[type=file]", file)
    expect(learner.page.get_by_text("kliniken.csv")).to_be_visible()
    learner.settle()
    return learner


def choose(learner, key: str, text: str) -> None:
    """Find an option by typing, and choose it."""
    box = learner.page.locator(f".st-key-{key} input").first
    box.focus()
    box.press("Control+a")
    box.press_sequentially(text)
    found = learner.page.get_by_role("option").first
    expect(found).to_contain_text(text)
    found.click()
    box.press("Tab")
    learner.settle()


def test_wards_are_repaired_a_model_is_built_and_its_script_gives_the_numbers_shown(
    opened, tmp_path
):
    page = opened.page
    page.get_by_role("button", name="Different: 96 groups").click()
    opened.settle()
    choose(opened, "pick-outcome", "stress")
    formula = page.get_by_label("The model as a formula", exact=True)
    expect(formula).to_have_value("stress ~ 1 + (1 | Klinik:ward)")
    choose(opened, "pick-groups", "Klinik")
    expect(formula).to_have_value("stress ~ 1 + (1 | Klinik:ward) + (1 | Klinik)")
    choose(opened, "pick-predictors", "Jahre")
    expect(formula).to_have_value("stress ~ Jahre_im_Beruf + (1 | Klinik:ward) + (1 | Klinik)")
    page.get_by_role("button", name="Fit this model").click()
    opened.settle()
    chips = page.locator("button.chip")
    shown = {
        chips.nth(i).get_attribute("value"): chips.nth(i).locator("b").inner_text()
        for i in range(chips.count())
    }
    page.locator(".code-face").get_by_role("button", name="Python", exact=True).click()
    with page.expect_download() as script:
        page.get_by_role("button", name="Save kliniken.py").click()
    script.value.save_as(tmp_path / "kliniken.py")
    with page.expect_download() as data:
        page.get_by_role("button", name="Save kliniken.csv").click()
    data.value.save_as(tmp_path / "kliniken.csv")
    printed = subprocess.run(
        [sys.executable, "kliniken.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    estimate = float(next(x for x in printed.splitlines() if x.startswith("Jahre")).split()[1])
    assert f"{estimate:.4f}".replace("-", "−") == shown["Jahre_im_Beruf"]
    assert opened.overflow() == 0


def test_a_damaged_file_says_what_to_do_and_leaves_what_is_open(opened, tmp_path):
    broken = tmp_path / "broken.sav"
    broken.write_bytes(b"$FL2" + bytes(200))
    opened.page.get_by_role("button", name="Open other data").click()
    opened.settle()
    opened.page.set_input_files("input[type=file]", broken)
    expect(opened.page.get_by_role("alert")).to_be_visible()


def test_a_file_that_was_taken_for_another_can_be_read_another_way(visit, tmp_path):
    file = tmp_path / "bars.csv"
    file.write_text("school|score\n" + "".join(f"{n % 7}|{n * n % 11},5\n" for n in range(70)))
    learner = visit("workbench")
    learner.page.set_input_files("input[type=file]", file)
    learner.settle()
    learner.page.get_by_text("How the file was read").click()
    learner.settle()
    expect(learner.page.get_by_text("70 rows and 2 columns")).to_be_visible()
    choose(learner, "desk-option-header", "values")
    expect(learner.page.get_by_text("71 rows")).to_be_visible()


def test_after_a_reload_the_model_waits_for_its_file(opened, file):
    choose(opened, "pick-outcome", "stress")
    opened.page.reload()
    opened.settle()
    expect(opened.page.get_by_text("waits for its file")).to_be_visible()
    opened.page.set_input_files("input[type=file]", file)
    opened.settle()
    expect(opened.page.get_by_label("The model as a formula", exact=True)).to_have_value(
        "stress ~ 1 + (1 | Klinik)"
    )


def test_a_fit_that_takes_a_while_shows_how_far_it_is_and_can_be_stopped(visit):
    fixed = " + ".join(f"C({each}) * C(sex)" for each in ("agegpt", "marstat1t", "eths1t"))
    model = f"health1 ~ {fixed} + (1 + C(sex) | occupat1t) + (1 + C(sex) | indus1ts)"
    query = urlencode({"data": "census", "model": model, "outcome": "ordered"})
    page = visit("workbench", query=query).page
    page.get_by_role("button", name="Fit this model").click()
    page.get_by_text("evaluations, deviance").wait_for()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.get_by_role("button", name="Fit this model")).to_be_enabled()
    expect(page.locator("button.chip")).to_have_count(0)


SLOPES = urlencode({"data": "school", "model": "gcse ~ lrt + C(schgend) + (1 + lrt | school)"})


@pytest.mark.parametrize("form", ["light", "dark", "phone"])
def test_a_fitted_model_is_accessible_in_every_form(visit, form):
    size = PHONE if form == "phone" else LAPTOP
    learner = visit("workbench", query=SLOPES, size=size, dark=form == "dark")
    learner.page.get_by_role("button", name="Fit this model").click()
    expect(learner.page.locator("button.chip").first).to_be_visible()
    learner.settle()
    learner.page.get_by_role("radio", name="Influence").click()
    expect(learner.page.get_by_text("Without school 40")).to_be_visible()
    learner.settle()
    assert violations(learner.page) == []
    assert learner.overflow() == 0
    assert learner.cut_off() == []
