"""The random-effects system of several factors, solved at one Lambda, island by island.

The eliminated factor's groups go first, one small block each, as in `mlcore.profile`:

    N_j = I + R_j Psi_1 R_j' = L_j L_j',      E = within + sum_j (L_j^-1 a_j)'(L_j^-1 a_j),

E = C'V_1^-1 C for C = [Z_r W], with V_1 the variance of y if the eliminated factor were the only
one. What is left is a system of the size of the remaining effects, the Schur complement

    M = I + Lambda_r'E_zz Lambda_r,      log|V| = 2 sum_j log|L_j| + log|M|,

    C'V^-1 C = E - F'F,      F = Y'E_z,      Y Y' = Lambda_r M^-1 Lambda_r'.

With G_j = R_j'N_j^-1 a_j, which is Z_j'V_1^-1 C, the eliminated factor's own products follow:

    Z_j'V^-1 C = G_j - G_jz Y F,      Z_j'V^-1 Z_k = [j = k] R_j'N_j^-1 R_j - G_jz Y Y'G_kz'.

No matrix with a row for every effect of every factor is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlcore.archipelago import expand
from mlcore.arrays import Array, cholesky, inverse
from mlcore.batched import add_identity, factor, forward, inner
from mlcore.profile import Sums, times_lambda
from mlcore.rows import Rows, mixed
from mlcore.system import Islands, System


@dataclass(frozen=True, eq=False)
class Solved:
    """One batch of islands at one Lambda.

    Of the remaining factors `H` (C, m, m) is Z_r'V^-1 Z_r, `P` (C, m, K) Z_r'V^-1 W, and `Y` and
    `F` (C, m, m) as above, F's columns those of Z_r. Of the eliminated groups `own` and `shared`
    (q, q, C rows) are R_j'N_j^-1 R_j and G_jz Y Y'G_jz', whose difference is Z_j'V^-1 Z_j, `P_own`
    (q, C, rows, K) is Z_j'V^-1 W, and `G` holds their G_jz. `between` (K, K) is W'V^-1 W.
    """

    log_det: float
    between: Array
    H: Array
    P: Array
    Y: Array
    F: Array
    own: Array
    shared: Array
    P_own: Array
    G: Rows


def solve(islands: Islands, first: Array, others: Sequence[Array]) -> Solved:
    """Eliminate; `first` and `others` are the blocks of Lambda of the factors."""
    m = islands.shape.m
    T = np.swapaxes(times_lambda(islands.R, first), -3, -2)
    L = inner(T, T)
    add_identity(L)
    factor(L)
    U, whiten = islands.R.copy(), np.repeat(np.eye(len(first))[..., None], L.shape[-1], axis=2)
    forward(L, U)
    forward(L, whiten)
    whiten = np.swapaxes(whiten, 0, 1)
    B, B_W = islands.rows.mixed(whiten), mixed(whiten, islands.W)
    G, G_W = B.mixed(U), mixed(U, B_W)
    E, E_W = islands.within[..., :m] + B.squared(), islands.within[..., m:] + B.down(B_W)

    root = expand(others, islands.shape)
    M = root.T @ E @ root
    M += np.eye(m)
    L_M = cholesky(M)
    Y = root @ inverse(L_M).mT
    F, F_W = Y.mT @ E, Y.mT @ E_W
    diagonals = np.diagonal(L, axis1=0, axis2=1), np.diagonal(L_M, axis1=1, axis2=2)
    flat, flat_F = B_W.reshape(-1, B_W.shape[-1]), F_W.reshape(-1, F_W.shape[-1])
    return Solved(
        log_det=2.0 * float(sum(np.log(d).sum() for d in diagonals)),
        between=flat.T @ flat - flat_F.T @ flat_F,
        H=E - F.mT @ F,
        P=E_W - F.mT @ F_W,
        Y=Y,
        F=F,
        own=inner(U, U),
        shared=G.inside(Y),
        P_own=G_W - G.across(Y @ F_W),
        G=G,
    )


def sums_over_islands(Lambda: Array, system: System) -> Sums:
    """What the profile needs of all groups, in the form of `mlcore.profile`.

    `HH` holds the sums over pairs of groups, also of two factors, sum_jk vec(H_jk) vec(H_jk)' with
    H_jk = Z_j'V^-1 Z_k. In `H` and `PP` what belongs to two factors is zero.
    """
    Q, K = system.q, system.K
    first, others = system.first.place, [factor.place for factor in system.others]
    log_det, between = 0.0, np.zeros((K, K))
    H, HH, PP = np.zeros((Q, Q)), np.zeros((Q, Q, Q, Q)), np.zeros((K, Q, K, Q))
    for islands in system.batches:
        shape = islands.shape
        at = solve(islands, Lambda[first, first], [Lambda[f, f] for f in others])
        log_det += at.log_det
        between += at.between
        H[first, first] += (at.own - at.shared).sum(axis=-1)
        PP[:, first, :, first] += squares(np.moveaxis(at.P_own, -1, 0))
        G = at.G.gram()
        HH[first, first, first, first] += pairs_of_eliminated(at, G)
        carried = np.eye(shape.m) - at.Y @ at.F
        crossed = carried.mT @ G @ carried
        levels = list(zip(others, shape.places, shape.widths, strict=True))
        for f, here, q in levels:
            rows = at.H[:, here].reshape(shape.size, q, -1, shape.m)
            H[f, f] += np.einsum("cakbk->ab", rows[..., here].reshape(*rows.shape[:3], q, -1))
            PP[:, f, :, f] += squares(
                at.P[:, here].reshape(*rows.shape[:3], K).transpose(3, 1, 0, 2)
            )
            both = crossed[..., here, here].reshape(*crossed.shape[:3], q, rows.shape[2], q, -1)
            pairs = np.einsum("abzckdk->acbd", both)
            HH[first, f, first, f] += pairs
            HH[f, first, f, first] += pairs.transpose(1, 0, 3, 2)
            for g, there, width in levels:
                both = rows[..., there].reshape(*rows.shape[:3], width, -1)
                HH[f, g, f, g] += squares(both.transpose(1, 3, 0, 2, 4))
    return Sums(
        log_det=np.array(log_det),
        between=between,
        H=H.reshape(-1),
        HH=HH.reshape(Q * Q, Q * Q),
        PP=PP.reshape(K * Q, K * Q),
    )


def squares(M: Array) -> Array:
    """Sums over all but the first two axes of M (a, b, ...): products of the pairs (a, b)."""
    flat = M.reshape(M.shape[0] * M.shape[1], -1)
    products: Array = (flat @ flat.T).reshape(*M.shape[:2], *M.shape[:2])
    return products


def pairs_of_eliminated(at: Solved, G: Array) -> Array:
    """sum_jk vec(H_jk) vec(H_jk)' over the eliminated groups, given the sums G of G_jz'G_jz."""
    q = len(at.own)
    own, shared = at.own.reshape(q * q, -1), at.shared.reshape(q * q, -1)
    alone = own @ own.T - own @ shared.T - shared @ own.T
    together = squares(at.Y.mT @ G @ at.Y)
    return alone.reshape(q, q, q, q) + together.swapaxes(1, 2)
