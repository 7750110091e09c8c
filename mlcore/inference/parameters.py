"""The parameters of a mixed model in one list: fixed effects, SDs and correlations, sigma.

They are named as R names them: `lrt`, `sd(school,lrt)`, `corr(school,(Intercept),lrt)`, `sigma`.
"""

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.fit import Fit
from mlcore.gaussian.covariance import Pattern


def parameters(fit: Fit) -> pd.Series:
    """The estimates of a fit; a correlation with an effect that does not vary is NaN."""
    spreads = [spread(e.covariance, e.pattern) for e in fit.effects.values()]
    sigma = [fit.sigma] if np.isfinite(fit.sigma) else []
    return pd.Series(
        np.concatenate([fit.beta, *spreads, sigma]),
        index=pd.Index(parameter_names(fit), name="parameter"),
        name="estimate",
    )


def parameter_names(fit: Fit) -> list[str]:
    names = list(fit.design.names)
    for group, e in fit.effects.items():
        names += spread_names(group, e.names, e.pattern)
    return [*names, "sigma"] if np.isfinite(fit.sigma) else names


def spread_names(group: str, names: tuple[str, ...], pattern: Pattern) -> list[str]:
    """Of one grouping factor, in the order of theta: column by column of the lower triangle."""
    return [
        f"sd({group},{names[r]})" if r == c else f"corr({group},{names[c]},{names[r]})"
        for r, c in zip(*pattern.places, strict=True)
    ]


def spread(covariance: Array, pattern: Pattern) -> Array:
    """SDs and correlations, shape (..., m), of covariance matrices (..., q, q)."""
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    r, c = pattern.places
    scale = sd[..., r] * np.where(r == c, 1.0, sd[..., c])
    values: Array = np.divide(
        covariance[..., r, c],
        scale,
        out=np.where(r == c, 0.0, np.full(scale.shape, np.nan)),
        where=scale > 0,
    )
    return values
