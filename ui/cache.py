"""Data and fits shared by all learners: computed once, bounded in number, never mutated.

Group identifiers are text here, as they are in the address bar and in pictures.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

import mlcore
from datasets import Model, load
from mlcore import families as lines

__all__ = ["families", "fit", "held_out", "load", "points", "shrinkage", "smallest"]


@lru_cache(maxsize=64)
def fit(formula: str, name: str, *, reml: bool = True) -> mlcore.Fit:
    """The mixed model `formula` on the bundled dataset `name`."""
    return mlcore.lmm(formula, load(name).frame, reml=reml)


@lru_cache(maxsize=64)
def shrinkage(formula: str, name: str) -> pd.DataFrame:
    """What that model does to each group, smallest group first."""
    table = mlcore.shrinkage(fit(formula, name)).sort_values(["n", "mean"])
    return table.set_axis(table.index.astype(str))


@lru_cache(maxsize=16)
def families(name: str) -> lines.Families:
    """The four families of lines of the dataset's own outcome, predictor and group."""
    model = _model(name)
    data = load(name).frame
    data[model.group] = data[model.group].astype(str)
    return lines.line_families(model.outcome, model.predictor, model.group, data)


@lru_cache(maxsize=16)
def points(name: str) -> pd.DataFrame:
    """The dataset's own predictor and outcome as `group, x, y`."""
    model = _model(name)
    frame = load(name).frame[[model.group, model.predictor, model.outcome]]
    named = frame.set_axis(["group", "x", "y"], axis=1)
    return named.assign(group=named["group"].astype(str))


def smallest(name: str) -> str:
    """The group with the fewest rows."""
    return str(families(name).separate["n"].idxmin())


@lru_cache(maxsize=64)
def held_out(name: str, seed: int) -> pd.Series[float]:
    """The four families' errors in pupils they have not seen."""
    model = _model(name)
    return lines.held_out_error(
        model.outcome, model.predictor, model.group, load(name).frame, seed=seed
    )


def _model(name: str) -> Model:
    model = load(name).model
    if model is None:
        raise ValueError(f"the dataset {name!r} names no outcome, predictor and group on its card")
    return model
