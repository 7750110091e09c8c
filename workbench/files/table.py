"""What reading a file gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from datasets import Dataset


@dataclass(frozen=True)
class Options:
    """How to read a file; what is empty is found out.

    `delimiter`, `decimal` and `encoding` are of text, `sheet` of a workbook; `header` says of both
    whether the first row holds the names of the columns.
    """

    delimiter: str = ""
    decimal: str = ""
    encoding: str = ""
    sheet: str = ""
    header: bool | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """A learner's table: what was read, how, and what was changed, in sentences.

    `options` are those that were used, `sheets` those that a workbook has. `digest` is the SHA-256
    of the file and the options: two tables of one digest are the same.
    """

    dataset: Dataset
    notes: tuple[str, ...]
    digest: str
    options: Options
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a file: `values` are of type int64, float64 or str, NaN where missing.

    `codes` are the labels of its values. A remark ends a sentence that the names of the columns
    begin: `became 0 and 1`.
    """

    name: str
    values: pd.Series[Any]
    label: str = ""
    unit: str = ""
    codes: Mapping[int, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Contents:
    """What a file of any kind holds, before its columns have names that formulas can hold."""

    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    options: Options = Options()
    sheets: tuple[str, ...] = ()
