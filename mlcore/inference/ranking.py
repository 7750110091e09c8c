"""League tables: what a ranking of groups can and cannot say.

Given the data, and beta and the variances as estimated, the effects of groups are independent and
normal, u_j ~ N(estimate_j, se_j^2), so that

    P(u_a > u_b) = Phi((estimate_a - estimate_b) / sqrt(se_a^2 + se_b^2)),

and the ranks of draws from these distributions are draws of the ranks. Intervals for comparison are
estimate +- c se with c chosen so that two of them fail to overlap with probability 5 %, on average
over all pairs, where the effects are equal; c is 1.39 where all se are.

Reference: Goldstein & Spiegelhalter (1996), JRSS A 159, 385-443; Goldstein & Healy (1995), JRSS A
158, 175-177.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.inference.scores import only

MOST = 5_000_000  # numbers, 40 MB
COMPARED = 300  # groups at most that the comparison factor is worked out from


@dataclass(frozen=True, eq=False)
class Ranks:
    """Draws of the effects, `values` (K, J), of `groups` in ascending order of their estimates."""

    groups: pd.Index
    values: Array

    @property
    def ranks(self) -> Indices:
        """Of each draw the rank of every group (K, J), 1 for the lowest effect."""
        return np.argsort(np.argsort(self.values, axis=1), axis=1) + 1

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """By group the `rank` of its estimate, `median, lower, upper` of its draws, and `width`.

        `width` is upper - lower, in places.
        """
        tail = (1.0 - level) / 2.0
        ends = np.quantile(self.ranks, [0.5, tail, 1.0 - tail], axis=0, method="nearest")
        table = pd.DataFrame(ends.T, index=self.groups, columns=["median", "lower", "upper"])
        table.insert(0, "rank", np.arange(1, len(self.groups) + 1))
        return table.assign(width=table["upper"] - table["lower"])

    def top(self, places: int = 1) -> "pd.Series[float]":
        """By group, how likely it is among so many at the top."""
        among = self.ranks > len(self.groups) - places
        return pd.Series(among.mean(axis=0), index=self.groups, name="probability")


def caterpillar(
    fit: Fit,
    group: str | None = None,
    *,
    term: str = "(Intercept)",
    level: float = 0.95,
    among: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """By group, in ascending order: `rank, n, estimate, se`, its interval and that for comparison.

    The effects are those of the intercept, or of another `term` that varies over the groups.

    `lower, upper` is the group's own interval, `excludes` whether it leaves out 0, the mean of all;
    `compare_lower, compare_upper` is for comparing two groups with each other. With `among` these
    groups only, of all that the model was fitted to.
    """
    from scipy.special import ndtri

    if not 0.0 < level < 1.0:
        raise DataError(f"level is between 0 and 1, such as 0.95, not {level!r}")
    table = effects(fit, group, among, term)
    if not table["se"].any():
        raise UnsupportedError(
            f"the variance of {term} over {table.index.name} is estimated as zero: there is no "
            "order among effects that are all zero"
        )
    half = float(ndtri(0.5 + level / 2.0)) * table["se"]
    apart = comparison_factor(table["se"].to_numpy(), level) * table["se"]
    table["lower"], table["upper"] = table["estimate"] - half, table["estimate"] + half
    table["excludes"] = (table["lower"] > 0.0) | (table["upper"] < 0.0)
    table["compare_lower"] = table["estimate"] - apart
    table["compare_upper"] = table["estimate"] + apart
    return table


def comparison_factor(se: Array, level: float = 0.95) -> float:
    """The c of intervals for comparison: between half of z and z."""
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    some = np.sort(se[se > 0.0])
    if len(some) < 2:
        raise DataError("a comparison needs two groups whose effects are uncertain")
    if len(some) > COMPARED:
        some = some[np.linspace(0, len(some) - 1, COMPARED).astype(int)]
    i, j = np.triu_indices(len(some), 1)
    ratio = (some[i] + some[j]) / np.hypot(some[i], some[j])
    z = float(ndtri(0.5 + level / 2.0))
    return float(brentq(lambda c: np.mean(2.0 * ndtr(-c * ratio)) - (1.0 - level), z / 2.0, z))


def probability_above(fit: Fit, a: Hashable, b: Hashable, group: str | None = None) -> float:
    """How likely the effect of group a is above that of group b."""
    from scipy.special import ndtr

    table = effects(fit, group)
    for name in (a, b):
        if name not in table.index:
            raise DataError(f"no group {name} in the fit")
    (one, one_se), (other, other_se) = table.loc[[a, b], ["estimate", "se"]].to_numpy()
    return float(ndtr((one - other) / np.hypot(one_se, other_se)))


def rank_draws(
    fit: Fit,
    n: int = 4000,
    *,
    seed: int,
    group: str | None = None,
    among: Sequence[Hashable] | None = None,
) -> Ranks:
    """Draw the effects of all groups, or of those `among` which the table is, n times."""
    table = effects(fit, group, among)
    if n * len(table) > MOST:
        raise DataError(
            f"{n:,} draws of {len(table):,} groups are too many to keep: draw "
            f"{MOST // len(table):,} at most, or fit fewer groups"
        )
    noise = np.random.default_rng(seed).standard_normal((n, len(table)))
    return Ranks(table.index, table["estimate"].to_numpy() + table["se"].to_numpy() * noise)


@dataclass(frozen=True)
class Apart:
    """How many of all `pairs` differ, by three readings of the same estimates.

    `tested` by the test of their difference, `separate` where their own intervals do not overlap,
    `compared` where their intervals for comparison do not.
    """

    pairs: int
    tested: int
    separate: int
    compared: int


def pairs_apart(table: pd.DataFrame, *, level: float = 0.95) -> Apart:
    """Count the pairs of a `caterpillar` that differ; give it the level the table has."""
    from scipy.special import ndtri

    i, j = np.triu_indices(len(table), 1)  # ascending: j is the higher
    e, se = table["estimate"].to_numpy(), table["se"].to_numpy()
    tested = e[j] - e[i] > float(ndtri(0.5 + level / 2.0)) * np.hypot(se[i], se[j])

    def clear(lower: str, upper: str) -> int:
        return int((table[lower].to_numpy()[j] > table[upper].to_numpy()[i]).sum())

    return Apart(
        len(i),
        int(tested.sum()),
        clear("lower", "upper"),
        clear("compare_lower", "compare_upper"),
    )


def least_size(mean: float, tau: float, sigma: float, *, level: float = 0.95) -> int:
    """The fewest rows with which the interval of a group whose own mean is `mean` leaves out 0.

    With r = sigma^2 / tau^2, |lambda mean| > z tau sqrt(1 - lambda) is mean^2 n^2 > z^2 sigma^2
    (n + r): above the positive root of a quadratic in n.
    """
    from scipy.special import ndtri

    if mean == 0.0 or tau == 0.0:
        raise DataError("the interval of a group at the mean of all never leaves it out")
    noise = (float(ndtri(0.5 + level / 2.0)) * sigma) ** 2
    root = np.sqrt(noise**2 + 4.0 * mean**2 * noise * (sigma / tau) ** 2)
    return int(np.floor((noise + root) / (2.0 * mean**2))) + 1


def effects(
    fit: Fit,
    group: str | None,
    among: Sequence[Hashable] | None = None,
    term: str = "(Intercept)",
) -> pd.DataFrame:
    """By group, in ascending order of one of its effects, `rank, n, estimate, se`."""
    name = only(fit) if group is None else group
    if name not in fit.ranef or term not in fit.ranef[name]:
        wanted = f"its random intercept (1 | {name})"
        if term != "(Intercept)":
            wanted = f"a random slope (1 + {term} | {name})"
        raise UnsupportedError(f"a league table of {name} needs {wanted}")
    found = fit.ranef[name]
    table = pd.DataFrame(
        {
            "n": fit.effects[name].grouping.sizes,
            "estimate": found[term],
            "se": found[f"se_{term}"],
        }
    )
    if among is not None:
        missing = next((key for key in among if key not in table.index), None)
        if missing is not None:
            raise DataError(f"no group {missing} in the fit")
        table = table.loc[list(among)]
    table = table.sort_values("estimate", kind="stable")
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table
