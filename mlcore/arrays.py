"""Names for arrays, and products and factors that keep leading axes."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]


def matvec(M: Array, v: Array) -> Array:
    """M v for matrices (..., a, b) and vectors (..., b)."""
    product: Array = (M @ v[..., None])[..., 0]
    return product


def cholesky(M: Array) -> Array:
    """The lower triangular L with L L' = M."""
    L: Array = np.linalg.cholesky(M).astype(float, copy=False)
    return L


def inverse(M: Array) -> Array:
    """The inverse of each matrix M (..., a, a)."""
    inverted: Array = np.linalg.inv(M).astype(float, copy=False)
    return inverted


def sums_by(codes: Indices, values: Array, size: int) -> Array:
    """Sums of `values` (n,) over rows with equal `codes` (n,), shape (size,)."""
    sums: Array = np.bincount(codes, values, size)  # type: ignore[assignment]
    return sums
