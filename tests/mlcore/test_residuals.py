"""Residuals of rows: as they are, as quantiles, freed of memory."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import kstest

import datasets
from mlcore import gee, glm, glmm, growth, lmm, ols, ordinal, panel
from mlcore.inference.residuals import row_residuals
from mlcore.inference.smooth import smooth

SCHOOL = datasets.load("school").frame
SLEEP = datasets.load("sleepstudy").frame
RNG = np.random.default_rng(11)


def test_a_normal_response_has_its_residuals():
    fit = lmm("gcse ~ lrt + (1 + lrt | school)", SCHOOL)
    found = row_residuals(fit)
    assert_allclose(found.values, fit.residuals())
    assert_allclose(found.scaled.std(), 1.0)
    assert not found.quantile


def truth(n=4000, J=100):
    """Responses whose model is known: eta = -0.4 + 0.8 x + u."""
    x, codes = RNG.normal(size=n), np.repeat(np.arange(J), n // J)
    eta = -0.4 + 0.8 * x + RNG.normal(size=J)[codes] * 0.7
    frame = pd.DataFrame({"x": x, "g": codes})
    frame["yes"] = (RNG.random(n) < 1 / (1 + np.exp(-eta))).astype(int)
    frame["k"] = RNG.poisson(np.exp(eta))
    frame["rank"] = np.digitize(eta + RNG.logistic(size=n), [-1.0, 0.0, 1.5])
    return frame


FRAME = truth()
RIGHT = {
    "binary": glmm("yes ~ x + (1 | g)", FRAME),
    "count": glmm("k ~ x + (1 | g)", FRAME, family="poisson"),
    "ordered": ordinal("rank ~ x + (1 | g)", FRAME),
    "probit": glm("yes ~ x", FRAME, link="probit"),
    "marginal": gee("yes ~ x", FRAME, group="g", family="binomial"),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_quantile_residuals_of_the_right_model_are_standard_normal(kind):
    found = row_residuals(RIGHT[kind], seed=2)
    assert found.quantile
    # effects are estimated from the same rows, which takes up a little of the variance
    assert abs(found.values.std() - 1) < 0.05
    assert kstest(found.scaled, "norm").pvalue > 0.001


def test_quantile_residuals_see_a_count_that_scatters_more_than_poisson():
    wide = FRAME.assign(k=RNG.negative_binomial(0.5, 0.3, len(FRAME)))
    fit = glm("k ~ x", wide, family="poisson")
    assert row_residuals(fit).values.std() > 1.3


def test_the_seed_decides_the_draw():
    one, other = (row_residuals(RIGHT["binary"], seed=seed).values for seed in (1, 2))
    assert_allclose(one, row_residuals(RIGHT["binary"], seed=1).values)
    assert np.abs(one - other).max() > 0.1


def test_residuals_without_memory():
    fit = growth("Reaction ~ Days + (1 | Subject)", SLEEP, time="Days")
    found = row_residuals(fit)
    by_person = pd.DataFrame({"r": found.values, "g": SLEEP["Subject"]}).groupby("g")["r"]
    raw = pd.DataFrame({"r": fit.residuals(), "g": SLEEP["Subject"]}).groupby("g")["r"]
    freed, before = (np.mean([s.autocorr() for _, s in rows]) for rows in (by_person, raw))
    # ten independent values have an autocorrelation of -1/9 about their mean; two standard errors
    assert abs(freed + 1 / 9) < 0.15 < before


def test_a_panel_has_the_residuals_of_the_rows_it_fits():
    frame = datasets.load("ghq_panel").frame
    frame = frame[frame["pid"] < 600]
    asked = {"entity": "pid", "time": "year"}
    between = panel("ghq ~ lninc", frame, estimator="between", **asked)
    means = frame.groupby("pid")[["ghq", "lninc"]].mean()
    own = ols("ghq ~ lninc", means)
    assert_allclose(row_residuals(between).values, own.residuals(), atol=1e-10)
    change = panel("ghq ~ lninc", frame, estimator="first_difference", **asked)
    ordered = frame.sort_values(["pid", "year"])
    steps = ordered[["ghq", "lninc"]].diff()[ordered["pid"].diff() == 0]
    own = ols("ghq ~ lninc", steps)
    assert_allclose(np.sort(row_residuals(change).values), np.sort(own.residuals()), atol=1e-10)


def test_the_smooth_is_exact_on_a_line_and_follows_a_curve():
    x = RNG.uniform(-2, 2, 5000)
    line = smooth(x, 1 + 3 * x)
    assert_allclose(line.y, 1 + 3 * line.x, atol=1e-9)
    bent = smooth(x, x**2, span=0.2)
    assert np.abs(bent.y - bent.x**2).max() < 0.1  # a fifth of the rows is not quite straight


def test_the_smooth_of_one_place_is_its_mean():
    found = smooth(np.ones(7), np.arange(7.0))
    assert_allclose((found.x, found.y), ([1.0], [3.0]))
