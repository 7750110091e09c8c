"""Small matrices, one for each group, groups last: q loops in Python, J in the processor.

A stack of columns has the shape (..., m, q, J): m vectors of length q for each of J groups.
"""

import numpy as np

from mlcore.arrays import Array

SINGULAR = 1e-12


def factor(M: Array) -> None:
    """Turn M (..., q, q, J), symmetric, into its lower Cholesky factors, in place.

    A direction without extent, as the slope's in a group where x is constant, gets an infinite
    diagonal element: what is divided by it vanishes.
    """
    q = M.shape[-2]
    for c in range(q):
        diagonal = M[..., c, c, :]
        least = SINGULAR * diagonal
        for k in range(c):
            diagonal -= M[..., c, k, :] ** 2
        np.sqrt(np.where(diagonal > least, diagonal, np.inf), out=diagonal)
        for r in range(c + 1, q):
            below = M[..., r, c, :]
            for k in range(c):
                below -= M[..., r, k, :] * M[..., c, k, :]
            below /= diagonal


def add_identity(M: Array) -> None:
    for c in range(M.shape[-2]):
        M[..., c, c, :] += 1.0


def forward(L: Array, stack: Array) -> None:
    """Replace every column of `stack` (..., m, q, J) by L_j^-1 times it, in place."""
    for r in range(L.shape[-2]):
        row = stack[..., r, :]
        for k in range(r):
            row -= L[..., None, r, k, :] * stack[..., k, :]
        row /= L[..., None, r, r, :]


def inner(left: Array, right: Array) -> Array:
    """The products of columns, left (..., a, q, J) with right (..., b, q, J): (..., a, b, J)."""
    products: Array = left[..., :, None, 0, :] * right[..., None, :, 0, :]
    for c in range(1, left.shape[-2]):
        products += left[..., :, None, c, :] * right[..., None, :, c, :]
    return products
