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
from mlcore.gaussian.mixed import lmm

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


def smoothed_table(outcome: str, row: str, column: str, data: pd.DataFrame) -> pd.DataFrame:
    """The means of a two-way table, as they are and smoothed by crossed random effects.

    y = beta_0 + u_row + u_column + u_cell + e: a line for each cell that has rows, with `n`, its
    mean `raw`, and `smooth`, which is drawn to what its row and column say where rows are few.
    `additive` leaves u_cell out.
    """
    rows = data[[outcome, row, column]].dropna()
    cells = rows.groupby([row, column])[outcome].agg(n="size", raw="mean")
    code = pd.MultiIndex.from_frame(rows[[row, column]])
    numbered = rows.assign(cell_=cells.index.get_indexer(code))
    fit = lmm(f"`{outcome}` ~ 1 + (1 | `{row}`) + (1 | `{column}`) + (1 | cell_)", numbered)
    of_row, of_column, of_cell = (fit.ranef[name]["(Intercept)"] for name in (row, column, "cell_"))
    above = cells.index.get_level_values(row), cells.index.get_level_values(column)
    additive = fit.beta[0] + of_row[above[0]].to_numpy() + of_column[above[1]].to_numpy()
    own = of_cell.reindex(range(len(cells))).to_numpy()
    table: pd.DataFrame = cells.assign(additive=additive, smooth=additive + own)
    return table


def only(fit: Fit) -> str:
    if len(fit.effects) != 1:
        known = " or ".join(fit.effects) or "none in this model"
        raise UnsupportedError(f"scores of which groups? There are {known}")
    return next(iter(fit.effects))
