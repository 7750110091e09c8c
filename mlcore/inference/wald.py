"""Wald intervals for all parameters, in the coordinates in which Stata takes them.

    log(sd) +- z se,      artanh(corr) +- z se,      log(sigma) +- z se,

and back; the standard errors are those of the observed information, in a generalised model of
fixed effects and spreads together. They cost little and never leave the range of a parameter.
`inference.intervals` has the likelihood's own, which are better where groups are few.
"""

import numpy as np
import pandas as pd

from mlcore.arrays import Array, cholesky, inverse
from mlcore.discrete.generalised import GlmmFit
from mlcore.discrete.uncertainty import spread_errors
from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.gaussian.covariance import Pattern
from mlcore.inference.differences import hessian, step_sizes
from mlcore.inference.parameters import parameters
from mlcore.inference.sensitivity import at
from mlcore.inference.sums import Ground, ground


def wald_intervals(fit: Fit, level: float = 0.95) -> pd.DataFrame:
    """By parameter `estimate, se, lower, upper`; for variances NaN if one is on the boundary."""
    from scipy.special import ndtri

    if not 0.0 < level < 1.0:
        raise DataError(f"level is between 0 and 1, such as 0.95, not {level!r}")
    estimate = parameters(fit)
    z, p = float(ndtri(0.5 + level / 2.0)), len(fit.beta)
    spreads = np.where(fit.boundary, np.nan, estimate.to_numpy()[p:])
    is_rho = np.array([str(name).startswith("corr(") for name in estimate.index[p:]], dtype=bool)
    x = np.log(np.where(is_rho, 1.0, spreads)) + np.arctanh(np.where(is_rho, spreads, 0.0))
    if isinstance(fit, GlmmFit):
        se = np.concatenate([np.empty(0), *spread_errors(fit).values()])
    else:
        below, reml = ground(fit), fit.method == "REML"
        se = np.full(len(x), np.nan) if fit.boundary else errors(x, below, reml=reml)
    lower, upper = (np.where(is_rho, np.tanh(end), np.exp(end)) for end in (x - z * se, x + z * se))
    fixed = np.sqrt(np.diagonal(fit.covariance))
    return pd.DataFrame(
        {
            "estimate": estimate,
            "se": np.append(fixed, se * np.where(is_rho, 1.0 - spreads**2, spreads)),
            "lower": np.append(fit.beta - z * fixed, lower),
            "upper": np.append(fit.beta + z * fixed, upper),
        }
    )


def errors(x: Array, below: Ground, *, reml: bool) -> Array:
    """Standard errors (m,) of log SDs, artanh correlations and log sigma at their estimates x.

    NaN where the deviance is flat.
    """
    pattern, there = below.data.pattern, inverse(below.data.scaling.random)

    def deviance(x: Array) -> float:
        Psi = there @ covariance(x, pattern) @ there.T / np.exp(2.0 * x[-1])
        return at(np.append(cholesky(Psi)[pattern.places], x[-1]), below, reml=reml)[0]

    curved = hessian(deviance, x, step_sizes(deviance, x))
    try:
        spread = np.diagonal(inverse(curved))
    except (
        np.linalg.LinAlgError
    ):  # the data say nothing of a variance: a factor that is a predictor
        return np.full(len(x), np.nan)
    return np.sqrt(2.0 * np.where(spread > 0.0, spread, np.nan))


def covariance(x: Array, pattern: Pattern) -> Array:
    """The random effects' covariance (q, q) from log SDs and artanh correlations."""
    rows, columns = pattern.places
    sd = np.exp(x[:-1][pattern.diagonal])
    R = np.eye(pattern.q)
    mixed = ~pattern.diagonal
    R[rows[mixed], columns[mixed]] = R[columns[mixed], rows[mixed]] = np.tanh(x[:-1][mixed])
    product: Array = R * np.outer(sd, sd)
    return product
