"""What comparisons within entities lack."""

from __future__ import annotations

from dataclasses import replace

from pandas.api.types import is_numeric_dtype

from workbench.plan import remedies
from workbench.plan.refusals.refusal import Parts, Refusal
from workbench.plan.remedies import Remedy


def no_order(it: Refusal) -> Parts:
    return (
        "First differences need a column that puts the rows of a group in order.",
        "A difference is between a row and the one before it.",
        "Choose the column of times, or another estimator.",
        [*ordering(it), remedies.by(it.request, "within", "Compare within groups instead")],
    )


def same_time(it: Refusal) -> Parts:
    return (
        it.said,
        "With two rows at one time there is no saying which comes first.",
        "Choose another column of times, or another estimator.",
        [*ordering(it), remedies.by(it.request, "within", "Compare within groups instead")],
    )


def ordering(it: Refusal) -> list[Remedy]:
    """Columns of numbers that no group has twice the same."""
    group, frame = it.request.group, it.dataset.frame
    found = [
        name
        for name in it.dataset.variables
        if name != group and group in frame and is_numeric_dtype(frame[name])
    ]
    clear = [name for name in found if not frame.duplicated([group, name]).any()]
    return [Remedy(f"Order by {name}", replace(it.request, time=name)) for name in clear[:2]]


def no_change(it: Refusal) -> Parts:
    return (
        f"Nothing that changes within {it.request.group} is left to compare.",
        "This estimator uses only what changes within groups.",
        "Use an estimator that compares groups as well.",
        [
            remedies.by(it.request, "between", "Compare groups"),
            remedies.by(it.request, "random", "Use random effects"),
        ],
    )
