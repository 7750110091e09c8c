"""Columns on a common scale, and the way back.

Every predictor is replaced by (x - m) / s. With the intercept among its companions this changes a
model's parameters and not the model:

    X beta = X~ beta~,  beta = T beta~;        Z u = Z~ u~,  u = T_z u~;

m is the mean where there is such an intercept, else 0; s is the root mean square of x - m. The
response is centred only. A term without an intercept, such as (0 + x | group), keeps its origin.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array
from mlcore.language.design import Design


@dataclass(frozen=True, eq=False)
class Scaling:
    """The way back: T (p, p), T_z (q, q), and what was subtracted from the response."""

    fixed: Array
    random: Array
    centre: float

    @property
    def log_det(self) -> float:
        """Log |T|: what log |X'V^-1 X| differs by between the two scales, halved."""
        return float(np.log(np.diagonal(self.fixed)).sum())

    def beta(self, scaled: Array, centre: Array | float | None = None) -> Array:
        """Fixed effects in the user's units, shape (..., p); `centre` is other responses'."""
        beta: Array = scaled @ self.fixed.T
        # without an intercept nothing was subtracted
        beta[..., 0] += self.centre if centre is None else centre
        return beta


@dataclass(frozen=True, eq=False)
class Standardised:
    """Standardised `columns` (n, d), each once, the response last.

    `fixed` and `random` say where those of X~ and Z~ are: k is columns[:, k - 1], 0 the constant.
    """

    columns: Array
    fixed: list[int]
    random: list[int]
    scaling: Scaling

    @property
    def response(self) -> int:
        return int(self.columns.shape[1])

    @property
    def X(self) -> Array:
        """The standardised X~, shape (n, p)."""
        return np.column_stack([self.column(place) for place in self.fixed])

    def column(self, place: int) -> Array:
        if place == 0:
            return np.ones(len(self.columns))
        return np.ascontiguousarray(self.columns[:, place - 1])


def standardise(design: Design) -> Standardised:
    """The design's columns on a common scale."""
    shelf = _Shelf()
    fixed, T = shelf.add(design.names, design.X, centred=design.has_intercept)
    parts = [shelf.add(r.names, r.Z, centred=() in r.term.terms) for r in design.random]
    random = [place for places, _ in parts for place in places]
    centre = float(design.y.mean()) if design.has_intercept else 0.0
    columns = np.empty((design.n, len(shelf.columns) + 1))
    for k, column in enumerate(shelf.columns):
        columns[:, k] = column
    np.subtract(design.y, centre, out=columns[:, -1])
    scaling = Scaling(T, block_diagonal([T_z for _, T_z in parts]), centre)
    return Standardised(columns, fixed, random, scaling)


class _Shelf:
    """Standardised columns as they are met; one that is met again is not made again."""

    def __init__(self) -> None:
        self.columns: list[Array] = []
        self.known: dict[tuple[str, bool], tuple[int, float, float]] = {}

    def add(self, names: Sequence[str], M: Array, *, centred: bool) -> tuple[list[int], Array]:
        """Where the columns of M are found, and the map T from their coefficients."""
        places, T = [], np.eye(len(names))
        for k, name in enumerate(names):
            if name == "(Intercept)":
                places.append(0)
                continue
            if (name, centred) not in self.known:
                m = float(M[:, k].mean()) if centred else 0.0
                column = M[:, k] - m
                s = float(np.sqrt(column @ column / len(column)))
                column /= s
                self.columns.append(column)
                self.known[name, centred] = len(self.columns), m, s
            place, m, s = self.known[name, centred]
            places.append(place)
            T[k, k] = 1.0 / s
            if centred:
                T[0, k] = -m / s
        return places, T


def block_diagonal(blocks: Sequence[Array]) -> Array:
    size = sum(len(block) for block in blocks)
    whole, start = np.zeros((size, size)), 0
    for block in blocks:
        end = start + len(block)
        whole[start:end, start:end] = block
        start = end
    return whole
