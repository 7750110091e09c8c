"""How much of the variance a model explains, as a whole and level by level.

Nakagawa's two shares of one fit's variance, with random slopes averaged over the rows:

    marginal = f / (f + r + e),      conditional = (f + r) / (f + r + e),

f the variance of X beta, r the mean of z'Var(u) z, e the residual's. Against a smaller model
(primed), for random intercepts: the drop of each variance by itself, and Snijders and Bosker's
drops of the error in predicting one row and the mean of a group of typical size,

    R1 = 1 - (tau^2 + sigma^2) / (tau'^2 + sigma'^2),
    R2 = 1 - (tau^2 + sigma^2 / n) / (tau'^2 + sigma'^2 / n),      n the harmonic mean.

Reference: Nakagawa & Schielzeth (2013), Methods in Ecology and Evolution 4, 133-142; Johnson
(2014), the same, 5, 944-946; Snijders & Bosker (2012), Multilevel Analysis, section 7.1.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit


@dataclass(frozen=True)
class VarianceShares:
    """The variances of the fixed part, of the random effects and of the residual."""

    fixed: float
    random: float
    residual: float

    @property
    def total(self) -> float:
        return self.fixed + self.random + self.residual

    @property
    def marginal(self) -> float:
        """R^2 of the fixed part."""
        return self.fixed / self.total

    @property
    def conditional(self) -> float:
        """R^2 of the fixed part and the random effects together."""
        return (self.fixed + self.random) / self.total

    @property
    def icc(self) -> float:
        """The random effects' share of what the fixed part leaves, at typical values of x."""
        return self.random / (self.random + self.residual)


def r_squared(fit: Fit) -> VarianceShares:
    """Nakagawa's marginal and conditional R^2; both are on the scale of the linear predictor."""
    if not np.isfinite(fit.residual_variance):
        raise UnsupportedError(
            f"{fit.family} responses have no residual variance beside the random effects': compare "
            "the random effects' variances of two models instead"
        )
    random = 0.0
    for group, e in fit.effects.items():
        Z = fit.design.Z(group)
        random += float(np.sum(e.covariance * (Z.T @ Z)) / fit.n)
    fixed = float(np.var(fit.design.X @ fit.beta, ddof=1))
    return VarianceShares(fixed, random, fit.residual_variance)


def explained(small: Fit, large: Fit) -> pd.DataFrame:
    """What `large` explains of the variances that `small` finds, one row a level.

    `before` and `after` are the variances, `reduction` the share by which each drops (it may be
    negative), `r2` Snijders and Bosker's: R2 for the groups, R1 for the residual's level.
    """
    names = [random_intercept(fit) for fit in (small, large)]
    if names[0] != names[1] or not np.array_equal(small.design.y, large.design.y):
        raise DataError("explained variance needs two models of the same rows, groups and response")
    (group,) = large.effects
    sizes = large.effects[group].grouping.sizes
    typical = len(sizes) / np.sum(1.0 / sizes)
    before, after = (
        np.array([fit.effects[group].covariance[0, 0], fit.residual_variance])
        for fit in (small, large)
    )
    ways = np.array([[1.0, 1.0 / typical], [1.0, 1.0]])
    table = {
        "before": before,
        "after": after,
        "reduction": 1.0 - after / before,
        "r2": 1.0 - (ways @ after) / (ways @ before),
    }
    return pd.DataFrame(table, index=pd.Index([group, "Residual"], name="level"))


def random_intercept(fit: Fit) -> str:
    """The name of the grouping factor whose intercepts are all that varies."""
    effects = list(fit.effects.values())
    if len(effects) != 1 or effects[0].names != ("(Intercept)",):
        raise UnsupportedError(
            f"explained variance by level needs one random intercept, not {fit.formula!r}: refit "
            "with (1 | group) only, which changes the explained part little"
        )
    return effects[0].grouping.name
