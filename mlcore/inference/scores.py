"""Scores for groups: their means as they are, and from a model's random effects.

    EPS_j = mean of y in group j,      ESRES_j = reference + u_j,

u_j the random intercept's estimate, drawn to 0 the more, the smaller the group, and with predictors
in the model what is left of the group's difference when they are held. The reference is the
response expected at the origin of the predictors or at their means.

Reference: Lambert & Griffiths (2018), Social Inequalities and Occupational Stratification.
"""

import numpy as np
import pandas as pd

from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit

REFERENCES = ("intercept", "mean")


def effect_scores(
    fit: Fit, group: str | None = None, *, reference: str = "intercept"
) -> pd.DataFrame:
    """By group, its rows `n`, their mean `eps`, the score `esres` with the conditional SD `se`.

    With several grouping factors say which `group`; `reference` is "intercept" or "mean".
    """
    if reference not in REFERENCES:
        raise DataError(f"reference is one of {', '.join(REFERENCES)}, not {reference!r}")
    if not fit.design.has_intercept and reference == "intercept":
        raise DataError(f"{fit.formula!r} has no intercept to refer to: use reference='mean'")
    name = only(fit) if group is None else group
    if name not in fit.ranef or "(Intercept)" not in fit.ranef[name]:
        raise UnsupportedError(f"scores of {name} need its random intercept: add (1 | {name})")
    rows = fit.effects[name].grouping
    origin = fit.beta[0] if reference == "intercept" else float(np.mean(fit.design.X @ fit.beta))
    effects = fit.ranef[name]
    return pd.DataFrame(
        {
            "n": rows.sizes,
            "eps": np.bincount(rows.codes, fit.observed) / rows.sizes,
            "esres": origin + effects["(Intercept)"],
            "se": effects["se_(Intercept)"],
        },
        index=rows.levels,
    )


def scored(data: pd.DataFrame, group: str, name: str, scores: "pd.Series[float]") -> pd.DataFrame:
    """The rows with the score of their group as `name`, and as `z_<name>` standardised over rows.

    `scores` is by group; rows of other groups get NaN.
    """
    column = data[group].map(scores)
    return data.assign(**{name: column, f"z_{name}": (column - column.mean()) / column.std()})


def only(fit: Fit) -> str:
    if len(fit.effects) != 1:
        known = " or ".join(fit.effects) or "none in this model"
        raise UnsupportedError(f"scores of which groups? There are {known}")
    return next(iter(fit.effects))
