"""Data and fits shared by all learners: computed once, bounded in number, never mutated.

Group identifiers are text here, as they are in the address bar and in pictures.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

import mlcore
from datasets import Model, case, load, names
from mlcore.gaussian import families as lines

__all__ = [
    "case",
    "families",
    "fit",
    "five",
    "held_out",
    "load",
    "model",
    "points",
    "rank_draws",
    "rows",
    "shrinkage",
    "shuffles",
]


@lru_cache(maxsize=16)
def rows(name: str) -> pd.DataFrame:
    """The rows of a dataset or a case with its derived columns: to be read, never changed."""
    return load(name).extended if name in names() else case(name).frame


@lru_cache(maxsize=64)
def fit(formula: str, name: str, *, reml: bool = True) -> mlcore.Fit:
    """The mixed model `formula` on the rows of the bundled dataset or case `name`."""
    return mlcore.lmm(formula, rows(name), reml=reml)


@lru_cache(maxsize=64)
def shrinkage(formula: str, name: str) -> pd.DataFrame:
    """What that model does to each group, smallest group first."""
    table = mlcore.shrinkage(fit(formula, name)).sort_values(["n", "mean"])
    return table.set_axis(table.index.astype(str))


@lru_cache(maxsize=16)
def shuffles(name: str, times: int, seed: int) -> mlcore.Shuffles:
    """The null model of a case, fitted again to so many shuffles of its labels."""
    return mlcore.shuffle(fit(case(name).null, name), times, seed=seed)


@lru_cache(maxsize=16)
def families(name: str) -> lines.Families:
    """The four families of lines of a case's own outcome, predictor and group."""
    own, data = model(name), rows(name)
    data = data.assign(**{own.group: data[own.group].astype(str)})
    return lines.line_families(own.outcome, own.predictor, own.group, data)


@lru_cache(maxsize=16)
def points(name: str) -> pd.DataFrame:
    """A case's own predictor and outcome as `group, x, y`."""
    own = model(name)
    frame = rows(name)[[own.group, own.predictor, own.outcome]].dropna()
    named = frame.set_axis(["group", "x", "y"], axis=1)
    return named.assign(group=named["group"].astype(str))


@lru_cache(maxsize=64)
def held_out(name: str, seed: int) -> pd.Series[float]:
    """The four families' errors in pupils they have not seen."""
    own = model(name)
    return lines.held_out_error(own.outcome, own.predictor, own.group, rows(name), seed=seed)


@lru_cache(maxsize=16)
def five(name: str) -> mlcore.Five:
    """Five estimators of a case's full model."""
    own = model(name)
    return mlcore.five(f"{own.outcome} ~ {own.fixed}", rows(name), own.group)


@lru_cache(maxsize=32)
def rank_draws(formula: str, name: str, n: int, seed: int) -> mlcore.Ranks:
    """League tables drawn from the model `formula`, given the data."""
    return mlcore.rank_draws(fit(formula, name), n, seed=seed)


def model(name: str) -> Model:
    """The outcome, predictor and group that lessons start from, as the dataset's card says."""
    return case(name).model
