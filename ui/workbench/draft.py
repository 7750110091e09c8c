"""The model on the desk before it is fitted: its equations, what it will take, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import datasets
from datasets import Dataset
from mlcore import Design, MultilevelError
from ui.lens import panel
from ui.lens.discrete.scale import Kind
from ui.lens.estimators.asked import requested
from ui.workbench import kept
from workbench.files import Table
from workbench.plan import Request, cost_of, designed
from workbench.plan.fitting import needed
from workbench.readiness.sentences import about_outcome


@dataclass(frozen=True, eq=False)
class Draft:
    """`equations` as the lens shows them and the `seconds` that a fit takes, or an error.

    `remarks` are sentences: how many rows are left out, whether there is anything to explain.
    """

    equations: dict[str, Any] | None = None
    seconds: float = 0.0
    remarks: tuple[str, ...] = ()
    error: MultilevelError | None = None


def of(table: Table, request: Request) -> Draft:
    """The draft of a request; that to a learner's own table is kept in the session only."""
    data = table.dataset
    if kept.for_all(table):
        return _bundled(data.name, request)
    return kept.last("desk.draft", (table.digest, request), lambda: draft(data, request))


@lru_cache(maxsize=64)
def _bundled(name: str, request: Request) -> Draft:
    return draft(datasets.load(name), request)


def draft(dataset: Dataset, request: Request) -> Draft:
    try:
        model = designed(dataset, request)
        asked = requested(request.estimator, request.group, request.time)
        equations = panel.equations(model, cast(Kind, request.kind), asked)
    except MultilevelError as error:
        return Draft(error=error)
    said = (*model.messages, *_doubts(dataset, model, request))
    return Draft(equations, cost_of(model, request).seconds, said)


def _doubts(dataset: Dataset, model: Design, request: Request) -> list[str]:
    """Whether the outcome differs within the groups, and between them."""
    group = next((part.group for part in model.random), request.group)
    if not group:
        return []
    rows = needed(dataset, request)
    said = about_outcome(rows, str(model.formula.response), group)
    return [each.text for each in said if each.warning]
