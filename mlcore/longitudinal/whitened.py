"""A growth model at one phi: whitened rows, and the best that random effects can do with them."""

from dataclasses import dataclass, replace

import numpy as np

from mlcore.arrays import Array
from mlcore.errors import DataError
from mlcore.gaussian.blocks import Blocks, compress, indicator, orthonormalise, rest, roots
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.mixed import residual_share, start
from mlcore.gaussian.optimise import minimise
from mlcore.gaussian.profile import Profile, profile
from mlcore.gaussian.scaling import Scaling, standardise
from mlcore.language.design import Design, Grouping
from mlcore.longitudinal.serial import Chains, chains


@dataclass(frozen=True, eq=False)
class Ordered:
    """Standardised `columns` [X y Z] (n, K + q) in the order of the chains, K of them [X y]."""

    columns: Array
    K: int
    group: Grouping | None
    pattern: Pattern
    scaling: Scaling
    chains: Chains


@dataclass(frozen=True, eq=False)
class Point:
    """The model at one phi: its best profile, the cross-products, the path there."""

    profile: Profile
    products: Blocks | None
    path: tuple[Profile, ...]
    converged: bool
    log_det: float

    @property
    def deviance(self) -> float:
        return float(self.profile.deviance) + self.log_det


def order(model: Design, within: Grouping, time: Grouping, correlation: str) -> Ordered:
    """Standardise the columns and put them in the order of the chains."""
    links = chains(within, time, correlation)
    made = standardise(model)
    group = model.groupings[model.random[0].group] if model.random else None
    if group is not None:
        first = np.unique(within.codes, return_index=True)[1]
        if (group.codes[first][within.codes] != group.codes).any():
            raise DataError(
                f"{within.name} is not nested in {group.name}: residuals can only be correlated "
                f"within {group.name}, or within parts of it"
            )
        group = replace(group, codes=group.codes[links.order])
    wanted = [*made.fixed, made.response, *made.random]
    columns = np.column_stack([made.column(place) for place in wanted])
    return Ordered(
        columns=columns[links.order],
        K=len(made.fixed) + 1,
        group=group,
        pattern=Pattern(tuple(len(part.names) for part in model.random)),
        scaling=made.scaling,
        chains=links,
    )


def unexplained(made: Ordered) -> float:
    """What predictors and freely varying random effects leave of the response, as a share."""
    if made.group is not None:
        return residual_share(cross_products(made.columns, made, made.group))
    _, R = np.linalg.qr(made.columns)
    return float(R[-1, -1] ** 2 / (R[:, -1] @ R[:, -1]))


def at(phi: float, made: Ordered, near: Point | None, *, reml: bool) -> Point:
    """The best that random effects can do at one phi, sought from where they were `near` it."""
    white, log_det = made.chains.whiten(made.columns, phi)
    if made.group is None:
        alone = without_effects(white, made.scaling, reml=reml)
        return Point(alone, None, (alone,), True, log_det)
    products = cross_products(white, made, made.group)
    small = compress(products)

    def evaluate(theta: Array) -> Profile:
        return profile(theta, small, reml=reml)

    first = start(products) if near is None else near.profile.theta
    least = minimise(evaluate, first, products.pattern)
    return Point(least.profile, products, least.path, least.converged, log_det)


def cross_products(columns: Array, made: Ordered, group: Grouping) -> Blocks:
    """The blocks of whitened columns [X y Z], none of which is constant any more."""
    W, Z = columns[:, : made.K], columns[:, made.K :]
    products = np.stack([(indicator(group, z) @ columns).T for z in Z.T], axis=1)
    stack = np.ascontiguousarray(products)
    orthonormalise(stack, roots(stack[made.K :]))
    return Blocks(
        n=len(W),
        pattern=made.pattern,
        scaling=made.scaling,
        within=rest(W.T @ W, stack[: made.K]),
        stack=stack,
        weights=np.ones(len(group.levels)),
    )


def without_effects(W: Array, scale: Scaling, *, reml: bool) -> Profile:
    """Least squares as a profile that has no theta."""
    n, p = len(W), W.shape[1] - 1
    _, R = np.linalg.qr(W)
    nu = n - p if reml else n
    variance = R[p, p] ** 2 / nu
    deviance = nu * (1.0 + np.log(2.0 * np.pi * variance))
    if reml:
        deviance += 2.0 * (np.log(np.abs(np.diagonal(R)[:p])).sum() - scale.log_det)
    none = np.empty((0, 0))
    return Profile(
        theta=np.empty(0),
        Lambda=none,
        deviance=np.asarray(deviance),
        slope=none,
        gradient=np.empty(0),
        information=none,
        beta=np.linalg.solve(R[:p, :p], R[:p, p]),
        variance=np.asarray(variance),
        fixed_root=R[:p, :p].T,
    )
