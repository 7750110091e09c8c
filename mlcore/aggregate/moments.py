"""Groups described by numbers of rows, means and cross-products, where rows may not be passed on.

A Gaussian model with random effects for one grouping factor depends on its rows only through these.
For a group of n_j rows with means m_j and centred cross-products C_j,

    sum_i (x_i - c)(x_i - c)' = C_j + n_j (m_j - c)(m_j - c)'      for any origin c.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mlcore.arrays import Array, Flags
from mlcore.errors import DataError

ROUNDING = 1e-8  # by which printed cross-products may miss what cross-products can be, as a share


@dataclass(frozen=True, eq=False)
class Moments:
    """What is known of each level of `group`.

    `n` (J,) rows, `means` (J, k) and centred cross-products `products` (J, k, k) of `variables`;
    `groups` has a row per level, and in its columns what all rows of a group share.
    """

    group: str
    variables: tuple[str, ...]
    n: Array
    means: Array
    products: Array
    groups: pd.DataFrame
    messages: tuple[str, ...] = ()

    def mean(self, variable: str) -> "pd.Series[float]":
        """The mean of a variable in each group."""
        return pd.Series(self.means[:, self.place(variable)], self.groups.index, name=variable)

    def sd(self, variable: str) -> "pd.Series[float]":
        """The standard deviation of a variable within each group; NaN where there is one row."""
        k = self.place(variable)
        with np.errstate(invalid="ignore"):
            spread = np.sqrt(self.products[:, k, k] / (self.n - 1.0))
        return pd.Series(spread, self.groups.index, name=variable)

    def rescale(
        self, variable: str, *, origin: ArrayLike = 0.0, unit: ArrayLike = 1.0
    ) -> "Moments":
        """(x - origin) / unit in place of x; both may differ between groups.

        `rescale("educ", origin=m.mean("educ"))` centres within groups.
        """
        k, J = self.place(variable), len(self.n)
        shift, size = (np.broadcast_to(np.asarray(v, dtype=float), J) for v in (origin, unit))
        if not (np.isfinite(shift).all() and np.isfinite(size).all() and (size != 0.0).all()):
            raise DataError(f"origin and unit of {variable} have to be numbers, and unit not 0")
        means, products = self.means.copy(), self.products.copy()
        means[:, k] = (means[:, k] - shift) / size
        products[:, k, :] /= size[:, None]
        products[:, :, k] /= size[:, None]
        return replace(self, means=means, products=products)

    def only(self, which: Flags) -> "Moments":
        """Some of the groups."""
        return replace(
            self,
            n=self.n[which],
            means=self.means[which],
            products=self.products[which],
            groups=self.groups[which],
        )

    def place(self, variable: str) -> int:
        if variable not in self.variables:
            raise DataError(f"no moments of {variable}: there are {', '.join(self.variables)}")
        return self.variables.index(variable)


def moments(
    table: pd.DataFrame,
    *,
    group: str,
    variables: Sequence[str],
    n: str = "n",
    mean: str = "mean_{}",
    product: str = "css_{}_{}",
) -> Moments:
    """Read a table with one row per group.

    `n`, `mean` and `product` say how its columns are called: `css_x_y` holds the sum over the
    group's rows of products of deviations from their means. Other columns describe groups.
    """
    if len(set(variables)) < len(variables) or not variables:
        raise DataError("variables have to be named, each once")
    names = {v: named(table, mean.format(v)) for v in variables}
    crossed = {
        (a, b): named(table, product.format(a, b), product.format(b, a))
        for k, a in enumerate(variables)
        for b in variables[k:]
    }
    wanted = [named(table, group), named(table, n), *names.values(), *crossed.values()]
    complete = table[wanted].notna().all(axis=1)
    rows = table[complete].sort_values(group)
    if not len(rows):
        raise DataError(f"no {group} has all moments: name fewer variables")
    if rows[group].duplicated().any():
        twice = rows[group][rows[group].duplicated()].iloc[0]
        raise DataError(f"{group} {twice} has several rows: moments have one row per group")
    size = len(variables)
    products = np.empty((len(rows), size, size))
    for (a, b), column in crossed.items():
        i, j = variables.index(a), variables.index(b)
        products[:, i, j] = products[:, j, i] = rows[column]
    lost = [str(label) for label in table.loc[~complete, group]]
    said = f"{len(lost)} of {len(table)} groups dropped for missing moments ({', '.join(lost)})"
    made = Moments(
        group=group,
        variables=tuple(variables),
        n=rows[n].to_numpy(dtype=float),
        means=rows[list(names.values())].to_numpy(dtype=float),
        products=products,
        groups=rows.set_index(pd.Index(rows[group])),
        messages=(said,) if lost else (),
    )
    possible(made)
    return made


def named(table: pd.DataFrame, *choices: str) -> str:
    """The first of these columns that the table has."""
    for name in choices:
        if name in table.columns:
            return name
    near = difflib.get_close_matches(choices[0], [str(c) for c in table.columns], 3)
    hint = f": did you mean {' or '.join(near)}?" if near else ""
    raise DataError(f"no column {' or '.join(dict.fromkeys(choices))} in the table{hint}")


def possible(made: Moments) -> None:
    """Complain about numbers that no rows can have."""
    labels = made.groups.index
    bad = ~((made.n >= 1.0) & (made.n == np.round(made.n)))
    if bad.any():
        raise DataError(
            f"{made.group} {labels[bad][0]} has {made.n[bad][0]:g} rows: numbers of rows are whole "
            "and at least 1"
        )
    if not (np.isfinite(made.means).all() and np.isfinite(made.products).all()):
        raise DataError("a mean or a cross-product is infinite: correct or remove these groups")
    size = np.sqrt(np.maximum(np.diagonal(made.products.sum(axis=0)), np.finfo(float).tiny))
    least = np.linalg.eigvalsh(made.products / np.outer(size, size))[:, 0]
    bad = least < -ROUNDING
    if bad.any():
        raise DataError(
            f"no rows have the cross-products of {made.group} {labels[bad][0]}: they are to be "
            "sums of products of deviations from the group's means"
        )


def moment_table(data: pd.DataFrame, *, group: str, variables: Sequence[str]) -> pd.DataFrame:
    """The table that `moments` reads, from rows: what may be passed on in their place.

    Columns that are the same in all rows of each group are kept beside the moments.
    """
    rows = data.dropna(subset=[group, *variables])
    by = rows.groupby(group)
    shared = [c for c in data.columns if c not in (group, *variables) and by[c].nunique().max() < 2]
    means = by[list(variables)].mean()
    columns = {"n": by.size()} | {f"mean_{v}": means[v] for v in variables}
    deviations = rows[list(variables)] - means.loc[rows[group]].to_numpy()
    for k, a in enumerate(variables):
        for b in variables[k:]:
            products = deviations[a] * deviations[b]
            columns[f"css_{a}_{b}"] = products.groupby(rows[group]).sum()
    return pd.concat([by[shared].first(), pd.DataFrame(columns)], axis=1).reset_index()
