"""What random effects estimate when slopes within and between groups differ: a weighted mean.

    y_ij = b_b m_j + b_w (x_ij - m_j) + u_j + e_ij,   m_j ~ N(0, psi^2), x_ij - m_j ~ N(0, omega^2),
    u_j ~ N(0, tau^2),   e_ij ~ N(0, sigma^2),   n rows in each of many groups.

The mean of a group's x is a noisy measure of m_j, so that the slope of means on means is

    b_B = (b_b psi^2 + b_w omega^2 / n) / (psi^2 + omega^2 / n),

which is also what REWB calls "between", and its slope within is b_w. A random intercept with x
alone has one slope, with many groups the b that minimises

    (n - 1) log A(b) + log B(b),      A = sigma^2 + (b - b_w)^2 omega^2,
    B = Var(mean of y - b mean of x) = (b_b - b)^2 psi^2 + (b_w - b)^2 omega^2/n + tau^2 + sigma^2/n

(n B at least A), so that it lies between b_w and b_B, the closer to b_w the larger the groups.

Reference: Snijders & Bosker (2012), Multilevel Analysis, section 3.6; Bell, Fairbrother & Jones
(2019), Quality & Quantity 53, 1051-1074; Lüdtke et al. (2008), Psychological Methods 13, 203-229.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlcore.errors import DataError


@dataclass(frozen=True)
class Mixture:
    """What estimators find in many groups: `pooled` least squares, `random` a random intercept.

    `means` is the slope of groups' means on means, and `contextual` it less `within`. `weight` is
    the share that `means` has in `random`; `correlation` that of a group's m_j with all that the
    model `y ~ x` leaves to the group.
    """

    within: float
    between: float
    means: float
    pooled: float
    random: float
    correlation: float

    @property
    def contextual(self) -> float:
        return self.means - self.within

    @property
    def weight(self) -> float:
        return (self.random - self.within) / self.contextual if self.contextual else 0.0


def mixture(
    within: float,
    between: float,
    n: int,
    *,
    tau: float,
    sigma: float = 1.0,
    between_sd: float = 1.0,
    within_sd: float = 1.0,
) -> Mixture:
    """Slopes within and between groups of n, and the SDs tau, sigma, psi and omega of the model."""
    if n < 2 or tau < 0.0 or min(sigma, between_sd, within_sd) <= 0.0:
        raise DataError("a mixture needs groups of 2 or more, tau of at least 0, other SDs above 0")
    psi2, noise = between_sd**2, within_sd**2 / n
    means = (between * psi2 + within * noise) / (psi2 + noise)
    scatter = within_sd**2 * (1.0 - 1.0 / n)  # of x within groups, and psi2 + noise between
    pooled = (within * scatter + means * (psi2 + noise)) / (scatter + psi2 + noise)
    gap = between - within
    size = float(np.hypot(gap * between_sd, tau))

    def criterion(b: float) -> float:
        """-2 log-likelihood expected of a group, with the variances that suit the slope b best."""
        A = sigma**2 + (b - within) ** 2 * within_sd**2
        B = (between - b) ** 2 * psi2 + (within - b) ** 2 * noise + tau**2 + sigma**2 / n
        if n * B < A:  # the variance between groups is at zero: one variance for all
            return n * float(np.log(((n - 1) * A + n * B) / n))
        return (n - 1) * float(np.log(A)) + float(np.log(n * B))

    random = lowest(within, means, criterion)
    correlation = gap * between_sd / size if size > 0.0 else 0.0
    return Mixture(within, between, means, pooled, random, correlation)


def lowest(low: float, high: float, f: Callable[[float], float]) -> float:
    """Where f is lowest between two ends."""
    from scipy.optimize import minimize_scalar

    if low == high:
        return low
    found = minimize_scalar(
        f, bounds=(min(low, high), max(low, high)), method="bounded", options={"xatol": 1e-10}
    )
    return float(found.x)
