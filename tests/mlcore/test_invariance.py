"""What should change nothing changes nothing: origins, units, labels, the order of rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlcore import Fit, lmm, ols, simulate
from tests.mlcore.oracle import frame

SLOPE = "gcse ~ lrt + girl + (1 + lrt | school)"
ORIGINS = st.floats(-1e4, 1e4)
UNITS = st.floats(1e-3, 1e3)
# An origin of 1e4 SDs costs 4 digits of x, squared 8 of its cross-products before centring; the
# rest is the optimiser's stopping rule, a millionth of a standard error.
CLOSE = 1e-5

few = settings(max_examples=25, deadline=None)


def base() -> pd.DataFrame:
    return frame("gcse")[["gcse", "lrt", "girl", "school"]].iloc[:1500]


REFERENCE = lmm(SLOPE, base())


def slope_sd(fit: Fit) -> float:
    return float(np.sqrt(fit.random_covariance["school"].loc["lrt", "lrt"]))


@few
@given(origin=ORIGINS, unit=UNITS)
def test_moving_and_stretching_a_predictor(origin: float, unit: float) -> None:
    """The whole model follows: slopes divide by the unit, intercepts move along the lines."""
    fit = lmm(SLOPE, base().assign(lrt=lambda d: (d["lrt"] - origin) * unit))
    assert fit.converged
    # REML's log|X'V^-1 X| knows the unit of x, as lme4's does
    assert fit.deviance == pytest.approx(REFERENCE.deviance + 2 * np.log(unit), abs=1e-5)
    assert fit.sigma == pytest.approx(REFERENCE.sigma, rel=CLOSE)
    expected = REFERENCE.beta / [1, unit, 1] + [REFERENCE.beta[1] * origin, 0, 0]
    assert_allclose(fit.beta, expected, rtol=CLOSE, atol=1e-4)
    assert slope_sd(fit) * unit == pytest.approx(slope_sd(REFERENCE), rel=1e-4)
    move = np.array([[1, origin], [0, 1 / unit]])
    covariance = move @ REFERENCE.random_covariance["school"].to_numpy() @ move.T
    assert_allclose(
        fit.random_covariance["school"], covariance, rtol=1e-3, atol=1e-4 * np.abs(covariance).max()
    )
    assert_allclose(fit.fitted, REFERENCE.fitted, rtol=1e-4, atol=1e-4)


@few
@given(origin=ORIGINS, unit=UNITS)
def test_moving_and_stretching_the_response(origin: float, unit: float) -> None:
    fit = lmm(SLOPE, base().assign(gcse=lambda d: (d["gcse"] - origin) * unit))
    change = 2 * (fit.n - 3) * np.log(unit)
    assert fit.deviance == pytest.approx(REFERENCE.deviance + change, abs=1e-5)
    assert_allclose(fit.beta, (REFERENCE.beta - [origin, 0, 0]) * unit, rtol=CLOSE, atol=CLOSE)
    assert fit.sigma == pytest.approx(REFERENCE.sigma * unit, rel=CLOSE)
    assert_allclose(fit.theta, REFERENCE.theta, rtol=1e-4, atol=1e-6)


@few
@given(origin=ORIGINS, unit=UNITS)
def test_least_squares_follows_too(origin: float, unit: float) -> None:
    reference = ols("gcse ~ lrt + girl", base(), cluster="school", correction="CR2")
    moved = base().assign(lrt=lambda d: (d["lrt"] - origin) * unit)
    fit = ols("gcse ~ lrt + girl", moved, cluster="school", correction="CR2")
    columns = ["statistic", "df", "p"]
    assert_allclose(
        fit.coefficients[columns].iloc[1:], reference.coefficients[columns].iloc[1:], rtol=1e-6
    )
    assert_allclose(fit.fitted, reference.fitted, atol=1e-7)
    assert fit.r2 == pytest.approx(reference.r2, rel=1e-9)


@few
@given(st.permutations(range(40)))
def test_labels_of_groups_mean_nothing(labels: list[int]) -> None:
    data = base()
    new = data["school"].map(lambda s: f"school {labels[s]}")
    fit = lmm(SLOPE, data.assign(school=new))
    assert fit.deviance == pytest.approx(REFERENCE.deviance, abs=1e-7)
    ours = fit.ranef["school"].loc[[f"school {labels[s]}" for s in REFERENCE.ranef["school"].index]]
    assert_allclose(ours, REFERENCE.ranef["school"], rtol=1e-4, atol=1e-6)


def test_the_order_of_rows_means_nothing() -> None:
    shuffled = base().sample(frac=1, random_state=1)
    fit = lmm(SLOPE, shuffled)
    assert fit.deviance == pytest.approx(REFERENCE.deviance, abs=1e-7)
    assert_allclose(fit.fitted.sort_index(), REFERENCE.fitted, rtol=1e-5, atol=1e-5)


def test_the_order_and_the_spelling_of_terms_mean_nothing() -> None:
    again = lmm("gcse ~ (lrt | school) + girl + lrt", base())
    assert again.deviance == pytest.approx(REFERENCE.deviance, abs=1e-7)
    assert_allclose(again.beta[[0, 2, 1]], REFERENCE.beta, rtol=1e-5)


def test_the_origin_without_an_intercept_matters_and_is_kept() -> None:
    """(0 + x | g) is another model at another origin: the shift must not be centred away."""
    here = lmm("gcse ~ lrt + (0 + lrt | school)", base())
    there = lmm("gcse ~ lrt + (0 + lrt | school)", base().assign(lrt=lambda d: d["lrt"] + 20))
    assert abs(here.deviance - there.deviance) > 1


@pytest.mark.parametrize("size", [1e-8, 1e8])
def test_tiny_and_huge_units(size: float) -> None:
    data = base().assign(lrt=lambda d: d["lrt"] * size, gcse=lambda d: d["gcse"] * size)
    fit = lmm(SLOPE, data)
    assert_allclose(fit.beta, REFERENCE.beta * [size, 1, size], rtol=CLOSE)


def test_a_slope_far_from_its_origin_is_recovered() -> None:
    """Years instead of ages: 2,000 from the origin, where an uncentred fit loses its digits."""
    data = pd.DataFrame(
        {"person": np.repeat(range(200), 6), "year": np.tile(range(2015, 2021), 200)}
    )
    centred = data.assign(year=data["year"] - 2017.5)
    data["y"] = simulate("y ~ year + (1 + year | person)", centred, beta=[1, 0.3],
                         tau=[2, 0.5], sigma=1, seed=2)  # fmt: skip
    far = lmm("y ~ year + (1 + year | person)", data)
    near = lmm("y ~ year + (1 + year | person)", centred.assign(y=data["y"]))
    assert far.deviance == pytest.approx(near.deviance, abs=1e-6)
    assert far.beta[1] == pytest.approx(near.beta[1], rel=1e-7)
