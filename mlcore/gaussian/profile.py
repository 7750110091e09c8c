"""The profiled deviance of a Gaussian mixed model at one theta, with its derivatives.

For a given Lambda(theta) the matrix V, the variance of y in units of sigma^2, is known; beta and
sigma have closed forms, and what is left is a function of theta. In the coordinates of
`gaussian.blocks` the vector a_j of a group has the variance

    N_j = I + R_j Lambda Lambda'R_j' = L_j L_j',

    S = W'V^-1 W = within + sum_j (L_j^-1 a_j)'(L_j^-1 a_j),      log|V| = 2 sum_j log|L_j|,

    ML:    d(theta) = log|V| + n (1 + log(2 pi r^2 / n)),
    REML:  d(theta) = log|V| + log|X'V^-1 X| + (n - p) (1 + log(2 pi r^2 / (n - p))),

where r^2, the square of the last element of S's Cholesky factor, is the weighted residual sum of
squares, and sigma^2 = r^2 / n or r^2 / (n - p). Nothing is subtracted, so that no digits are lost
however large the variance between groups.

The derivative with respect to Psi = Lambda Lambda' is one symmetric matrix (q, q),

    D = sum_j H_j - p_j p_j'/ sigma^2 - (REML) P_j (X'V^-1 X)^-1 P_j',

with H_j = Z_j'V_j^-1 Z_j, P_j = Z_j'V_j^-1 X_j and p_j = Z_j'V_j^-1 (y_j - X_j beta). At a minimum
D Lambda = 0 and D has no negative eigenvalue, on the boundary too.

Leading axes are kept throughout, so that many responses can be treated at once.
Reference: Bates et al. (2015), JSS 67(1), section 3; Lindstrom & Bates (1988), JASA 83, 1014-1022.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mlcore.arrays import Array, Flags, Indices, cholesky, inverse
from mlcore.gaussian.batched import add_identity, factor, forward, inner
from mlcore.gaussian.blocks import Blocks
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.scaling import Scaling


@dataclass(frozen=True, eq=False)
class Profile:
    """The deviance at `theta` (..., m), and what follows from it, on the scale of the blocks.

    `slope` (..., q, q) is D; `gradient` (..., m) and `information` (..., m, m), the first and the
    expected second derivative, are in the free elements of Psi. `fixed_root` (..., p, p) is the
    Cholesky factor of X'V^-1 X.
    """

    theta: Array
    Lambda: Array
    deviance: Array
    slope: Array
    gradient: Array
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

    `log_det` (...,) is log|V|, `between` (..., K, K) what S adds to `within`, `H` (..., q*q) is
    sum vec(H_j), `HH` (..., q*q, q*q) sum vec(H_j) vec(H_j)', and `PP` (..., K*q, K*q) the same of
    Z_j'V_j^-1 W_j.
    """

    log_det: Array
    between: Array
    H: Array
    HH: Array
    PP: Array


class Reduced(Protocol):
    """Reduced data, of one factor or of several, as far as they do not depend on theta."""

    @property
    def n(self) -> int: ...
    @property
    def p(self) -> int: ...
    @property
    def pattern(self) -> Pattern: ...
    @property
    def scaling(self) -> Scaling: ...
    @property
    def within(self) -> Array: ...


def profile(theta: Array, blocks: Blocks, *, reml: bool) -> Profile:
    """The deviance at theta, by ML or REML."""
    sums = sums_over_groups(blocks.pattern.matrix(theta), blocks.stack, blocks.weights)
    return profiled(theta, sums, blocks, reml=reml)


def profiled(theta: Array, sums: Sums, data: Reduced, *, reml: bool) -> Profile:
    """The deviance at theta, from the sums over groups."""
    p, q = data.p, data.pattern.q
    K = p + 1
    nu = data.n - p if reml else data.n

    root = cholesky(data.within + sums.between)
    fixed_root, residual = root[..., :p, :p], root[..., p, p]
    variance = residual**2 / nu
    deviance: Array = sums.log_det + nu * (1.0 + np.log(2.0 * np.pi * variance))
    if reml:
        diagonal = np.diagonal(fixed_root, axis1=-2, axis2=-1)
        deviance = deviance + 2.0 * (np.log(diagonal).sum(-1) - data.scaling.log_det)

    # the rows of `whiten` turn W into orthonormal columns, the last into (y - X beta) / sigma
    whiten = inverse(root)
    whiten[..., p, :] *= np.sqrt(nu)
    rows = whiten if reml else whiten[..., p:, :]
    PP = sums.PP.reshape(*sums.PP.shape[:-2], K, q, K, q)
    slope = sums.H.reshape(*sums.H.shape[:-1], q, q)
    slope = slope - np.einsum("...kl,...kalb->...ab", rows.mT @ rows, PP)

    pairs = sums.HH.reshape(*sums.HH.shape[:-2], q, q, q, q)
    information = np.swapaxes(pairs, -3, -2).reshape(sums.HH.shape)
    information = information - sums.H[..., :, None] * sums.H[..., None, :] / nu
    free = data.pattern.duplication
    return Profile(
        theta=theta,
        Lambda=data.pattern.matrix(theta),
        deviance=deviance,
        slope=slope,
        gradient=slope.reshape(sums.H.shape) @ free,
        information=free.T @ information @ free,
        beta=-whiten[..., p, :p] / whiten[..., p, p, None],
        variance=variance,
        fixed_root=fixed_root,
    )


def sums_over_groups(Lambda: Array, stack: Array, weights: Array) -> Sums:
    """The sums over the groups of `stack` (..., K + q, q, J): the columns of a_j, then of R_j."""
    q, J = stack.shape[-2:]
    K = stack.shape[-3] - q
    T = np.swapaxes(times_lambda(stack[..., K:, :, :], Lambda), -3, -2)
    L = inner(T, T)
    add_identity(L)
    factor(L)
    B = np.broadcast_to(stack, (*L.shape[:-3], *stack.shape[-3:])).copy()
    forward(L, B)
    P = inner(B, B[..., K:, :, :])

    leading = P.shape[:-3]
    B = B[..., :K, :, :].reshape(*leading, K, q * J)
    H = P[..., K:, :, :].reshape(*leading, q * q, J)
    P = P[..., :K, :, :].reshape(*leading, K * q, J)
    weighted = H * weights
    return Sums(
        log_det=2.0 * (weights @ np.log(np.diagonal(L, axis1=-3, axis2=-2))).sum(-1),
        between=B @ B.mT,
        H=weighted.sum(-1),
        HH=weighted @ H.mT,
        PP=P @ P.mT,
    )


def times_lambda(R: Array, Lambda: Array) -> Array:
    """The columns of R_j Lambda, shape (..., q, q, J), from those of R_j."""
    q, J = R.shape[-2:]
    product: Array = Lambda.mT @ R.reshape(*R.shape[:-3], q, q * J)
    return product.reshape(*product.shape[:-1], q, J)
