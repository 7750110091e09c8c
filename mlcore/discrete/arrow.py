"""The curvature of a generalised model's random effects: an arrow, factored.

    H = A'WA + I,   A = Z Lambda,          H = | D  B |
                                               | B' C |

With the factor that has most effects put first, its block D is block-diagonal and cheap, and what
the other factors add is dense:

    D = L L',      R = L'^-1,      S = C - B'D^-1 B.

Everything that is asked of H^-1 follows from R, L^-1 B and a root of S^-1.
Reference: Bates et al. (2015), JSS 67(1), section 5; Pinheiro & Chao (2006), JCGS 15, 58-81.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, Indices, cholesky, inverse, sums_by
from mlcore.discrete.predictor import Factor, Predictor
from mlcore.gaussian.batched import add_identity, factor, forward

Effects = tuple[Array, ...]  # something of each factor's groups: (q, J) unless said otherwise


@dataclass(frozen=True, eq=False)
class Arrow:
    """H, factored: `R` (q, q, J); `U` (Q, q, J) is L^-1 B; `rest` (Q, Q) the inverse root of S."""

    R: Array
    U: Array
    rest: Array
    log_det: float
    sizes: tuple[tuple[int, int], ...]

    def solve(self, g: Sequence[Array]) -> Effects:
        """H^-1 g."""
        if not g:
            return ()
        whitened = np.einsum("krj,kj->rj", self.R, g[0])
        if len(g) == 1:
            return (np.einsum("krj,rj->kj", self.R, whitened),)
        flat = np.concatenate([part.ravel() for part in g[1:]])
        flat = flat - self.U.reshape(len(flat), -1) @ whitened.ravel()
        flat = self.rest.T @ (self.rest @ flat)
        whitened = whitened - np.tensordot(flat, self.U, 1)
        parts = np.split(flat, np.cumsum([q * J for q, J in self.sizes])[:-1])
        others = [part.reshape(size) for part, size in zip(parts, self.sizes, strict=True)]
        return (np.einsum("krj,rj->kj", self.R, whitened), *others)

    def inner(self, g: Sequence[Array]) -> Array:
        """g_a'H^-1 g_b (k, k) for k vectors, of each factor's part (k, q, J)."""
        if not g:
            return np.zeros(())
        k = len(g[0])
        if k == 0:  # ordered categories without a predictor
            return np.zeros((0, 0))
        first: Array = np.einsum("arj,kaj->krj", self.R, g[0]).reshape(k, -1)
        if len(g) == 1:
            return first @ first.T
        flat = np.hstack([part.reshape(k, -1) for part in g[1:]])
        second: Array = (flat - first @ self.U.reshape(flat.shape[1], -1).T) @ self.rest.T
        return first @ first.T + second @ second.T

    def blocks(self, skew: Array | float = 0.0) -> tuple[Array, Array, Array]:
        """H^-1: the first factor's blocks (q, q, J), the rest's rows against them, and the rest.

        With `skew` (q, q, J) the first are R (I + skew) R'.
        """
        Q, q, J = self.U.shape
        V = (self.rest @ self.U.reshape(Q, q * J)).reshape(Q, q, J)
        middle = np.zeros((q, q, J)) + skew
        if Q:
            middle += np.einsum("maj,mbj->abj", V, V)
        add_identity(middle)
        own = np.einsum("arj,rbj->abj", self.R, np.einsum("rsj,bsj->rbj", middle, self.R))
        if not Q:
            return own, V, self.rest
        across = -(self.rest.T @ V.reshape(Q, q * J)).reshape(Q, q, J)
        across = np.einsum("mrj,krj->mkj", across, self.R)
        return own, across, self.rest.T @ self.rest

    def variances(self) -> Effects:
        """By factor, each group's own block of H^-1, (q, q, J)."""
        own, _, rest = self.blocks()
        found, start = [own], 0
        for q, J in self.sizes:
            places = start + np.arange(q * J).reshape(q, J)
            found.append(rest[places[:, None], places])
            start += q * J
        return tuple(found)


def arrow(weight: Array, rows: Sequence[Array], model: Predictor) -> Arrow:
    """H at these weights (n,); of a model without random effects, nothing."""
    if not model.factors:
        return Arrow(np.empty((0, 0, 0)), np.empty((0, 0, 0)), np.empty((0, 0)), 0.0, ())
    first, q, J = model.factors[0], model.factors[0].q, model.factors[0].J
    L = products(first, rows[0], weight)
    add_identity(L)
    factor(L)
    R = np.zeros((q, q, J))
    add_identity(R)
    forward(L, R)
    log_det = 2.0 * float(np.log(np.diagonal(L)).sum())
    sizes = tuple((f.q, f.J) for f in model.factors[1:])
    if not sizes:
        return Arrow(R, np.empty((0, q, J)), np.empty((0, 0)), log_det, sizes)
    Q = int(model.offsets[-1])
    U, C = np.zeros((Q, q, J)), np.eye(Q)
    for places, row in zip(model.places, rows[1:], strict=True):
        for place, column in zip(places, row, strict=True):
            weighted = weight * column
            for a in range(q):
                U[:, a] += table(place, first.codes, weighted * rows[0][a], (Q, J))
            for other, those in zip(model.places, rows[1:], strict=True):
                for position, entry in zip(other, those, strict=True):
                    C += table(place, position, weighted * entry, (Q, Q))
    forward(L, U)
    flat = U.reshape(Q, q * J)
    root = cholesky(C - flat @ flat.T)
    log_det += 2.0 * float(np.log(np.diagonal(root)).sum())
    return Arrow(R, U, inverse(root), log_det, sizes)


def products(f: Factor, rows: Array, weight: Array) -> Array:
    """Z_j'W_j Z_j for every group, (q, q, J), from the rows (q, n)."""
    out = np.empty((f.q, f.q, f.J))
    for a in range(f.q):
        weighted = weight * rows[a]
        for c in range(a + 1):
            out[a, c] = out[c, a] = sums_by(f.codes, weighted * rows[c], f.J)
    return out


def table(rows: Indices, columns: Indices, values: Array, shape: tuple[int, int]) -> Array:
    """The dense matrix of sums of `values` (n,) by row and column."""
    return sums_by(rows * shape[1] + columns, values, shape[0] * shape[1]).reshape(shape)
