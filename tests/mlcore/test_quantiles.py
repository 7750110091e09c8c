"""Quantile plots: the band holds the samples it should, effects scatter as they should."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import beta, norm

import datasets
from mlcore import UnsupportedError, lmm, simulate
from mlcore.inference.quantiles import band, effect_quantiles, quantiles, residual_quantiles

SCHOOL = datasets.load("school").frame
FIT = lmm("gcse ~ lrt + (1 + lrt | school)", SCHOOL)
RNG = np.random.default_rng(5)


@pytest.mark.parametrize("n", [3, 18, 65, 700, 5000])
def test_the_band_holds_a_whole_sample_19_times_of_20(n):
    lower, upper = band(n)
    draws = np.sort(RNG.standard_normal((2000, n)), axis=1)
    inside = ((draws >= lower) & (draws <= upper)).all(axis=1).mean()
    assert abs(inside - 0.95) < 0.02  # four Monte Carlo errors


def test_each_place_has_its_exact_distribution():
    lower, _ = band(10)
    tails = beta.cdf(norm.cdf(lower), np.arange(1, 11), np.arange(10, 0, -1))
    assert_allclose(tails, 0.00734 / 2, rtol=1e-6)


def test_values_are_sorted_with_their_names():
    names = pd.Index(list("abcdef"))
    found = quantiles(np.array([3.0, 1.0, 2.0, -1.0, 0.0, 0.5]), names, "six values")
    assert list(found.names) == list("defbca")
    assert_allclose(found.expected, -found.expected[::-1], atol=1e-12)
    assert found.n == 6


def test_of_many_values_the_ends_are_kept_and_all_are_counted():
    values = RNG.standard_t(3, 20_000)
    found = quantiles(values, pd.RangeIndex(20_000), "t")
    assert len(found.names) == 2000 < found.outside
    assert_allclose(found.observed[:200], np.sort(values)[:200])
    assert_allclose(found.observed[-200:], np.sort(values)[-200:])


def test_effects_are_measured_by_what_they_scatter_by():
    found = effect_quantiles(FIT, "school", "lrt")
    effects = FIT.ranef["school"]
    scatter = FIT.random_covariance["school"].loc["lrt", "lrt"] - effects["se_lrt"] ** 2
    assert_allclose(found.observed, np.sort(effects["lrt"] / np.sqrt(scatter)))
    assert list(found.names) == list((effects["lrt"] / np.sqrt(scatter)).sort_values().index)


def test_effects_of_unequal_groups_are_standard_normal_if_the_model_is_right():
    null = lmm("gcse ~ 1 + (1 | school)", SCHOOL)
    drawn = simulate(null, seed=3, size=40)
    squares = []
    for k in range(40):
        again = lmm("y ~ 1 + (1 | school)", SCHOOL.assign(y=np.asarray(drawn)[:, k]))
        squares.append(effect_quantiles(again, "school").observed.var())
    assert abs(np.mean(squares) - 1.0) < 0.03  # four Monte Carlo errors of 40 x 65 effects


def test_what_does_not_vary_has_no_quantiles():
    with pytest.raises(UnsupportedError, match="no random effects of class"):
        effect_quantiles(FIT, "class")
    with pytest.raises(UnsupportedError, match="girl does not vary over school"):
        effect_quantiles(FIT, "school", "girl")
    flat = SCHOOL.assign(y=SCHOOL["gcse"] - SCHOOL.groupby("school")["gcse"].transform("mean"))
    with pytest.raises(UnsupportedError, match="estimated as zero"):
        effect_quantiles(lmm("y ~ 1 + (1 | school)", flat), "school")


def test_residuals_are_on_their_own_scale():
    found = residual_quantiles(FIT)
    assert found.n == 4059
    assert abs(found.observed.mean()) < 0.1
