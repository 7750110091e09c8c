"""Binary outcomes and counts without random effects; standard errors may allow for clusters.

    Var(b) = (X'WX)^-1,
    Var(b) = (X'WX)^-1 [ sum_g s_g s_g' ] (X'WX)^-1 G / (G - 1)      with clusters,

where s_g is the sum of a cluster's scores: Stata's `vce(cluster ...)` for a logit, without the
factor (N - 1) / (N - K) of its `regress`. Statistics are z.
"""

import numpy as np
import pandas as pd

from mlcore.discrete.generalised import GlmFit
from mlcore.discrete.responses import respond
from mlcore.discrete.separation import refuse_separation
from mlcore.discrete.start import fixed_mode
from mlcore.errors import DataError, UnsupportedError
from mlcore.gaussian.blocks import indicator
from mlcore.gaussian.scaling import standardise

SINGULAR = 1e14  # condition of X'WX beyond which its inverse is rounding


def glm(
    formula: str,
    data: pd.DataFrame,
    *,
    family: str = "binomial",
    link: str | None = None,
    trials: str | None = None,
    cluster: str | None = None,
) -> GlmFit:
    """Fit a logit, a probit or a Poisson model by maximum likelihood; arguments as for `glmm`."""
    model, outcome = respond(
        formula, data, family=family, link=link, trials=trials, cluster=cluster
    )
    if model.random:
        term = model.random[0].term
        raise UnsupportedError(f"glm has no random effects: fit (... | {term.factor}) with glmm")
    made = standardise(model)
    X, T = made.X, made.scaling.fixed
    beta, information, found = fixed_mode(X, outcome)
    if not found:
        refuse_separation(model.names, model.X, outcome)
    with np.errstate(all="ignore"):
        local = outcome.local(X @ beta, outcome.start)
    if not np.isfinite(local.loglik).all() or not np.linalg.cond(information) < SINGULAR:
        raise DataError(
            "the likelihood cannot be computed: is the response of a plausible size?", "huge"
        )
    spread = np.linalg.inv(information)
    method = "ML"
    if cluster is not None:
        groups = model.groupings[cluster]
        G = len(groups.levels)
        if G < 2:
            raise DataError(
                f"{cluster} has one level only: clusters need company", "one group", [cluster]
            )
        scores = indicator(groups, local.score) @ X
        spread = spread @ (G / (G - 1) * scores.T @ scores) @ spread
        method = f"ML, standard errors by {cluster}"
    return GlmFit(
        design=model,
        method=method,
        beta=made.scaling.beta(beta, 0.0),
        covariance=T @ spread @ T.T,
        df=np.full(len(beta), np.inf),
        sigma=np.nan,
        loglik=float(local.loglik.sum()) + outcome.constant,
        df_model=len(beta),
        converged=found,
        messages=model.messages,
        family=outcome.family,
        outcome=outcome,
    )
