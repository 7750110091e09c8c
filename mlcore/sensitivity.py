"""How variances of fixed effects answer to those of the model, by differences.

For models with several grouping factors, where `mlcore.curvature` has no closed form. At the point
x = (theta, log sigma) the deviance f and the variances v of the coefficients are

    f = nu log(2 pi sigma^2) + log|V| (+ log|X'V^-1 X|) + r^2 / sigma^2,      nu = n (- p),
    v = sigma^2 diag((X'V^-1 X)^-1),

the terms in brackets by REML. Second differences of f, halved and inverted, are the covariance of
the estimates of x, as in lmerTest.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, cholesky, inverse
from mlcore.ground import Ground

ROUGH = 1e-3  # a first step, from which the curvature is guessed
FINE = 0.004  # of the distance at which the deviance has risen by 1: leaves five digits
FLAT = 1e-10  # share of the greatest curvature that is rounding


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Variances `v` (p,) in the user's units, their slopes `change` (m, p), Cov(x) `spread`."""

    v: Array
    change: Array
    spread: Array


def sensitivity(ground: Ground, theta: Array, sigma: float, *, reml: bool) -> Sensitivity:
    """At a fit's estimates; directions in which nothing changes have no part."""
    x = np.append(theta, np.log(sigma))
    m = len(x)
    f, v = at(x, ground, reml=reml)

    def moved(*steps: Array) -> float:
        return at(x + np.sum(steps, axis=0), ground, reml=reml)[0]

    rough = ROUGH * np.eye(m)
    curved = np.array([moved(s) - 2.0 * f + moved(-s) for s in rough]) / ROUGH**2
    size = np.where(curved > 1.0, FINE / np.sqrt(np.maximum(curved, 1.0)), ROUGH)
    steps = np.diag(size)
    hessian = np.empty((m, m))
    for a, s in enumerate(steps):
        for b, t in enumerate(steps[: a + 1]):
            mixed = moved(s, t) - moved(s, -t) - moved(-s, t) + moved(-s, -t)
            hessian[a, b] = hessian[b, a] = mixed / (4.0 * size[a] * size[b])
    slopes = [at(x + s, ground, reml=reml)[1] - at(x - s, ground, reml=reml)[1] for s in steps]
    spread = 2.0 * np.linalg.pinv(hessian, rcond=FLAT, hermitian=True)
    return Sensitivity(v, np.array(slopes) / (2.0 * size[:, None]), np.asarray(spread, dtype=float))


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
