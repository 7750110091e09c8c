"""The first row of cells: the names of the columns, or values like those below?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pandas as pd
import pyarrow as pa

from workbench.files import numerals
from workbench.files.table import Column

YEAR = re.compile(r"(19|20)\d\d")
Read = Callable[[str, int, int], Column]  # a name, the column's place, the row it begins with


def below(
    heads: Sequence[str], read: Read, header: bool | None
) -> tuple[tuple[Column, ...], bool, tuple[str, ...]]:
    """The columns, whether the first row named them, and a note if it did not.

    It did not if it holds a number other than a year, and no text stands above a column of numbers.
    """
    columns = tuple(read(head, place, 1) for place, head in enumerate(heads))
    named = are_names(heads, columns) if header is None else header
    if named:
        return columns, True, ()
    given = [f"column{place}" for place in range(1, len(heads) + 1)]
    note = f"The first row holds values, so the columns are called {given[0]} to {given[-1]}."
    return tuple(read(name, place, 0) for place, name in enumerate(given)), False, (note,)


def are_names(heads: Sequence[str], columns: Sequence[Column]) -> bool:
    values = [is_value(head) for head in heads]
    texts = [bool(head) and not value for head, value in zip(heads, values, strict=True)]
    above_numbers = [
        text and pd.api.types.is_numeric_dtype(column.values)
        for text, column in zip(texts, columns, strict=True)
    ]
    years = all(YEAR.fullmatch(head) for head, value in zip(heads, values, strict=True) if value)
    return any(above_numbers) or years


def is_value(head: str) -> bool:
    """Whether a cell of the first row is a number or a date, with either decimal mark."""
    cell = pa.array([head], pa.string())
    found = [numerals.understood("", cell, decimal).values for decimal in ".,"]
    return any(pd.api.types.is_numeric_dtype(values) for values in found)
