"""A fit with the data that it was fitted to, and its faces in the lens."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from datasets import Dataset
from mlcore import Fit
from ui.lens import panel, words
from ui.workbench import kept
from workbench.files import Table
from workbench.plan import Request, made
from workbench.plan import fit as fit_request

MOST = 64
_SHARED: OrderedDict[tuple[str, Request], Fitted] = OrderedDict()


@dataclass(frozen=True, eq=False)
class Fitted:
    """What was asked of which `plain` data, the `data` with the columns it needed, and the fit."""

    request: Request
    plain: Dataset
    data: Dataset
    fit: Fit

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows with the columns that the model made; to be read, never changed."""
        return self.data.extended

    @cached_property
    def faces(self) -> dict[str, Any]:
        return panel.faces(self.fit, words.of_data(self.data), self.data)

    def without(self, rows: pd.DataFrame) -> Fit:
        """The same model fitted to some of the rows."""
        return fit_request(self.plain, self.request, rows=rows.index)


def fit(table: Table, request: Request, watch: Callable[[int, float], None]) -> Fitted:
    """Fit to a table. Fits to the course's data are shared by all learners, others by nobody.

    Raises `MultilevelError`, and whatever `watch` raises to stop.
    """
    key = (table.digest, request)
    shared = kept.for_all(table)
    if shared and key in _SHARED:
        _SHARED.move_to_end(key)
        return _SHARED[key]
    found = Fitted(
        request,
        table.dataset,
        made(request.formula, table.dataset),
        fit_request(table.dataset, request, watch),
    )
    if shared:
        _SHARED[key] = found
        while len(_SHARED) > MOST:
            _SHARED.popitem(last=False)
    return found
