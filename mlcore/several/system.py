"""What a model with several grouping factors needs to know about its data.

One factor, the one with the most effects, is to be eliminated. Its groups' rows of C = [Z_r W], the
columns of the remaining random effects and W = [X y], are split as in `gaussian.blocks`:

    C'C = within + sum_j a_j'a_j,      a_j = R_j'^-1 Z_j'C_j,      R_j'R_j = Z_j'Z_j.

Both are kept island by island (`several.islands`). Data rows are not looked at again. So that
no digits are lost where groups differ much, W is kept as W_0 + Z_r B: what the random effects leave
if they vary freely, and what they take up.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from mlcore.arrays import Array, Indices
from mlcore.gaussian.blocks import NOTHING, gram, indicator, orthonormalise, rest, roots
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.scaling import Scaling, Standardised, standardise
from mlcore.language.design import Design
from mlcore.several.factors import Factor, factors, largest
from mlcore.several.islands import LARGE, Archipelago, Shape, archipelago
from mlcore.several.rows import DenseRows, Rows, SparseRows

SPARSE = 0.05  # share of an island's cells that are filled, below which its rows are sparse
DEPENDENT = 1e-10  # share of the largest eigenvalue below which effects are each other's sums


@dataclass(frozen=True, eq=False)
class Islands:
    """A batch of C islands with the same shape.

    The eliminated groups' R_j, columns first, are `R` (q, q, C rows), their a_j those of Z_r in
    `rows` and those of W_0 in `W` (q, C, rows, K). `within` (C, m, m) is that of Z_r, `across`
    (C, m, K) that of Z_r and W_0, all but zero; `free` (C, m, K) is B.
    """

    shape: Shape
    R: Array
    rows: Rows
    W: Array
    within: Array
    across: Array
    free: Array


@dataclass(frozen=True, eq=False)
class System:
    """The reduced data, on the scale of `scaling`; `within` (K, K) is that of W_0 alone.

    `eliminated` is the number of the factor whose groups are the rows of the islands, `rank` the
    number of independent random effects, `total` the y'y that the response had.
    """

    n: int
    factors: tuple[Factor, ...]
    eliminated: int
    pattern: Pattern
    scaling: Scaling
    within: Array
    batches: tuple[Islands, ...]
    rank: int
    total: float

    @property
    def K(self) -> int:
        return len(self.within)

    @property
    def p(self) -> int:
        return self.K - 1

    @property
    def q(self) -> int:
        return self.pattern.q

    @property
    def first(self) -> Factor:
        return self.factors[self.eliminated]

    @property
    def others(self) -> tuple[Factor, ...]:
        return self.factors[: self.eliminated] + self.factors[self.eliminated + 1 :]


def layout(found: tuple[Factor, ...]) -> Archipelago:
    """The islands that remain when the largest factor is eliminated."""
    k = largest(found)
    others = found[:k] + found[k + 1 :]
    return archipelago(found[k].grouping, [f.grouping for f in others], [f.q for f in others])


def system(model: Design, sea: Archipelago) -> System:
    """Reduce a design whose random terms are ordered by factor, with its `layout`."""
    found = factors(model)
    k = largest(found)
    first, others = found[k], found[:k] + found[k + 1 :]
    made = standardise(model)
    wanted = [*made.fixed, made.response]
    z = [made.column(place) for place in made.random]

    squares = np.array(
        [[np.bincount(first.grouping.codes, a * b) for a in z[first.place]] for b in z[first.place]]
    )
    L = roots(squares)
    stack = np.concatenate([responses(made, wanted, first, z), squares])
    orthonormalise(stack, L)
    kernel = np.repeat(np.eye(first.q)[..., None], len(first.grouping.levels), axis=2)
    orthonormalise(kernel, L)

    products = [responses(made, wanted, factor, z) for factor in others]
    total = gram(made.columns)[np.ix_(wanted, wanted)]
    within = rest(total, stack[: len(wanted)])
    rank = int(np.count_nonzero(np.einsum("aaj->aj", stack[len(wanted) :])))
    batches = []
    for shape, mine in zip(sea.shapes, rows_by_batch(sea, first.grouping.codes), strict=True):
        shared, squared = cross_products(sea, shape, mine, first, others, z)
        found_here, taken, more = islands(shape, kernel, stack, shared, squared, products)
        batches.append(found_here)
        within, rank = within - taken, rank + more
    varies = np.diagonal(within) > NOTHING * np.diagonal(total)
    return System(
        n=model.n,
        factors=found,
        eliminated=k,
        pattern=Pattern(tuple(len(part.names) for part in model.random)),
        scaling=made.scaling,
        within=np.where(np.outer(varies, varies), within, 0.0),
        batches=tuple(batches),
        rank=rank,
        total=float(total[-1, -1]),
    )


def responses(made: Standardised, wanted: list[int], factor: Factor, z: list[Array]) -> Array:
    """Z_k'W_k for every level k of a factor, shape (K, q, J)."""
    codes, J = factor.grouping.codes, len(factor.grouping.levels)
    products = np.empty((made.response + 1, factor.q, J))
    for a, column in enumerate(z[factor.place]):
        products[0, a] = np.bincount(codes, column, J)
        products[1:, a] = (indicator(factor.grouping, column) @ made.columns).T
    return products[wanted]


def rows_by_batch(sea: Archipelago, codes: Indices) -> list[Indices]:
    """Which rows of data are on the islands of each batch."""
    batch = sea.batch[codes]
    counts = np.bincount(batch, minlength=len(sea.shapes))
    return np.split(np.argsort(batch, kind="stable"), np.cumsum(counts)[:-1])


def cross_products(
    sea: Archipelago,
    shape: Shape,
    mine: Indices,
    first: Factor,
    others: tuple[Factor, ...],
    z: list[Array],
) -> tuple[Rows, Array]:
    """Of one batch, Z_j'Z_r of the eliminated groups and Z_r'Z_r (C, m, m)."""
    C, m = shape.size, shape.m
    group = first.grouping.codes[mine]
    island = sea.island[group]
    row = island * shape.rows + sea.row[group]
    own = [column[mine] for column in z[first.place]]
    effects = []
    for factor, columns, n in zip(others, sea.columns, shape.counts, strict=True):
        start = columns[factor.grouping.codes[mine]]
        effects += [(start + a * n, v[mine]) for a, v in enumerate(z[factor.place])]

    squared = np.zeros(C * m * m)
    for x, left in effects:
        for y, right in effects:
            squared += np.bincount((island * m + x) * m + y, left * right, len(squared))
    if is_sparse(shape, len(mine), len(others)):
        rows: Rows = SparseRows(tuple(sparse(row, effects, v, (shape.rows, m)) for v in own))
    else:
        cells = C * shape.rows * m
        A = np.zeros((first.q, cells))
        for part, v in zip(A, own, strict=True):
            for x, left in effects:
                part += np.bincount(row * m + x, v * left, cells)
        rows = DenseRows(A.reshape(first.q, C, shape.rows, m))
    return rows, squared.reshape(C, m, m)


def is_sparse(shape: Shape, n: int, others: int) -> bool:
    """Whether an island with n rows of data is large, and its groups meet few of the others."""
    cells = shape.rows * shape.m
    return shape.size == 1 and cells > LARGE and n * others < SPARSE * cells


def sparse(
    row: Indices, effects: list[tuple[Indices, Array]], v: Array, shape: tuple[int, int]
) -> csr_array:
    column = np.concatenate([x for x, _ in effects])
    values = np.concatenate([v * left for _, left in effects])
    return csr_array(coo_array((values, (np.tile(row, len(effects)), column)), shape=shape))


def islands(
    shape: Shape, kernel: Array, stack: Array, shared: Rows, squared: Array, products: list[Array]
) -> tuple[Islands, Array, int]:
    """One batch: Z_j'Z_r put in the orthonormal coordinates of the groups, beside a_j of W.

    `stack` (K + q, q, J) holds the a_j of W, then R_j, and `kernel` R_j'^-1, columns first. Also,
    what free effects take up of W'W, and how many they are.
    """
    q, C, m = len(kernel), shape.size, shape.m
    K = len(stack) - q
    empty = shape.groups < 0
    rows = shared.mixed(np.swapaxes(kernel, 0, 1)[:, :, shape.groups.ravel()])
    finished = stack[:, :, shape.groups]
    finished[..., empty] = 0.0
    W = np.moveaxis(finished[:K], 0, -1)

    total = np.empty((C, m, m + K))
    total[..., :m] = squared
    for place, level, product in zip(shape.places, shape.levels, products, strict=True):
        total[:, place, m:] = product[:, :, level].transpose(2, 1, 3, 0).reshape(C, -1, K)
    within = total - np.concatenate([rows.squared(), rows.down(W)], axis=-1)
    size, left = (np.diagonal(part[..., :m], axis1=1, axis2=2) for part in (total, within))
    varies = left > NOTHING * size
    within *= varies[..., None]
    own = within[..., :m] * varies[:, None]
    free, taken, rank = freely(own, within[..., m:])
    made = Islands(
        shape=shape,
        R=finished[K:].reshape(q, q, -1),
        rows=rows,
        W=W - rows.across(free),
        within=own,
        across=within[..., m:] - own @ free,
        free=free,
    )
    return made, taken, rank


def freely(within: Array, W: Array) -> tuple[Array, Array, int]:
    """The least-squares effects B of W on Z_r (C, m, K), what they take up of W'W, their rank."""
    values, axes = np.linalg.eigh(within)
    real = values > DEPENDENT * values[:, -1:]
    along = axes.mT @ W
    along *= np.where(real, 1.0 / np.sqrt(np.where(real, values, 1.0)), 0.0)[..., None]
    flat = along.reshape(-1, along.shape[-1])
    along = along / np.sqrt(np.where(real, values, 1.0))[..., None]
    return axes @ along, flat.T @ flat, int(real.sum())
