"""Outcomes that are not what they were said to be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mlcore.discrete.responses import MOST_CATEGORIES
from mlcore.language.expressions import Name
from workbench.plan.problems import listed
from workbench.plan.refusals.refusal import Parts, Refusal
from workbench.plan.remedies import Remedy, as_kind


def outcome(it: Refusal) -> Parts:
    wanted = {
        "binary": "A binary outcome is 1 where something happened and 0 where it did not.",
        "count": "A count is 0, 1, 2 and so on.",
        "ordered": f"An ordered outcome has 2 to {MOST_CATEGORIES} categories.",
    }
    return (
        unsuitable(it),
        wanted[it.request.kind],
        "Take the outcome as what it is, or choose another column.",
        [recoded(it), *[as_kind(it.request, kind) for kind in suitable(it)]],
    )


def unsuitable(it: Refusal) -> str:
    """What the outcome's values are not."""
    (label,), y = it.about, it.values
    if it.request.kind == "ordered":
        return f"{label} has {1 if y is None else y.nunique()} categories."
    what = "0 or 1" if it.request.kind == "binary" else "a count"
    if y is None:
        return f"{label} is not {what} in every row."
    wrong = ~y.isin([0, 1]) if it.request.kind == "binary" else (y < 0) | (y != np.floor(y))
    return (
        f"{label} is not {what} in {wrong.sum():,} of {len(y):,} rows: {y[wrong].iloc[0]:g}, say."
    )


def recoded(it: Refusal) -> Remedy | None:
    """0 and 1 instead of two other numbers."""
    y = it.values
    if it.request.kind != "binary" or y is None or y.nunique() != 2 or it.plan is None:
        return None
    low, high = float(y.min()), float(y.max())
    moved = f"{Name(it.plan.outcome)} {'-' if low >= 0.0 else '+'} {abs(low):.15g}"
    text = f"I({moved})" if high - low == 1.0 else f"I(({moved})/{high - low:.15g})"
    changed = replace(it.plan, outcome=text).request
    return Remedy(f"Take {high:g} as 1 and {low:g} as 0", changed)


def suitable(it: Refusal) -> list[str]:
    """Other kinds that the outcome's values allow."""
    y = it.values
    if y is None:
        return ["ordered"] if it.request.kind == "binary" else []
    whole = bool((y >= 0).all() and (y == np.floor(y)).all())
    found = ["ordered"] if 2 <= y.nunique() <= min(10, MOST_CATEGORIES) else []
    return [*found, *(["count"] if whole else []), "continuous"]


def constant_outcome(it: Refusal) -> Parts:
    (label,) = it.about
    return (
        f"{label} has the same value in every row that is used.",
        "A model explains why values differ; here none does. Rows that lack another column may "
        "have been the ones in which it differed.",
        "Choose another outcome, or leave out a predictor that has few values.",
        [],
    )


def exact(it: Refusal) -> Parts:
    return (
        "The predictors and groups give the outcome without any error.",
        "Nothing is left over from which chance could be judged: a copy of the outcome may be "
        "among the predictors, or every group have one value.",
        "Leave that predictor out.",
        it.without(*(it.plan.terms if it.plan else ())),
    )


def huge(it: Refusal) -> Parts:
    y = it.values
    largest = "" if y is None else f", up to {y.max():,.0f},"
    return (
        "The likelihood cannot be computed.",
        f"Counts as large as these{largest} are hardly counts of rare events: a Poisson model "
        "takes their variance to be equal to their mean.",
        "Take the outcome, or its logarithm, as a measurement.",
        [it.logarithm(), as_kind(it.request, "continuous")],
    )


def separation(it: Refusal) -> Parts:
    guilty = it.about
    return (
        f"{listed(guilty) if guilty else 'The outcome'} can tell the outcome of some rows without "
        "error (separation)."
        if guilty
        else "The outcome is the same in all rows that are used (separation).",
        "In some category, or beyond some value, the outcome is always the same: the coefficient "
        "would grow for ever, and with it its standard error. The association may well be strong; "
        "its size cannot be estimated.",
        "Merge rare categories, or leave the predictor out and show it in a table.",
        it.without(*guilty),
    )
