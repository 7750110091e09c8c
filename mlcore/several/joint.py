"""The random effects of several grouping factors, given the data and the estimates.

    E(u_k | y)   = Psi_f Z_k'V^-1 (y - X beta),
    Var(u_k | y) = sigma^2 (a diagonal block of) Lambda (I + Lambda'Z'Z Lambda)^-1 Lambda',

for a level k of factor f, in the terms of `several.elimination`: the block is that of Y Y' for the
remaining factors, and for the eliminated one, in which Psi = Lambda Lambda' is its own,

    Lambda (I + T_j'T_j)^-1 Lambda' + Psi G_jz Y Y'G_jz'Psi,      T_j = R_j Lambda.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlcore.arrays import Array
from mlcore.gaussian.batched import add_identity, factor, forward, inner
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.profile import Profile, times_lambda
from mlcore.language.design import Grouping
from mlcore.several.elimination import Solved, solve
from mlcore.several.factors import Factor
from mlcore.several.system import Islands, System

Moments = tuple[Array, Array]  # values (q, J) and covariances (q, q, J)


@dataclass(frozen=True, eq=False)
class Posterior:
    """Means and covariances of all effects, on the scale of the system."""

    system: System
    profile: Profile

    @cached_property
    def moments(self) -> tuple[Moments, ...]:
        """By factor, in their order; covariances in units of sigma^2."""
        system, Lambda = self.system, self.profile.Lambda
        first, others = system.first, system.others
        roots = [Lambda[factor.place, factor.place] for factor in others]
        own = Lambda[first.place, first.place]
        found = {factor.grouping.name: blank(factor) for factor in system.factors}
        residual = np.append(-self.profile.beta, 1.0)
        for islands in system.batches:
            at, shape = solve(islands, own, roots), islands.shape
            real = shape.groups.ravel() >= 0
            groups = shape.groups.ravel()[real]
            values, covariances = found[first.grouping.name]
            scores = (at.P_own @ residual).reshape(first.q, -1)
            values[:, groups] = (own @ own.T @ scores)[:, real]
            covariances[..., groups] = spread_of_eliminated(islands, at, own)[..., real]
            scores = at.P @ residual
            joint = at.Y @ at.Y.mT
            for f, root, place, levels in zip(
                others, roots, shape.places, shape.levels, strict=True
            ):
                values, covariances = found[f.grouping.name]
                mine = scores[:, place].reshape(shape.size, f.q, -1)
                values[:, levels] = np.einsum("ab,cbk->ack", root @ root.T, mine)
                block = joint[:, place, place].reshape(shape.size, f.q, mine.shape[-1], f.q, -1)
                covariances[..., levels] = np.einsum("cakbk->abck", block)
        return tuple(found.values())


def blank(factor: Factor) -> Moments:
    q, J = factor.q, len(factor.grouping.levels)
    return np.empty((q, J)), np.empty((q, q, J))


def spread_of_eliminated(islands: Islands, at: Solved, Lambda: Array) -> Array:
    """Var(u_j | y) / sigma^2 of the eliminated groups, shape (q, q, C rows)."""
    Psi = Lambda @ Lambda.T
    T = times_lambda(islands.R, Lambda)
    L = inner(T, T)
    add_identity(L)
    factor(L)
    alone = np.repeat(Lambda[:, :, None], L.shape[-1], axis=2)
    forward(L, alone)
    spread: Array = inner(alone, alone) + np.einsum("ab,bcj,cd->adj", Psi, at.shared, Psi)
    return spread


@dataclass(frozen=True, eq=False)
class JointEffects:
    """The effects of one of several factors; see `mlcore.gaussian.effects.GroupEffects`."""

    factor: Factor
    number: int
    posterior: Posterior

    @property
    def grouping(self) -> Grouping:
        return self.factor.grouping

    @property
    def names(self) -> tuple[str, ...]:
        return self.factor.names

    @property
    def pattern(self) -> Pattern:
        return self.factor.pattern

    @property
    def back(self) -> Array:
        """From the effects of all factors, on the system's scale, to this one's: (q, Q)."""
        return self.posterior.system.scaling.random[self.factor.place]

    @cached_property
    def root(self) -> Array:
        return self.pattern.matrix(self.pattern.theta(self.back @ self.posterior.profile.Lambda))

    @cached_property
    def covariance(self) -> Array:
        covariance: Array = float(self.posterior.profile.variance) * (self.root @ self.root.T)
        return covariance

    @cached_property
    def values(self) -> Array:
        values, _ = self.posterior.moments[self.number]
        return (self._unit @ values).T

    @cached_property
    def conditional(self) -> Array:
        _, covariances = self.posterior.moments[self.number]
        spread = float(self.posterior.profile.variance) * np.moveaxis(covariances, -1, 0)
        return self._unit @ spread @ self._unit.T

    @property
    def _unit(self) -> Array:
        return self.back[:, self.factor.place]


def joint_effects(system: System, profile: Profile) -> dict[str, JointEffects]:
    """By grouping factor; what they are given the data is worked out once, when asked for."""
    posterior = Posterior(system, profile)
    return {
        factor.grouping.name: JointEffects(factor, number, posterior)
        for number, factor in enumerate(system.factors)
    }
