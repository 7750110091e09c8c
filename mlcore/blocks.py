"""Cross-products by group: all that a Gaussian mixed model needs to know about its data.

With one grouping factor, for groups j = 1..J and W = [X y], the deviance depends on the rows only
through

    C = W'W  (K, K),     A_j = Z_j'W_j  (q, K),     G_j = Z_j'Z_j  (q, q),     K = p + 1.

Columns are centred and scaled first (`mlcore.scaling`), which keeps the digits of a small variance
beside a large mean. Sums over groups are products with a sparse matrix of the groups.

Groups with equal G_j enter the deviance only through the second moments of their A_j. Where there
are many (always so with a random intercept, where G_j = n_j) each such set is exchanged for the few
vectors that have these moments, and an evaluation no longer depends on the number of groups.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array

from mlcore.arrays import Array, Indices
from mlcore.covariance import Pattern
from mlcore.design import Design, Grouping
from mlcore.errors import UnsupportedError
from mlcore.scaling import Scaling, scaling


@dataclass(frozen=True, eq=False)
class Blocks:
    """The cross-products of a design, on the scale of `scaling`.

    `gram` (..., K, K) is C. `stack` (..., K + q, q, J) holds A_j' above G_j, the groups last.
    `weights` (J,) say how many groups each one stands for in log |V|.
    """

    n: int
    pattern: Pattern
    scaling: Scaling
    gram: Array
    stack: Array
    weights: Array

    @property
    def K(self) -> int:
        return int(self.gram.shape[-1])

    @property
    def p(self) -> int:
        return self.K - 1

    @property
    def q(self) -> int:
        return self.pattern.q


def blocks(design: Design) -> Blocks:
    """The cross-products of a design with one grouping factor."""
    group = only_grouping(design)
    scale = scaling(design)
    wanted = [*scale.fixed, scale.response]
    products = group_products(scale, group)
    return Blocks(
        n=design.n,
        pattern=Pattern(tuple(len(part.names) for part in design.random)),
        scaling=scale,
        gram=gram(scale)[np.ix_(wanted, wanted)],
        stack=np.ascontiguousarray(products[:, [*wanted, *scale.random]].swapaxes(0, 1)),
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


def gram(scale: Scaling) -> Array:
    """[1 D]'[1 D] for the standardised columns D, shape (d + 1, d + 1)."""
    D = scale.columns
    products = np.empty((D.shape[1] + 1, D.shape[1] + 1))
    products[0, 0] = len(D)
    products[0, 1:] = products[1:, 0] = np.ones(len(D)) @ D
    products[1:, 1:] = D.T @ D
    return products


def group_products(scale: Scaling, group: Grouping) -> Array:
    """Z_j'[1 D]_j for every group, shape (q, d + 1, J)."""
    J, n = len(group.levels), len(scale.columns)
    products = np.empty((len(scale.random), scale.response + 1, J))
    for a, place in enumerate(scale.random):
        z = np.ones(n) if place == 0 else np.ascontiguousarray(scale.columns[:, place - 1])
        products[a, 0] = group.sizes if place == 0 else np.bincount(group.codes, z, J)
        products[a, 1:] = (indicator(group, z) @ scale.columns).T
    return products


def indicator(group: Grouping, values: Array) -> csc_array:
    """The sparse (J, n) matrix with values[i] in row codes[i] of column i."""
    return csc_array(
        (values, group.codes.astype(np.int32), np.arange(len(values) + 1, dtype=np.int32)),
        shape=(len(group.levels), len(values)),
    )


def compress(full: Blocks) -> Blocks:
    """The same deviance from fewer columns, where groups with equal G_j abound.

    The second moments of the A_j of one set, sum_j vec(A_j) vec(A_j)' = R'R, are those of the rows
    of R, of which there are at most q K.
    """
    K, q, J = full.K, full.q, full.stack.shape[-1]
    size = K * q
    G = full.stack[K:][np.tril_indices(q)]
    worthwhile = J // (2 * size)
    screened, _ = equal_columns(G[:, : 2 * worthwhile + 1])
    if screened.max() >= worthwhile:
        return full
    kinds, first = equal_columns(G)
    sets = len(first)
    if sets > worthwhile:
        return full
    A = full.stack[:K].reshape(size, J)
    members = csc_array((np.ones(J), kinds, np.arange(J + 1)), shape=(sets, J))
    moments = np.stack([(members @ (row * A).T) for row in A], axis=1)
    values, vectors = np.linalg.eigh(moments)
    roots = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    stack = np.empty((K + q, q, sets, size))
    stack[:K] = roots.transpose(1, 0, 2).reshape(K, q, sets, size)
    stack[K:] = full.stack[K:, :, first, None]
    weights = np.repeat(np.bincount(kinds) / size, size)
    return replace(full, stack=stack.reshape(K + q, q, sets * size), weights=weights)


def equal_columns(G: Array) -> tuple[Indices, Indices]:
    """Number the distinct columns of G: the number of each column, and where each first occurs."""
    order = np.lexsort(G)
    arranged = G[:, order]
    new = np.append(True, (arranged[:, 1:] != arranged[:, :-1]).any(axis=0))
    kinds = np.empty(len(order), dtype=np.intp)
    kinds[order] = np.cumsum(new) - 1
    return kinds, order[new]
