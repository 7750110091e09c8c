"""Same data, five questions: the lecture's numbers, and what the estimators have in common."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import DataError, five, lmm, ols

SCHOOL = datasets.load("school").frame
FOUND = five("gcse ~ lrt + girl + C(schgend)", SCHOOL, "school")


def test_robust_keeps_the_line_and_changes_its_error():
    """Girls' falls from .343 to .307, boys' schools' rises from .426 to .898, as printed."""
    table = FOUND.table
    least, robust = table.loc["OLS"], table.loc["cluster-robust"]
    assert_allclose(least["estimate"], robust["estimate"], rtol=1e-12)
    for term, level, before, after in [
        ("girl", "both", ".343", ".307"),
        ("C(schgend)2", "between", ".426", ".898"),
    ]:
        assert datasets.agrees(least.loc[(term, level), "se"], before)
        assert datasets.agrees(robust.loc[(term, level), "se"], after)


def test_fixed_effects_are_dummies_for_schools():
    dummies = ols("gcse ~ lrt + girl + C(school)", SCHOOL).coefficients
    fixed = FOUND.table.loc["fixed effects"].droplevel("level")
    for term in ("lrt", "girl"):
        assert_allclose(fixed.loc[term, ["estimate", "se"]].astype(float),
                        dummies.loc[term, ["estimate", "se"]].astype(float), rtol=1e-9)  # fmt: skip


def test_within_between_has_the_slopes_of_fixed_effects():
    fixed, both = FOUND.table.loc["fixed effects"], FOUND.table.loc["within-between"]
    for term in ("lrt", "girl"):
        assert_allclose(both.loc[(term, "within"), "estimate"],
                        fixed.loc[(term, "within"), "estimate"], rtol=1e-9)  # fmt: skip


def test_random_effects_are_those_of_lmm_and_lie_between():
    fit = lmm("gcse ~ lrt + girl + C(schgend) + (1 | school)", SCHOOL)
    mine = FOUND.table.loc["random effects"]
    assert_allclose(mine["estimate"], fit.beta, rtol=1e-9)
    slopes = FOUND.of("lrt")["estimate"]
    within, between = slopes["within-between"]
    assert within < slopes[("random effects", "both")] < between


def test_what_a_school_shares_fixed_effects_cannot_see():
    assert FOUND.shared == ("C(schgend)2", "C(schgend)3")
    said = FOUND.why_not("fixed effects", "C(schgend)2")
    assert "same in all rows of each school" in said
    assert FOUND.why_not("random effects", "C(schgend)2") == ""
    assert FOUND.why_not("fixed effects", "lrt") == ""
    assert set(FOUND.of("C(schgend)2").index.get_level_values("estimator")) == {
        "OLS", "cluster-robust", "random effects", "within-between",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["hsb", "nurses", "nurses-hospitals", "popularity"])
def test_every_case_can_be_asked_five_questions(name):
    case = datasets.case(name)
    formula = f"{case.model.outcome} ~ {case.model.fixed}"
    found = five(formula, case.frame, case.model.group)
    assert np.isfinite(found.table[["estimate", "se"]]).all(axis=None)
    assert case.model.group_predictor in found.shared


def test_where_all_means_are_equal_there_is_nothing_between():
    """Everybody is seen on the same days."""
    case = datasets.case("sleepstudy")
    found = five("Reaction ~ Days", case.frame, "Subject")
    assert found.of("Days").index.get_level_values("level").tolist().count("between") == 0
    assert_allclose(found.of("Days")["estimate"], found.of("Days")["estimate"].iloc[0], rtol=1e-8)


def test_with_group_predictors_alone_there_is_nothing_within():
    with pytest.raises(DataError, match="no predictor changes within school"):
        five("gcse ~ C(schgend)", SCHOOL, "school")
    with pytest.raises(DataError, match="five estimators are for"):
        five("gcse ~ lrt + (1 | school)", SCHOOL, "school")
