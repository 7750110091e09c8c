"""Between no pooling and complete pooling: how far a group's own mean is to be trusted.

    estimate_j = lambda_j (mean_j - overall),      lambda_j = n_j / (n_j + sigma^2 / tau^2)

tau is the SD between groups, sigma the SD within them; lambda runs from 0 (all groups are one) to 1
(every group for itself).
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mlcore.arrays import Array
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.language.design import design


def pooling_weight(n: ArrayLike, tau: ArrayLike, sigma: ArrayLike) -> Array:
    """Lambda for groups of n, with tau from 0 (complete pooling) to infinity (none)."""
    n, tau, sigma = (np.asarray(v, dtype=float) for v in (n, tau, sigma))
    if (n < 0).any() or (tau < 0).any() or not (sigma > 0).all():
        raise DataError("a pooling weight needs n and tau of at least 0, and sigma above 0")
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        ratio = np.where(tau > 0, (sigma / tau) ** 2, np.inf)
    weight: Array = np.where(n > 0, n / np.where(n > 0, n + ratio, 1.0), 0.0)
    return weight


def shrinkage(fit: Fit) -> pd.DataFrame:
    """What a random-intercept fit does to each group.

    `mean` is the group's own mean less what the fixed part expects of it, `estimate` the empirical
    Bayes effect with its conditional SD `se`, `movement` the distance between the two.
    """
    if len(fit.effects) != 1 or next(iter(fit.effects.values())).names != ("(Intercept)",):
        raise UnsupportedError("shrinkage needs a fit with one random intercept: y ~ x + (1 | g)")
    if fit.serial:
        raise UnsupportedError("rows that are correlated do not count alike: shrinkage is for lmm")
    ((name, effects),) = fit.effects.items()
    group = effects.grouping
    residual = fit.residuals("marginal").to_numpy()
    mean = np.bincount(group.codes, residual) / group.sizes
    weight = pooling_weight(group.sizes, np.sqrt(effects.covariance[0, 0]), fit.sigma)
    table = fit.ranef[name]
    return pd.DataFrame(
        {
            "n": group.sizes,
            "mean": mean,
            "lambda": weight,
            "estimate": table["(Intercept)"],
            "se": table["se_(Intercept)"],
            "movement": np.abs(mean - table["(Intercept)"]),
        },
        index=group.levels,
    )


def separate_lines(formula: str, data: pd.DataFrame, group: str) -> pd.DataFrame:
    """No pooling: a least-squares line `y ~ x` in every group, with `intercept, slope, n`.

    A group of one row, or one in which x does not vary, has no line: both are NaN there.
    """
    model = design(formula, data, cluster=group)
    if model.random or model.X.shape[1] != 2 or not model.has_intercept:
        raise UnsupportedError("separate lines are drawn for one predictor: y ~ x")
    rows = model.groupings[group]
    x, y = model.X[:, 1], model.y
    n = rows.sizes
    x_mean, y_mean = (np.bincount(rows.codes, v) / n for v in (x, y))
    dx, dy = x - x_mean[rows.codes], y - y_mean[rows.codes]
    sxx, sxy = np.bincount(rows.codes, dx * dx), np.bincount(rows.codes, dx * dy)
    varies = sxx > 1e-20 * np.bincount(rows.codes, x * x)  # all but rounding
    slope = np.where(varies, sxy / np.where(varies, sxx, 1.0), np.nan)
    return pd.DataFrame(
        {"intercept": y_mean - slope * x_mean, "slope": slope, "n": n}, index=rows.levels
    )
