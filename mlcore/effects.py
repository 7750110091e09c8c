"""The random effects of one grouping factor, given the data and the estimates.

    E(u_j | y) = Lambda (I + Lambda'G_j Lambda)^-1 Lambda' Z_j'(y_j - X_j beta)
    Var(u_j | y) = sigma^2 Lambda (I + Lambda'G_j Lambda)^-1 Lambda'

These are the BLUPs, or empirical Bayes estimates, and lme4's conditional variances: beta and the
variances are taken as known. Everything is in the user's units.

Reference: Robinson (1991), Statistical Science 6, 15-32.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.blocks import Blocks
from mlcore.design import Grouping
from mlcore.profile import Profile, factor, forward


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
        scaled = self.blocks.scaling.random_map @ self.profile.Lambda
        return self.blocks.pattern.matrix(self.blocks.pattern.theta(scaled))

    @cached_property
    def covariance(self) -> Array:
        """Var(u_j) = sigma^2 Lambda Lambda', shape (q, q)."""
        covariance: Array = float(self.profile.variance) * (self.root @ self.root.T)
        return covariance

    @cached_property
    def values(self) -> Array:
        """E(u_j | y), shape (J, q)."""
        values: Array = self._posterior[0]
        return values

    @cached_property
    def conditional(self) -> Array:
        """Var(u_j | y), shape (J, q, q)."""
        conditional: Array = self._posterior[1]
        return conditional

    @cached_property
    def _posterior(self) -> tuple[Array, Array]:
        q, K, Lambda = self.blocks.q, self.blocks.K, self.profile.Lambda
        stack = self.blocks.stack
        contrast = np.append(-self.profile.beta, 1.0)
        score = np.tensordot(contrast, stack[:K], 1)
        L = Lambda.T @ np.swapaxes(Lambda.T @ stack[K:], 0, 1)
        factor(L)
        back = self.blocks.scaling.random_map @ Lambda
        rows = np.repeat(back[:, :, None], stack.shape[-1], axis=2)
        forward(L, rows)
        spherical = (Lambda.T @ score)[None]
        forward(L, spherical)
        values = np.einsum("acj,cj->ja", rows, spherical[0])
        scatter = np.einsum("acj,bcj->jab", rows, rows)
        return values, float(self.profile.variance) * scatter.reshape(-1, q, q)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per group: the effects, then `se_<term>`, their conditional standard deviations."""
        spread = np.sqrt(np.diagonal(self.conditional, axis1=1, axis2=2))
        return pd.DataFrame(
            np.hstack([self.values, spread]),
            index=self.grouping.levels,
            columns=[*self.names, *(f"se_{name}" for name in self.names)],
        )
