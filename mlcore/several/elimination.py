"""The random-effects system of several factors, solved at one Lambda, island by island.

The eliminated factor's groups go first, one small block each, as in `gaussian.profile`:

    N_j = I + R_j Psi_1 R_j' = L_j L_j',      E = within + sum_j (L_j^-1 a_j)'(L_j^-1 a_j),

E = Z_r'V_1^-1 Z_r, with V_1 the variance of y if the eliminated factor were the only one. What is
left is a system of the size of the remaining effects, the Schur complement M, and penalised least
squares of W = [X y] on them:

    M = I + Lambda_r'E Lambda_r,      log|V| = 2 sum_j log|L_j| + log|M|,

    M u = Lambda_r'Z_r'V_1^-1 W,      W_u = W - Z_r Lambda_r u,

    W'V^-1 W = W_u'V_1^-1 W_u + u'u,      Z'V^-1 W = Z'V_1^-1 W_u for all Z.

Nothing is subtracted but effects from effects. With Y Y' = Lambda_r M^-1 Lambda_r', F = Y'E and
G_j = R_j'N_j^-1 a_j, which is Z_j'V_1^-1 Z_r,

    Z_r'V^-1 Z_r = E - F'F,                Z_j'V^-1 Z_r = G_j - G_j Y F,
    Z_j'V^-1 Z_k = [j = k] R_j'N_j^-1 R_j - G_j Y Y'G_k'.

No matrix with a row for every effect of every factor is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, cholesky, inverse
from mlcore.gaussian.batched import add_identity, factor, forward, inner
from mlcore.gaussian.profile import Sums, times_lambda
from mlcore.several.islands import expand
from mlcore.several.rows import Rows, mixed
from mlcore.several.system import Islands, System


@dataclass(frozen=True, eq=False)
class Solved:
    """One batch of islands at one Lambda.

    Of the remaining factors `H` (C, m, m) is Z_r'V^-1 Z_r, `P` (C, m, K) Z_r'V^-1 W, and `Y` and
    `F` (C, m, m) as above. Of the eliminated groups `own` and `shared` (q, q, C rows) are
    R_j'N_j^-1 R_j and G_j Y Y'G_j', whose difference is Z_j'V^-1 Z_j, `P_own` (q, C, rows, K) is
    Z_j'V^-1 W, and `G` holds the G_j. `between` (K, K) is the islands' part of W'V^-1 W.
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
    T = np.swapaxes(times_lambda(islands.R, first), -3, -2)
    L = inner(T, T)
    add_identity(L)
    factor(L)
    U, whiten = islands.R.copy(), np.repeat(np.eye(len(first))[..., None], L.shape[-1], axis=2)
    forward(L, U)
    forward(L, whiten)
    whiten = np.swapaxes(whiten, 0, 1)
    B, B_W = islands.rows.mixed(whiten), mixed(whiten, islands.W)
    E, E_W = islands.within + B.squared(), islands.across + B.down(B_W)

    root = expand(others, islands.shape)
    M = root.T @ E @ root
    M += np.eye(islands.shape.m)
    L_M = cholesky(M)
    upper = inverse(L_M).mT
    Y = root @ upper
    score = Y.mT @ (E_W + E @ islands.free)
    left = islands.free - Y @ score
    W_u = B_W + B.across(left)
    G, F = B.mixed(U), Y.mT @ E
    diagonals = np.diagonal(L, axis1=0, axis2=1), np.diagonal(L_M, axis1=1, axis2=2)
    return Solved(
        log_det=2.0 * float(sum(np.log(d).sum() for d in diagonals)),
        between=sum_of_squares(W_u, upper @ score) + in_islands(islands, left),
        H=E - F.mT @ F,
        P=E_W + E @ left,
        Y=Y,
        F=F,
        own=inner(U, U),
        shared=G.inside(Y),
        P_own=mixed(U, W_u),
        G=G,
    )


def sum_of_squares(*parts: Array) -> Array:
    """The sum of V'V, (K, K), over parts V (..., K)."""
    flat = np.concatenate([part.reshape(-1, part.shape[-1]) for part in parts])
    squares: Array = flat.T @ flat
    return squares


def in_islands(islands: Islands, left: Array) -> Array:
    """What Z_r times `left` (C, m, K) adds to the products within groups of W_0."""
    crossed = (islands.across.mT @ left).sum(axis=0)
    products: Array = (left.mT @ islands.within @ left).sum(axis=0) + crossed + crossed.T
    return products


def sums_over_islands(Lambda: Array, system: System) -> Sums:
    """What the profile needs of all groups, in the form of `gaussian.profile`.

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
