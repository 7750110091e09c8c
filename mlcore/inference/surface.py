"""The ML deviance as a surface over all variances, in coordinates that are the parameters.

    f(Gamma, sigma) = n log(2 pi sigma^2) + log|V| + r^2 / sigma^2,      Var(u_j) = Gamma Gamma',

in which only beta has been profiled out. Gamma is a Cholesky factor in the user's units. Any order
of the effects will do; the one that is asked for comes first, and its standard deviation is then
Gamma_11. The correlation of the first two is the rho of Gamma's second row, (rho, (1 - rho^2)^1/2)
times an SD. So a variance of 0 and a correlation of 1 are points like any other.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlcore.arrays import Array, Indices, cholesky, inverse
from mlcore.gaussian.covariance import triangular
from mlcore.inference.sums import Ground

FLAT = 1e-6  # of gradients by SDs and log sigma: the deviance is then lowest to about 1e-10
ABOVE = 0.03  # where to begin instead of at an SD of 0, a level place that no search leaves


def deviance(root: Array, sigma: float, ground: Ground) -> tuple[float, Array, float]:
    """The deviance f, its gradient in `root` (q, q), on the data's scale, and in log sigma."""
    n, p, q = ground.data.n, ground.data.p, len(root)
    Lambda = root / sigma
    sums = ground.sums(Lambda)
    factor = cholesky(ground.data.within + sums.between)
    residual = float(factor[p, p] / sigma) ** 2
    w = inverse(factor)[p]
    PP = sums.PP.reshape(p + 1, q, p + 1, q)
    D = sums.H.reshape(q, q) - residual * np.einsum("k,l,kalb->ab", w, w, PP)
    value = n * np.log(2.0 * np.pi * sigma**2) + sums.log_det + residual
    along = 2.0 * (n - residual - np.sum(D * (Lambda @ Lambda.T)))
    return float(value), 2.0 * D @ Lambda / sigma, float(along)


@dataclass(frozen=True, eq=False)
class Surface:
    """The deviance at x: Gamma's free entries in units of the SDs `unit` (q,), then log sigma.

    `order` (q,) is the order of the effects.
    """

    ground: Ground
    order: Indices
    unit: Array

    @cached_property
    def places(self) -> tuple[Indices, Indices]:
        """Row and column of each free entry of Gamma."""
        sizes = self.ground.data.pattern.sizes
        term = np.repeat(np.arange(len(sizes)), sizes)[self.order]
        rows, columns = np.nonzero(np.tril(term[:, None] == term))
        return rows, columns

    def at(self, covariance: Array, sigma: float) -> Array:
        """The x of a covariance (q, q) and a sigma."""
        values, axes = np.linalg.eigh(covariance)
        half = axes * np.sqrt(np.maximum(values, 0.0))
        scaled = triangular(half[self.order] / self.unit[self.order, None])
        return np.append(scaled[self.places], np.log(sigma))

    def deviance(self, x: Array) -> tuple[float, Array]:
        """At x, with the gradient."""
        here = np.ix_(self.order, self.order)
        unit = self.unit[self.order, None]
        gamma = np.zeros((len(unit), len(unit)))
        gamma[self.places] = x[:-1]
        root = np.zeros_like(gamma)
        root[here] = unit * gamma
        there = inverse(self.ground.data.scaling.random)
        value, slope, along = deviance(there @ root, float(np.exp(x[-1])), self.ground)
        in_gamma = unit * (there.T @ slope)[here]
        return value, np.append(in_gamma[self.places], along)

    def sd(self, value: float) -> tuple[Array, Array]:
        """The first effect's SD is held: x = A z + b, with the others free in z."""
        return self._without(0, value / self.unit[self.order[0]])

    def log_sigma(self, value: float) -> tuple[Array, Array]:
        return self._without(-1, value)

    def correlation(self, value: float) -> tuple[Array, Array]:
        """That of the first two effects is held, and the second one's SD is free."""
        size = len(self.places[0]) + 1
        A = np.delete(np.eye(size), 2, axis=1)
        A[1, 1], A[2, 1] = value, np.sqrt(1.0 - value**2)
        return A, np.zeros(size)

    def _without(self, k: int, value: float) -> tuple[Array, Array]:
        eye = np.eye(len(self.places[0]) + 1)
        return np.delete(eye, k, axis=1), value * eye[k]


def lowest(surface: Surface, A: Array, b: Array, start: Array) -> tuple[float, Array]:
    """The least deviance on the plane x = A z + b, and where it is; begun near `start`."""
    from scipy.optimize import minimize

    def on_plane(z: Array) -> tuple[float, Array]:
        value, gradient = surface.deviance(A @ z + b)
        return value, A.T @ gradient

    rows, columns = surface.places
    level = np.append((rows == columns) & (np.abs(start[:-1]) < ABOVE), False)
    z = np.linalg.lstsq(A, np.where(level, ABOVE, start) - b, rcond=None)[0]
    found = minimize(on_plane, z, jac=True, method="BFGS", options={"gtol": FLAT})
    return float(found.fun), A @ found.x + b
