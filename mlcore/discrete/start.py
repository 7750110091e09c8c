"""Where the search for the parameters of a generalised mixed model begins, and how curved it is.

The beginning is the model without random effects, to which effects with theta = 0.7 are added. The
curvature of -2 log L is that of the working linear model, whose variance is V = W^-1 + A A':

    in beta            2 X'V^-1 X,
    in theta_k         tr(V^-1 dV V^-1 dV) + 2 tr(E_k'D E_k),

with dV = Z (E_k Lambda' + Lambda E_k') Z', for each grouping factor as if it were the only one. E_k
is one at the place of theta_k, else zero; D is the upward part of the slope in Psi = Lambda
Lambda', which is zero at the maximum unless a variance vanishes there.

Reference: Breslow & Clayton (1993), JASA 88, 9-25.
"""

import numpy as np

from mlcore.arrays import Array, inverse
from mlcore.discrete.arrow import products
from mlcore.discrete.marginal import Marginal
from mlcore.discrete.outcomes import Outcome
from mlcore.discrete.predictor import Factor, Predictor
from mlcore.gaussian.covariance import Pattern

SPREAD = 0.7
FAINT = 1e-8  # curvature where Lambda is zero, and its slope too
NEAR = 1e-8
MOST = 50


def fixed_mode(X: Array, outcome: Outcome) -> tuple[Array, Array, bool]:
    """The beta (p,) that is most likely without random effects, X'WX there, and whether it is one.

    Newton steps from zero, halved where they overshoot. `outcome` has no parameters of its own.
    """
    beta: Array = np.zeros(X.shape[1])
    step, best, information = beta, -np.inf, np.eye(X.shape[1])
    with np.errstate(all="ignore"):
        for _ in range(MOST):
            local = outcome.local(X @ beta, outcome.start)
            value = float(local.loglik.sum())
            if not value >= best - 1e-10 * abs(best):
                step = 0.5 * step
                beta = beta - step
                continue
            best = value
            information = (local.weight[:, None] * X).T @ X
            if not np.linalg.cond(information) < 1e14:
                break
            step = inverse(information) @ (local.score @ X)
            if float(np.abs(step).max()) < NEAR:
                return beta, information, True
            beta = beta + step
    return beta, information, False


def starting_point(model: Predictor, beta: Array, *, spread: float = SPREAD) -> Array:
    """The phi at which the search begins, with effects of this standard deviation."""
    theta = [np.where(f.pattern.diagonal, spread, 0.0) for f in model.factors]
    return np.concatenate([*theta, beta, model.outcome.start])


def information(at: Marginal, model: Predictor) -> Array:
    """The working model's curvature of -2 log L, (size, size); kappa's is left out."""
    modes, weight = at.modes, at.modes.local.weight
    whole = np.zeros((model.size, model.size))
    for f, Lambda, part in zip(model.factors, model.lambdas(at.phi), model.thetas, strict=True):
        r, c = f.pattern.places
        D = slope_in_psi(f.pattern, Lambda, at.gradient[part])
        whole[part, part] = theta_information(f, Lambda, weight)
        whole[part, part] += 2.0 * D[r[:, None], r] * (c[:, None] == c)
    WX = (weight[:, None] * model.X).T
    shared = [f.sums(WX[:, None] * row) for f, row in zip(model.factors, modes.rows, strict=True)]
    whole[model.beta, model.beta] = 2.0 * (WX @ model.X - modes.curvature.inner(shared))
    return whole


def theta_information(f: Factor, Lambda: Array, weight: Array) -> Array:
    """One factor's block, from H_j = Z_j'V_j^-1 Z_j and what it becomes beside Lambda."""
    G = np.moveaxis(products(f, f.Z, weight), -1, 0)
    identity = np.eye(f.q)
    C = np.linalg.inv(identity + Lambda.T @ G @ Lambda)
    LH = C @ Lambda.T @ G
    H = G - G @ Lambda @ LH
    r, c = f.pattern.places
    LH, H, LHL = LH[:, c][:, :, r], H[:, r][:, :, r], (identity - C)[:, c][:, :, c]
    block: Array = 2.0 * (np.einsum("jki,jik->ik", LH, LH) + np.einsum("jik,jki->ik", H, LHL))
    return block + FAINT * np.diag(np.einsum("jii->i", H))


def slope_in_psi(pattern: Pattern, Lambda: Array, slope: Array) -> Array:
    """The upward part of the symmetric D (q, q) whose 2 D Lambda has these entries."""
    half, D = 0.5 * pattern.matrix(slope), np.zeros_like(Lambda)
    for block in pattern.blocks:
        for c in reversed(range(block.start, block.stop)):
            if Lambda[c, c] == 0.0:
                continue
            for r in reversed(range(c, block.stop)):
                later = slice(c + 1, block.stop)
                D[r, c] = D[c, r] = (half[r, c] - D[r, later] @ Lambda[later, c]) / Lambda[c, c]
    values, axes = np.linalg.eigh(D)
    upward: Array = axes * np.maximum(values, 0.0) @ axes.T
    return upward
