"""People seen over time, whose slopes differ: how many null studies find a trend?

P people at T times, t centred, with S = sum_t t^2: a person's own slope is

    b_i ~ N(effect, tau_1^2 + sigma^2 / S),

and all estimators have their mean b. They differ in its variance: with Q = sum_i (b_i - b)^2, R the
sum of squares around the people's own lines, M = T sum_i (mean_i - mean)^2,

    OLS                  (M + Q S + R) / (P T - 2) / (P S)
    cluster-robust       Q / P^2 P/(P-1) (P T - 1)/(P T - 2)
    random intercept     (Q S + R) / (P (T - 1) - 1) / (P S)
    random slope         Q / (P - 1) / P, where this exceeds what R says; else as random intercept,

in closed form where heights and slopes are uncorrelated at the middle of time. A random intercept
counts T - 1 rows for each person as evidence about a trend that only P people can give.

Reference: Barr, Levy, Scheepers & Tily (2013), Journal of Memory and Language 68, 255-278.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from mlcore.arrays import Array
from mlcore.errors import DataError
from mlcore.study.replication import Replications

FIVE_TRENDS = (
    "OLS",
    "CR1, t(P − 1)",
    "random intercept, z",
    "random slope, z",
    "random slope, t(P − 1)",
)


@dataclass(frozen=True)
class TrendStudy:
    """P `persons` at T `waves`, SDs of their slopes, of their heights and of the residuals."""

    persons: int
    waves: int
    slope_sd: float
    height_sd: float = 1.0
    sigma: float = 1.0
    effect: float = 0.0

    def __post_init__(self) -> None:
        if self.persons < 3 or self.waves < 3:
            raise DataError("a trend needs 3 persons or more, at 3 waves or more")
        if min(self.slope_sd, self.height_sd) < 0.0 or self.sigma <= 0.0:
            raise DataError("SDs are at least 0, and sigma above 0")

    @property
    def scatter(self) -> float:
        """S, the sum of squares of time about its middle."""
        return self.waves * (self.waves**2 - 1) / 12.0

    def draw(self, rng: np.random.Generator, size: int) -> Replications:
        P, T, S = self.persons, self.waves, self.scatter
        spread = self.slope_sd**2 + self.sigma**2 / S
        b = self.effect + np.sqrt(spread / P) * rng.standard_normal(size)
        Q = spread * rng.chisquare(P - 1, size)
        R = self.sigma**2 * rng.chisquare(P * (T - 2), size)
        M = (T * self.height_sd**2 + self.sigma**2) * rng.chisquare(P - 1, size)
        estimate = np.repeat(b[:, None], len(FIVE_TRENDS), axis=1)
        df = np.array([P * T - 2.0, P - 1.0, np.inf, np.inf, P - 1.0])
        variances = self.variances(Q, R, M)
        return Replications(FIVE_TRENDS, self.effect, estimate, np.sqrt(variances), df)

    def variances(self, Q: Array, R: Array, M: Array) -> Array:
        """Of the mean slope, by each estimator (B, 5), from the sums of squares (B,)."""
        P, T, S = self.persons, self.waves, self.scatter
        ols = (M + Q * S + R) / (P * T - 2) / (P * S)
        cr1 = Q / P**2 * P / (P - 1) * (P * T - 1) / (P * T - 2)
        intercept = (Q * S + R) / (P * (T - 1) - 1) / (P * S)
        differ = Q * S / (P - 1) > R / (P * (T - 2))
        slope = np.where(differ, Q / (P - 1) / P, intercept)
        return np.stack([ols, cr1, intercept, slope, slope], axis=1)


def rejection_rates(
    study: TrendStudy, slope_sds: ArrayLike, n: int = 500, *, seed: int, level: float = 0.05
) -> tuple[Array, Array]:
    """The share of studies that reject a zero trend, (K, 5) for K SDs of slopes, and its error.

    Given the sums of squares, the mean slope is still normal: the chance that it is called
    significant is known, and is averaged over n draws of the sums, the same for every SD. That
    leaves less Monte Carlo error than counting n studies does.
    """
    from scipy.special import ndtr, ndtri, stdtrit

    if n < 2 or not 0.0 < level < 1.0:
        raise DataError("rates need 2 draws or more, and a level between 0 and 1, such as 0.05")
    P, T, S = study.persons, study.waves, study.scatter
    rng = np.random.default_rng(seed)
    q, r, m = (rng.chisquare(df, n) for df in (P - 1, P * (T - 2), P - 1))
    z, t = float(ndtri(1.0 - level / 2.0)), (P * T - 2.0, P - 1.0)
    critical = np.array([*(float(stdtrit(df, 1.0 - level / 2.0)) for df in t), z, z, 0.0])
    critical[-1] = critical[1]
    chances = []
    for sd in np.asarray(slope_sds, dtype=float):
        now = replace(study, slope_sd=float(sd))
        spread = now.slope_sd**2 + now.sigma**2 / S
        heights = T * now.height_sd**2 + now.sigma**2
        variances = now.variances(spread * q, now.sigma**2 * r, heights * m)
        true = np.sqrt(spread / P)
        limit, shift = critical * np.sqrt(variances) / true, now.effect / true
        chances.append(ndtr(shift - limit) + ndtr(-shift - limit))
    found = np.array(chances)
    return found.mean(axis=1), found.std(axis=1, ddof=1) / np.sqrt(n)
