"""Ordered categories as an outcome: a logistic variable with mean eta, cut at thresholds.

    P(y <= k) = F(kappa_k - eta),      p = F(a) - F(b),

where F is the logistic distribution and a and b are a row's upper and lower threshold less eta. The
derivatives in eta are those of the two sides; with the density f,

    score = F(a) + F(b) - 1,      weight = f(a) + f(b),      third = -f'(a) - f'(b).
"""

from dataclasses import dataclass, field

import numpy as np

from mlcore.arrays import Array, Indices, sums_by
from mlcore.discrete.outcomes import Local, Outcome, logistic


@dataclass(frozen=True, eq=False)
class Ordered(Outcome):
    """Categories y = 0, 1, ..., C with C thresholds `kappa`."""

    category: Indices = field(init=False)
    family, link = "ordinal", "logit"
    residual = np.pi**2 / 3.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "category", self.y.astype(np.intp))

    @property
    def start(self) -> Array:
        below = np.cumsum(np.bincount(self.category))[:-1] / len(self.y)
        return np.log(below / (1.0 - below))

    def local(self, eta: Array, kappa: Array) -> Local:
        (Fa, fa, slope_a), (Fb, fb, slope_b), p = self._sides(eta, kappa)
        return Local(np.log(p), Fa + Fb - 1.0, fa + fb, -(slope_a + slope_b))

    def kappa_slope(self, eta: Array, kappa: Array, share: Array) -> Array:
        (_, fa, _), (_, fb, _), p = self._sides(eta, kappa)
        return self._by_threshold(share * fa / p, -share * fb / p)

    def kappa_curvature(self, eta: Array, kappa: Array, f: Array, g: Array) -> Array:
        (_, fa, slope_a), (_, fb, slope_b), _ = self._sides(eta, kappa)
        return self._by_threshold(f * slope_a + g * fa, f * slope_b + g * fb)

    def _sides(
        self, eta: Array, kappa: Array
    ) -> tuple[tuple[Array, ...], tuple[Array, ...], Array]:
        """F, f and f' at a and at b, and p = F(a) - F(b); p is 0 where thresholds cross."""
        limits = np.concatenate([[-np.inf], kappa, [np.inf]])
        a, b = limits[self.category + 1] - eta, limits[self.category] - eta
        upper, lower = sides(a), sides(b)
        # F(a) - F(b) = F(-b) - F(-a): take the difference in the tail where it is exact
        low = a + b < 0.0
        difference = np.where(low, upper[0] - lower[0], logistic(-b) - logistic(-a))
        return upper, lower, np.maximum(difference, 0.0)

    def _by_threshold(self, upper: Array, lower: Array) -> Array:
        """Sums of what rows say of their upper and of their lower threshold."""
        codes = np.broadcast_to(self.category, upper.shape).ravel()
        size = int(self.category.max()) + 2
        sums = sums_by(codes + 1, upper.ravel(), size) + sums_by(codes, lower.ravel(), size)
        return sums[1:-1]


def sides(x: Array) -> tuple[Array, Array, Array]:
    """The logistic distribution, its density, and that one's slope."""
    F = logistic(x)
    f = F * logistic(-x)
    return F, f, f * (1.0 - 2.0 * F)
