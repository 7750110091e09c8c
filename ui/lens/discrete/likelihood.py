"""Two likelihoods that a summary compares a fit with: without predictors, and with one a row."""

from __future__ import annotations

import numpy as np

from mlcore import GlmFit
from mlcore.discrete.outcomes import Binomial, Outcome


def saturated(outcome: Outcome) -> float:
    """The log-likelihood if every row's mean were its outcome; glmer's quadrature leaves it out."""
    y = outcome.y
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(y > 0, y * np.log(y), 0.0)
        if isinstance(outcome, Binomial):
            m, missed = outcome.trials, outcome.trials - y
            parts += np.where(missed > 0, missed * np.log(missed), 0.0) - m * np.log(m)
        else:
            parts -= y
    return float(parts.sum()) + outcome.constant


def null(fit: GlmFit) -> float:
    """The log-likelihood of an intercept alone, of thresholds alone, or of nothing without one."""
    outcome = fit.outcome
    y = outcome.y
    if fit.family == "ordinal":
        counts = np.bincount(y.astype(int))
        return float(np.sum(counts * np.log(counts / len(y))))
    trials = outcome.trials if isinstance(outcome, Binomial) else np.ones_like(y)
    mean = np.full_like(y, y.sum() / trials.sum())
    eta = outcome.linked(mean) if fit.design.has_intercept else np.zeros_like(y)
    return float(outcome.local(eta, outcome.start).loglik.sum()) + outcome.constant
