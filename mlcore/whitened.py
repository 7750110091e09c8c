"""A growth model at one phi: whitened rows, and the best that random effects can do with them."""

from dataclasses import dataclass, replace

import numpy as np

from mlcore.arrays import Array
from mlcore.blocks import Blocks, compress, indicator, orthonormalise, rest, roots
from mlcore.covariance import Pattern
from mlcore.design import Design, Grouping
from mlcore.errors import DataError
from mlcore.mixed import residual_share, start
from mlcore.optimise import minimise
from mlcore.profile import Profile, profile
from mlcore.scaling import Scaling, standardise
from mlcore.serial import Chains, chains


@dataclass(frozen=True, eq=False)
class Ordered:
    """Standardised columns in the order of the chains: W = [X y] (n, p + 1) and Z (n, q)."""

    W: Array
    Z: Array
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
    n, q = model.n, len(made.random)
    group = model.groupings[model.random[0].group] if model.random else None
    if group is not None:
        first = np.unique(within.codes, return_index=True)[1]
        if (group.codes[first][within.codes] != group.codes).any():
            raise DataError(
                f"{within.name} is not nested in {group.name}: residuals can only be correlated "
                f"within {group.name}, or within parts of it"
            )
        group = replace(group, codes=group.codes[links.order])
    Z = np.column_stack([made.column(place) for place in made.random]) if q else np.empty((n, 0))
    return Ordered(
        W=np.column_stack([made.X, made.columns[:, -1]])[links.order],
        Z=Z[links.order],
        group=group,
        pattern=Pattern(tuple(len(part.names) for part in model.random)),
        scaling=made.scaling,
        chains=links,
    )


def unexplained(made: Ordered) -> float:
    """What predictors and freely varying random effects leave of the response, as a share."""
    if made.group is not None:
        return residual_share(cross_products(made.W, made.Z, made, made.group))
    _, R = np.linalg.qr(made.W)
    return float(R[-1, -1] ** 2 / (R[:, -1] @ R[:, -1]))


def at(phi: float, made: Ordered, near: Point | None, *, reml: bool) -> Point:
    """The best that random effects can do at one phi, sought from where they were `near` it."""
    white, log_det = made.chains.whiten(np.hstack([made.W, made.Z]), phi)
    W, Z = white[:, : made.W.shape[1]], white[:, made.W.shape[1] :]
    if made.group is None:
        alone = without_effects(W, made.scaling, reml=reml)
        return Point(alone, None, (alone,), True, log_det)
    products = cross_products(W, Z, made, made.group)
    small = compress(products)

    def evaluate(theta: Array) -> Profile:
        return profile(theta, small, reml=reml)

    first = start(products) if near is None else near.profile.theta
    least = minimise(evaluate, first, products.pattern)
    return Point(least.profile, products, least.path, least.converged, log_det)


def cross_products(W: Array, Z: Array, made: Ordered, group: Grouping) -> Blocks:
    """The blocks of whitened rows, none of whose columns is constant any more."""
    columns = np.hstack([W, Z])
    products = np.stack([(indicator(group, z) @ columns).T for z in Z.T], axis=1)
    stack = np.ascontiguousarray(products)
    orthonormalise(stack, roots(stack[W.shape[1] :]))
    return Blocks(
        n=len(W),
        pattern=made.pattern,
        scaling=made.scaling,
        within=rest(W.T @ W, stack[: W.shape[1]]),
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
