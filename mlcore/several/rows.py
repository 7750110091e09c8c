"""The eliminated groups of an island, as rows: what each shares with the remaining effects.

    A_a, a = 1..q, with a row for every group and a column for every remaining effect,

are kept dense, for many islands at once, or sparse, for one island whose groups meet few of the
others. Both know the same products, which is all that elimination needs.
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np
from scipy.sparse import csr_array

from mlcore.arrays import Array

SLAB = 1 << 22  # numbers in a slab of sparse rows that is worked on in dense form


class Rows(Protocol):
    """`weights` are (q, q, C rows); with V (q, C, rows, k) and M (C, m, k):"""

    def mixed(self, weights: Array) -> "Rows":
        """sum_b weights[a, b] A_b."""
        ...

    def squared(self) -> Array:
        """sum_a A_a'A_a, shape (C, m, m)."""
        ...

    def gram(self) -> Array:
        """A_a'A_b, shape (q, q, C, m, m)."""
        ...

    def down(self, V: Array) -> Array:
        """sum_a A_a'V_a, shape (C, m, k)."""
        ...

    def across(self, M: Array) -> Array:
        """A_a M, shape (q, C, rows, k)."""
        ...

    def inside(self, Y: Array) -> Array:
        """By row, A_a Y Y'A_b', shape (q, q, C rows), for Y (C, m, m)."""
        ...


@dataclass(frozen=True, eq=False)
class DenseRows:
    """`A` (q, C, rows, m)."""

    A: Array

    def mixed(self, weights: Array) -> "DenseRows":
        return DenseRows(mixed(weights, self.A))

    def squared(self) -> Array:
        squared: Array = total([part.mT @ part for part in self.A])
        return squared

    def gram(self) -> Array:
        return np.array([[left.mT @ right for right in self.A] for left in self.A])

    def down(self, V: Array) -> Array:
        product: Array = total([a.mT @ v for a, v in zip(self.A, V, strict=True)])
        return product

    def across(self, M: Array) -> Array:
        product: Array = self.A @ M
        return product

    def inside(self, Y: Array) -> Array:
        return by_row(self.A @ Y)


@dataclass(frozen=True, eq=False)
class SparseRows:
    """One island: `parts[a]` (rows, m) is the sparse A_a."""

    parts: tuple[csr_array, ...]

    def mixed(self, weights: Array) -> "SparseRows":
        return SparseRows(
            tuple(
                total([scaled(part, w) for part, w in zip(self.parts, row, strict=True)])
                for row in weights
            )
        )

    def squared(self) -> Array:
        squared: Array = total([(part.T @ part).toarray() for part in self.parts])
        return squared[None]

    def gram(self) -> Array:
        pairs = [[(left.T @ right).toarray() for right in self.parts] for left in self.parts]
        return np.array(pairs)[:, :, None]

    def down(self, V: Array) -> Array:
        product: Array = total([part.T @ v[0] for part, v in zip(self.parts, V, strict=True)])
        return product[None]

    def across(self, M: Array) -> Array:
        return np.array([part @ M[0] for part in self.parts])[:, None]

    def inside(self, Y: Array) -> Array:
        rows, m = self.parts[0].shape
        step = max(1, SLAB // m)
        slabs = [
            by_row(np.array([part[start : start + step] @ Y[0] for part in self.parts])[:, None])
            for start in range(0, rows, step)
        ]
        return np.concatenate(slabs, axis=-1)


def mixed(weights: Array, V: Array) -> Array:
    """sum_b weights[a, b] V_b for every row of V (q, C, rows, k)."""
    w = weights.reshape(*weights.shape[:2], *V.shape[1:3], 1)
    whole = np.empty_like(V)
    for out, row in zip(whole, w, strict=True):
        np.multiply(row[0], V[0], out=out)
        for x, v in zip(row[1:], V[1:], strict=True):
            out += x * v
    return whole


def scaled(part: csr_array, weights: Array) -> csr_array:
    """A sparse matrix with its rows multiplied."""
    data = part.data * np.repeat(weights, np.diff(part.indptr))
    return csr_array((data, part.indices, part.indptr), shape=part.shape)


def by_row(V: Array) -> Array:
    """The products of V_a and V_b, row by row, shape (q, q, C rows)."""
    flat = V.reshape(len(V), -1, V.shape[-1])
    return np.array([[np.einsum("jx,jx->j", left, right) for right in flat] for left in flat])


def total(parts: Sequence[Any]) -> Any:
    """The sum of arrays, dense or sparse, without a copy of a single one."""
    return reduce(operator.add, parts)
