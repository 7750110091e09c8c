"""The parametric bootstrap: how a fit's estimates would scatter if the fit were the truth.

Responses are drawn from the fitted model, with new random effects and new residuals, and fitted
again by the same method. The spread of these estimates is a standard error, their mean less the
estimate a bias, and their percentiles an interval, for variances as well as for slopes. An estimate
on the boundary is a draw like any other.

Reference: Davison & Hinkley (1997), Bootstrap Methods and their Application, chapter 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.covariance import Pattern
from mlcore.inference.parameters import parameters, spread
from mlcore.study.refits import refit
from mlcore.study.replication import AT_ONCE
from mlcore.study.simulation import simulate


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """The fit's `estimate` by parameter, and `draws`, a row for each refit.

    A correlation is NaN in draws in which one of the two effects does not vary, and everything in
    a draw that cannot be fitted, such as one of zeros only.
    """

    estimate: pd.Series
    draws: pd.DataFrame

    @property
    def n(self) -> int:
        return len(self.draws)

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """By parameter `estimate, se, bias` and percentiles of the draws, `lower, upper`."""
        if not 0.0 < level < 1.0:
            raise DataError(f"level is between 0 and 1, such as 0.95, not {level!r}")
        tail = (1.0 - level) / 2.0
        return pd.DataFrame(
            {
                "estimate": self.estimate,
                "se": self.draws.std(),
                "bias": self.draws.mean() - self.estimate,
                "lower": self.draws.quantile(tail),
                "upper": self.draws.quantile(1.0 - tail),
            }
        )


def bootstrap(fit: Fit, n: int = 1000, *, seed: int) -> Bootstrap:
    """Draw from the fit and fit again, n times."""
    *_, found = bootstrapping(fit, n, seed=seed)
    return found


def bootstrapping(fit: Fit, n: int = 1000, *, seed: int) -> Iterator[Bootstrap]:
    """The same, a hundred at a time; yields all draws so far."""
    if not fit.effects:
        raise UnsupportedError(
            f"{fit.method} has no random effects: its intervals stand as they are"
        )
    sizes = [size for e in fit.effects.values() for size in e.pattern.sizes]
    pattern, estimate = Pattern(tuple(sizes)), parameters(fit)
    if n < 2:
        raise DataError(f"a bootstrap needs 2 draws or more, not {n}")
    rng = np.random.default_rng(seed)
    rows: list[Array] = []
    for start in range(0, n, AT_ONCE):
        found = refit(fit, simulate(fit, seed=rng, size=AT_ONCE)[:, : n - start])
        spreads = spread(found.covariance, pattern)
        columns = [found.beta, spreads, found.sigma[:, None]]
        rows.append(np.hstack(columns)[:, : len(estimate)])
        yield Bootstrap(estimate, pd.DataFrame(np.vstack(rows), columns=estimate.index))
