"""Responses that are not normal: their distributions, and the models fitted to them again."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit, ndtr

from mlcore import DataError, UnsupportedError, gee, glm, glmm, ordinal, simulate
from tests.mlcore.oracle import frame

PEOPLE = pd.DataFrame({"person": np.repeat(range(50), 8), "x": np.tile(np.linspace(-1, 1, 8), 50)})
FORMULA = "y ~ x + (1 | person)"
MEANS = {("binomial", "logit"): expit, ("binomial", "probit"): ndtr, ("poisson", "log"): np.exp}


@pytest.mark.parametrize(("family", "link"), MEANS)
def test_means_and_variances(family: str, link: str) -> None:
    """Without random effects, over 4,000 draws; five standard errors."""
    eta = 0.3 + 0.8 * PEOPLE["x"].to_numpy()
    Y = simulate(FORMULA, PEOPLE, seed=1, size=4000, beta=[0.3, 0.8], tau=0,
                 family=family, link=link)  # fmt: skip
    mean = MEANS[family, link](eta)
    variance = mean if family == "poisson" else mean * (1 - mean)
    error = 5 * np.sqrt(variance / 4000)
    assert (np.abs(Y.mean(axis=1) - mean) < error).all()
    assert_allclose(Y.var(axis=1), variance, rtol=0.25)
    assert (Y >= 0).all()
    assert_array_equal(Y, np.round(Y))


@pytest.mark.parametrize(("family", "link"), MEANS)
def test_fits_recover_the_truth(family: str, link: str) -> None:
    """Over 60 data sets, the mean estimate is within four standard errors and Laplace's bias."""
    truth, tau = np.array([0.2, 0.7]), 0.8
    Y = simulate(FORMULA, PEOPLE, seed=2, size=60, beta=truth, tau=tau, family=family, link=link)
    fits = [glmm(FORMULA, PEOPLE.assign(y=y), family=family, link=link) for y in Y.T]
    beta = np.array([fit.beta for fit in fits])
    error = beta.std(axis=0, ddof=1) / np.sqrt(60)
    assert (np.abs(beta.mean(axis=0) - truth) < 4 * error + 0.02).all()
    sd = np.mean([fit.variance_components["sd"].iloc[0] for fit in fits])
    assert sd == pytest.approx(tau, rel=0.1)


def test_a_fit_is_the_truth_unless_told_otherwise() -> None:
    data = frame("popular2").assign(high=lambda d: (d["popular"] > 5).astype(int))
    fit = glmm("high ~ Cextrav + (1 | class)", data)
    Y = simulate(fit, seed=3, size=400, tau=0)
    expected = expit(fit.design.X @ fit.beta)
    # of 2,000 rows a few are four standard errors away
    assert (np.abs(Y.mean(axis=1) - expected) < 5 * np.sqrt(expected * (1 - expected) / 400)).all()
    plain = glm("high ~ Cextrav", data)
    assert simulate(plain, seed=3).shape == (2000,)
    assert_array_equal(simulate(fit, seed=3), simulate(fit, seed=3))


def test_trials_are_kept() -> None:
    data = PEOPLE.assign(m=5 + PEOPLE.index % 4, y=1 + PEOPLE.index % 3)
    fit = glmm(FORMULA, data, trials="m")
    Y = simulate(fit, seed=4, size=2000)
    assert (Y.max(axis=1) <= data["m"]).all()
    assert Y.max() > 1
    assert_allclose(Y.mean() / data["m"].mean(), fit.observed.mean(), rtol=0.05)


def test_refusals() -> None:
    with pytest.raises(UnsupportedError, match="family is one of binomial, poisson, not 'gamma'"):
        simulate(FORMULA, PEOPLE, seed=1, beta=[0, 0], tau=1, family="gamma")
    with pytest.raises(UnsupportedError, match="link for poisson is log"):
        simulate(FORMULA, PEOPLE, seed=1, beta=[0, 0], tau=1, family="poisson", link="logit")
    with pytest.raises(DataError, match="sigma is a Gaussian model's"):
        simulate(FORMULA, PEOPLE, seed=1, beta=[0, 0], tau=1, sigma=1, family="binomial")
    data = frame("popular2").assign(high=lambda d: (d["popular"] > 5).astype(int))
    fit = gee("high ~ sex", data, group="class", family="binomial")
    with pytest.raises(UnsupportedError, match="with glmm and draw from that"):
        simulate(fit, seed=1)


def test_ordered_categories_give_back_their_parameters() -> None:
    data = frame("popular2").assign(
        level=lambda d: 1 + (d["popular"] > 5).astype(int) + (d["popular"] > 7)
    )
    truth = ordinal("level ~ sex + extrav + (1 | class)", data)
    drawn = simulate(truth, seed=11, size=20)
    assert set(np.unique(drawn)) == {1.0, 2.0, 3.0}
    fits = [
        ordinal("level ~ sex + extrav + (1 | class)", data.assign(level=column))
        for column in drawn.T
    ]
    for name, known in (("beta", truth.beta), ("kappa", truth.kappa)):
        found = np.array([getattr(fit, name) for fit in fits])
        # four Monte Carlo standard errors of the mean of 20 refits
        error = found.std(axis=0, ddof=1) / np.sqrt(len(fits))
        assert (np.abs(found.mean(axis=0) - known) < 4 * error).all()
