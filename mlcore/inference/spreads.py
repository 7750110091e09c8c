"""How much residuals scatter, group by group: is one sigma enough for all?

If the residuals of every group were independent and normal with the same variance, that of a group
of n rows about its own mean would scatter as sigma^2 chi^2(n - 1) / (n - 1). Whether groups differ
more than that is tested by Brown & Forsythe's comparison of absolute deviations from the groups'
medians, which does not need the normal distribution. Of few rows the median takes up too much, and
with hundreds of groups that adds up: the test is of groups of ten rows or more, up to 300 of them.

Reference: Brown & Forsythe (1974), JASA 69, 364-367.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.gaussian.linear import FTest
from mlcore.inference.residuals import row_residuals, rows_of
from mlcore.language import checks
from mlcore.language.design import Grouping, grouping
from mlcore.language.expressions import Name

LEVEL = 0.95
FEWEST = 3  # rows of a group whose scatter is looked at
TESTED = 10  # and of one that the test compares
MOST = 300  # of them


@dataclass(frozen=True, eq=False)
class Spreads:
    """`table` by group: its rows `n`, the `sd` of their residuals, and where it lies if all share
    `sigma`, `lower` to `upper`, with probability .95; groups of fewer than three rows are left out.

    There is no `test` where groups are too small or too many.
    """

    table: pd.DataFrame
    group: str
    sigma: float
    test: FTest | None

    @property
    def outside(self) -> int:
        """How many groups scatter more or less than chance would make them."""
        t = self.table
        return int(((t["sd"] < t["lower"]) | (t["sd"] > t["upper"])).sum())


def spreads(fit: Fit, group: str | Grouping, *, seed: int = 1) -> Spreads:
    """The scatter of residuals by the levels of a grouping of the rows."""
    grouping = named(fit, group)
    found = row_residuals(fit, seed=seed)
    codes = grouping.codes[found.source]
    sizes = np.bincount(codes, minlength=len(grouping.levels))
    some = sizes >= FEWEST
    if some.sum() < 2:
        raise DataError(
            f"fewer than two groups of {grouping.name} have three residuals or more, so that there "
            "is no scatter to compare"
        )
    rows = some[codes]
    codes, values = (np.cumsum(some) - 1)[codes[rows]], found.values[rows]
    n, sd = sizes[some], deviations(values, codes)
    sigma = float(np.sqrt(np.sum((n - 1) * sd**2) / np.sum(n - 1)))
    lower, upper = expected(n, sigma)
    columns = {"n": n, "sd": sd, "lower": lower, "upper": upper}
    table = pd.DataFrame(columns, index=grouping.levels[some])
    return Spreads(table, grouping.name, sigma, brown_forsythe(values, codes, n))


def rows_by(fit: Fit, data: pd.DataFrame, factor: str) -> Grouping:
    """The fit's rows by a column of the data, or by `hospital:ward`, that it need not know."""
    columns = [Name(name) for name in factor.split(":")]
    for column in columns:
        checks.group_exists(column.name, data, "in the data")
    rows = rows_of(fit, data)
    lacking = int(checks.missing(rows, columns).sum())
    if lacking:
        raise DataError(f"{lacking} rows of the fit have no {factor}: choose another grouping")
    return grouping(tuple(columns), rows)


def named(fit: Fit, group: str | Grouping) -> Grouping:
    """A grouping of the fit's rows, by its name or as it is."""
    if isinstance(group, Grouping):
        return group
    if group not in fit.design.groupings:
        known = ", ".join(fit.design.groupings) or "none"
        raise DataError(
            f"the fit knows no groups called {group}: it knows {known}; name others by rows_by"
        )
    return fit.design.groupings[group]


def deviations(values: Array, codes: Indices) -> Array:
    """The SD of each group about its own mean."""
    n = np.bincount(codes)
    left = values - (np.bincount(codes, values) / n)[codes]
    sd: Array = np.sqrt(np.bincount(codes, left**2) / (n - 1))
    return sd


def expected(n: Indices, sigma: float) -> tuple[Array, Array]:
    """Where the SD of n independent rows lies with probability .95."""
    from scipy.special import chdtri

    ends = ((1.0 + LEVEL) / 2.0, (1.0 - LEVEL) / 2.0)
    lower, upper = (sigma * np.sqrt(chdtri(n - 1.0, p) / (n - 1.0)) for p in ends)
    return lower, upper


def brown_forsythe(values: Array, codes: Indices, sizes: Indices) -> FTest | None:
    """One-way analysis of absolute deviations from medians."""
    large = sizes >= TESTED
    if not 2 <= large.sum() <= MOST:
        return None
    some = large[codes]
    codes, values = (np.cumsum(large) - 1)[codes[some]], values[some]
    medians = pd.Series(values).groupby(codes).median().to_numpy()
    size = np.abs(values - medians[codes])
    n = np.bincount(codes)
    means = np.bincount(codes, size) / n
    N, J = len(size), len(n)
    between = float(np.sum(n * (means - size.mean()) ** 2)) / (J - 1)
    within = float(np.sum((size - means[codes]) ** 2)) / (N - J)
    return FTest(between / within, J - 1, N - J)
