"""The profiled deviance of a Gaussian mixed model at one theta, with its derivatives.

For a given Lambda(theta) the matrix V = I + Z Lambda Lambda'Z', the variance of y in units of
sigma^2, is known; beta and sigma have closed forms, and what is left is a function of theta. Group
by group, with the Cholesky factor L_j of I + Lambda'G_j Lambda,

    B_j = L_j^-1 Lambda' A_j,      S = W'V^-1 W = C - sum_j B_j'B_j,      log|V| = 2 sum_j log|L_j|,

    ML:    d(theta) = log|V| + n (1 + log(2 pi r^2 / n)),
    REML:  d(theta) = log|V| + log|X'V^-1 X| + (n - p) (1 + log(2 pi r^2 / (n - p))),

where r^2, the square of the last element of S's Cholesky factor, is the weighted residual sum of
squares, and sigma^2 = r^2 / n or r^2 / (n - p).

The derivative with respect to Psi = Lambda Lambda' is one symmetric matrix (q, q),

    D = sum_j H_j - p_j p_j'/ sigma^2 - (REML) P_j (X'V^-1 X)^-1 P_j',

with H_j = Z_j'V_j^-1 Z_j, P_j = Z_j'V_j^-1 X_j and p_j = Z_j'V_j^-1 (y_j - X_j beta). At a minimum
D Lambda = 0 and D has no negative eigenvalue, on the boundary too.

Leading axes are kept throughout, so that many responses can be treated at once.
Reference: Bates et al. (2015), JSS 67(1), section 3; Lindstrom & Bates (1988), JASA 83, 1014-1022.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, Flags, Indices, cholesky, inverse
from mlcore.blocks import Blocks


@dataclass(frozen=True, eq=False)
class Profile:
    """The deviance at `theta` (..., m), and what follows from it, on the scale of the blocks.

    `slope` (..., q, q) is D, and `information` (..., q*q, q*q) the expected second derivative, both
    with respect to vec(Psi). `fixed_root` (..., p, p) is the Cholesky factor of X'V^-1 X.
    """

    theta: Array
    Lambda: Array
    deviance: Array
    slope: Array
    information: Array
    beta: Array
    variance: Array
    fixed_root: Array

    def at(self, which: Indices | Flags) -> "Profile":
        """Some of many profiles, along the first axis."""
        return Profile(**{name: array[which] for name, array in vars(self).items()})


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over groups, all that is left of the data at one Lambda.

    `log_det` (...,) is log|V|, `explained` (..., K, K) sum B'B, `H` (..., q*q) sum vec(H_j),
    `HH` (..., q*q, q*q) sum vec(H_j) vec(H_j)', `PP` (..., K*q, K*q) the same of [P_j p_j].
    """

    log_det: Array
    explained: Array
    H: Array
    HH: Array
    PP: Array


def profile(theta: Array, blocks: Blocks, *, reml: bool) -> Profile:
    K, q, p = blocks.K, blocks.q, blocks.p
    nu = blocks.n - p if reml else blocks.n
    Lambda = blocks.pattern.matrix(theta)
    sums = sums_over_groups(Lambda, blocks.stack, blocks.weights)

    root = cholesky(blocks.gram - sums.explained)
    whiten = inverse(root)
    fixed_root, residual = root[..., :p, :p], root[..., p, p]
    variance = residual**2 / nu
    deviance: Array = sums.log_det + nu * (1.0 + np.log(2.0 * np.pi * variance))
    if reml:
        diagonal = np.diagonal(fixed_root, axis1=-2, axis2=-1)
        deviance = deviance + 2.0 * (np.log(diagonal).sum(-1) - blocks.scaling.log_det)

    # the rows of `whiten` turn W into orthonormal columns, the last into (y - X beta) / r
    whiten[..., p, :] *= np.sqrt(nu)
    rows = whiten if reml else whiten[..., p:, :]
    weight = rows.mT @ rows
    PP = sums.PP.reshape(*sums.PP.shape[:-2], K, q, K, q)
    slope = sums.H.reshape(*sums.H.shape[:-1], q, q)
    slope = slope - np.einsum("...kl,...kalb->...ab", weight, PP)
    pairs = sums.HH.reshape(*sums.HH.shape[:-2], q, q, q, q)
    information = np.swapaxes(pairs, -3, -2).reshape(sums.HH.shape)
    return Profile(
        theta=theta,
        Lambda=Lambda,
        deviance=deviance,
        slope=slope,
        information=information - sums.H[..., :, None] * sums.H[..., None, :] / nu,
        beta=-whiten[..., p, :p] / whiten[..., p, p, None],
        variance=variance,
        fixed_root=fixed_root,
    )


def sums_over_groups(Lambda: Array, stack: Array, weights: Array) -> Sums:
    """The sums over the groups of `stack` (..., K + q, q, J), which holds A_j' above G_j."""
    q, J = stack.shape[-2:]
    K = stack.shape[-3] - q
    B = spherical(Lambda, stack)
    L = spherical(Lambda, np.swapaxes(B[..., K:, :, :], -3, -2))
    factor(L)
    forward(L, B)
    U = B[..., K:, :, :]
    P = stack - sum(U[..., None, :, c, :] * B[..., c, None, :] for c in range(q))

    leading = P.shape[:-3]
    B = B[..., :K, :, :].reshape(*leading, K, q * J)
    H = P[..., K:, :, :].reshape(*leading, q * q, J)
    P = P[..., :K, :, :].reshape(*leading, K * q, J)
    weighted = H * weights
    diagonal = np.diagonal(L, axis1=-3, axis2=-2)
    return Sums(
        log_det=2.0 * (weights @ np.log(diagonal)).sum(-1),
        explained=B @ B.mT,
        H=weighted.sum(-1),
        HH=weighted @ H.mT,
        PP=P @ P.mT,
    )


def spherical(Lambda: Array, stack: Array) -> Array:
    """Lambda' times each column of `stack` (..., m, q, J)."""
    turned: Array = Lambda.mT[..., None, :, :] @ stack
    return turned


def factor(M: Array) -> None:
    """Turn M (..., q, q, J), symmetric, into the lower Cholesky factors of I + M_j, in place."""
    for c in range(M.shape[-2]):
        diagonal = M[..., c, c, :]
        diagonal += 1.0
        for k in range(c):
            diagonal -= M[..., c, k, :] ** 2
        np.sqrt(diagonal, out=diagonal)
        for r in range(c + 1, M.shape[-2]):
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
