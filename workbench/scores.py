"""What a model says of each group and of each row, as tables to keep.

Of a group `rows` and `mean` are its own. In a model of a measurement `score` is ESRES, the
estimated random intercept added to the reference, `se` its conditional SD, and `weight` the share
of the way from the reference to the group's own mean, lambda, where intercepts alone vary. Where
the outcome is no measurement, the random effects are on the scale of the linear predictor, and
there is no score to compare with the mean. Every random effect has a column, and its conditional SD
beside it.
"""

from __future__ import annotations

import pandas as pd

from mlcore import Fit, GlmFit, MultilevelError, effect_scores, shrinkage

REFERENCES = {"intercept": "where every predictor is 0", "mean": "at the mean of the predictors"}


def scores(fit: Fit, group: str, reference: str = "intercept") -> pd.DataFrame:
    """A row for each group, lowest score (or first effect) first."""
    effects = fit.ranef[group].rename(columns=_named)
    if not scored(fit, group):
        return means(fit, group).join(effects).sort_values(effects.columns[0], kind="stable")
    found = effect_scores(fit, group, reference=reference)
    found = found.rename(columns={"n": "rows", "eps": "mean", "esres": "score"})
    if len(fit.effects) == 1:
        found = found.join(_weight(fit))
    return found.join(effects.drop(columns="se")).sort_values("score", kind="stable")


def scored(fit: Fit, group: str) -> bool:
    """Whether groups have scores on the scale of their means: measured, with a random intercept."""
    return not isinstance(fit, GlmFit) and "(Intercept)" in fit.effects[group].names


def means(fit: Fit, group: str) -> pd.DataFrame:
    """The rows of each group and the mean of their outcomes."""
    rows = fit.effects[group].grouping
    outcome = pd.Series(fit.observed).groupby(rows.codes).mean().to_numpy()
    return pd.DataFrame({"rows": rows.sizes, "mean": outcome}, index=rows.levels)


def predicted(fit: Fit, rows: pd.DataFrame) -> pd.DataFrame:
    """All columns of the rows, and what the model predicts with and without effects of groups.

    A row that the fit did not use has predictions, too, unless a predictor is missing.
    """
    fixed = fit.predict(rows, conditional=False)
    return rows.assign(predicted=fit.predict(rows), predicted_fixed=fixed)


def _weight(fit: Fit) -> pd.DataFrame:
    try:
        return shrinkage(fit)[["lambda"]].rename(columns={"lambda": "weight"})
    except MultilevelError:
        return pd.DataFrame()


def _named(column: str) -> str:
    """`effect` and `se` of the intercept, `effect_lrt` and `se_lrt` of a slope."""
    if column == "(Intercept)":
        return "effect"
    if column == "se_(Intercept)":
        return "se"
    return column if column.startswith("se_") else f"effect_{column}"
