"""How much rows of one group resemble each other, and how many independent rows they are worth.

The intraclass correlation is the correlation of two rows of one group, rho. From mean squares,

    rho = (MSB - MSW) / (MSB + (n0 - 1) MSW),      n0 = (N - sum n_j^2 / N) / (J - 1),

with J groups of n_j rows, N in all, which is REML's estimate where groups are of one size and it is
not negative. A mean of N rows is then as precise as one of N / d independent rows,

    d = 1 + (n - 1) rho                  groups of n rows,
    d = 1 + (sum n_j^2 / N - 1) rho      groups of n_j rows, each row counted once,

and, if groups are weighted as a multilevel model does, as one of sum_j n_j / (1 + (n_j - 1) rho).

Reference: Snijders & Bosker (2012), Multilevel Analysis, sections 3.3 and 3.4; Kish (1965), Survey
Sampling, section 5.4.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of rows of one group, `x` and `y` (n,), and the `group` of each pair."""

    x: Array
    y: Array
    group: np.ndarray

    @property
    def correlation(self) -> float:
        """Of the pairs read both ways, as neither row comes first: Fisher's intraclass form."""
        both = np.concatenate([self.x, self.y]), np.concatenate([self.y, self.x])
        return float(np.corrcoef(*both)[0, 1])


@dataclass(frozen=True)
class MeanSquares:
    """The analysis of variance of one grouping factor: mean squares and what follows from them.

    `size` is n0, the size of groups that counts; all three shares may be negative by chance.
    """

    between: float
    within: float
    size: float

    @property
    def tau2(self) -> float:
        """The variance between groups."""
        return (self.between - self.within) / self.size

    @property
    def icc(self) -> float:
        return self.tau2 / (self.tau2 + self.within)

    @property
    def means_variance(self) -> float:
        """The variance of the groups' own means: tau^2 + sigma^2 / n0, which is too large."""
        return self.between / self.size


@dataclass(frozen=True)
class EffectiveSize:
    """The number of independent rows that `rows` clustered ones are worth.

    `average` takes all groups to have their mean size, `plain` counts each row once, `weighted`
    weights groups as a multilevel model does.
    """

    rows: int
    average: float
    plain: float
    weighted: float

    @property
    def design_effect(self) -> float:
        """1 + (n - 1) rho with the mean size n."""
        return self.rows / self.average


def pairs(values: ArrayLike, groups: ArrayLike, n: int = 200, *, seed: int) -> Pairs:
    """Draw n pairs: a row at random among those that have company, then another of its group."""
    y, codes, levels = grouped(values, groups)
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    place = np.empty(len(y), dtype=int)
    place[order] = np.arange(len(y)) - first[codes[order]]
    company = np.flatnonzero(sizes[codes] > 1)
    if not len(company):
        raise DataError("every group has one row only: there are no pairs")
    rng = np.random.default_rng(seed)
    one = rng.choice(company, n)
    size = sizes[codes[one]]
    step = 1 + (rng.random(n) * (size - 1)).astype(int)
    other = order[first[codes[one]] + (place[one] + step) % size]
    return Pairs(y[one], y[other], levels[codes[one]])


def mean_squares(values: ArrayLike, groups: ArrayLike) -> MeanSquares:
    """Split the variation of values into that between groups' means and that within groups."""
    y, codes, levels = grouped(values, groups)
    sizes = np.bincount(codes).astype(float)
    N, J = len(y), len(levels)
    if not 1 < J < N:
        raise DataError("mean squares need two groups or more, and more rows than groups")
    means = np.bincount(codes, y) / sizes
    left = y - means[codes]
    return MeanSquares(
        between=float(sizes @ (means - y.mean()) ** 2 / (J - 1)),
        within=float(left @ left / (N - J)),
        size=float((N - sizes @ sizes / N) / (J - 1)),
    )


def design_effect(n: ArrayLike, icc: ArrayLike) -> Array:
    """1 + (n - 1) rho: the factor by which clustering multiplies the variance of a mean."""
    effect: Array = 1.0 + (np.asarray(n, dtype=float) - 1.0) * np.asarray(icc, dtype=float)
    return effect


def effective_size(sizes: ArrayLike, icc: float) -> EffectiveSize:
    """What rows in groups of these sizes are worth, with an intraclass correlation of icc."""
    n = np.asarray(sizes, dtype=float)
    if not len(n) or (n < 1.0).any() or not 0.0 <= icc <= 1.0:
        raise DataError("an effective size needs groups of 1 or more, and an icc from 0 to 1")
    N = float(n.sum())
    return EffectiveSize(
        rows=int(N),
        average=N / float(design_effect(n.mean(), icc)),
        plain=N / float(design_effect(n @ n / N, icc)),
        weighted=float(np.sum(n / design_effect(n, icc))),
    )


def grouped(values: ArrayLike, groups: ArrayLike) -> tuple[Array, Indices, np.ndarray]:
    """Values as numbers, the code of each row's group, and the groups."""
    y = np.asarray(values, dtype=float)
    levels, codes = np.unique(np.asarray(groups), return_inverse=True)
    if y.shape != codes.shape or not np.isfinite(y).all():
        raise DataError("values have to be finite numbers, one for each row's group")
    return y, codes, levels
