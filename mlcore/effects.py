"""The random effects of one grouping factor, given the data and the estimates.

    E(u_j | y)   = Lambda (I + T_j'T_j)^-1 T_j' e_j,      T_j = R_j Lambda,
    Var(u_j | y) = sigma^2 Lambda (I + T_j'T_j)^-1 Lambda',

with e_j = a_j(y) - a_j(X) beta, the group's residuals in the coordinates of `mlcore.blocks`.

These are the BLUPs, or empirical Bayes estimates, and lme4's conditional variances: beta and the
variances are taken as known. Everything is in the user's units.

Reference: Robinson (1991), Statistical Science 6, 15-32.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.batched import add_identity, factor, forward, inner
from mlcore.blocks import Blocks
from mlcore.design import Grouping
from mlcore.profile import Profile, times_lambda


@dataclass(frozen=True, eq=False)
class Effects:
    """Random effects with these `names` (q) for every level of `grouping` (J)."""

    grouping: Grouping
    names: tuple[str, ...]
    blocks: Blocks
    profile: Profile

    @cached_property
    def root(self) -> Array:
        """Lambda in the user's units, lower triangular, shape (q, q)."""
        scaled = self.blocks.scaling.random @ self.profile.Lambda
        return self.blocks.pattern.matrix(self.blocks.pattern.theta(scaled))

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
        rows = self.blocks.scaling.random @ Lambda
        effects = np.repeat(rows[:, :, None], stack.shape[-1], axis=2)
        forward(L, effects)
        values = inner(effects, score)[:, 0].T
        variance = float(self.profile.variance) * inner(effects, effects)
        return values, np.moveaxis(variance, -1, 0)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per group: the effects, then `se_<term>`, their conditional standard deviations."""
        spread = np.sqrt(np.diagonal(self.conditional, axis1=1, axis2=2))
        return pd.DataFrame(
            np.hstack([self.values, spread]),
            index=self.grouping.levels,
            columns=[*self.names, *(f"se_{name}" for name in self.names)],
        )
