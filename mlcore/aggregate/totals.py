"""From moments of a design's columns to what a fit needs: standardised products by group."""

from dataclasses import dataclass

import numpy as np

from mlcore.aggregate.rowless import MomentDesign
from mlcore.arrays import Array
from mlcore.errors import DataError
from mlcore.gaussian.blocks import Blocks, orthonormalise, rest, roots
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.scaling import Scaling, block_diagonal
from mlcore.language import checks


@dataclass(frozen=True, eq=False)
class Products:
    """Cross-products (c, c, J) of the standardised columns [X y Z] in each group, and the scale."""

    by_group: Array
    scaling: Scaling

    @property
    def total(self) -> Array:
        total: Array = self.by_group.sum(axis=-1)
        return total


def standardised_products(design: MomentDesign) -> Products:
    """As `gaussian.scaling` does with rows: columns are centred where there is an intercept."""
    N, p = design.n, len(design.names)
    names = [*design.names, "", *(name for part in design.random for name in part.names)]
    centred = np.array(
        [design.has_intercept] * (p + 1)
        + [() in part.term.terms for part in design.random for _ in part.names]
    )
    constant = np.array([name == "(Intercept)" for name in names])
    origin = np.where(centred & ~constant, design.sizes @ design.means / N, 0.0)
    means = design.means - origin
    products = design.products + np.einsum("j,ja,jb->jab", design.sizes, means, means)
    size = np.sqrt(np.diagonal(products.sum(axis=0)) / N)
    for k in np.flatnonzero(size <= checks.ROUNDING * np.hypot(origin, size)):
        raise DataError(
            f"{names[k] or design.formula.response} has the same value in every row: there is "
            "nothing to explain, or to be explained by it"
        )
    unit = np.where(constant | (np.arange(len(names)) == p), 1.0, size)
    products /= unit[:, None] * unit
    total, maps = products.sum(axis=0), []
    checks.enough(N, p)
    for own in parts(design):
        checks.independent(names[own], square_root(total[own, own]))
        T = np.diag(1.0 / unit[own])
        T[0] -= np.where(constant, 0.0, origin / unit)[own]
        maps.append(T)
    scaling = Scaling(maps[0], block_diagonal(maps[1:]), float(origin[p]))
    return Products(np.moveaxis(products, 0, -1), scaling)


def parts(design: MomentDesign) -> list[slice]:
    """Where among [X y Z] the columns of the fixed part and of every random term are."""
    sizes = [len(design.names), 1, *(len(part.names) for part in design.random)]
    ends = np.cumsum(sizes)
    places = [slice(int(e - s), int(e)) for s, e in zip(sizes, ends, strict=True)]
    return [places[0], *places[2:]]


def square_root(S: Array) -> Array:
    """A matrix with as many rows as columns that has the cross-products S."""
    values, axes = np.linalg.eigh(S)
    root: Array = (axes * np.sqrt(np.maximum(values, 0.0))).T
    return root


def moment_blocks(design: MomentDesign) -> Blocks:
    """Reduce a design of moments, as `mlcore.gaussian.blocks.blocks` does one with rows."""
    made = standardised_products(design)
    K = len(design.names) + 1
    stack = np.ascontiguousarray(made.by_group[:, K:])
    orthonormalise(stack, roots(stack[K:]))
    return Blocks(
        n=design.n,
        pattern=Pattern(tuple(len(part.names) for part in design.random)),
        scaling=made.scaling,
        within=rest(made.total[:K, :K], stack[:K]),
        stack=stack,
        weights=np.ones(len(design.sizes)),
    )
