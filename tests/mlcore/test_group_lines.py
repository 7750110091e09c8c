"""Lines through groups: the model's, with effects, and those of the groups by themselves."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import DataError, glmm, lmm, ols, panel, separate_lines
from mlcore.inference.group_lines import group_lines

SCHOOL = datasets.load("school").frame
FIT = lmm("gcse ~ lrt + girl + (1 + lrt | school)", SCHOOL)
PUPILS = datasets.load("pupils").frame


def slope(lines, group):
    part = lines[lines["group"] == group]
    return np.ptp(part["y"]) / np.ptp(part["x"]) * np.sign(np.corrcoef(part["x"], part["y"])[0, 1])


def test_the_models_lines_have_its_coefficients_and_effects():
    found = group_lines(FIT, SCHOOL, "lrt", "school")
    assert found.lines["group"].nunique() == found.groups == 65
    b, u = FIT.coefficients["estimate"], FIT.ranef["school"]
    for school in (1, 48, 53):
        assert_allclose(slope(found.lines, school), b["lrt"] + u.loc[school, "lrt"])
    part = found.lines[found.lines["group"] == 53]
    level = b["(Intercept)"] + b["girl"] + u.loc[53, "(Intercept)"]
    assert_allclose(part["y"], level + (b["lrt"] + u.loc[53, "lrt"]) * part["x"])
    assert_allclose(slope(found.overall.assign(group=0), 0), b["lrt"])


def test_own_lines_are_least_squares_of_each_group():
    fit = lmm("gcse ~ lrt + (1 | school)", SCHOOL)
    found = group_lines(fit, SCHOOL, "lrt", "school")
    own = separate_lines("gcse ~ lrt", SCHOOL, "school")
    for school in (1, 20, 53):
        assert_allclose(slope(found.own, school), own.loc[school, "slope"])
    assert 48 not in set(found.own["group"])  # the school of two


def test_responses_are_moved_to_the_other_predictors_means():
    found = group_lines(FIT, SCHOOL, "lrt", "school")
    boys = SCHOOL["girl"] == 0
    b = FIT.coefficients["estimate"]["girl"]
    assert_allclose(found.rows["y"] - SCHOOL["gcse"], np.where(boys, b, 0.0), atol=1e-10)


def test_effects_of_a_crossed_factor_are_left_out_and_those_above_are_kept():
    fit = lmm("achiev ~ pupses + (1 | pschool) + (1 | sschool)", PUPILS)
    part = group_lines(fit, PUPILS, "pupses", "pschool").lines
    b = fit.coefficients["estimate"]
    level = part.groupby("group")["y"].first() - b["pupses"] * part.groupby("group")["x"].first()
    assert_allclose(level - b["(Intercept)"], fit.ranef["pschool"]["(Intercept)"])
    nurses = datasets.load("nurses").frame
    fit = lmm("stress ~ experien + (1 | hospital) + (1 | wardid)", nurses)
    part = group_lines(fit, nurses, "experien", "wardid").lines
    ward, hospital = nurses[["wardid", "hospital"]].iloc[500]
    one = part[part["group"] == ward]
    expected = fit.ranef["hospital"].iloc[hospital - 1, 0] + fit.ranef["wardid"].loc[ward].iloc[0]
    b = fit.coefficients["estimate"]
    assert_allclose(one["y"] - b["(Intercept)"] - b["experien"] * one["x"], expected)


def test_of_thousands_of_groups_some_are_drawn_and_the_one_in_focus():
    people = datasets.load("ghq_panel").frame.query("pid < 3000")
    fit = lmm("ghq ~ lninc + (1 | pid)", people)
    focus = people["pid"].iloc[777]
    found = group_lines(fit, people, "lninc", "pid", focus=focus)
    assert found.groups > 300 >= found.lines["group"].nunique() - 1
    assert focus in set(found.lines["group"])


def test_a_generalised_model_has_curves_and_no_own_lines():
    frame = datasets.load("london_nurses").frame
    found = group_lines(glmm("leave ~ age + (1 | hospital)", frame), frame, "age", "hospital")
    assert found.lines["y"].between(0, 1).all()
    assert found.own.empty


def test_fits_without_random_effects():
    found = group_lines(ols("gcse ~ lrt", SCHOOL), SCHOOL, "lrt", "school")
    assert {round(slope(found.lines, k), 9) for k in (1, 2)} == {round(slope(found.lines, 3), 9)}
    people = datasets.load("ghq_panel").frame.query("pid < 100")
    within = panel("ghq ~ lninc", people, entity="pid", estimator="within")
    assert group_lines(within, people, "lninc", "pid").lines["y"].nunique() > 50


def test_what_cannot_be_drawn_says_why():
    with pytest.raises(DataError, match="vrband is no predictor"):
        group_lines(FIT, SCHOOL, "vrband", "school")
    text = SCHOOL.assign(sex=np.where(SCHOOL["girl"] == 1, "girl", "boy"))
    with pytest.raises(DataError, match="holds no numbers"):
        group_lines(lmm("gcse ~ sex + (1 | school)", text), text, "sex", "school")
