"""The line of each group: as the model has it, beside the one that its own rows would give.

The model's line of a group runs over the group's own values of a predictor, with its effects, other
predictors at their means. The own line is least squares of the group's rows by themselves, with
responses moved to the same means,

    y_ij - (x_ij'beta - x_0'beta),      x_0: all predictors but one at their means.

A generalised model has curves, and no own lines.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.inference.predictions import filled, is_measured, predictors, reference
from mlcore.inference.residuals import rows_of
from mlcore.inference.spreads import rows_by
from mlcore.language.design import Grouping

STEPS = 12  # of a line or a curve
MOST = 300  # groups
FEWEST = 3  # rows for an own line


@dataclass(frozen=True, eq=False)
class GroupLines:
    """`lines` by `group` and `x`: `y` as the model has it; `own` the same by the rows alone.

    `overall` is the fixed part over the whole range. `rows` has `group, x, y` of every row, the
    responses moved to the other predictors' means, or as they are if the model is generalised. Of
    `groups` all are drawn, or some of thousands.
    """

    predictor: str
    response: str
    group: str
    lines: pd.DataFrame
    own: pd.DataFrame
    overall: pd.DataFrame
    rows: pd.DataFrame
    groups: int


def group_lines(
    fit: Fit, data: pd.DataFrame, predictor: str, group: str, *, focus: Hashable = None
) -> GroupLines:
    """Lines over a predictor through the levels of a grouping of the rows.

    Of more than 300 groups some are kept, evenly by size, and `focus`.
    """
    used = predictors(fit)
    if predictor not in used:
        raise DataError(f"{predictor} is no predictor of this model: it has {', '.join(used)}")
    rows = rows_of(fit, data)
    if not is_measured(rows[predictor]) and not pd.api.types.is_numeric_dtype(rows[predictor]):
        raise DataError(f"{predictor} holds no numbers: lines need a predictor that does")
    grouping = fit.design.groupings.get(group) or rows_by(fit, data, group)
    held = reference(rows, [name for name in used if name != predictor])
    x = rows[predictor].to_numpy(dtype=float)
    kept = chosen(grouping, focus)
    normal = fit.family == "gaussian"
    y = moved(fit, rows, held) if normal else np.asarray(fit.observed)
    labels = grouping.levels[grouping.codes]
    everything = np.linspace(x.min(), x.max(), STEPS)
    flat = fit.predict(at(rows, predictor, everything, held, {}), conditional=False)
    return GroupLines(
        predictor=predictor,
        response=str(fit.design.formula.response),
        group=grouping.name,
        lines=modelled(fit, rows, grouping, kept, predictor, held),
        own=by_themselves(x, y, grouping, kept) if normal else nothing(),
        overall=pd.DataFrame({"x": everything, "y": flat.to_numpy()}),
        rows=pd.DataFrame({"group": labels, "x": x, "y": y}, index=rows.index),
        groups=len(grouping.levels),
    )


def chosen(grouping: Grouping, focus: Hashable) -> Indices:
    """The groups whose lines are drawn."""
    order = np.argsort(grouping.sizes, kind="stable")
    kept = order[np.unique(np.linspace(0, len(order) - 1, MOST).astype(int))]
    wanted = grouping.levels.get_indexer(pd.Index([focus]))
    return np.union1d(kept, wanted[wanted >= 0])


def at(
    rows: pd.DataFrame,
    predictor: str,
    x: Array,
    held: Mapping[str, object],
    labels: Mapping[str, object],
) -> pd.DataFrame:
    return filled(rows, {**labels, **held, predictor: x}, len(x))


def moved(fit: Fit, rows: pd.DataFrame, held: dict[str, object]) -> Array:
    """Responses as they would be at the other predictors' means, by the model's fixed part."""
    there = filled(rows, {**{str(name): rows[name].to_numpy() for name in rows}, **held}, len(rows))
    here, moved_to = (fit.predict(r, conditional=False).to_numpy() for r in (rows, there))
    y: Array = fit.observed - (here - moved_to)
    return y


def modelled(
    fit: Fit,
    rows: pd.DataFrame,
    grouping: Grouping,
    kept: Indices,
    predictor: str,
    held: dict[str, object],
) -> pd.DataFrame:
    """The model's line of each group over the group's own range.

    Of other factors the effects are those that all rows of the group share, else zero.
    """
    x = rows[predictor].to_numpy(dtype=float)
    J = len(grouping.levels)
    low, high = np.full(J, np.inf), np.full(J, -np.inf)
    np.minimum.at(low, grouping.codes, x)
    np.maximum.at(high, grouping.codes, x)
    steps = np.linspace(0.0, 1.0, STEPS)
    grid = (low[kept, None] + (high - low)[kept, None] * steps).ravel()
    first = np.unique(grouping.codes, return_index=True)[1][kept]
    columns = [c.name for g in (*fit.design.groupings.values(), grouping) for c in g.columns]
    labels = {}
    for name in dict.fromkeys(columns):
        shared = (rows.groupby(grouping.codes)[name].nunique() == 1).to_numpy()[kept]
        there = rows[name].iloc[first].astype(object).where(shared, None)
        labels[name] = np.repeat(there.to_numpy(), STEPS)
    frame = at(rows, predictor, grid, {k: v for k, v in held.items() if k not in labels}, labels)
    named = grouping.levels[np.repeat(kept, STEPS)]
    return pd.DataFrame({"group": named, "x": grid, "y": fit.predict(frame).to_numpy()})


def by_themselves(x: Array, y: Array, grouping: Grouping, kept: Indices) -> pd.DataFrame:
    """Least squares in each group that has rows enough, from its least x to its greatest."""
    codes, J = grouping.codes, len(grouping.levels)
    n = grouping.sizes
    mean_x, mean_y = np.bincount(codes, x, J) / n, np.bincount(codes, y, J) / n
    dx, dy = x - mean_x[codes], y - mean_y[codes]
    size = np.bincount(codes, dx**2, J)
    known = (n >= FEWEST) & (size > 1e-12 * np.maximum(np.bincount(codes, x**2, J), 1e-300))
    slope = np.divide(np.bincount(codes, dx * dy, J), size, out=np.zeros(J), where=known)
    some = kept[known[kept]]
    low, high = np.full(J, np.inf), np.full(J, -np.inf)
    np.minimum.at(low, codes, x)
    np.maximum.at(high, codes, x)
    ends = np.column_stack([low[some], high[some]])
    heights = mean_y[some, None] + slope[some, None] * (ends - mean_x[some, None])
    named = grouping.levels[np.repeat(some, 2)]
    return pd.DataFrame({"group": named, "x": ends.ravel(), "y": heights.ravel()})


def nothing() -> pd.DataFrame:
    return pd.DataFrame({"group": [], "x": [], "y": []})
