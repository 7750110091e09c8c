"""t tests of fixed effects where groups are few: how many degrees of freedom a variance is worth.

The variance v = c'Phi c of an estimate, Phi = (X'V^-1 X)^-1, depends on estimated variances phi.
With Phi_r = Phi X'V^-1 G_r V^-1 X Phi its derivatives, it is as uncertain as that of a sample with

    df = 2 v^2 / Var(v),        Var(v) = sum_rs (c'Phi_r c) Var(phi)_rs (c'Phi_s c).

Satterthwaite has Var(phi) from the observed second derivatives, as lmerTest; Kenward and Roger
from the expected ones, as pbkrtest, and also correct Phi, which is too small on average:

    Phi_A = Phi + 2 Phi [ sum_rs Var(phi)_rs (Q_rs - X'V^-1 G_r V^-1 X Phi X'V^-1 G_s V^-1 X) ] Phi,

Q_rs = X'V^-1 G_r V^-1 G_s V^-1 X. In balanced designs df are those of the analysis of variance.
With several grouping factors there is Satterthwaite's only (`inference.sensitivity`).

Reference: Giesbrecht & Burns (1985), Biometrics 41, 477-486; Kenward & Roger (1997), Biometrics
53, 983-997.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from mlcore.arrays import Array, inverse
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.effects import Effects
from mlcore.inference.curvature import Curvature, curvature
from mlcore.inference.sensitivity import sensitivity
from mlcore.inference.sums import ground

NAMES = {"satterthwaite": "Satterthwaite", "kenward-roger": "Kenward and Roger"}


def degrees_of_freedom(fit: Fit, method: str = "satterthwaite") -> pd.Series:
    """By term; the method is "satterthwaite" or "kenward-roger"."""
    df, _ = adjusted(fit, method)
    return pd.Series(df, pd.Index(fit.design.names, name="term"), name="df")


def small_sample(fit: Fit, method: str = "satterthwaite") -> Fit:
    """The same fit with t tests and intervals; by Kenward and Roger, with their standard errors."""
    df, covariance = adjusted(fit, method)
    said = f"t tests with the degrees of freedom of {NAMES[method]}"
    return replace(fit, df=df, covariance=covariance, messages=(*fit.messages, said))


def adjusted(fit: Fit, method: str) -> tuple[Array, Array]:
    """Degrees of freedom (p,) and covariance (p, p) of the fixed effects."""
    if method not in NAMES:
        raise DataError(f"method is one of {', '.join(NAMES)}, not {method!r}")
    below, reml = ground(fit), fit.method == "REML"
    if method == "kenward-roger" and not reml:
        raise UnsupportedError("Kenward and Roger start from REML: refit with reml=True")
    (effects, *more) = fit.effects.values()
    if more or not isinstance(effects, Effects):
        if method == "kenward-roger":
            raise UnsupportedError(
                "Kenward and Roger's degrees of freedom are worked out for one grouping factor: "
                "use 'satterthwaite' or a bootstrap"
            )
        found = sensitivity(below, fit.sigma, reml=reml)
        return worth(found.v, found.change, found.spread), fit.covariance
    at = curvature(effects.blocks, effects.profile, reml=reml)
    spread = 2.0 * inverse(at.observed if method == "satterthwaite" else at.expected)
    back = effects.blocks.scaling.fixed
    rows = back @ at.fixed
    change = np.einsum("ka,rab,kb->rk", rows, at.slopes, rows)
    df = worth(np.einsum("ka,ka->k", rows, back), change, spread)
    kept = method == "satterthwaite"
    return df, fit.covariance if kept else back @ corrected(at, spread) @ back.T


def worth(v: Array, change: Array, spread: Array) -> Array:
    """2 v^2 / Var(v) of variances v (p,), from their slopes (m, p) and Var(phi) (m, m)."""
    df: Array = 2.0 * v**2 / np.einsum("rk,rs,sk->k", change, spread, change)
    return df


def corrected(at: Curvature, spread: Array) -> Array:
    """Kenward and Roger's covariance of the fixed effects, on the scale of the blocks."""
    lost = at.bends - at.slopes[:, None] @ at.fixed @ at.slopes
    covariance: Array = at.fixed + 2.0 * at.fixed @ np.tensordot(spread, lost, 2) @ at.fixed
    return covariance
