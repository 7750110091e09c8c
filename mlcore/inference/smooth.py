"""A curve through a cloud: local straight lines, with weights that fall off with the distance.

The n points are first put into bins of about equal number, each at its mean, so that the cost does
not depend on n. Weights are tricube over the nearest `span` of the rows, as in lowess, without its
steps against outliers.

Reference: Cleveland (1979), JASA 74, 829-836.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array

BINS = 200
SPAN = 0.5


@dataclass(frozen=True, eq=False)
class Smooth:
    """The curve's height `y` at `x`, ascending, both (k,)."""

    x: Array
    y: Array


def smooth(x: Array, y: Array, *, span: float = SPAN) -> Smooth:
    """A curve through points (n,), from at most 200 bins of them."""
    order = np.argsort(x, kind="stable")
    edges = np.unique(np.linspace(0, len(x), min(BINS, len(x)) + 1).astype(int))
    n = np.diff(edges).astype(float)
    mean_x, mean_y = (np.add.reduceat(v[order], edges[:-1]) / n for v in (x, y))
    if mean_x[0] == mean_x[-1]:
        return Smooth(mean_x[:1], np.array([y.mean()]))
    distance = np.abs(mean_x[:, None] - mean_x)
    nearest = np.sort(distance, axis=1)
    reached = np.minimum((np.cumsum(n) < span * n.sum()).sum() + 1, len(n) - 1)
    reach = np.maximum(nearest[:, reached], 1e-12 * np.ptp(mean_x))[:, None]
    weight = n * np.clip(1.0 - (distance / reach) ** 3, 0.0, None) ** 3
    away = mean_x - mean_x[:, None]
    total = weight.sum(axis=1)
    centre = (weight * away).sum(axis=1) / total
    height = (weight @ mean_y) / total
    moved = away - centre[:, None]
    size = (weight * moved**2).sum(axis=1)
    slope = np.divide((weight * moved) @ mean_y, size, out=np.zeros_like(size), where=size > 0.0)
    return Smooth(mean_x, height - slope * centre)
