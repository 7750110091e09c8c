"""What a Gaussian mixed model needs to know about its data: variation within and between groups.

With one grouping factor, a group's rows of W = [X y] are split in the part that Z_j can express and
the rest. In coordinates for which the columns of Z_j become orthonormal,

    R_j'R_j = Z_j'Z_j  (q, q),      a_j = R_j'^-1 Z_j'W_j  (q, K),      K = p + 1,

    W'W = within + sum_j a_j'a_j,

and the deviance depends on the rows through `within`, the R_j and the a_j only. For a random
intercept R_j = sqrt(n_j), and a_j holds the group's means times that.

Groups with equal R_j enter only through the second moments of their a_j. Where there are many
(always so with a random intercept) each such set is exchanged for the few vectors that have these
moments, and an evaluation of the deviance no longer depends on the number of groups.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array

from mlcore.arrays import Array, Indices
from mlcore.errors import UnsupportedError
from mlcore.gaussian.batched import factor, forward
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.scaling import Scaling, Standardised, standardise
from mlcore.language.design import Design, Grouping

NOTHING = 1e-13  # share of a column's squares that is rounding: the column is constant in groups


@dataclass(frozen=True, eq=False)
class Blocks:
    """The reduced data, on the scale of `scaling`.

    `within` (..., K, K). `stack` (..., K + q, q, J) holds the K columns of a_j, then the q columns
    of R_j, the groups last. `weights` (J,) say how many groups each one stands for in log |V|.
    """

    n: int
    pattern: Pattern
    scaling: Scaling
    within: Array
    stack: Array
    weights: Array

    @property
    def K(self) -> int:
        return int(self.within.shape[-1])

    @property
    def p(self) -> int:
        return self.K - 1

    @property
    def q(self) -> int:
        return self.pattern.q


def blocks(design: Design) -> Blocks:
    """Reduce a design with one grouping factor."""
    group = only_grouping(design)
    made = standardise(design)
    wanted = [*made.fixed, made.response]
    products = group_products(made, group)
    stack = np.ascontiguousarray(products[:, [*wanted, *made.random]].swapaxes(0, 1))
    orthonormalise(stack, roots(stack[len(wanted) :]))
    total = gram(made.columns)[np.ix_(wanted, wanted)]
    return Blocks(
        n=design.n,
        pattern=Pattern(tuple(len(part.names) for part in design.random)),
        scaling=made.scaling,
        within=rest(total, stack[: len(wanted)]),
        stack=stack,
        weights=np.ones(len(group.levels)),
    )


def only_grouping(design: Design) -> Grouping:
    if len(design.groupings) > 1:
        raise UnsupportedError(
            f"{' and '.join(design.groupings)} are {len(design.groupings)} grouping factors: "
            "one is fitted; keep the random terms of one of them"
        )
    (group,) = design.groupings.values()
    return group


def gram(D: Array) -> Array:
    """[1 D]'[1 D], shape (d + 1, d + 1)."""
    products = np.empty((D.shape[1] + 1, D.shape[1] + 1))
    products[0, 0] = len(D)
    products[0, 1:] = products[1:, 0] = np.ones(len(D)) @ D
    products[1:, 1:] = D.T @ D
    return products


def group_products(made: Standardised, group: Grouping) -> Array:
    """Z_j'[1 D]_j for every group and the standardised columns D, shape (q, d + 1, J)."""
    J = len(group.levels)
    products = np.empty((len(made.random), made.response + 1, J))
    for a, place in enumerate(made.random):
        z = made.column(place)
        products[a, 0] = group.sizes if place == 0 else np.bincount(group.codes, z, J)
        products[a, 1:] = (indicator(group, z) @ made.columns).T
    return products


def indicator(group: Grouping, values: Array) -> csc_array:
    """The sparse (J, n) matrix with values[i] in row codes[i] of column i."""
    return csc_array(
        (values, group.codes.astype(np.int32), np.arange(len(values) + 1, dtype=np.int32)),
        shape=(len(group.levels), len(values)),
    )


def roots(G: Array) -> Array:
    """R_j', lower triangular, shape (q, q, J)."""
    L = G.copy()
    factor(L)
    return L


def orthonormalise(stack: Array, L: Array) -> None:
    """R_j'^-1 times every column, in place: Z_j'W_j becomes a_j, and Z_j'Z_j becomes R_j."""
    forward(L, stack)


def rest(total: Array, a: Array) -> Array:
    """`total` less sum_j a_j'a_j (K, q, J); exactly zero for what is constant in every group."""
    flat = a.reshape(len(a), -1)
    within = total - flat @ flat.T
    size = np.diagonal(total)
    varies = np.diagonal(within) > NOTHING * size
    return np.where(np.outer(varies, varies), within, 0.0)


def compress(full: Blocks) -> Blocks:
    """The same deviance from fewer vectors, where groups with equal R_j abound.

    The second moments of the a_j of one set, sum_j vec(a_j) vec(a_j)', are those of the columns of
    any square root of this sum, of which there are q K.
    """
    K, q, J = full.K, full.q, full.stack.shape[-1]
    size = K * q
    R = full.stack[K:][np.tril_indices(q)]
    worthwhile = J // (2 * size)
    screened, _ = equal_columns(R[:, : 2 * worthwhile + 1])
    if screened.max() >= worthwhile:
        return full
    kinds, first = equal_columns(R)
    sets = len(first)
    if sets > worthwhile:
        return full
    a = full.stack[:K].reshape(size, J)
    members = csc_array((np.ones(J), kinds, np.arange(J + 1)), shape=(sets, J))
    moments = np.stack([(members @ (row * a).T) for row in a], axis=1)
    values, vectors = np.linalg.eigh(moments)
    square_roots = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    stack = np.empty((K + q, q, sets, size))
    stack[:K] = square_roots.transpose(1, 0, 2).reshape(K, q, sets, size)
    stack[K:] = full.stack[K:, :, first, None]
    weights = np.repeat(np.bincount(kinds) / size, size)
    return replace(full, stack=stack.reshape(K + q, q, sets * size), weights=weights)


def equal_columns(M: Array) -> tuple[Indices, Indices]:
    """Number the distinct columns of M: the number of each column, and where each first occurs."""
    order = np.lexsort(M)
    arranged = M[:, order]
    new = np.append(True, (arranged[:, 1:] != arranged[:, :-1]).any(axis=0))
    kinds = np.empty(len(order), dtype=np.intp)
    kinds[order] = np.cumsum(new) - 1
    return kinds, order[new]
