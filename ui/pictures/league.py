"""A case as a league table: each group's own mean, the model's estimate, and how sure it is.

Groups stand in the order of their names. The model is fitted to all of them; of many thousands a
sample is drawn into the table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import ceil
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import mlcore
from datasets import Case, case
from ui import cache
from ui.prose import cell, fixed, words

Array = NDArray[np.float64]

MOST = 200  # groups that a table shows
DRAWN = 65  # of more than those
SEED = 1
DRAWS = 20_000
SHOWN = 40  # of them, one by one


class Row(NamedTuple):
    """A group's line of the table: its own mean, what is kept of it, its interval."""

    mean: float
    weight: float
    estimate: float
    se: float
    lower: float
    upper: float


@dataclass(frozen=True, eq=False)
class Redraws:
    """`places` (SHOWN, J) of the first redraws; of all of them each place's 95 % interval.

    `top` is by name how likely it is the highest of all, the likeliest first.
    """

    places: Array
    intervals: pd.DataFrame
    top: pd.Series[float]


@dataclass(frozen=True, eq=False)
class League:
    """`table` has, by group, `n, mean, lambda, estimate, se`; `everyone` counts the groups fitted.

    `tau` and `sigma` are the spreads between and within groups.
    """

    case: Case
    fit: mlcore.Fit
    table: pd.DataFrame
    keys: tuple[int, ...]
    everyone: int
    tau: float
    sigma: float

    @cached_property
    def names(self) -> list[str]:
        return list(self.table.index)

    @property
    def digits(self) -> int:
        """Decimals of an effect that the spread deserves."""
        return 1 if self.tau > 1.5 else 2

    @property
    def drawn(self) -> bool:
        """Whether the table shows a sample."""
        return self.everyone > len(self.table)

    @cached_property
    def raw(self) -> dict[str, int]:
        """Places by own mean, 1 for the lowest; of equal means the first comes first."""
        return ranked(self.column("mean"), self.names)

    @cached_property
    def place(self) -> dict[str, int]:
        """Places by estimate, as `raw`; equal groups have the very same product."""
        return ranked(self.column("lambda") * self.column("mean"), self.names)

    @cached_property
    def lines(self) -> dict[str, Row]:
        """Every line of the table, as plain numbers."""
        ends = self.caterpillar.loc[self.names, ["lower", "upper"]]
        joined = self.table[["mean", "lambda", "estimate", "se"]].join(ends)
        return {
            name: Row(*values)
            for name, values in zip(self.names, joined.to_numpy().tolist(), strict=True)
        }

    @cached_property
    def spreads(self) -> pd.DataFrame:
        """The two spreads as a page shows them."""
        between, within = f"between {self.case.group.plural}", f"within a {self.case.group.name}"
        return pd.DataFrame(
            {
                "spread": [between, within],
                "variance": [cell(self.tau**2), cell(self.sigma**2)],
                "SD": [cell(self.tau), cell(self.sigma)],
            }
        )

    @cached_property
    def smallest(self) -> str:
        """The smallest group below the mean, of several the one furthest out."""
        low = self.table[self.table["mean"] < 0].sort_values(["n", "mean"], kind="stable")
        return str(low.index[0])

    @cached_property
    def caterpillar(self) -> pd.DataFrame:
        """As `mlcore.caterpillar`, by name in ascending order of the estimates."""
        found = mlcore.caterpillar(self.fit, among=self.keys)
        return found.set_axis(found.index.astype(str))

    @cached_property
    def sizes(self) -> dict[str, int]:
        return dict(zip(self.names, self.table["n"].tolist(), strict=True))

    @cached_property
    def factor(self) -> float:
        """How many standard errors an interval for comparison reaches to either side."""
        first = self.caterpillar.iloc[0]
        return float((first["compare_upper"] - first["estimate"]) / first["se"])

    @cached_property
    def redraws(self) -> Redraws:
        """The table drawn again and again from what the model knows, with a seed."""
        drawn = mlcore.rank_draws(self.fit, DRAWS, seed=SEED, among=self.keys)
        ranges, top = drawn.intervals(), drawn.top()
        columns = drawn.groups.get_indexer(pd.Index(self.keys))
        shown = replace(drawn, values=drawn.values[:SHOWN]).ranks
        return Redraws(
            places=shown[:, columns].astype(np.float64),
            intervals=ranges.set_axis(ranges.index.astype(str)).loc[self.names],
            top=top.set_axis(top.index.astype(str)).sort_values(ascending=False),
        )

    @cached_property
    def neighbours(self) -> tuple[str, str]:
        """The two in the middle: the upper half's last and the lower half's first."""
        order = list(self.caterpillar.index)
        middle = -((len(order) + 1) // 2)
        return order[middle + 1], order[middle]

    @cached_property
    def tossed(self) -> float:
        """How likely the first of the neighbours is above the second."""
        return self.above(*self.neighbours)

    @cached_property
    def apart(self) -> mlcore.Apart:
        return mlcore.pairs_apart(self.caterpillar)

    @cached_property
    def told(self) -> dict[str, int]:
        """By name, how many others its interval for comparison does not overlap with."""
        found = self.caterpillar.loc[self.names]
        lower, upper = (found[f"compare_{end}"].to_numpy() for end in ("lower", "upper"))
        clear = (lower[:, None] > upper) | (upper[:, None] < lower)
        return dict(zip(self.names, clear.sum(axis=1).tolist(), strict=True))

    @cached_property
    def reachable(self) -> dict[str, int]:
        """Groups whose interval includes the mean, and the least size at which it would not.

        Only sizes on offer count; the smallest group comes first.
        """
        open_ends = self.caterpillar.index[~self.caterpillar["excludes"]]
        rows = self.table.loc[open_ends].sort_values(["n", "mean"], kind="stable")
        needed = {
            name: mlcore.least_size(mean, self.tau, self.sigma)
            for name, mean in rows["mean"].items()
            if abs(mean) > self.tau / 10
        }
        return {str(name): n for name, n in needed.items() if n <= self.most}

    @cached_property
    def overlapping(self) -> list[tuple[str, str]]:
        """Pairs, lower first, whose own intervals overlap and whose difference is clear.

        Clear is a z between 2.3 and 2.6; groups of fewer than 20 rows are left out.
        """
        found = self.caterpillar.query("n >= 20")
        e, se, lower, upper = (
            found[key].to_numpy() for key in ("estimate", "se", "lower", "upper")
        )
        i, j = np.triu_indices(len(found), 1)
        z = (e[j] - e[i]) / np.hypot(se[i], se[j])
        fits = (z > 2.3) & (z < 2.6) & (upper[i] > lower[j])
        return [
            (str(found.index[a]), str(found.index[b]))
            for a, b in zip(i[fits], j[fits], strict=True)
        ]

    @property
    def most(self) -> int:
        """The largest size on offer: the largest group's, or where nine tenths are kept."""
        ratio = (self.sigma / self.tau) ** 2
        return 10 * ceil(max(float(self.column("n").max()), 9 * ratio) / 10)

    @property
    def away(self) -> str:
        """What an effect is measured in: `points from the mean of all schools`."""
        return f"{self.case.measure(self.case.model.outcome)} from the mean of all"

    def column(self, name: str) -> Array:
        """A column of the table, as numbers."""
        return self.table[name].to_numpy(dtype=np.float64)

    def size(self, name: str) -> int:
        return self.sizes[name]

    def mean(self, name: str) -> float:
        """A group's own mean, from the mean of all."""
        return self.lines[name].mean

    def above(self, a: str, b: str) -> float:
        """How likely the effect of one group is above that of another."""
        one, other = (self.keys[self.names.index(name)] for name in (a, b))
        return mlcore.probability_above(self.fit, one, other)

    def called(self, name: str) -> str:
        """`school 48`"""
        return f"{self.case.group.name} {name}"

    def of_size(self, name: str) -> str:
        """`school of two`"""
        return f"{self.case.group.name} of {words(self.size(name))}"

    def rows(self, n: int) -> str:
        """`two pupils`"""
        return f"{words(n)} {self.case.unit.name if n == 1 else self.case.unit.plural}"

    def said(self, value: float) -> str:
        """An effect with the decimals that it deserves."""
        return fixed(value, self.digits)


def ranked(values: Array, names: list[str]) -> dict[str, int]:
    """`{name: place}`, 1 for the smallest value."""
    places = np.argsort(np.argsort(values, kind="stable"), kind="stable") + 1
    return dict(zip(names, places.tolist(), strict=True))


@lru_cache(maxsize=16)
def league(name: str, *, given: bool = False) -> League:
    """The case `name` as a table of the null model, or `given` its predictor."""
    it = case(name)
    formula = it.intercepts if given else it.null
    fit = cache.fit(formula, name)
    table = mlcore.shrinkage(fit)
    everyone = len(table)
    if everyone > MOST:
        some = it.some(DRAWN, seed=SEED)[it.model.group].unique()
        table = table.loc[some]
    table = table.sort_index()
    tau, sigma = fit.variance_components["sd"]
    return League(
        case=it,
        fit=fit,
        table=table.set_axis(table.index.astype(str)),
        keys=tuple(table.index),
        everyone=everyone,
        tau=float(tau),
        sigma=float(sigma),
    )
