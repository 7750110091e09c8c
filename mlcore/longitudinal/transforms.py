"""The rows that panel estimators fit: the same columns, each time with something taken out.

    pooled             y_it              as they are
    within             y_it - y_i.       change within entities ("fixed effects")
    between            y_i.              differences between entities
    random             y_it - θ_i y_i.   both, weighted by their precision
    first_difference   y_it - y_i,t-1    change from one time to the next

Two ways take out what belongs to times as well. Where the intercept's column would vanish it is
kept as ones: within, it is the level of the average entity, as Stata's; between times, a drift.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Flags, Indices
from mlcore.errors import DataError
from mlcore.language.design import Design, Grouping
from mlcore.longitudinal.deviations import TwoWay, from_means, means, successive
from mlcore.longitudinal.swamy_arora import Components, one_way, two_way

NOTHING = 1e-13  # share of a column's squares that is rounding: nothing is left of the column


@dataclass(frozen=True, eq=False)
class Panel:
    """A design whose rows are entities at times; `ways` where times have effects too."""

    design: Design
    entity: Grouping
    time: Grouping | None
    ways: TwoWay | None

    @property
    def explained_by(self) -> str:
        groups = (self.entity, self.ways.time) if self.ways else (self.entity,)
        return " and ".join(group.name for group in groups)


@dataclass(frozen=True, eq=False)
class Rows:
    """Transformed columns `X` (m, p) and `y` (m,).

    `source` (m,) are the rows of the design that they come from, `kept` (p,) its columns.
    `absorbed` counts the means that were subtracted, other than the intercept; `averaged` rows
    are the means themselves.
    """

    X: Array
    y: Array
    source: Indices
    kept: Indices
    absorbed: int = 0
    averaged: bool = False
    components: Components | None = None
    messages: tuple[str, ...] = ()

    @property
    def residual_df(self) -> int:
        return len(self.y) - len(self.kept) - self.absorbed


def transform(panel: Panel, M: Array, estimator: str, form: str) -> Rows:
    """The rows of one estimator, from the columns M (n, p + 1) of [X y]."""
    match estimator:
        case "within":
            return within(panel, M)
        case "between":
            return between(panel, M)
        case "random":
            return random(panel, M, form)
        case "first_difference":
            return first_difference(panel, M)
    return rows(M, np.arange(len(M)))


def rows(M: Array, source: Indices) -> Rows:
    return Rows(M[:, :-1], M[:, -1], source, np.arange(M.shape[1] - 1))


def within(panel: Panel, M: Array) -> Rows:
    ways = panel.ways
    left = from_means(M, panel.entity) if ways is None else ways.sweep(M)
    absorbed = len(panel.entity.levels) + (ways.rank if ways else 0)
    made = varying(panel, M, left, f"is explained by {panel.explained_by}")
    return replace(made, absorbed=absorbed - panel.design.has_intercept)


def between(panel: Panel, M: Array) -> Rows:
    why = f"has the same mean in every {panel.entity.name}"
    made = varying(panel, M, means(M, panel.entity), why, "'within'")
    first = np.unique(panel.entity.codes, return_index=True)[1]
    return replace(made, source=first, averaged=True)


def random(panel: Panel, M: Array, form: str) -> Rows:
    if panel.ways is not None:
        found = two_way(M[:, :-1], M[:, -1], panel.ways)
        entity, time, both = found.theta
        left = M - entity * means(M, panel.entity)[panel.entity.codes]
        left += both * M.mean(axis=0) - time * means(M, panel.ways.time)[panel.ways.time.codes]
    else:
        found = one_way(M[:, :-1], M[:, -1], panel.entity, form)
        left = M - (found.theta[:, None] * means(M, panel.entity))[panel.entity.codes]
    said = tuple(
        f"the variance between levels of {name} is estimated as zero: they are pooled (a valid "
        "fit, on the boundary)"
        for name, size in found.between.items()
        if size == 0.0
    )
    return replace(rows(left, np.arange(len(M))), components=found, messages=said)


def first_difference(panel: Panel, M: Array) -> Rows:
    assert panel.time is not None
    later, earlier = successive(panel.entity, panel.time)
    if not len(later):
        raise DataError(
            f"no {panel.entity.name} is seen twice: there are no differences", "no change"
        )
    made = varying(panel, M, M[later] - M[earlier], f"does not change within {panel.entity.name}")
    return replace(made, source=later, messages=made.messages + gaps(panel.time, later, earlier))


def varying(
    panel: Panel, M: Array, left: Array, why: str, instead: str = "'between' or 'random'"
) -> Rows:
    """The columns of which something is left, the intercept's made ones."""
    names, intercept = panel.design.names, panel.design.has_intercept
    size, was = (np.einsum("ik,ik->k", A, A) / len(A) for A in (left, M))
    varies: Flags = size > NOTHING * was
    if not varies[-1]:
        raise DataError(
            f"{panel.design.formula.response} {why}: nothing is left to be explained", "no change"
        )
    if intercept:
        left[:, 0], varies[0] = 1.0, True
    kept = np.flatnonzero(varies[:-1])
    if len(names) > intercept == len(kept):
        raise DataError(f"every predictor {why}: use {instead}", "no change")
    said = tuple(
        f"{name} {why}: dropped" for name, v in zip(names, varies[:-1], strict=True) if not v
    )
    return Rows(left[:, kept], left[:, -1], np.arange(len(M)), kept, messages=said)


def gaps(time: Grouping, later: Indices, earlier: Indices) -> tuple[str, ...]:
    """Count the differences that span more time than others, where times are numbers."""
    if not pd.api.types.is_numeric_dtype(time.levels):
        return ()
    when = time.levels.to_numpy(dtype=float)[time.codes]
    spans = when[later] - when[earlier]
    long = int((spans > 1.5 * spans.min()).sum())
    if not long:
        return ()
    return (f"{long} of {len(spans)} differences span more than {spans.min():g} {time.name}",)
