"""Predicted and observed: bins hold what they say, and chance is as wide as it should be."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import UnsupportedError, glm, glmm, lmm, ordinal
from mlcore.inference.calibration import calibration, variances
from mlcore.inference.residuals import linear_predictor

LONDON = datasets.load("london_nurses").frame
RNG = np.random.default_rng(4)


def frame(n=6000):
    x = RNG.normal(size=n)
    rows = pd.DataFrame({"x": x, "yes": RNG.random(n) < 1 / (1 + np.exp(-x - 0.6 * x**2))})
    rows["yes"] = rows["yes"].astype(int)
    rows["k"] = RNG.poisson(np.exp(0.5 * x))
    rows["rank"] = np.digitize(x + RNG.logistic(size=n), [-1, 0, 2])
    return rows


FRAME = frame()


def test_bins_hold_all_rows_and_their_means():
    fit = glmm("leave ~ age + (1 | hospital)", LONDON)
    found = calibration(fit)
    t = found.table
    assert t["rows"].sum() == fit.n
    assert t["fitted"].is_monotonic_increasing
    assert_allclose(np.average(t["observed"], weights=t["rows"]), fit.observed.mean())
    assert_allclose(np.average(t["fitted"], weights=t["rows"]), fit.fitted.mean())
    assert found.scale == "share"


@pytest.mark.parametrize(
    ("formula", "call", "asked"),
    [
        ("k ~ x", glm, {"family": "poisson"}),
        ("rank ~ x", ordinal, {}),
        ("yes ~ x + I(x^2)", glm, {}),
    ],
)
def test_the_right_model_stays_within_chance(formula, call, asked):
    found = calibration(call(formula, FRAME, **asked))
    assert len(found.table) == 20
    assert found.outside <= 4  # of 20 bins, one expected: more than four in 3 of 1,000 tries


def test_a_curve_that_the_model_lacks_is_seen():
    assert calibration(glm("yes ~ x", FRAME)).outside > 8


def test_the_variance_of_a_rank_is_that_of_its_probabilities():
    fit = ordinal("rank ~ x", FRAME)
    p = fit.probabilities(FRAME).to_numpy()
    ranks = np.arange(1, 5)
    expected = p @ ranks**2 - (p @ ranks) ** 2
    assert_allclose(variances(fit, linear_predictor(fit)), expected, atol=1e-10)


def test_equal_predictions_share_a_bin():
    fit = glm("leave ~ male", LONDON)
    assert len(calibration(fit).table) == 2


def test_a_normal_response_has_residuals_instead():
    fit = lmm("gcse ~ 1 + (1 | school)", datasets.load("school").frame)
    with pytest.raises(UnsupportedError, match="look at residuals"):
        calibration(fit)
