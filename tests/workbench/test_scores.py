"""Scores to keep: those of the core, with every random effect beside them."""

import numpy as np
import pytest

from datasets import load
from mlcore import effect_scores, glmm, lmm, shrinkage
from workbench.scores import predicted, scored, scores

school = load("school").frame


def test_a_random_intercept_has_scores_and_weights():
    fit = lmm("gcse ~ lrt + (1 | school)", school)
    table, core = scores(fit, "school"), effect_scores(fit)
    assert list(table.columns) == ["rows", "mean", "score", "se", "weight", "effect"]
    assert table.score.is_monotonic_increasing
    np.testing.assert_array_equal(table.score.sort_index(), core.esres)
    np.testing.assert_array_equal(table.weight.sort_index(), shrinkage(fit)["lambda"])
    np.testing.assert_array_equal(table["mean"].sort_index(), core.eps)


def test_the_reference_moves_every_score_alike():
    fit = lmm("gcse ~ lrt + (1 | school)", school)
    apart = scores(fit, "school", "mean").score - scores(fit, "school").score
    # the same constant for every school, but for the rounding of a difference of like numbers
    assert np.ptp(apart) < 1e-12 * np.abs(fit.beta).max() + 1e-13


def test_slopes_have_columns_of_their_own():
    fit = lmm("gcse ~ lrt + (1 + lrt | school)", school)
    table = scores(fit, "school")
    assert list(table.columns) == ["rows", "mean", "score", "se", "effect", "effect_lrt", "se_lrt"]
    np.testing.assert_array_equal(table.effect_lrt.sort_index(), fit.ranef["school"]["lrt"])


def test_slopes_alone_have_effects_and_no_scores():
    fit = lmm("gcse ~ lrt + (0 + lrt | school)", school)
    assert not scored(fit, "school")
    assert list(scores(fit, "school").columns) == ["rows", "mean", "effect_lrt", "se_lrt"]


def test_what_is_no_measurement_has_effects_on_its_own_scale():
    fit = glmm("girl ~ lrt + (1 | school)", school)
    table = scores(fit, "school")
    assert not scored(fit, "school")
    means = school.groupby("school").girl.mean()
    np.testing.assert_allclose(table["mean"].sort_index(), means, rtol=1e-15)
    assert table["effect"].is_monotonic_increasing


@pytest.mark.parametrize("group", ["hospital", "hospital:ward"])
def test_several_factors_each_have_their_scores(group):
    nurses = load("nurses").frame
    if "ward" not in nurses:
        nurses = nurses.assign(ward=nurses.wardid)
    fit = lmm("stress ~ experien + (1 | hospital) + (1 | hospital:ward)", nurses)
    assert len(scores(fit, group)) == fit.n_groups[group]


def test_rows_have_what_is_predicted_with_and_without_their_group():
    fit = lmm("gcse ~ lrt + (1 + lrt | school)", school)
    table = predicted(fit, school)
    assert list(table.columns) == [*school.columns, "predicted", "predicted_fixed"]
    # two ways to the same sums of a few products
    np.testing.assert_allclose(table.predicted, fit.fitted, rtol=1e-12)
    np.testing.assert_allclose(
        table.gcse - table.predicted_fixed, fit.residuals("marginal"), rtol=1e-9, atol=1e-11
    )


def test_rows_that_were_not_used_are_predicted_where_their_predictors_are_known():
    frame = school.assign(gcse=school.gcse.where(school.index % 2 == 0))
    frame.loc[1, "lrt"] = np.nan
    fit = lmm("gcse ~ lrt + (1 | school)", frame)
    table = predicted(fit, frame)
    assert fit.n == (len(frame) + 1) // 2
    assert list(table.index[table.predicted.isna()]) == [1]
