"""The relative covariance factor: theta, the numbers that the optimiser moves, to Lambda.

    Var(u_j) = sigma^2 Lambda Lambda',     Lambda lower triangular, one block per random term.

theta lists the entries of the blocks column by column, as lme4 does. A random intercept has the
single theta = tau / sigma. Leading axes of theta are kept, so that many can be treated at once.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlcore.arrays import Array, Flags, Indices


@dataclass(frozen=True)
class Pattern:
    """Which entries of Lambda (q, q) are free: lower triangles of blocks with these `sizes`."""

    sizes: tuple[int, ...]

    @property
    def q(self) -> int:
        return sum(self.sizes)

    @cached_property
    def places(self) -> tuple[Indices, Indices]:
        """Row and column of each element of theta."""
        pairs, start = [], 0
        for size in self.sizes:
            pairs += [(start + r, start + c) for c in range(size) for r in range(c, size)]
            start += size
        rows, columns = np.array(pairs, dtype=np.intp).T
        return rows, columns

    @cached_property
    def diagonal(self) -> Flags:
        """True for the elements of theta that are relative standard deviations, at least 0."""
        rows, columns = self.places
        diagonal: Flags = rows == columns
        return diagonal

    @cached_property
    def blocks(self) -> list[slice]:
        ends = np.cumsum(self.sizes)
        return [slice(int(e - s), int(e)) for s, e in zip(self.sizes, ends, strict=True)]

    def matrix(self, theta: Array) -> Array:
        """Lambda, shape (..., q, q)."""
        Lambda = np.zeros((*theta.shape[:-1], self.q, self.q))
        Lambda[(..., *self.places)] = theta
        return Lambda

    def theta(self, root: Array) -> Array:
        """The theta of the covariance root @ root', whatever the shape of its root (..., q, q)."""
        theta: Array = triangular(root)[(..., *self.places)]
        return theta

    @cached_property
    def duplication(self) -> Array:
        """Which elements of vec(Psi) each free element of Psi = Lambda Lambda' fills, (q*q, m)."""
        rows, columns = self.places
        D = np.zeros((self.q, self.q, len(rows)))
        k = np.arange(len(rows))
        D[rows, columns, k] = D[columns, rows, k] = 1.0
        return D.reshape(self.q**2, -1)

    def jacobian(self, Lambda: Array) -> Array:
        """Derivatives of the free elements of Psi (rows) in theta (columns), shape (..., m, m)."""
        r, c = self.places
        same_row = (r[:, None] == r) * Lambda[..., c[:, None], c]
        crossed = (c[:, None] == r) * Lambda[..., r[:, None], c]
        jacobian: Array = same_row + crossed
        return jacobian


def triangular(root: Array) -> Array:
    """The lower triangular L with L L' = root root' and no negative entry on its diagonal."""
    L = np.swapaxes(np.linalg.qr(root.mT, mode="r"), -1, -2)
    sign = np.where(np.diagonal(L, axis1=-2, axis2=-1) < 0, -1.0, 1.0)
    signed: Array = L * sign[..., None, :]
    return signed
