"""How a Gaussian mixed model answers to its variances, of which V is a linear function.

    V = sum_r phi_r G_r,     dV/d phi_r = G_r,     P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1.

The phi are the free elements of the random effects' covariance matrix and sigma^2. The second
derivatives of REML's deviance and their expectation,

    observed_rs = 2 y'P G_r P G_s P y - tr(P G_r P G_s),      expected_rs = tr(P G_r P G_s),

halved and inverted, are the estimates' covariance; ML has V^-1 for P under the traces. Where a
variance is estimated as zero, the directions in which the effects do not vary are left out.

In the coordinates of `gaussian.blocks`, in which V_j = L_j L_j', all that is needed of a group are
L_j^-1 a_j and F_jr = L_j^-1 R_j E_r R_j' L_j'^-1; outside of what Z_j can express, V is sigma^2 I.

Reference: Searle, Casella & McCulloch (1992), Variance Components, section 6.6.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, cholesky, inverse
from mlcore.gaussian.blocks import Blocks
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.profile import Profile

NO_EXTENT = 1e-8  # relative standard deviations below this are estimated as zero


@dataclass(frozen=True, eq=False)
class Curvature:
    """On the scale of the blocks, with m parameters phi, sigma^2 the last.

    `fixed` (p, p) is (X'V^-1 X)^-1, `slopes` (m, p, p) the X'V^-1 G_r V^-1 X and `bends`
    (m, m, p, p) the X'V^-1 G_r V^-1 G_s V^-1 X. `observed` and `expected` are (m, m).
    """

    fixed: Array
    slopes: Array
    bends: Array
    observed: Array
    expected: Array


def curvature(blocks: Blocks, at: Profile, *, reml: bool) -> Curvature:
    """The derivatives at a fit's estimates."""
    p, sigma2 = blocks.p, float(at.variance)
    stack = np.moveaxis(blocks.stack, -1, 0)
    R, a = np.swapaxes(stack[:, blocks.K :], 1, 2), np.swapaxes(stack[:, : blocks.K], 1, 2)
    to_residuals = np.eye(blocks.K)
    to_residuals[:p, p] = -at.beta
    within = to_residuals.T @ blocks.within @ to_residuals

    J, q = R.shape[:2]
    T = R @ at.Lambda
    whiten = inverse(cholesky(sigma2 * (np.eye(q) + T @ T.mT)))
    W = whiten @ a @ to_residuals
    basis = directions(at.Lambda, blocks.pattern)
    RW = whiten @ R
    F = np.concatenate(
        [RW[:, None] @ basis @ RW.mT[:, None], (whiten @ whiten.mT)[:, None]], axis=1
    )
    FW = F @ W[:, None]

    m = len(basis) + 1
    traces = np.einsum("jrab,jsab->rs", F, F)
    traces[-1, -1] += (blocks.n - J * q) / sigma2**2
    slopes = np.einsum("jak,jral->rkl", W, FW)
    slopes[-1] += within / sigma2**2
    flat = FW.transpose(0, 2, 1, 3).reshape(J * q, -1)
    bends = (flat.T @ flat).reshape(m, p + 1, m, p + 1).swapaxes(1, 2)
    bends[-1, -1] += within / sigma2**3

    # the last row and column of each are those of the residuals y - X beta
    fixed = inverse(at.fixed_root @ at.fixed_root.T) * sigma2
    along = slopes[:, :p, p]
    fit = bends[:, :, p, p] - along @ fixed @ along.T
    if reml:
        FC = fixed @ slopes[:, :p, :p]
        traces = traces - 2.0 * np.einsum("ab,rsba->rs", fixed, bends[:, :, :p, :p])
        traces = traces + np.einsum("rab,sba->rs", FC, FC)
    return Curvature(
        fixed=fixed,
        slopes=slopes[:, :p, :p],
        bends=bends[:, :, :p, :p],
        observed=2.0 * fit - traces,
        expected=traces,
    )


def directions(Lambda: Array, pattern: Pattern) -> Array:
    """The matrices E_r, shape (m - 1, q, q), by which the random effects' covariance can change."""
    found = []
    for block in pattern.blocks:
        left, spread, _ = np.linalg.svd(Lambda[block, block])
        axes = np.zeros((pattern.q, len(left)))
        axes[block] = left
        axes = axes[:, spread > NO_EXTENT]
        for r in range(axes.shape[1]):
            for s in range(r + 1):
                square = np.outer(axes[:, r], axes[:, s])
                found.append(square + square.T if r != s else square)
    return np.array(found).reshape(-1, pattern.q, pattern.q)
