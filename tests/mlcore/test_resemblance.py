"""Pairs, mean squares, design effects, and labels shuffled."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import f_oneway

import datasets
from mlcore import (
    DataError,
    UnsupportedError,
    design_effect,
    effective_size,
    explained,
    lmm,
    mean_squares,
    pairs,
    shuffle,
)

SCHOOL = datasets.load("school").frame
NULL = lmm("gcse ~ 1 + (1 | school)", SCHOOL)


def test_mean_squares_are_those_of_an_analysis_of_variance():
    found = mean_squares(SCHOOL["gcse"], SCHOOL["school"])
    f = f_oneway(*(rows["gcse"] for _, rows in SCHOOL.groupby("school"))).statistic
    assert_allclose(found.between / found.within, f, rtol=1e-10)


def test_mean_squares_are_reml_where_groups_are_of_one_size():
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(40), 12)
    data = pd.DataFrame({"g": group, "y": rng.normal(size=40)[group] + rng.normal(size=480)})
    found, fit = mean_squares(data["y"], data["g"]), lmm("y ~ 1 + (1 | g)", data)
    assert found.size == pytest.approx(12)
    assert_allclose(found.icc, fit.icc["g"], rtol=1e-6)
    assert_allclose(found.means_variance, data.groupby("g")["y"].mean().var(), rtol=1e-12)
    assert_allclose(found.tau2 + found.within / 12, found.means_variance, rtol=1e-12)


def test_pairs_correlate_as_much_as_the_groups_say():
    """The correlation of 40,000 pairs has an error of about .005."""
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(400), 10)
    y = rng.normal(size=400)[group] * 0.5 + rng.normal(size=4000)
    found = pairs(y, group, 40_000, seed=3)
    assert_allclose(found.correlation, mean_squares(y, group).icc, atol=0.02)


def test_a_pair_is_two_rows_of_one_group_and_no_row_is_its_own_partner():
    group = np.array([7, 3, 3, 7, 5, 3])
    y = np.arange(6.0)
    found = pairs(y, group, 500, seed=1)
    assert set(found.group) == {3, 7}
    assert (found.x != found.y).all()
    of = dict(zip(y, group, strict=True))
    assert all(of[a] == of[b] == g for a, b, g in zip(found.x, found.y, found.group, strict=True))
    drawn = pd.crosstab(found.x, found.y)
    assert drawn.shape == (5, 5)  # all rows but the lonely one, each with each of its group


def test_pairs_need_company():
    with pytest.raises(DataError, match="one row only"):
        pairs([1.0, 2.0], ["a", "b"], seed=1)


def test_high_school_and_beyond_as_printed():
    """The lecture's .18, .06 with the schools' mean SES, and 69 % of the variance explained."""
    frame = datasets.load("hsb").frame
    null, means = (lmm(f"mathach ~ {fixed} + (1 | schid)", frame) for fixed in ("1", "meanses"))
    assert f"{null.icc['schid']:.2f}" == "0.18"
    assert f"{means.icc['schid']:.2f}" == "0.06"
    assert f"{explained(null, means).loc['schid', 'reduction']:.2f}" == "0.69"


def test_the_pupils_of_65_schools_are_worth_358():
    found = effective_size(NULL.effects["school"].grouping.sizes, NULL.icc["school"])
    assert found.rows == 4059
    assert round(found.average) == 358
    assert found.plain < found.weighted < found.average  # unequal sizes cost, weights win some back


def test_the_weighted_size_is_what_the_multilevel_model_makes_of_the_rows():
    """Var(beta_0) of the null model is the total variance over the number of rows."""
    found = effective_size(NULL.effects["school"].grouping.sizes, NULL.icc["school"])
    total = NULL.variance_components["variance"].sum()
    assert_allclose(found.weighted, total / NULL.covariance[0, 0], rtol=1e-8)


@given(st.integers(1, 200), st.integers(1, 50), st.floats(0, 1))
def test_with_groups_of_one_size_all_three_agree(n, J, icc):
    found = effective_size([n] * J, icc)
    assert_allclose([found.plain, found.weighted], found.average, rtol=1e-9)
    assert_allclose(found.design_effect, design_effect(n, icc), rtol=1e-9)


def test_shuffled_labels_mean_nothing():
    found = shuffle(NULL, 400, seed=1)
    assert found.means.shape == (400, 65)
    assert_allclose(found.means @ NULL.effects["school"].grouping.sizes / 4059,
                    SCHOOL["gcse"].mean(), atol=1e-10)  # fmt: skip
    assert abs(found.zero - 0.5) < 0.1  # four Monte Carlo errors of .025
    assert found.icc.max() < NULL.icc["school"] / 5
    assert_allclose(found.icc, shuffle(NULL, 400, seed=1).icc)


def test_a_shuffle_is_fitted_as_lmm_fits_it():
    found = shuffle(NULL, 3, seed=5)
    Y = np.random.default_rng(5).permuted(np.repeat(NULL.design.y[None], 3, axis=0), axis=1)
    fits = [lmm("y ~ 1 + (1 | school)", SCHOOL.assign(y=y)) for y in Y]
    assert_allclose(found.icc, [fit.icc["school"] for fit in fits], atol=1e-6)


def test_only_a_null_model_is_shuffled():
    with pytest.raises(UnsupportedError, match="null model"):
        shuffle(lmm("gcse ~ lrt + (1 | school)", SCHOOL), 3, seed=1)
