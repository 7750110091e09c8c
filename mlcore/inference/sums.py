"""What the deviance of a linear mixed model stands on, whether it has one grouping factor or more.

The data enter by W'W, as far as random effects leave it alone, and by sums over groups at one
Lambda. Both are bilinear in the columns of W = [X y]; so a model in which one coefficient is held
stands on the same sums with fewer columns. With row c of the scaling, c'beta = value:

    beta = c value / c'c + N z for any z,  c'N = 0;      y - X beta = [X y] (change) (-z, 1).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mlcore.arrays import Array
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.blocks import compress
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.effects import Effects
from mlcore.gaussian.profile import Profile, Reduced, Sums, profiled, sums_over_groups
from mlcore.gaussian.scaling import Scaling
from mlcore.several.elimination import sums_over_islands
from mlcore.several.joint import JointEffects


@dataclass(frozen=True, eq=False)
class Columns:
    """Reduced data with W'W `within` (K, K), on the scale of `scaling`."""

    n: int
    pattern: Pattern
    scaling: Scaling
    within: Array

    @property
    def p(self) -> int:
        return len(self.within) - 1


@dataclass(frozen=True, eq=False)
class Ground:
    """Reduced data, the sums over groups that belong to a Lambda (q, q), and the fit's theta."""

    data: Reduced
    sums: Callable[[Array], Sums]
    theta: Array

    def profile(self, theta: Array) -> Profile:
        """By ML."""
        sums = self.sums(self.data.pattern.matrix(theta))
        return profiled(theta, sums, self.data, reml=False)

    def hold(self, k: int, value: float) -> "Ground":
        """The model whose k-th coefficient, in the user's units, is `value`: one column fewer."""
        data, q = self.data, self.data.pattern.q
        p, c = data.p, data.scaling.fixed[k]
        if k == 0:
            value -= data.scaling.centre
        change = np.zeros((p + 1, p))
        change[:p, : p - 1] = np.linalg.svd(c[None])[2][1:].T
        change[:p, -1] = -c * value / (c @ c)
        change[p, -1] = 1.0

        def fewer(Lambda: Array) -> Sums:
            sums = self.sums(Lambda)
            PP = sums.PP.reshape(p + 1, q, p + 1, q)
            PP = np.einsum("kr,kalb,ls->rasb", change, PP, change)
            return replace(
                sums, between=change.T @ sums.between @ change, PP=PP.reshape(p * q, p * q)
            )

        within = change.T @ data.within @ change
        return Ground(Columns(data.n, data.pattern, data.scaling, within), fewer, self.theta)


def ground(fit: Fit) -> Ground:
    """That of a fit by `lmm`."""
    effects = next(iter(fit.effects.values()), None)
    if effects is None:
        raise UnsupportedError(
            f"{fit.method} has no random effects: its intervals and t tests are in `coefficients`"
        )
    if type(fit) is Fit and isinstance(effects, Effects):
        small = compress(effects.blocks)

        def over_groups(Lambda: Array) -> Sums:
            return sums_over_groups(Lambda, small.stack, small.weights)

        return Ground(small, over_groups, effects.profile.theta)
    if type(fit) is Fit and isinstance(effects, JointEffects):
        system, at = effects.posterior.system, effects.posterior.profile
        return Ground(system, lambda Lambda: sums_over_islands(Lambda, system), at.theta)
    raise UnsupportedError(f"this is worked out for linear mixed models, not for {fit.method}")
