"""What random effects estimate when slopes within and between groups differ."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlcore import DataError, lmm, mixture, ols

LESSON = {"within": 0.5, "between": 1.5, "tau": np.sqrt(0.5)}


@pytest.mark.parametrize(("n", "random"), [(3, ".75"), (60, ".51")])
def test_the_lessons_slopes(n, random):
    assert f"{mixture(n=n, **LESSON).random:.2f}"[1:] == random


def test_means_of_three_are_noisy():
    """(1.5 + .5 / 3) / (1 + 1 / 3)"""
    assert_allclose(mixture(n=3, **LESSON).means, 1.25)


@pytest.mark.parametrize(("n", "tau"), [(3, 0.7), (10, 1.5), (5, 0.0)])
def test_many_groups_give_what_the_formula_says(n, tau):
    """60,000 rows of the model; tolerances are four standard errors.

    That of the wrong model, one slope for two, is too small: estimates scatter 1.5 times as much.
    """
    rng = np.random.default_rng(n)
    J = 60_000 // n
    group = np.repeat(np.arange(J), n)
    m = 1.2 * rng.normal(size=J)[group]
    x = m + 0.8 * rng.normal(size=J * n)
    y = 1.5 * m + 0.5 * (x - m) + tau * rng.normal(size=J)[group] + rng.normal(size=J * n)
    data = pd.DataFrame({"y": y, "x": x, "g": group})
    data["mean"] = data.groupby("g")["x"].transform("mean")
    data["left"] = data["x"] - data["mean"]
    said = mixture(0.5, 1.5, n, tau=tau, between_sd=1.2, within_sd=0.8)
    random = lmm("y ~ x + (1 | g)", data).coefficients.loc["x"]
    pooled = ols("y ~ x", data, cluster="g").coefficients.loc["x"]
    rewb = lmm("y ~ left + mean + (1 | g)", data).coefficients
    assert_allclose(random["estimate"], said.random, atol=6 * random["se"])
    assert_allclose(pooled["estimate"], said.pooled, atol=4 * pooled["se"])
    for term, value in [("left", said.within), ("mean", said.means)]:
        assert_allclose(rewb.loc[term, "estimate"], value, atol=4 * rewb.loc[term, "se"])


@given(
    st.floats(-2, 2),
    st.floats(-2, 2),
    st.integers(2, 200),
    st.floats(0, 3),
    st.floats(0.2, 3),
)
def test_random_effects_lie_between_the_two_slopes(within, between, n, tau, psi):
    found = mixture(within, between, n, tau=tau, between_sd=psi)
    low, high = sorted([within, found.means])
    assert low - 1e-6 <= found.random <= high + 1e-6
    assert abs(found.correlation) <= 1 + 1e-12


def test_large_groups_leave_the_slope_within():
    weights = [mixture(n=n, **LESSON).weight for n in (3, 10, 60, 1000)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] < 0.001


def test_equal_slopes_are_nothing_to_weigh():
    found = mixture(0.7, 0.7, 5, tau=1.0)
    assert (found.random, found.means, found.pooled) == pytest.approx((0.7, 0.7, 0.7))
    assert found.correlation == 0.0


def test_impossible_sds_are_said():
    with pytest.raises(DataError, match="groups of 2 or more"):
        mixture(0.5, 1.5, 1, tau=1.0)
