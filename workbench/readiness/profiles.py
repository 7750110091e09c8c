"""Every variable of a table: what it holds, at which level it varies, how much lies between groups.

With n_j rows in J groups, N in all, the variance within and between groups is estimated from the
mean squares of a one-way analysis of variance, for unequal sizes:

    within = MSW,      between = max((MSB - MSW) / n0, 0),      n0 = (N - sum n_j^2 / N) / (J - 1),

    ICC = between / (between + within).

Reference: Searle, Casella & McCulloch (1992), Variance Components, chapter 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.readiness.factors import Groups, grouped, numbered
from workbench.readiness.kinds import Kind, kind_among

METHOD = "analysis of variance"
ALMOST = 0.05  # share of groups within which a variable varies that may be errors of coding

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """One variable; `level` is a grouping factor within which it never varies, or "row".

    It varies in `varying` groups of the factor `almost`, if these are so few that they may be
    errors. `within` and `between` are variances, with `icc` by the first factor, NaN where there is
    nothing to compute. Of the missing values, `blocks` counts groups that have no value at all.
    """

    column: str
    kind: Kind
    level: str
    missing: int
    share: float
    blocks: int
    mean: float = np.nan
    sd: float = np.nan
    within: float = np.nan
    between: float = np.nan
    icc: float = np.nan
    almost: str = ""
    varying: int = 0
    groups: int = 0

    @property
    def where(self) -> str:
        """Such as: never varies within `school`; varies in 2 of 65 groups of `school`: errors?"""
        if self.almost:
            return (
                f"varies in {self.varying:,} of {self.groups:,} groups of `{self.almost}`: errors?"
            )
        return (
            "varies from row to row"
            if self.level == "row"
            else f"never varies within `{self.level}`"
        )

    @property
    def absent(self) -> str:
        """`none`, `740, 3 %`, `740, 3 %; all of 2 groups`"""
        if not self.missing:
            return "none"
        share = f"{100 * self.share:.0f}" if self.share >= 0.01 else "under 1"
        whole = f"; all of {self.blocks:,} group{'s'[: self.blocks != 1]}" if self.blocks else ""
        return f"{self.missing:,}, {share} %{whole}"


def profiles(frame: pd.DataFrame, group: str | Sequence[str]) -> tuple[Profile, ...]:
    """A profile for each column; of several factors the first gives variances within and between.

    A variable that never varies within several factors belongs to the one with the fewest groups.
    """
    factors = [group] if isinstance(group, str) else list(group)
    orders = [Ordered.of(grouped(frame, factor)) for factor in factors]
    orders.sort(key=lambda order: order.groups.count)  # the coarsest first
    first = next(order for order in orders if order.groups.factor == factors[0])
    return tuple(profile(frame[column], orders, first) for column in frame.columns)


@dataclass(frozen=True, eq=False)
class Ordered:
    """Rows in the order of their groups: `rows` (m,), and where each group `starts` (J,)."""

    groups: Groups
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, groups: Groups) -> Ordered:
        rows = np.argsort(groups.codes, kind="stable")[len(groups.codes) - groups.rows :]
        return cls(groups, rows, np.cumsum(groups.sizes) - groups.sizes)

    def spread(self, values: Values) -> tuple[Values, Values]:
        """The lowest and the highest value of each group, over the values that are not missing."""
        inside = values[self.rows]
        return np.fmin.reduceat(inside, self.starts), np.fmax.reduceat(inside, self.starts)


def profile(column: pd.Series, orders: Sequence[Ordered], first: Ordered) -> Profile:
    """What one column is."""
    values, kind = as_numbers(column)
    known = np.isfinite(values)
    lacking = int(len(values) - np.count_nonzero(known))
    level, almost, varying, count = "row", "", 0, 0
    blocks = 0
    for order in orders:
        low, high = order.spread(np.where(known, values, np.nan) if lacking else values)
        several = int(np.count_nonzero(high > low))
        J = order.groups.count
        if order is first and lacking:
            blocks = int(np.count_nonzero(np.isnan(low)))
        if kind in ("empty", "constant") or level != "row":
            continue
        if several == 0 and order.groups.rows > J:
            level, almost, varying, count = order.groups.factor, "", 0, 0
        elif 0 < several <= ALMOST * J and not almost:
            almost, varying, count = order.groups.factor, several, J
    numeric = kind in ("number", "count", "0/1", "codes")
    with np.errstate(over="ignore", invalid="ignore"):  # squares of 1e200 are infinite: no ICC
        found = variances(values, known, first.groups) if numeric else (np.nan,) * 5
    mean, sd, within, between, icc = found
    return Profile(
        column=str(column.name),
        kind=kind,
        level=level,
        missing=lacking,
        share=lacking / max(len(values), 1),
        blocks=blocks,
        mean=mean,
        sd=sd,
        within=within,
        between=between,
        icc=icc,
        almost=almost,
        varying=varying,
        groups=count,
    )


def as_numbers(column: pd.Series) -> tuple[Values, Kind]:
    """The values, or codes of them where they are no numbers, and what they are."""
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        some = values[:1024]
        some = some[np.isfinite(some)]
        if len(some) and not (some == np.floor(some)).all():
            still = np.fmin.reduce(values) == np.fmax.reduce(values)
            return values, "constant" if still else "number"
        codes, labels = numbered(column)
        return values, kind_among(Groups(str(column.name), codes, labels))
    codes, labels = numbered(column)
    date = pd.api.types.is_datetime64_any_dtype(column)
    kind: Kind = "date" if date else kind_among(Groups(str(column.name), codes, labels))
    return np.where(codes < 0, np.nan, codes.astype(float)), kind


def variances(
    values: Values, known: NDArray[np.bool_], groups: Groups
) -> tuple[float, float, float, float, float]:
    """Mean, SD, the variances within and between groups, and the ICC."""
    there = known & groups.known
    codes, some = (groups.codes, values) if there.all() else (groups.codes[there], values[there])
    N = len(some)
    if N < 2:
        return (np.nan,) * 5
    mean = float(some.mean())
    left = some - mean
    total = float(left @ left)
    sizes = np.bincount(codes, minlength=groups.count)
    sums = np.bincount(codes, left, minlength=groups.count)
    sizes, sums = sizes[sizes > 0], sums[sizes > 0]
    J, sd = len(sizes), float(np.sqrt(total / (N - 1)))
    if J < 2 or J == N or total == 0.0:
        return mean, sd, np.nan, np.nan, np.nan
    explained = float(np.sum(sums**2 / sizes))
    within = max(total - explained, 0.0) / (N - J)
    if within < 1e-12 * total / N:
        within = 0.0
    n0 = (N - float(np.sum(sizes.astype(float) ** 2)) / N) / (J - 1)
    between = max((explained / (J - 1) - within) / n0, 0.0)
    return mean, sd, within, between, between / (between + within)
