"""What a column holds, judged by its values: codes, counts, measurements, names of rows.

A guess from numbers alone can be wrong, so whatever is shown says what it was judged by. That five
or more ordered categories may be treated as a measurement: Rhemtulla, Brosseau-Liard & Savalei
(2012), Psychological Methods 17, 354-373.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.readiness.factors import Groups, Indices, numbered

Kind = Literal["0/1", "codes", "number", "count", "text", "date", "constant", "identifier", "empty"]
OutcomeKind = Literal["binary", "count", "ordered", "continuous"]
FEW_CODES = 12  # different whole numbers, above which they are no longer codes
CATEGORIES = 4  # ordered ones at most, above which they are read as a measurement


@dataclass(frozen=True)
class Outcome:
    """The `kind` of outcome a column can be, None if none, and `why`."""

    kind: OutcomeKind | None
    why: str


def kind_of(column: pd.Series) -> Kind:
    """What a column holds."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    values = None
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        some = values[np.isfinite(values)]
        if len(some) and not (some[:1024] == np.floor(some[:1024])).all():
            return "constant" if some.min() == some.max() else "number"
    codes, labels = numbered(column)
    return kind_among(Groups(str(column.name), codes, labels))


def kind_among(groups: Groups) -> Kind:
    """What a column holds whose values have been numbered."""
    labels, rows = groups.labels, groups.rows
    if groups.count < 2:
        return "constant" if groups.count else "empty"
    if isinstance(labels, pd.DatetimeIndex):
        return "date"
    if not pd.api.types.is_numeric_dtype(labels):
        return "identifier" if groups.count == rows > FEW_CODES else "text"
    values = labels.to_numpy(dtype=float)
    if not (values == np.floor(values)).all():
        return "number"
    low, high = float(values[0]), float(values[-1])
    if groups.count == 2 and (low, high) == (0.0, 1.0):
        return "0/1"
    if groups.count == rows and high - low < 10 * rows and rows > FEW_CODES:
        return "identifier"
    if groups.count <= FEW_CODES and high - low <= 100:
        return "codes"
    return "count" if low == 0.0 and piles_up(values, groups.sizes) else "number"


def piles_up(values: NDArray[np.float64], sizes: Indices) -> bool:
    """Whether 0 or 1 is the most frequent value, twice as frequent as an average one."""
    most = int(np.argmax(sizes))
    return bool(values[most] <= 1.0 and sizes[most] > 2.0 * sizes.mean())


def outcome_kind(column: pd.Series) -> Outcome:
    """The kind of model whose outcome the column can be; counts begin at 0 and pile up there."""
    kind = kind_of(column)
    if kind in ("number", "count"):
        some = column.to_numpy(dtype=float, na_value=np.nan)
        high = float(np.nanmax(some))
        if kind == "count":
            return Outcome("count", f"whole numbers from 0 to {high:,.0f}, most of them small")
        return Outcome("continuous", "a number with many values")
    if kind == "0/1":
        return Outcome("binary", "0 and 1 only")
    if kind == "codes":
        return codes_as_outcome(column)
    said = {
        "identifier": "every row has its own value: it names rows, it measures nothing",
        "constant": "it has the same value in every row: there is nothing to explain",
        "empty": "it has no values",
        "date": "it holds dates: an outcome has to be a number, such as days since a start",
    }
    if kind in said:
        return Outcome(None, said[kind])
    return text_as_outcome(column)


def codes_as_outcome(column: pd.Series) -> Outcome:
    values, sizes = np.unique(column.dropna().to_numpy(dtype=float), return_counts=True)
    low, high, count = values[0], values[-1], len(values)
    if count == 2:
        return Outcome(
            None,
            f"two values, {low:g} and {high:g}: a binary outcome has 0 and 1; "
            f"add a column that is 1 where this is {high:g}",
        )
    spread = f"{count} whole numbers from {low:g} to {high:g}".replace("-", "−")
    if low == 0.0 and count > CATEGORIES and piles_up(values, sizes):
        return Outcome("count", f"{spread}, most of them small")
    if count <= CATEGORIES:
        return Outcome("ordered", f"{spread}: ordered categories, if they have an order")
    return Outcome(
        "continuous", f"{spread}: read as a measurement; ordered categories are possible too"
    )


def text_as_outcome(column: pd.Series) -> Outcome:
    names = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else None
    if names is not None and bool(column.cat.ordered) and 2 < len(names) <= FEW_CODES:
        return Outcome("ordered", f"{len(names)} categories that the file puts in order")
    return Outcome(
        None, "it holds text: an outcome needs numbers, 0 and 1 for yes and no, 1, 2, 3 for ranks"
    )
