"""Columns on a common scale, and the way back.

Every predictor is replaced by (x - m) / s. With the intercept among its companions this changes a
model's parameters and not the model:

    X beta = X~ beta~,  beta = T beta~;        Z u = Z~ u~,  u = T_z u~;

m is the mean where there is such an intercept, else 0; s is the root mean square of x - m. The
response is centred only. A term without an intercept, such as (0 + x | group), keeps its origin.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlcore.arrays import Array
from mlcore.design import Design


@dataclass(frozen=True, eq=False)
class Scaling:
    """Standardised columns, each once, and the maps back to the user's units.

    `columns` (n, d) ends with the response. `fixed` and `random` say where the columns of X~ and
    Z~ are found: k is columns[:, k - 1], and 0 is the constant.
    """

    columns: Array
    fixed: list[int]
    random: list[int]
    fixed_map: Array
    random_map: Array
    centre: float

    @property
    def response(self) -> int:
        return int(self.columns.shape[1])

    @property
    def log_det(self) -> float:
        """Log |T|: what log |X'V^-1 X| differs by between the two scales, halved."""
        return float(np.log(np.diagonal(self.fixed_map)).sum())

    @cached_property
    def X(self) -> Array:
        """The standardised X~, shape (n, p)."""
        return self._taken(self.fixed)

    @cached_property
    def Z(self) -> Array:
        """The standardised Z~, shape (n, q)."""
        return self._taken(self.random)

    def _taken(self, places: list[int]) -> Array:
        ones = np.ones(len(self.columns))
        return np.column_stack([self.columns[:, k - 1] if k else ones for k in places])

    def beta(self, scaled: Array, centre: Array | float) -> Array:
        """Fixed effects in the user's units, shape (..., p), of a response that was centred."""
        beta: Array = scaled @ self.fixed_map.T
        if self.fixed[0] == 0:
            beta[..., 0] += centre
        return beta


def scaling(design: Design) -> Scaling:
    columns: list[Array] = []
    known: dict[tuple[str, bool], tuple[int, float, float]] = {}

    def standardise(names: tuple[str, ...], M: Array, constant: bool) -> tuple[list[int], Array]:
        """Where the columns are found, and the map T from their standardised coefficients."""
        places, back = [], np.zeros((len(names), len(names)))
        for k, name in enumerate(names):
            if name == "(Intercept)":
                places.append(0)
                back[k, k] = 1.0
                continue
            if (name, constant) not in known:
                column, m, s = standard(M[:, k], centred=constant)
                columns.append(column)
                known[name, constant] = len(columns), m, s
            place, m, s = known[name, constant]
            places.append(place)
            back[k, k] = 1.0 / s
            back[0, k] -= m / s if constant else 0.0
        return places, back

    fixed, fixed_map = standardise(design.names, design.X, design.has_intercept)
    random: list[int] = []
    random_map = np.zeros((0, 0))
    for part in design.random:
        places, back = standardise(part.names, part.Z, () in part.term.terms)
        random += places
        zeros = np.zeros((len(random_map), len(back)))
        random_map = np.block([[random_map, zeros], [zeros.T, back]])
    centre = float(design.y.mean()) if design.has_intercept else 0.0
    stacked = np.empty((design.n, len(columns) + 1))
    for k, column in enumerate(columns):
        stacked[:, k] = column
    np.subtract(design.y, centre, out=stacked[:, -1])
    return Scaling(stacked, fixed, random, fixed_map, random_map, centre)


def standard(x: Array, *, centred: bool) -> tuple[Array, float, float]:
    """(x - m) / s, m and s."""
    m = float(x.mean()) if centred else 0.0
    column = x - m if centred else x.copy()
    s = float(np.sqrt(column @ column / len(x)))
    column /= s
    return column, m, s
