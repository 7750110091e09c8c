"""Scores of groups from samples of every size, held to the people that were not drawn.

As in `study.held_out`, with two things added. Predictors can be held: all scores are then those of
a person with the mean of every control,

    raw       ybar_j - (xbar_j - xbar)'b_w,  b_w the slopes within groups in the sample,
    none      ybar - (xbar_sample - xbar)'b, one line through the whole sample,
    esres     beta_0 + u_j of y ~ x - xbar + (1 | group),

and the rest's own means are adjusted with the rest's own slopes. And all groups are in the model,
while errors are means over the groups of at least so many rows in all the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.aggregate.moments import Moments
from mlcore.arrays import Array, Flags, Indices
from mlcore.errors import DataError
from mlcore.gaussian.mixed import lmm
from mlcore.language.design import design
from mlcore.study.held_out import SCORES, known

FEW = 3  # groups, below which no error is given


@dataclass(frozen=True, eq=False)
class ScoreSweep:
    """What samples of growing size say of J groups; S `shares`, L values of `least`.

    `size` (J,) counts a group's rows in all the data. `n`, `raw`, `esres` and `rest` (S, J) and
    the model's intercept `level` (S,) are of the first draw, NaN where sample or rest has nobody
    of a group. `errors` (S, L, 3) are the root mean squared differences from the rest by raw, none
    and esres, means over draws; `monte_carlo` (S, L, 3) are the standard errors of these means.
    """

    shares: tuple[float, ...]
    least: tuple[int, ...]
    levels: pd.Index
    size: Indices
    n: Array
    raw: Array
    esres: Array
    rest: Array
    level: Array
    errors: Array
    monte_carlo: Array

    def table(self, least: int) -> pd.DataFrame:
        """The errors by share, for groups of at least `least` rows."""
        index = pd.Index(self.shares, name="share")
        at = self.least.index(least)
        return pd.DataFrame(self.errors[:, at], index=index, columns=list(SCORES))


@dataclass(frozen=True, eq=False)
class Sums:
    """By group, `n` (J,) and the sums of the columns (J, k) and of their products (J, k, k)."""

    n: Array
    first: Array
    second: Array

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(self.n - other.n, self.first - other.first, self.second - other.second)

    def only(self, which: Flags) -> "Sums":
        return Sums(self.n[which], self.first[which], self.second[which])

    @property
    def means(self) -> Array:
        return self.first / self.n[:, None]

    @property
    def products(self) -> Array:
        """Cross-products around the group's own means."""
        means = self.means
        centred = self.second - self.n[:, None, None] * means[:, :, None] * means[:, None, :]
        k = np.arange(centred.shape[1])
        centred[:, k, k] = np.maximum(centred[:, k, k], 0.0)
        return centred

    @property
    def adjusted(self) -> Array:
        """Each group's mean of the first column, where the others are 0."""
        within = self.products.sum(axis=0)
        slopes = np.linalg.lstsq(within[1:, 1:], within[1:, 0], rcond=None)[0]
        level: Array = self.means[:, 0] - self.means[:, 1:] @ slopes
        return level

    @property
    def overall(self) -> float:
        """The mean of the first column without groups, where the others are 0."""
        both = self.second.sum(axis=0)
        X = np.block([[self.n.sum(), self.first.sum(axis=0)[1:]],
                      [self.first.sum(axis=0)[1:, None], both[1:, 1:]]])  # fmt: skip
        y = np.concatenate([self.first.sum(axis=0)[:1], both[1:, 0]])
        return float(np.linalg.lstsq(X, y, rcond=None)[0][0])


def score_sweep(
    outcome: str,
    group: str,
    data: pd.DataFrame,
    *,
    shares: Sequence[float],
    least: Sequence[int] = (1,),
    controls: str = "",
    samples: int = 10,
    seed: int,
) -> ScoreSweep:
    """Draw `samples` samples of each share; `controls` is the formula's right side, `sex + age`.

    A larger sample holds the smaller one of the same draw.
    """
    model = design(f"{outcome} ~ {controls or 1} + (1 | {group})", data)
    (grouping,) = model.groupings.values()
    codes, size = grouping.codes, grouping.sizes
    X = model.X[:, 1:]
    columns = np.column_stack([model.y, X - X.mean(axis=0)])
    everyone = sums(columns, codes, len(size))
    rng = np.random.default_rng(seed)
    first = np.full((4, len(shares), len(size)), np.nan)
    level = np.empty(len(shares))
    found = np.full((samples, len(shares), len(least), len(SCORES)), np.nan)
    for k in range(samples):
        chance = rng.random(len(codes))
        for s, share in enumerate(shares):
            inside = chance < known(share)
            seen = sums(columns[inside], codes[inside], len(size))
            kept = (seen.n > 0) & (size > seen.n)
            if kept.sum() < FEW:
                raise DataError(f"fewer than {FEW} groups at a share of {share}: draw a larger one")
            raw, none, esres, beta_0 = scores(seen.only(kept))
            rest = (everyone - seen).only(kept).adjusted
            for i, smallest in enumerate(least):
                large = size[kept] >= smallest
                if large.sum() >= FEW:
                    apart = [(score - rest)[large] for score in (raw, none, esres)]
                    found[k, s, i] = [np.sqrt(np.mean(each**2)) for each in apart]
            if k == 0:
                first[:, s, kept] = seen.n[kept], raw, esres, rest
                level[s] = beta_0
    spread = found.std(axis=0, ddof=1) / np.sqrt(samples) if samples > 1 else np.nan * found[0]
    n, raw, esres, rest = first
    return ScoreSweep(
        tuple(shares), tuple(least), pd.Index(grouping.levels, name=group), size,
        n, raw, esres, rest, level, found.mean(axis=0), spread,
    )  # fmt: skip


def sums(columns: Array, codes: Indices, J: int) -> Sums:
    """The sums over the rows of each of J groups."""
    k = columns.shape[1]
    first, second = np.empty((J, k)), np.empty((J, k, k))
    for a in range(k):
        first[:, a] = np.bincount(codes, columns[:, a], J)
        for b in range(a + 1):
            second[:, a, b] = np.bincount(codes, columns[:, a] * columns[:, b], J)
            second[:, b, a] = second[:, a, b]
    return Sums(np.bincount(codes, minlength=J).astype(float), first, second)


def scores(seen: Sums) -> tuple[Array, Array, Array, float]:
    """The three scores of the groups of a sample, where the controls are 0, and beta_0."""
    J, k = seen.first.shape
    names = ("y", *(f"x{i}" for i in range(1, k)))
    groups = pd.DataFrame({"group": np.arange(J)})
    made = Moments("group", names, seen.n, seen.means, seen.products, groups)
    fit = lmm(f"y ~ {' + '.join(names[1:]) or 1} + (1 | group)", made)
    esres = fit.beta[0] + fit.ranef["group"]["(Intercept)"].to_numpy()
    return seen.adjusted, np.full(J, seen.overall), esres, float(fit.beta[0])
