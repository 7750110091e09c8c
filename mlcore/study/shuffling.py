"""Labels shuffled: what the intraclass correlation is where groups mean nothing.

Rows are dealt out to the groups at random, sizes kept, and the null model is fitted again. Its
variance between groups is then zero in about half of all shuffles: it cannot be negative, and an
estimate that would be is set to the boundary.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.study.refits import refit

ROUNDING = 1e-12  # of the residual variance, below which a variance is zero


@dataclass(frozen=True, eq=False)
class Shuffles:
    """Of each shuffle the `icc` (times,) and the groups' own means, `means` (times, J)."""

    icc: Array
    means: Array

    @property
    def zero(self) -> float:
        """The share of shuffles in which the estimate is exactly zero."""
        return float(np.mean(self.icc == 0.0))


def shuffle(null: Fit, times: int = 200, *, seed: int) -> Shuffles:
    """Shuffle the labels of a null model `y ~ 1 + (1 | group)` and fit it again, so many times."""
    effects = list(null.effects.values())
    if (
        null.design.names != ("(Intercept)",)
        or len(effects) != 1
        or effects[0].names != ("(Intercept)",)
    ):
        raise UnsupportedError(
            f"labels are shuffled in a null model y ~ 1 + (1 | g), not in {null.formula!r}"
        )
    group = effects[0].grouping
    rng = np.random.default_rng(seed)
    Y = rng.permuted(np.repeat(null.design.y[None], times, axis=0), axis=1)
    found = refit(null, Y.T)
    tau2 = found.covariance[:, 0, 0]
    tau2 = np.where(tau2 > ROUNDING * found.sigma**2, tau2, 0.0)
    means = np.stack([np.bincount(group.codes, y) for y in Y]) / group.sizes
    return Shuffles(tau2 / (tau2 + found.sigma**2), means)
