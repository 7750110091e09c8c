"""What is said of a fit: the right groups, the right numbers, and nothing where there is none."""

import numpy as np
import pytest

import mlcore
from datasets import load
from ui.lens import parameters, runs
from ui.lens import words as naming
from ui.lens.estimators import sentences as least
from ui.lens.sentences import sentences
from ui.prose import percent, share


def said(fit, data, of=sentences):
    found = of(fit, parameters.read(fit), naming.of_data(load(data)))
    assert "nan" not in " ".join(runs.plain([each.says]) + each.warns for each in found)
    return [runs.plain([each.says]) for each in found]


@pytest.fixture(scope="module")
def school():
    return load("school").extended


def test_nested_groups_have_shares_and_two_correlations():
    fit = mlcore.lmm("stress ~ hospsize + (1 | hospital/ward)", load("nurses").extended)
    text = said(fit, "nurses")
    hospital, ward = fit.icc["hospital"], fit.icc["ward:hospital"]
    assert (
        f"{percent(hospital)} lies between hospitals, {percent(ward)} between wards of one "
        f"hospital, and {percent(1 - hospital - ward)} between nurses of one ward." in text[-2]
    )
    assert text[-1] == (
        f"Two nurses of one hospital but different wards correlate at {share(hospital)}, of one "
        f"ward at {share(hospital + ward)}."
    )
    assert any(line.startswith("Hospitals that differ by 1 in size") for line in text)


def test_crossed_groups_correlate_by_what_is_shared():
    fit = mlcore.lmm("achiev ~ 1 + (1 | pschool) + (1 | sschool)", load("pupils").extended)
    text = said(fit, "pupils")[-1]
    assert (
        f"of one primary school but different secondary schools at {share(fit.icc['pschool'])}"
        in text
    )
    assert f"one secondary school and one primary school at {share(fit.icc.sum())}." in text


def test_a_spread_on_its_boundary_is_no_proof(school):
    frame = school.assign(gcse=np.random.default_rng(3).normal(size=len(school)))
    fit = mlcore.lmm("gcse ~ 1 + (1 | school)", frame)
    assert fit.boundary
    assert any("are estimated not to differ" in line for line in said(fit, "school"))


def test_a_perfect_correlation_asks_for_too_much(school):
    frame = school.assign(gcse=np.random.default_rng(3).normal(size=len(school)))
    fit = mlcore.lmm("gcse ~ lrt + (1 + lrt | school)", frame)
    assert fit.boundary
    assert any("without exception, at −1" in line for line in said(fit, "school"))


def test_effects_apart_are_said_to_be_unrelated(school):
    fit = mlcore.lmm("gcse ~ lrt + (1 + lrt || school)", school)
    assert "nothing to do with each other" in said(fit, "school")[-1]


def test_without_an_intercept_a_category_has_a_mean(school):
    fit = mlcore.lmm("gcse ~ 0 + C(schgend) + (1 | school)", school)
    assert said(fit, "school")[1].startswith("Type of school: boys. Their mean exam score at 16 is")


def test_many_categories_are_one_sentence(school):
    letters = np.random.default_rng(1).choice([*"abcdefghij"], len(school))
    fit = mlcore.lmm("gcse ~ region + (1 | school)", school.assign(region=letters))
    (line,) = [line for line in said(fit, "school") if "Region" in line]
    estimates = fit.coefficients["estimate"][1:]
    lowest = str(estimates.index[estimates.argmin()])[-1]
    assert line.startswith("Region: 9 differences from a in exam score at 16, the lowest ")
    assert f"({lowest})" in line


PANEL = {
    "within": "Pupils of one school that differ by one point in reading score at 11",
    "between": "Schools whose means differ by one point in reading score at 11",
    "random": "Each row loses a share θ of the mean of its school: ",
}


@pytest.mark.parametrize("estimator", PANEL)
def test_each_panel_estimator_says_of_whom_it_speaks(school, estimator):
    fit = mlcore.panel("gcse ~ lrt + C(schgend)", school, entity="school", estimator=estimator)
    text = said(fit, "school", least.sentences)
    assert any(line.startswith(PANEL[estimator]) for line in text)
    gone = any(line.startswith("Type of school is the same in all pupils") for line in text)
    assert gone == (estimator == "within")


def test_changes_speak_of_occasions():
    frame = load("sleepstudy").frame.assign(Square=load("sleepstudy").frame["Days"] ** 2)
    fit = mlcore.panel(
        "Reaction ~ Square", frame, entity="Subject", time="Days", estimator="first_difference"
    )
    assert any(
        "from one occasion to the next" in line for line in said(fit, "sleepstudy", least.sentences)
    )


def test_clusters_are_counted_and_change_only_the_errors(school):
    fit = mlcore.ols("gcse ~ lrt + C(schgend)", school, cluster="school")
    text = said(fit, "school", least.sentences)[-1]
    plain = mlcore.ols("gcse ~ lrt + C(schgend)", school)
    ratio = (fit.coefficients["se"] / plain.coefficients["se"]).max()
    assert "65 schools count, with 64 degrees of freedom" in text
    assert f"is {ratio:.1f} times" in text
