"""Outcomes: their derivatives are derivatives, and their log-likelihoods scipy's."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from mlcore.discrete.ordered import Ordered
from mlcore.discrete.outcomes import Gaussian, Logit, Outcome, Poisson, Probit

ETA = np.linspace(-4.0, 4.0, 13)
SUCCESSES = np.array([0.0, 1.0, 3.0] * 4 + [2.0])
TRIALS = np.array([1.0, 1.0, 5.0] * 4 + [2.0])
RANKS = np.arange(13.0) % 4
KAPPA = np.array([-1.0, 0.5, 2.0])

OUTCOMES = [
    Logit(SUCCESSES, TRIALS),
    Probit(SUCCESSES, TRIALS),
    Poisson(SUCCESSES),
    Gaussian(SUCCESSES),
    Ordered(RANKS),
]
each = pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda o: f"{o.family} {o.link}")
STEP = 1e-5
# a central difference of this step is right to its square, times a third derivative of order one
NEAR = 1e-8


def kappa(outcome: Outcome) -> np.ndarray:
    return KAPPA if isinstance(outcome, Ordered) else outcome.start


@each
def test_derivatives_in_eta(outcome: Outcome) -> None:
    here = outcome.local(ETA, kappa(outcome))
    up, down = (outcome.local(ETA + s, kappa(outcome)) for s in (STEP, -STEP))
    for quantity, derivative, sign in [("loglik", "score", 1), ("score", "weight", -1),
                                       ("weight", "third", 1)]:  # fmt: skip
        difference = (getattr(up, quantity) - getattr(down, quantity)) / (2 * STEP)
        assert_allclose(sign * difference, getattr(here, derivative), atol=NEAR)


@each
def test_the_short_form_agrees_with_the_long(outcome: Outcome) -> None:
    loglik, score = outcome.slope(np.stack([ETA, -ETA]), kappa(outcome))
    for row, eta in enumerate((ETA, -ETA)):
        assert_allclose(loglik[row], outcome.local(eta, kappa(outcome)).loglik)
        assert_allclose(score[row], outcome.local(eta, kappa(outcome)).score)


@pytest.mark.parametrize("outcome", OUTCOMES[:3], ids=lambda o: f"{o.family} {o.link}")
def test_mean_steepness_and_link(outcome: Outcome) -> None:
    slope = (outcome.mean(ETA + STEP) - outcome.mean(ETA - STEP)) / (2 * STEP)
    # relative to exp(4), the largest mean among them
    assert_allclose(slope, outcome.steepness(ETA), atol=55 * NEAR)
    assert_allclose(outcome.linked(outcome.mean(ETA)), ETA, atol=1e-12)


def test_log_likelihoods_with_their_constants() -> None:
    logit, probit, poisson, _, ordered = OUTCOMES
    for outcome, distribution in [
        (logit, stats.binom(TRIALS, 1 / (1 + np.exp(-ETA)))),
        (probit, stats.binom(TRIALS, stats.norm.cdf(ETA))),
        (poisson, stats.poisson(np.exp(ETA))),
    ]:
        total = outcome.local(ETA, outcome.start).loglik.sum() + outcome.constant
        assert total == pytest.approx(distribution.logpmf(SUCCESSES).sum(), rel=1e-12)
    edges = np.concatenate([[-np.inf], KAPPA, [np.inf]])
    inside = [
        stats.logistic.cdf(edges[int(k) + 1] - e) - stats.logistic.cdf(edges[int(k)] - e)
        for k, e in zip(RANKS, ETA, strict=True)
    ]
    assert_allclose(ordered.local(ETA, KAPPA).loglik, np.log(inside), rtol=1e-10)


def test_thresholds() -> None:
    ordered = OUTCOMES[-1]
    f, g = np.cos(ETA), np.sin(ETA)
    for k in range(3):
        shift = STEP * (np.arange(3) == k)
        up, down = (ordered.local(ETA, KAPPA + s) for s in (shift, -shift))
        slope = f @ (up.loglik - down.loglik) / (2 * STEP)
        assert ordered.kappa_slope(ETA, KAPPA, f)[k] == pytest.approx(slope, abs=10 * NEAR)
        curvature = (f @ (up.weight - down.weight) + g @ (up.score - down.score)) / (2 * STEP)
        found = ordered.kappa_curvature(ETA, KAPPA, f, g)[k]
        assert found == pytest.approx(curvature, abs=10 * NEAR)


@pytest.mark.parametrize("eta", [-800.0, 800.0])
def test_far_from_the_data_nothing_breaks(eta: float) -> None:
    there = np.full(13, eta)
    for outcome in OUTCOMES[:2]:
        local = outcome.local(there, outcome.start)
        assert all(np.isfinite(part).all() for part in local)
        assert (local.weight >= 0).all()
