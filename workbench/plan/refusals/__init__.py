"""Why a request was not fitted, in plain words, with the changes that may help.

The core says what is wrong in the `kind` and `about` of its errors; here each kind has its three
parts. What has no kind is told in the core's own words.
"""

from __future__ import annotations

from collections.abc import Callable

from datasets import Dataset
from mlcore import FormulaError, MultilevelError
from workbench.plan.problems import Problem
from workbench.plan.refusals import formulas, groups, outcomes, panels, rows
from workbench.plan.refusals.refusal import Parts, Refusal
from workbench.plan.remedies import offered
from workbench.plan.request import Request

MOST_BUTTONS = 4

KINDS: dict[str, Callable[[Refusal], Parts]] = {
    "all missing": rows.all_missing,
    "collinear": rows.collinear,
    "collinear slopes": groups.collinear_slopes,
    "constant outcome": outcomes.constant_outcome,
    "exact": outcomes.exact,
    "formula": formulas.unreadable,
    "huge": outcomes.huge,
    "many levels": rows.many_levels,
    "memory": groups.memory,
    "never varies": groups.never_varies,
    "no change": panels.no_change,
    "no rows": rows.no_rows,
    "none complete": rows.none_complete,
    "not a number": rows.not_a_number,
    "not finite": rows.not_finite,
    "one group": groups.one_group,
    "one value": rows.one_value,
    "outcome": outcomes.outcome,
    "quadrature": groups.quadrature,
    "same groups": groups.same_groups,
    "same time": panels.same_time,
    "separation": outcomes.separation,
    "single rows": groups.single_rows,
    "time": panels.no_order,
    "too few rows": rows.too_few_rows,
    "too many slopes": groups.too_many_slopes,
    "unknown column": formulas.unknown_column,
    "varies twice": groups.varies_twice,
}


def refused(error: MultilevelError, dataset: Dataset, request: Request) -> Problem:
    """An error of `fit` or `designed` in three parts."""
    it = Refusal(dataset, request, error)
    kind = error.kind or ("formula" if isinstance(error, FormulaError) else "other")
    happened, meaning, attempt, found = KINDS.get(kind, formulas.other)(it)
    return Problem(
        kind=kind,
        happened=happened,
        meaning=meaning,
        attempt=attempt,
        remedies=offered(request, found)[:MOST_BUTTONS],
        formula=error.text if isinstance(error, FormulaError) else "",
        position=error.position if isinstance(error, FormulaError) else None,
    )
