"""Predicted and observed, side by side: of rows that are given 30 %, do 30 % say yes?

Rows are put into bins of about equal number by their fitted values, with the groups' effects. In
each bin the mean of the responses should be that of the fitted values, but for chance: given the
fitted values the response of row i has the variance v_i, so that the mean of a bin of n rows lies
within

    mean fitted +- 1.96 sqrt(sum v_i) / n,

v = m p (1 - p) / m^2 for a share of m trials, the mean for a count, and that of the fitted
probabilities for ordered categories, whose responses are ranks from 1.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.discrete.generalised import GlmFit
from mlcore.discrete.ordinal import OrdinalFit
from mlcore.discrete.outcomes import Binomial, Poisson, logistic
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.inference.residuals import linear_predictor, response

BINS = 20
ROWS = 25  # of a bin at least


@dataclass(frozen=True, eq=False)
class Calibration:
    """`table` by bin: `rows`, the mean `fitted` and `observed`, and what chance allows, `lower` to
    `upper`. `scale` says what the response is: a share, a count, a rank.
    """

    table: pd.DataFrame
    response: str
    scale: str

    @property
    def outside(self) -> int:
        """Bins in which more is observed than chance allows, or less."""
        t = self.table
        return int(((t["observed"] < t["lower"]) | (t["observed"] > t["upper"])).sum())


def calibration(fit: Fit) -> Calibration:
    """The responses of a generalised model by bins of their fitted values."""
    if not isinstance(fit, GlmFit) or fit.family == "gaussian":
        raise UnsupportedError(
            "predicted and observed shares are for binary outcomes, counts and ordered categories: "
            "of a normal response look at residuals over fitted values"
        )
    eta = linear_predictor(fit)
    fitted, variance = fit.mean(eta), variances(fit, eta)
    order = np.argsort(fitted, kind="stable")
    bins = int(np.clip(len(order) // ROWS, 2, BINS))
    starts = distinct(fitted[order], np.linspace(0, len(order), bins + 1).astype(int)[:-1])
    n = np.diff(np.append(starts, len(order)))
    mean, seen, scatter = (
        np.add.reduceat(values[order], starts) for values in (fitted, fit.observed, variance)
    )
    half = 1.959964 * np.sqrt(scatter) / n
    columns = {"rows": n, "fitted": mean / n, "observed": seen / n}
    table = pd.DataFrame(columns).assign(lower=mean / n - half, upper=mean / n + half)
    scale = "rank" if isinstance(fit, OrdinalFit) else "count"
    scale = "share" if isinstance(fit.outcome, Binomial) else scale
    return Calibration(table, response(fit), scale)


def distinct(fitted: Array, starts: np.ndarray) -> np.ndarray:
    """Starts of bins moved to where a new value begins, so that equal values share a bin."""
    return np.unique(np.searchsorted(fitted, fitted[starts], "left"))


def variances(fit: GlmFit, eta: Array) -> Array:
    """The variance of each response around its mean, (n,)."""
    outcome, mean = fit.outcome, fit.mean(eta)
    if isinstance(fit, OrdinalFit):
        above = logistic(eta[:, None] - fit.kappa)  # P(y > k); the rank is 1 + their sum of yes
        k = np.arange(above.shape[1])
        squares: Array = ((2.0 * k + 1.0) * above).sum(axis=1)
        spread: Array = squares - above.sum(axis=1) ** 2
        return spread
    if isinstance(outcome, Binomial):
        return mean * (1.0 - mean) / outcome.trials
    if isinstance(outcome, Poisson):
        return mean
    raise UnsupportedError(f"a {fit.family} outcome has no calibration here")
