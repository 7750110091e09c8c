"""The random effects of one grouping factor, given the data and the estimates.

    E(u_j | y)   = Lambda (I + T_j'T_j)^-1 T_j' e_j,      T_j = R_j Lambda,
    Var(u_j | y) = sigma^2 Lambda (I + T_j'T_j)^-1 Lambda',

with e_j = a_j(y) - a_j(X) beta, the group's residuals in the coordinates of `gaussian.blocks`.

These are the BLUPs, or empirical Bayes estimates, and lme4's conditional variances: beta and the
variances are taken as known. Everything is in the user's units.

Reference: Robinson (1991), Statistical Science 6, 15-32.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.gaussian.batched import add_identity, factor, forward, inner
from mlcore.gaussian.blocks import Blocks
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.profile import Profile, times_lambda
from mlcore.language.design import Grouping


class GroupEffects(Protocol):
    """What a fit knows of one grouping factor's random effects, whatever its model.

    `names` (q), `root` (q, q) is Lambda and `covariance` Var(u_j), both in the user's units, to
    which `back` (q, Q) leads from the Q effects of all factors; `values` (J, q) and `conditional`
    (J, q, q) are given the data.
    """

    @property
    def grouping(self) -> Grouping: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def pattern(self) -> Pattern: ...
    @property
    def back(self) -> Array: ...
    @property
    def root(self) -> Array: ...
    @property
    def covariance(self) -> Array: ...
    @property
    def values(self) -> Array: ...
    @property
    def conditional(self) -> Array: ...


def table(effects: GroupEffects) -> pd.DataFrame:
    """A row per group: the effects, then `se_<term>`, their conditional standard deviations."""
    spread = np.sqrt(np.diagonal(effects.conditional, axis1=1, axis2=2))
    return pd.DataFrame(
        np.hstack([effects.values, spread]),
        index=effects.grouping.levels,
        columns=[*effects.names, *(f"se_{name}" for name in effects.names)],
    )


def boundary_messages(
    Lambda: Array, pattern: Pattern, group: str, names: tuple[str, ...]
) -> tuple[str, ...]:
    """That a variance has been estimated as zero, in words, if one has."""
    said = []
    for block in pattern.blocks:
        root = Lambda[block, block]
        rank = int(np.linalg.matrix_rank(root, tol=1e-8)) if root.any() else 0
        if rank == len(root):
            continue
        inside = names[block]
        still = [n for n, row in zip(inside, root, strict=True) if not np.abs(row).max() > 1e-8]
        if still:
            said.append(
                f"the variance of {', '.join(still)} over {group} is estimated as zero: the groups "
                "differ no more than chance alone would make them (a valid fit, on the boundary)"
            )
        else:
            said.append(
                f"the effects of {', '.join(inside)} over {group} move together: {rank} of their "
                f"{len(inside)} directions have a variance above zero (a valid fit, on the "
                "boundary; their correlations mean little)"
            )
    return tuple(said)


@dataclass(frozen=True, eq=False)
class Effects:
    """Random effects with these `names` (q) for every level of `grouping` (J)."""

    grouping: Grouping
    names: tuple[str, ...]
    blocks: Blocks
    profile: Profile

    @property
    def pattern(self) -> Pattern:
        return self.blocks.pattern

    @property
    def back(self) -> Array:
        return self.blocks.scaling.random

    @cached_property
    def root(self) -> Array:
        """Lambda in the user's units, lower triangular, shape (q, q)."""
        return self.pattern.matrix(self.pattern.theta(self.back @ self.profile.Lambda))

    @cached_property
    def covariance(self) -> Array:
        """Var(u_j) = sigma^2 Lambda Lambda', shape (q, q)."""
        covariance: Array = float(self.profile.variance) * (self.root @ self.root.T)
        return covariance

    @cached_property
    def values(self) -> Array:
        """E(u_j | y), shape (J, q)."""
        return self._posterior[0]

    @cached_property
    def conditional(self) -> Array:
        """Var(u_j | y), shape (J, q, q)."""
        return self._posterior[1]

    @cached_property
    def _posterior(self) -> tuple[Array, Array]:
        K, Lambda, stack = self.blocks.K, self.profile.Lambda, self.blocks.stack
        residual = np.tensordot(np.append(-self.profile.beta, 1.0), stack[:K], 1)
        T = times_lambda(stack[K:], Lambda)
        L = inner(T, T)
        add_identity(L)
        factor(L)
        score = inner(T, residual[None]).swapaxes(0, 1)
        forward(L, score)
        rows = self.back @ Lambda
        effects = np.repeat(rows[:, :, None], stack.shape[-1], axis=2)
        forward(L, effects)
        values = inner(effects, score)[:, 0].T
        variance = float(self.profile.variance) * inner(effects, effects)
        return values, np.moveaxis(variance, -1, 0)
