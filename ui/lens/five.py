"""Several estimators of one case, one of them at a time through the lens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

import mlcore
from datasets import Dataset
from mlcore import Fit
from mlcore.language.expressions import Name
from mlcore.longitudinal.five import NAMES
from ui import assets, cache
from ui.lens import panel
from ui.lens import words as naming
from workbench.plan.columns import deviation, group_mean, made


def show(key: str, name: str, fixed: str, estimators: Sequence[str] = NAMES) -> None:
    """Choose an estimator of `outcome ~ fixed` in the groups of a case, and read what it finds."""
    chosen = st.segmented_control(
        "Estimator",
        estimators,
        format_func=lambda each: each.replace("within-", "within–"),
        default=estimators[0],
        key=f"{key}.estimator",
        required=True,
    )
    shown = chosen or estimators[0]
    assets.lens(key=key, data=shared(name, fixed, shown))
    panel.file(key, fitted(name, fixed, shown)[1])


@lru_cache(maxsize=64)
def shared(name: str, fixed: str, estimator: str) -> dict[str, Any]:
    fit, data = fitted(name, fixed, estimator)
    return panel.faces(fit, naming.of_data(data), data)


@lru_cache(maxsize=64)
def fitted(name: str, fixed: str, estimator: str) -> tuple[Fit, Dataset]:
    """The fit, and the dataset with the columns that it needs."""
    it = cache.case(name)
    outcome, group = it.model.outcome, it.model.group
    formula, rows = f"{outcome} ~ {fixed}", cache.rows(name)
    match estimator:
        case "OLS":
            return mlcore.ols(formula, rows), it.data
        case "cluster-robust":
            return mlcore.ols(formula, rows, cluster=group), it.data
        case "fixed effects":
            return mlcore.panel(formula, rows, entity=group, estimator="within"), it.data
        case "random effects":
            return mlcore.lmm(f"{formula} + (1 | {group})", rows), it.data
    formula = f"{outcome} ~ {split(name, fixed)} + (1 | {group})"
    data = made(formula, it.data)
    return mlcore.lmm(formula, data.extended), data


def split(name: str, fixed: str) -> str:
    """The predictors, those that vary within groups as deviation and mean."""
    it = cache.case(name)
    group = it.model.group
    design = mlcore.design(f"{it.model.outcome} ~ {fixed}", cache.rows(name), groups=[group])
    moves = dict(zip(design.names, naming.varies(design, group), strict=True))
    found = []
    for term in design.formula.fixed:
        text = ":".join(map(str, term))
        if len(term) == 1 and isinstance(term[0], Name) and moves.get(text):
            found += [deviation(text, group), group_mean(text, group)]
        elif term:
            found.append(text)
    return " + ".join(found)
