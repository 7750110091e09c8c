"""Residuals of rows: what a fit leaves of the response, on a scale where pictures mean something.

A normal response less its fitted value, with the groups' effects, is a residual as it is. Of a
binary outcome, a count or a category such a difference can take a few values only, and says little;
its randomised quantile residual,

    r = Phi^-1(v),      v uniform on [F(y - 1), F(y)],

is a draw from the standard normal distribution if the model is right, F being the fitted
distribution of the row. Another `seed` gives other draws.

Reference: Dunn & Smyth (1996), Journal of Computational and Graphical Statistics 5, 236-244.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.discrete.generalised import GlmFit
from mlcore.discrete.ordinal import OrdinalFit
from mlcore.discrete.outcomes import Binomial, Poisson, logistic
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.longitudinal.growth import GrowthFit
from mlcore.longitudinal.panel_fit import PanelFit

LEAST = 1e-12  # probability; the normal quantile of less is beyond 7


@dataclass(frozen=True, eq=False)
class Residuals:
    """`values` and `fitted` (m,) of the rows in `index`; `what` the values are, and the response.

    They are those of the design's rows `source` (m,), which are fewer where means or changes are
    fitted.

    `quantile` residuals are standard normal if the model is right. Others are in the outcome's
    units; `scaled` divides them by their own standard deviation.
    """

    index: pd.Index
    fitted: Array
    values: Array
    what: str
    response: str
    source: Indices
    quantile: bool = False

    @property
    def scaled(self) -> Array:
        if self.quantile:
            return self.values
        centred = self.values - self.values.mean()
        scaled: Array = centred / centred.std()
        return scaled


def row_residuals(fit: Fit, *, seed: int = 1) -> Residuals:
    """The residuals of the rows that a fit was made to; `seed` is for quantile residuals."""
    if isinstance(fit, GlmFit) and fit.family != "gaussian":
        return quantile_residuals(fit, seed)
    if isinstance(fit, PanelFit) and fit.estimator in ("between", "first_difference"):
        return of_transformed_rows(fit)
    left = fit.residuals().to_numpy()
    what = "the response less its fitted value"
    if isinstance(fit, GrowthFit):
        left, what = uncorrelated(fit, left), "residuals freed of their correlation along time"
    rows = np.arange(fit.n)
    return Residuals(fit.design.index, fit.fitted.to_numpy(), left, what, response(fit), rows)


def linear_predictor(fit: Fit) -> Array:
    """X beta and the groups' effects, on the scale of the link, (n,)."""
    eta = fit.design.X @ fit.beta
    for group, e in fit.effects.items():
        eta = eta + np.einsum("ia,ia->i", fit.design.Z(group), e.values[e.grouping.codes])
    return eta


def quantile_residuals(fit: GlmFit, seed: int) -> Residuals:
    from scipy.special import ndtri

    low, high = cumulative(fit, linear_predictor(fit))
    v = low + np.random.default_rng(seed).random(len(low)) * (high - low)
    return Residuals(
        index=fit.design.index,
        fitted=fit.fitted.to_numpy(),
        values=ndtri(np.clip(v, LEAST, 1.0 - LEAST)),
        what="randomised quantile residuals",
        response=response(fit),
        source=np.arange(fit.n),
        quantile=True,
    )


def cumulative(fit: GlmFit, eta: Array) -> tuple[Array, Array]:
    """The fitted probabilities of less than the response, and of no more than it, each (n,)."""
    from scipy.stats import binom, poisson

    outcome = fit.outcome
    if isinstance(fit, OrdinalFit):
        edges = np.concatenate([[-np.inf], fit.kappa, [np.inf]])
        category = outcome.y.astype(np.intp)
        return logistic(edges[category] - eta), logistic(edges[category + 1] - eta)
    mean = fit.mean(eta)
    if isinstance(outcome, Binomial):
        known = binom(outcome.trials, mean)
    elif isinstance(outcome, Poisson):
        known = poisson(outcome.counts * mean)
    else:
        raise UnsupportedError(f"quantile residuals of a {fit.family} outcome are not defined here")
    return known.cdf(outcome.y - 1.0), known.cdf(outcome.y)


def uncorrelated(fit: GrowthFit, left: Array) -> Array:
    """Residuals as they would be without memory, in the order of the data."""
    order = fit.chains.order
    white, _ = fit.chains.whiten(left[order, None], fit.phi**fit.chains.unit)
    back = np.empty_like(left)
    back[order] = white[:, 0]
    return back


def of_transformed_rows(fit: PanelFit) -> Residuals:
    """Those of the means, or of the changes, that a panel estimator fits."""
    if fit.estimator == "between":
        codes, sizes = fit.panel.entity.codes, fit.panel.entity.sizes
        fitted = np.bincount(codes, fit.design.X @ fit.beta) / sizes
        observed = np.bincount(codes, fit.design.y) / sizes
        what = f"the mean of each {fit.panel.entity.name} less its fitted value"
        left, rows = observed - fitted, fit.rows.source
        return Residuals(fit.panel.entity.levels, fitted, left, what, response(fit), rows)
    fitted = fit.rows.X @ fit.beta  # differences are fitted in the user's units
    what = "the change of the response less its fitted value"
    rows = fit.rows.source
    left = fit.rows.y - fitted
    return Residuals(fit.design.index[rows], fitted, left, what, response(fit), rows)


def rows_of(fit: Fit, data: pd.DataFrame) -> pd.DataFrame:
    """The rows of the data that a fit was made to."""
    if not data.index.is_unique:
        raise DataError("several rows of the data have the same label: use data.reset_index()")
    if not fit.design.index.isin(data.index).all():
        raise DataError("the fit was made to rows that these data do not have")
    return data.loc[fit.design.index]


def response(fit: Fit) -> str:
    return str(fit.design.formula.response)
