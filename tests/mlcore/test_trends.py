"""People whose slopes differ: false positives of a trend, in closed form and from rows."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from mlcore import (
    DataError,
    RowStudy,
    TrendStudy,
    design,
    lmm,
    ols,
    power,
    rejection_rates,
    replicate,
)


def rates(study, n=20_000):
    return power(study, n, seed=1)["power"]


@pytest.mark.parametrize("persons", [50, 200])
def test_the_lessons_false_positives(persons):
    """Slopes of SD .4, six waves: 21 % with a random intercept only, 5 % with the slope."""
    found = rates(TrendStudy(persons, 6, 0.4))
    assert_allclose(found["random intercept, z"], 0.21, atol=0.012)  # four errors of .003
    assert_allclose(found["random slope, t(P − 1)"], 0.05, atol=0.008)


def test_without_differences_in_slope_all_are_right_but_the_pooled_line():
    found = rates(TrendStudy(60, 6, 0.0))
    assert_allclose(found["random intercept, z"], 0.05, atol=0.008)
    assert_allclose(found["CR1, t(P − 1)"], 0.05, atol=0.008)
    assert found["OLS"] < 0.02  # it takes differences in height for noise about the trend


def test_every_estimate_and_error_is_that_of_a_fit():
    """One dataset, fitted from its rows: least squares, robust, random intercept and slope."""
    rng = np.random.default_rng(4)
    P, T = 30, 5
    t = np.tile(np.arange(T) - 2.0, P)
    person = np.repeat(np.arange(P), T)
    y = (rng.normal(size=P)[person] + (0.2 + 0.6 * rng.normal(size=P))[person] * t
         + rng.normal(size=P * T))  # fmt: skip
    data = pd.DataFrame({"y": y, "t": t, "person": person})
    means = data.groupby("person")["y"].mean().to_numpy()
    b = np.array([rows["t"] @ rows["y"] / 10.0 for _, rows in data.groupby("person")])
    Q, M = np.sum((b - b.mean()) ** 2), T * np.sum((means - means.mean()) ** 2)
    R = np.sum((y - means[person] - b[person] * t) ** 2)
    said = TrendStudy(P, T, 0.6).variances(*(np.array([v]) for v in (Q, R, M)))[0] ** 0.5
    fits = [
        ols("y ~ t", data),
        ols("y ~ t", data, cluster="person"),
        lmm("y ~ t + (1 | person)", data),
        lmm("y ~ t + (1 + t | person)", data),
    ]
    lines = [fit.coefficients.loc["t"] for fit in fits]
    assert_allclose([line["estimate"] for line in lines], b.mean(), rtol=1e-6)
    # heights and slopes are a little correlated by chance, which REML knows: one part in 10^6
    assert_allclose([line["se"] for line in lines], said[:4], rtol=1e-5)


def test_rows_give_the_same_rates():
    P, T = 25, 6
    data = pd.DataFrame({"t": np.tile(np.arange(T) - 2.5, P), "person": np.repeat(np.arange(P), T)})
    truth = design("y ~ t + (1 + t | person)", data, response=False)
    study = RowStudy(
        truth=truth,
        beta=np.zeros(2),
        covariance=np.diag([1.0, 0.16]),
        sigma=1.0,
        term="t",
        fitted={"intercept": design("y ~ t + (1 | person)", data, response=False), "slope": truth},
    )
    rows, closed = power(study, 600, seed=2), power(TrendStudy(P, T, 0.4), 20_000, seed=3)
    for mine, theirs in [("intercept, z", "random intercept, z"), ("slope, z", "random slope, z")]:
        error = 4 * rows.loc[mine, "error"]
        assert_allclose(rows.loc[mine, "power"], closed.loc[theirs, "power"], atol=error)


def test_a_trend_is_found_without_bias():
    *_, found = replicate(TrendStudy(40, 5, 0.3, effect=0.2), 5000, seed=5)
    table = found.summary()
    assert_allclose(table["bias"], 0.0, atol=4 * table["bias_error"].max())
    assert_allclose(table.loc["random slope, t(P − 1)", "coverage"], 0.95, atol=0.015)


def test_impossible_panels_are_said():
    with pytest.raises(DataError, match="3 waves"):
        TrendStudy(10, 2, 0.4)
    with pytest.raises(DataError, match="sigma above 0"):
        TrendStudy(10, 5, 0.4, sigma=0.0)


@pytest.mark.parametrize("study", [TrendStudy(50, 6, 0.4), TrendStudy(10, 3, 0.2, effect=0.3)])
def test_chances_given_the_sums_of_squares_average_to_the_rates(study):
    found, error = rejection_rates(study, [0.0, study.slope_sd], 2000, seed=2)
    counted = power(study, 20_000, seed=3)
    assert found.shape == error.shape == (2, 5)
    # within four of the errors of both; from equally many draws, with the smaller error of the two
    assert (abs(found[1] - counted["power"]) < 4 * np.hypot(error[1], counted["error"])).all()
    assert (error[1] < power(study, 2000, seed=3)["error"]).all()


def test_chances_need_draws_and_a_level():
    with pytest.raises(DataError, match="2 draws or more"):
        rejection_rates(TrendStudy(50, 6, 0.4), [0.4], 1, seed=1)
    with pytest.raises(DataError, match="level between 0 and 1"):
        rejection_rates(TrendStudy(50, 6, 0.4), [0.4], seed=1, level=1.0)
