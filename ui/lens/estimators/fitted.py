"""What least squares leaves of the rows that it was given: sums of squares, and tests of slopes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlcore import PanelFit
from mlcore.arrays import Array
from mlcore.gaussian.linear import FTest
from ui.lens.estimators.asked import Least, clusters


@dataclass(frozen=True, eq=False)
class Squares:
    """The fitted `y` (m,) and its `residuals` (m,); `df` is what is left of the rows.

    Total squares are about the mean where there is an intercept, which `centred` says.
    """

    y: Array
    residuals: Array
    df: int
    rows: int
    centred: bool

    @cached_property
    def residual(self) -> float:
        return float(self.residuals @ self.residuals)

    @cached_property
    def total(self) -> float:
        y = self.y - self.y.mean() if self.centred else self.y
        return float(y @ y)

    @property
    def r2(self) -> float:
        return 1.0 - self.residual / self.total

    @property
    def adjusted(self) -> float:
        return 1.0 - (1.0 - self.r2) * (self.rows - self.centred) / self.df


def squares(fit: Least) -> Squares:
    centred = fit.design.has_intercept
    if isinstance(fit, PanelFit):
        X, y = fit.rows.X, fit.rows.y
        b = np.linalg.lstsq(X, y, rcond=None)[0]
        return Squares(y, y - X @ b, fit.rows.residual_df, len(y), centred)
    left = np.asarray(fit.residuals())
    return Squares(fit.design.y, left, fit.n - len(fit.beta), fit.n, centred)


def slopes(fit: Least) -> list[int]:
    """The places of the coefficients other than the intercept."""
    return [i for i, name in enumerate(fit.design.names) if name != "(Intercept)"]


def chi_square(fit: Least) -> tuple[float, int, float]:
    """Wald's test that all slopes are 0: the statistic, degrees of freedom, p."""
    from scipy.special import chdtrc

    places = slopes(fit)
    b, V = fit.beta[places], fit.covariance[np.ix_(places, places)]
    value = float(b @ np.linalg.solve(V, b))
    return value, len(places), float(chdtrc(len(places), value))


def wald(fit: Least) -> FTest:
    """The same as F, on the degrees of freedom of the rows or, with clusters, of these."""
    value, df, _ = chi_square(fit)
    counted = clusters(fit)
    return FTest(value / df, df, counted - 1 if counted else squares(fit).df)
