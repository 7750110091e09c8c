"""A request fitted to a dataset, by the function of the core that it asks for."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from datasets import Dataset
from mlcore import (
    Cost,
    Design,
    Fit,
    MultilevelError,
    cost,
    design,
    gee,
    glm,
    glmm,
    lmm,
    ols,
    ordinal,
    panel,
    parse,
    watching,
)
from mlcore.several.cost import EVALUATIONS as GAUSSIAN_EVALUATIONS
from workbench.plan.columns import made
from workbench.plan.request import Request

POINTS = {"laplace": 1, "quadrature": 7}
FAMILIES = {"binary": "binomial", "count": "poisson"}
PANELS = {
    "within": "within",
    "between": "between",
    "random": "random",
    "difference": "first_difference",
}


FIRST, EACH = 20, 2  # evaluations of a likelihood that is not Gaussian's, and more a coefficient
PER_ROW, PER_COLUMN = 1e-7, 3e-9  # seconds for one of them, on one core
ORDERED = 3  # times as long, since every threshold is looked at
PER_POINT = 4e-8  # seconds for a point of quadrature, in each row


class RequestError(MultilevelError):
    """A request that cannot be tried, whatever the data."""


def fit(
    dataset: Dataset,
    request: Request,
    watch: Callable[[int, float], None] | None = None,
    *,
    rows: pd.Index | None = None,
) -> Fit:
    """The fitted model; `watch` hears of every evaluation and may stop the fit by raising.

    `rows` are the labels of those to be used, all if None; a group's mean is that of all its rows.
    Raises `MultilevelError` where the core refuses the request.
    """
    check(request)
    frame = needed(dataset, request)
    if rows is not None:
        frame = frame.loc[rows]
    with watching(watch):
        return dispatched(frame, request, request.time or order_of(dataset))


def needed(dataset: Dataset, request: Request) -> pd.DataFrame:
    """The columns that a request names; all, to choose from, where one of them is not there."""
    data = made(request.formula, dataset)
    time = request.time or order_of(dataset)
    names = [name.name for name in parse(request.formula).variables()]
    names += [name for name in (request.group, time) if name]
    frame = data.columns(names)
    return frame if {*names} <= {*frame.columns} else data.extended


def check(request: Request) -> None:
    """Raise `FormulaError` with the place, or `RequestError`, unless the request can be tried."""
    parse(request.formula)
    if wrong := request.problems():
        raise RequestError(" ".join(wrong))


def dispatched(frame: pd.DataFrame, request: Request, time: str) -> Fit:
    """The call of the core that a request stands for."""
    formula, by, group = request.formula, request.estimator, request.group
    match request.kind, by:
        case "continuous", ("reml" | "ml"):
            return lmm(formula, frame, reml=by == "reml")
        case "continuous", ("ols" | "cluster"):
            return ols(formula, frame, cluster=group if by == "cluster" else None)
        case "continuous", _:
            order = (time or None) if by == "difference" else None
            return panel(formula, frame, entity=group, time=order, estimator=PANELS[by])
        case "ordered", _:
            return ordinal(formula, frame, n_quad=POINTS[by])
        case kind, ("glm" | "glm-cluster"):
            cluster = group if by == "glm-cluster" else None
            return glm(formula, frame, family=FAMILIES[kind], cluster=cluster)
        case kind, "gee":
            return gee(formula, frame, group=group, family=FAMILIES[kind])
    return glmm(formula, frame, family=FAMILIES[request.kind], n_quad=POINTS[by])


def order_of(dataset: Dataset) -> str:
    """The column that orders the rows of a group, if the card names one."""
    return next((model.time for model in dataset.models if model.time), "")


def designed(dataset: Dataset, request: Request) -> Design:
    """The request's formula applied to the data, with the groups that it names outside of it.

    Raises `MultilevelError` where the core refuses the request before it begins.
    """
    check(request)
    frame = needed(dataset, request)
    grouped = not request.mixed and request.group in frame.columns
    return design(
        request.formula,
        frame,
        groups=[request.group] if grouped else [],
        response=request.kind != "ordered",  # whose categories may be words
        residual=request.kind == "continuous",
    )


def cost_of(model: Design, request: Request) -> Cost:
    """What the fit of a design will take on one core, within a factor of about three."""
    gaussian = cost(model)
    if request.kind == "continuous":
        return gaussian
    evaluations = FIRST + EACH * len(model.names)
    seconds = evaluations * (
        gaussian.seconds / GAUSSIAN_EVALUATIONS + model.n * per_row(model, request)
    )
    return Cost(seconds, gaussian.megabytes)


def per_row(model: Design, request: Request) -> float:
    """Seconds for a row in one evaluation: points multiply with the effects that vary."""
    times = ORDERED if request.kind == "ordered" else 1
    once = times * (PER_ROW + PER_COLUMN * len(model.names))
    if request.estimator != "quadrature" or not model.random:
        return once
    effects = sum(len(part.names) for part in model.random)
    return once + PER_POINT * float(POINTS["quadrature"]) ** effects
