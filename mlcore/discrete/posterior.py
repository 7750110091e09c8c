"""Posterior means and standard deviations of the random effects, at the estimates.

E(u_j | y) = Lambda E(b_j | y), by Gauss-Hermite points around the mode. The mode is the most likely
value; where the posterior is skewed, as in a small group of which all succeed, the mean is further
out.
"""

import numpy as np

from mlcore.arrays import Array, sums_by
from mlcore.discrete.marginal import Marginal, grid
from mlcore.discrete.modes import spread
from mlcore.discrete.predictor import Predictor

POINTS = {1: 25, 2: 15}  # in each direction, by the number of effects
FEWEST = 7


def posterior(at: Marginal, model: Predictor) -> tuple[Array, Array]:
    """Means and standard deviations (J, q), in the user's units, of one factor's effects."""
    (f,), modes = model.factors, at.modes
    (b,), kappa = modes.b, model.kappa(at.phi)
    points = grid(POINTS.get(f.q, FEWEST), f.q)
    moved = b + np.einsum("arj,kr->kaj", modes.curvature.R, points.z)
    fixed = modes.eta - spread(modes.b, modes.rows, model.factors)
    height = np.empty((len(points.z), f.J))
    for k, effects in enumerate(moved):
        loglik, _ = model.outcome.slope(fixed + spread((effects,), modes.rows, (f,)), kappa)
        height[k] = sums_by(f.codes, loglik, f.J) - 0.5 * np.sum(effects**2, axis=0)
        height[k] += points.log_weights[k] + 0.5 * float(points.z[k] @ points.z[k])
    share = np.exp(height - height.max(axis=0))
    share /= share.sum(axis=0)
    effects = np.einsum("ab,kbj->kaj", f.back @ model.lambdas(at.phi)[0], moved)
    means = np.einsum("kj,kaj->aj", share, effects)
    variances = np.einsum("kj,kaj->aj", share, (effects - means) ** 2)
    return means.T, np.sqrt(variances).T
