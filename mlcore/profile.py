"""The profiled deviance of a Gaussian mixed model at one theta, with its derivatives.

For a given Lambda(theta), V = I + Z Lambda Lambda' Z' (in units of sigma^2) is known, beta and sigma
have closed forms, and what is left is a function of theta alone. Per group, with the Cholesky factor

    L_j L_j' = I + Lambda' G_j Lambda,        B_j = L_j^-1 Lambda' A_j,

    S = W'V^-1 W = C - sum_j B_j'B_j,         log|V| = 2 sum_j log|L_j|,

    ML:    d(theta) = log|V| + n (1 + log(2 pi r^2 / n))
    REML:  d(theta) = log|V| + log|X'V^-1 X| + (n - p) (1 + log(2 pi r^2 / (n - p))),

where r^2 = y'V^-1 y - beta'X'V^-1 X beta and sigma^2 = r^2 / n or r^2 / (n - p).

The derivative with respect to Psi = Lambda Lambda' is one symmetric (q, q) matrix,

    D = sum_j H_j - p_j p_j' / sigma^2 - (REML) P_j (X'V^-1 X)^-1 P_j',

with H_j = Z_j'V_j^-1 Z_j, p_j = Z_j'V_j^-1 (y_j - X_j beta), P_j = Z_j'V_j^-1 X_j. At a minimum
D Lambda = 0 and D has no negative eigenvalue, on the boundary too.

All functions keep leading axes, so that many responses can be treated at once.
Reference: Bates et al. (2015), JSS 67(1), section 3; Lindstrom & Bates (1988), JASA 83, 1014-1022.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.blocks import Blocks

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """The deviance at `theta` (..., m), and what follows from it, on the scale of the blocks.

    `gradient` (..., m) and `hessian` (..., m, m) are in theta; the latter is the expected one, with
    the exact curvature of Psi(theta). `slope` (..., q, q) is D above. `fixed_root` (..., p, p) is
    the Cholesky factor of X'V^-1 X.
    """

    theta: Array
    Lambda: Array
    deviance: Array
    gradient: Array
    hessian: Array
    slope: Array
    beta: Array
    variance: Array
    fixed_root: Array


def profile(theta: Array, blocks: Blocks, *, reml: bool) -> Profile:
    K, q, p = blocks.K, blocks.q, blocks.p
    nu = blocks.n - p if reml else blocks.n
    Lambda = blocks.pattern.matrix(theta)
    leading = theta.shape[:-1]

    # L, B and U = L^-1 Lambda' G, stacked as the blocks are
    turned = np.swapaxes(Lambda, -1, -2)[..., None, :, :]
    stack = turned @ blocks.stack
    L = turned @ np.swapaxes(stack[..., K:, :, :], -3, -2)
    factor(L)
    forward(L, stack)
    flat = stack.reshape(*leading, K + q, -1)
    B = flat[..., :K, :]
    S = blocks.gram - B @ np.swapaxes(B, -1, -2)
    log_det = 2.0 * sum(np.log(L[..., a, a, :]) @ blocks.weights for a in range(q))

    root = np.linalg.cholesky(S)
    fixed_root, r2 = root[..., :p, :p], root[..., p, p] ** 2
    beta = np.linalg.solve(np.swapaxes(fixed_root, -1, -2), root[..., p, :p, None])[..., 0]
    variance = r2 / nu
    deviance = log_det + nu * (1.0 + np.log(2.0 * np.pi * variance))
    if reml:
        diagonal = np.diagonal(fixed_root, axis1=-2, axis2=-1)
        deviance = deviance + 2.0 * (np.log(diagonal).sum(-1) - blocks.scaling.log_det)

    # D and the expected information of Psi
    contrast = (
        np.concatenate([-beta, np.ones((*leading, 1))], axis=-1) / np.sqrt(variance)[..., None]
    )
    rows = [contrast[..., None, :]]
    if reml:
        inverse = np.linalg.inv(fixed_root)
        rows.append(np.concatenate([inverse, np.zeros((*leading, p, 1))], axis=-1))
    mix = np.concatenate(rows, axis=-2)
    A = blocks.stack[..., :K, :, :].reshape(*blocks.stack.shape[:-3], K, -1)
    shape = (*leading, mix.shape[-2], q, blocks.stack.shape[-1])
    U = stack[..., K:, :, :]
    P = correct((mix @ A).reshape(shape), U, (mix @ B).reshape(shape))
    H = correct(np.broadcast_to(blocks.stack[..., K:, :, :], U.shape).copy(), U, U)
    vec = H.reshape(*leading, q * q, -1)
    weighted = vec * blocks.weights
    total = weighted.sum(-1)
    spread = np.swapaxes(P, -3, -2).reshape(*leading, q, -1)
    slope = total.reshape(*leading, q, q) - spread @ np.swapaxes(spread, -1, -2)

    # in theta
    pairs = (weighted @ np.swapaxes(vec, -1, -2)).reshape(*leading, q, q, q, q)
    information = np.swapaxes(pairs, -3, -2).reshape(*leading, q * q, q * q)
    information = information - total[..., :, None] * total[..., None, :] / nu
    J = blocks.pattern.jacobian(Lambda)
    r, c = blocks.pattern.places
    gradient = 2.0 * (slope @ Lambda)[..., r, c]
    curvature = 2.0 * slope[..., r[:, None], r] * (c[:, None] == c)
    hessian = np.swapaxes(J, -1, -2) @ information @ J + curvature
    return Profile(theta, Lambda, deviance, gradient, hessian, slope, beta, variance, fixed_root)


def factor(M: Array) -> None:
    """Turn I + M, symmetric (..., q, q, J), into its lower Cholesky factors, in place."""
    q = M.shape[-2]
    for c in range(q):
        diagonal = M[..., c, c, :]
        diagonal += 1.0
        for k in range(c):
            diagonal -= M[..., c, k, :] ** 2
        np.sqrt(diagonal, out=diagonal)
        for r in range(c + 1, q):
            below = M[..., r, c, :]
            for k in range(c):
                below -= M[..., r, k, :] * M[..., c, k, :]
            below /= diagonal


def forward(L: Array, stack: Array) -> None:
    """Replace each column of `stack` (..., m, q, J) by L_j^-1 times it, in place."""
    for r in range(L.shape[-2]):
        row = stack[..., r, :]
        for k in range(r):
            row -= L[..., None, r, k, :] * stack[..., k, :]
        row /= L[..., None, r, r, :]


def correct(M: Array, U: Array, B: Array) -> Array:
    """M_j - U_j'B_j for stacks M, B (..., m, q, J) and U (..., q, q, J), in place of M."""
    q = U.shape[-2]
    for a in range(q):
        for c in range(q):
            M[..., a, :] -= U[..., a, None, c, :] * B[..., c, :]
    return M
