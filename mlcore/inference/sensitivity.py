"""How variances of fixed effects answer to those of the model, by differences.

For models with several grouping factors, where `inference.curvature` has no closed form. At
x = (theta, log sigma) the deviance f and the variances v of the coefficients are

    f = nu log(2 pi sigma^2) + log|V| (+ log|X'V^-1 X|) + r^2 / sigma^2,      nu = n (- p),
    v = sigma^2 diag((X'V^-1 X)^-1),

the terms in brackets by REML. Second differences of f, halved and inverted, are the covariance of
the estimates of x, as in lmerTest.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, cholesky, inverse
from mlcore.inference.differences import hessian, step_sizes
from mlcore.inference.sums import Ground

FLAT = 1e-10  # share of the greatest curvature that is rounding


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Variances `v` (p,) in the user's units, their slopes `change` (m, p), Cov(x) `spread`."""

    v: Array
    change: Array
    spread: Array


def sensitivity(ground: Ground, sigma: float, *, reml: bool) -> Sensitivity:
    """At a fit's estimates; directions in which nothing changes have no part."""

    def deviance(x: Array) -> float:
        return at(x, ground, reml=reml)[0]

    def variances(x: Array) -> Array:
        return at(x, ground, reml=reml)[1]

    x = np.append(ground.theta, np.log(sigma))
    size = step_sizes(deviance, x)
    slopes = [(variances(x + s) - variances(x - s)) / (2.0 * s.sum()) for s in np.diag(size)]
    curved = hessian(deviance, x, size)
    spread = 2.0 * np.linalg.pinv(curved, rcond=FLAT, hermitian=True)
    return Sensitivity(variances(x), np.array(slopes), np.asarray(spread, dtype=float))


def at(x: Array, ground: Ground, *, reml: bool) -> tuple[float, Array]:
    """The deviance f and the variances v (p,)."""
    data, sigma2 = ground.data, float(np.exp(2.0 * x[-1]))
    sums = ground.sums(data.pattern.matrix(x[:-1]))
    root = cholesky(data.within + sums.between)
    fixed, residual = root[:-1, :-1], float(root[-1, -1])
    nu = data.n - data.p if reml else data.n
    f = nu * np.log(2.0 * np.pi * sigma2) + float(sums.log_det) + residual**2 / sigma2
    if reml:
        f += 2.0 * float(np.log(np.diagonal(fixed)).sum())
    half = data.scaling.fixed @ inverse(fixed).T
    return float(f), sigma2 * np.sum(half**2, axis=1)
