"""Imitated output against the output itself: R's to the last character, Stata's to its digits."""

import re

import numpy as np
import pytest

import mlcore
from datasets import load
from tests.ui.lens.printed import by_r
from ui.lens import parameters, runs
from ui.lens.outputs import plain, r, spss, stata

MODELS = {
    "null": ("school", "gcse ~ 1 + (1 | school)", True),
    "slope": ("school", "gcse ~ lrt + girl + (1 + lrt | school)", False),
    "factor": ("school", "gcse ~ lrt + girl + C(schgend) + (1 + lrt | school)", True),
    "nested": ("nurses", "stress ~ experien + (1 | hospital/ward)", True),
    "crossed": ("pupils", "achiev ~ pupses + (1 | pschool) + (1 | sschool)", True),
}


def fit(name):
    data, formula, reml = MODELS[name]
    return mlcore.lmm(formula, load(data).extended, reml=reml)


@pytest.fixture(scope="module")
def printed():
    return by_r("summaries")


def stripped(text):
    kept = [line.rstrip() for line in text.splitlines() if not line.startswith("Control:")]
    return "\n".join(kept).strip()


@pytest.mark.parametrize("name", MODELS)
def test_r_prints_the_same(name, printed):
    found = fit(name)
    ours = runs.plain(r.lines(found, parameters.read(found)))
    assert stripped(ours) == stripped(printed[name])


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("program", [r, stata, spss, plain])
def test_every_parameter_is_tied_to_its_numbers(name, program):
    found = fit(name)
    wanted = {p.name for p in parameters.read(found)}
    lines = program.lines(found, parameters.read(found))
    tied = {run.of for line in lines for run in line if isinstance(run, runs.Run)}
    assert tied == wanted


# The lecture's output of `mixed gcse lrt girl i.schgend || school: lrt, … ` prints seven figures.
STATA = {0.0201186: ".0201186", -1.888921: "-1.888921", 9.2073414: "9.207341", 4.14244: "4.14244",
         0.000012345: ".0000123", 1234567.8: "1234568", -0.5: "-.5", 0.0: "0"}  # fmt: skip


@pytest.mark.parametrize("value", STATA)
def test_numbers_in_statas_general_format(value):
    assert stata.nine(value) == STATA[value]


def test_stata_prints_what_the_lecture_printed():
    """Rows of the lecture's `mixed gcse || school:` in ML, which Stata prints as published."""
    found = mlcore.lmm("gcse ~ 1 + (1 | school)", load("school").frame, reml=False)
    text = runs.plain(stata.lines(found, parameters.read(found)))
    assert "Mixed-effects ML regression" in text
    assert f"Log likelihood = {found.loglik:.3f}" in text
    assert re.search(r"_cons \| +-\.\d{7} ", text)


def test_spss_has_satterthwaites_degrees_of_freedom():
    found = fit("factor")
    text = runs.plain(spss.lines(found, parameters.read(found)))
    small = mlcore.small_sample(found).coefficients
    row = next(line for line in text.splitlines() if line.startswith("lrt  "))
    cells = row.split()[1:]
    assert float(cells[2]) == pytest.approx(small.loc["lrt", "df"], abs=6e-4)  # three decimals
    assert cells[3] == f"{small.loc['lrt', 'statistic']:.3f}"


def test_a_variance_on_the_boundary_has_no_standard_error():
    rng = np.random.default_rng(3)
    frame = load("school").frame.assign(y=rng.normal(size=4059))
    found = mlcore.lmm("y ~ 1 + (1 | school)", frame)
    assert found.boundary
    for program in (r, stata, spss, plain):
        text = runs.plain(program.lines(found, parameters.read(found)))
        assert "nan" not in text.lower()
