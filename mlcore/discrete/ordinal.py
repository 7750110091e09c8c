"""Ordered categories with random effects: the cumulative, or proportional odds, logit.

    logit P(y <= k) = kappa_k - x'beta - z'u,      kappa_1 < kappa_2 < ...

A positive coefficient moves the outcome to higher categories. The thresholds take the place of the
intercept. Reference: McCullagh (1980), JRSS B 42, 109-142; Tutz & Hennevogl (1996), CSDA 22, 537.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.discrete.generalised import GlmmFit
from mlcore.discrete.glmm import (
    at_boundary,
    check_random,
    estimated_covariance,
    method,
    modal_effects,
    search,
)
from mlcore.discrete.ordered import Ordered
from mlcore.discrete.outcomes import Logit, logistic
from mlcore.discrete.predictor import predictor
from mlcore.discrete.responses import respond_ordered
from mlcore.discrete.separation import refuse_separation
from mlcore.errors import UnsupportedError
from mlcore.gaussian.scaling import standardise
from mlcore.language.design import Design


@dataclass(frozen=True, eq=False, repr=False)
class OrdinalFit(GlmmFit):
    """Estimates for ordered `categories`; predictions are expected ranks, from 1.

    `kappa` are the thresholds, with the covariance `kappa_covariance`.
    """

    categories: tuple[str, ...] = field(kw_only=True)
    kappa: Array = field(kw_only=True)
    kappa_covariance: Array = field(kw_only=True)

    @cached_property
    def thresholds(self) -> pd.DataFrame:
        """Between each two neighbouring categories: `estimate` and `se`."""
        pairs = zip(self.categories[:-1], self.categories[1:], strict=True)
        return pd.DataFrame(
            {"estimate": self.kappa, "se": np.sqrt(np.diagonal(self.kappa_covariance))},
            index=[f"{low}|{high}" for low, high in pairs],
        )

    def probabilities(self, data: pd.DataFrame, *, conditional: bool = True) -> pd.DataFrame:
        """The probability of each category in new rows; groups as in `predict`."""
        eta = self._linear(data, conditional=conditional)
        below = logistic(self.kappa - eta[:, None])
        edges = np.column_stack([np.zeros(len(eta)), below, np.ones(len(eta))])
        return pd.DataFrame(np.diff(edges), index=data.index, columns=list(self.categories))

    @property
    def observed(self) -> Array:
        return self.outcome.y + 1.0

    def mean(self, eta: Array) -> Array:
        """The expected rank of the category: 1 + sum_k P(y > k)."""
        expected: Array = 1.0 + logistic(eta[..., None] - self.kappa).sum(axis=-1)
        return expected

    @property
    def marginal_coefficients(self) -> pd.Series:
        raise UnsupportedError(
            "an ordered outcome has one population-averaged slope for each threshold: see curve, "
            "or fit the outcome cut in two with glmm"
        )

    def _fixed_columns(self, data: pd.DataFrame) -> Array:
        return super()._fixed_columns(data)[:, 1:]

    def __str__(self) -> str:
        thresholds = self.thresholds.to_string(float_format=lambda v: f"{v:.4g}")
        return f"{super().__str__()}\n\n{thresholds}"


def ordinal(formula: str, data: pd.DataFrame, *, n_quad: int = 1) -> OrdinalFit:
    """Fit a cumulative logit, `rating ~ x + (1 | group)`, with or without random effects.

    The response is a number, a categorical, or `factor(y)`; its categories are in the order of
    their values, or in the categorical's own. `n_quad` is as for `glmm`.
    """
    model, outcome, categories = respond_ordered(formula, data)
    if model.random:
        check_random(model, outcome)
    made = standardise(model)
    T = made.scaling.fixed
    layout = predictor(model, made, made.X[:, 1:], outcome)
    maximum = search(layout, np.zeros(layout.X.shape[1]), n_quad, constant=outcome.constant)
    if not maximum.converged:
        refuse_separated_cuts(model, outcome)
    still = at_boundary(layout, maximum)
    spread, remarks = estimated_covariance(layout, maximum)
    phi, start = maximum.at.phi, layout.beta.start
    # thresholds less x'beta have to be what they are less the standardised x'beta
    back = np.eye(layout.size - start)
    p = layout.X.shape[1]
    back[:p, :p] = T[1:, 1:]
    back[p:, :p] = -T[0, 1:]
    estimates, covariance = back @ phi[start:], back @ spread[start:, start:] @ back.T
    return OrdinalFit(
        design=replace(model, X=model.X[:, 1:], names=model.names[1:]),
        method=method(n_quad) if model.random else "ML",
        beta=estimates[:p],
        covariance=covariance[:p, :p],
        df=np.full(p, np.inf),
        sigma=np.nan,
        loglik=outcome.constant - 0.5 * maximum.at.deviance,
        df_model=layout.size,
        effects=modal_effects(model, layout, maximum),
        converged=maximum.converged,
        boundary=bool(still),
        messages=model.messages + still + remarks,
        family=outcome.family,
        outcome=outcome,
        predictor=layout,
        maximum=maximum,
        n_quad=n_quad,
        categories=categories,
        kappa=estimates[p:],
        kappa_covariance=covariance[p:, p:],
    )


def refuse_separated_cuts(model: Design, outcome: Ordered) -> None:
    """Raise `DataError` if predictors tell without error on which side of a threshold rows are."""
    for cut in np.unique(outcome.y)[1:]:
        above = (outcome.y >= cut).astype(float)
        refuse_separation(model.names, model.X, Logit(above, np.ones_like(above)))
