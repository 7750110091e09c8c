"""Correlations of people and of places.

    r_total^2 is a mixture: cov = cov_between + cov_within,

so that the correlation over all rows says neither how the means of groups go together nor how rows
do within groups. Robinson's fallacy is to read the one as the other.

Reference: Robinson (1950), American Sociological Review 15, 351-357.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.errors import DataError


@dataclass(frozen=True)
class Correlations:
    """Of all rows, within groups, and of the groups' means, weighted by their size and not."""

    total: float
    within: float
    between: float
    between_unweighted: float


def correlations(
    x: str, y: str, group: str, data: pd.DataFrame, *, count: str | None = None
) -> Correlations:
    """How x and y go together at each level; `count` says how many people a row stands for."""
    names = [x, y, group] if count is None else [x, y, group, count]
    if lacking := [name for name in names if name not in data]:
        raise DataError(f"no column {lacking[0]} in the data")
    rows = data[names].dropna()
    codes, levels = pd.factorize(rows[group])
    if len(levels) < 2:
        raise DataError(f"{group} has fewer than two levels: nothing lies between them")
    w = np.ones(len(rows)) if count is None else rows[count].to_numpy(float)
    people = np.bincount(codes, w).astype(float)
    values = rows[[x, y]].to_numpy(float)
    means = np.column_stack([np.bincount(codes, w * v) for v in values.T]) / people[:, None]
    return Correlations(
        total=correlation(values, w),
        within=correlation(values - means[codes], w),
        between=correlation(means, people),
        between_unweighted=correlation(means, np.ones(len(means))),
    )


def correlation(pairs: Array, weights: Array) -> float:
    """Pearson's, of weighted pairs (n, 2); NaN where one of them does not vary."""
    centred = pairs - np.average(pairs, axis=0, weights=weights)
    S = centred.T @ (weights[:, None] * centred)
    size = np.sqrt(S[0, 0] * S[1, 1])
    return float(S[0, 1] / size) if size > 0.0 else np.nan
