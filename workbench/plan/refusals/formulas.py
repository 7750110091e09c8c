"""Formulas that cannot be read, and names that the data do not have."""

from __future__ import annotations

from dataclasses import replace

from mlcore import FormulaError
from workbench.plan import remedies
from workbench.plan.columns import meaning
from workbench.plan.problems import listed, sentence
from workbench.plan.refusals.refusal import Parts, Refusal
from workbench.plan.remedies import Remedy
from workbench.plan.request import ESTIMATORS, GROUPED, WITHOUT_EFFECTS, WORDS


def unreadable(it: Refusal) -> Parts:
    assert isinstance(it.error, FormulaError)
    return (
        sentence(f"the formula cannot be read: {it.error.reason}"),
        "Nothing was fitted. The mark below the formula is where reading stopped.",
        "Correct the formula there, or choose the model from the lists.",
        [],
    )


def unknown_column(it: Refusal) -> Parts:
    name, *near = it.about
    columns = (*it.dataset.variables, *it.dataset.derived)
    centred = meaning(name, it.plan.factors if it.plan else (), columns)
    if centred is not None:
        return (
            f"{centred.column} has no mean by {centred.factor}, so that there is no column {name}.",
            "Words and dates can be sorted into groups; only numbers have a mean.",
            f"Take {centred.column} as it is, or leave it out.",
            it.without(centred.column),
        )
    return (
        f"The data have no column {name}.",
        "A formula has the names of columns as they stand in the data; capitals count.",
        f"Choose {listed(near, 'or')} instead?" if near else "Choose one of the data’s columns.",
        [remedies.renamed(it.request, name, other) for other in near],
    )


def other(it: Refusal) -> Parts:
    """What cannot be asked of any data, and all that has no kind."""
    plan, request = it.plan, it.request
    found: list[Remedy | None] = []
    if plan and request.kind in ESTIMATORS:
        first = ESTIMATORS[request.kind][0]
        if plan.random and not request.mixed:
            found = [remedies.by(request, first, "Fit it as a mixed model")]
        elif not plan.random and request.mixed:
            alone = WITHOUT_EFFECTS[request.kind]
            found = [remedies.by(request, alone, "Fit it without random effects")]
    if request.kind in ESTIMATORS and request.estimator not in ESTIMATORS[request.kind]:
        fitting = request.of_kind(request.kind)
        found = [Remedy(f"Use {WORDS[fitting.estimator]}", fitting)]
    if request.estimator in GROUPED and not request.group:
        found += [
            Remedy(f"Group by {level.column}", replace(request, group=level.column))
            for level in it.dataset.levels[1:]
            if level.column
        ]
    return it.said, "Nothing was fitted.", "", found
