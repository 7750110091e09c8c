"""Marginal models by generalised estimating equations: the population's average curve only.

    sum_g D_g' V_g^-1 (y_g - mu_g) = 0,      V_g = phi A_g^1/2 R(alpha) A_g^1/2,

with the working correlation R "independence" or "exchangeable". Standard errors are the sandwich's,
right even if R is not. phi is the mean squared Pearson residual and alpha the mean product of two
of a group, over phi. The equations are solved by statsmodels, on standardised columns.

Reference: Liang & Zeger (1986), Biometrika 73, 13-22.
"""

import warnings
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.discrete.generalised import GlmFit
from mlcore.discrete.outcomes import Gaussian
from mlcore.discrete.responses import respond
from mlcore.discrete.separation import refuse_separation
from mlcore.discrete.start import fixed_mode
from mlcore.errors import DataError, UnsupportedError
from mlcore.gaussian.scaling import standardise
from mlcore.language.design import design

CORRELATIONS = ("exchangeable", "independence")
ROUNDING = 1e-14  # of sums of the response
FAMILIES = ("gaussian", "binomial", "poisson")


@dataclass(frozen=True, eq=False, repr=False)
class GeeFit(GlmFit):
    """Population-averaged estimates; there is no likelihood. `alpha` is the working correlation."""

    alpha: float = field(kw_only=True)
    scale: float = field(kw_only=True)
    naive_covariance: Array = field(kw_only=True)

    @cached_property
    def naive_se(self) -> pd.Series:
        """Standard errors that would be right if the working correlation were the true one."""
        se = np.sqrt(np.diagonal(self.naive_covariance))
        return pd.Series(se, self.design.names, name="naive se")


def gee(
    formula: str,
    data: pd.DataFrame,
    *,
    group: str,
    family: str = "gaussian",
    link: str | None = None,
    correlation: str = "exchangeable",
) -> GeeFit:
    """Fit `formula`, which has no random terms, to data in which rows of a `group` are alike."""
    if family not in FAMILIES:
        raise UnsupportedError(f"family is one of {', '.join(FAMILIES)}, not {family!r}")
    if correlation not in CORRELATIONS:
        raise UnsupportedError(f"correlation is {' or '.join(CORRELATIONS)}, not {correlation!r}")
    if family != "gaussian":
        model, outcome = respond(formula, data, family=family, link=link, cluster=group)
    elif link in (None, "identity"):
        model = design(formula, data, cluster=group)
        outcome = Gaussian(model.y)
    else:
        raise UnsupportedError(f"link for gaussian is identity, not {link!r}")
    if model.random:
        term = model.random[0].term
        raise UnsupportedError(f"gee has no random effects: leave (... | {term.factor}) out")
    groups = model.groupings[group]
    if len(groups.levels) < 2:
        raise DataError(
            f"{group} has one level only: a marginal model needs several groups",
            "one group",
            [group],
        )

    made = standardise(model)
    T = made.scaling.fixed
    _, _, found = fixed_mode(made.X, outcome)
    if not found:
        refuse_separation(model.names, model.X, outcome)
    from statsmodels.genmod import cov_struct, families
    from statsmodels.genmod.generalized_estimating_equations import GEE

    kinds = {
        "identity": families.Gaussian(),
        "logit": families.Binomial(),
        "probit": families.Binomial(families.links.Probit()),
        "log": families.Poisson(),
    }
    exchangeable = correlation == "exchangeable"
    working = cov_struct.Exchangeable() if exchangeable else cov_struct.Independence()
    equations = GEE(model.y, made.X, groups.codes, family=kinds[outcome.link], cov_struct=working)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they say is in `messages`
        small = 1e-10 + ROUNDING * float(np.abs(model.y).sum())  # what is left of the equations
        fit = equations.fit(ddof_scale=0, scale="X2", maxiter=200, ctol=small)
    converged = bool(fit.converged)
    said = "not converged: do not use the estimates"
    return GeeFit(
        design=model,
        method=f"GEE, {correlation} by {group}",
        beta=made.scaling.beta(np.asarray(fit.params), 0.0),
        covariance=T @ fit.cov_robust @ T.T,
        df=np.full(len(T), np.inf),
        sigma=float(np.sqrt(fit.scale)) if family == "gaussian" else np.nan,
        loglik=np.nan,
        df_model=len(T),
        converged=converged,
        messages=model.messages if converged else (*model.messages, said),
        family=family,
        outcome=outcome,
        alpha=float(working.dep_params) if exchangeable else 0.0,
        scale=float(fit.scale),
        naive_covariance=T @ fit.cov_naive @ T.T,
    )
