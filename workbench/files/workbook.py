"""A sheet of a workbook -> cells: the values that Excel kept, not the formulas."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from workbench.files import columns, heading, numerals
from workbench.files.archive import DAMAGED, check_archive
from workbench.files.errors import FileError
from workbench.files.limits import ROWS, WORKBOOK_CELLS, check_columns, check_shape
from workbench.files.table import Column, Contents, Options

Cell = str | int | float | bool | datetime | date | time | timedelta | None
Row = tuple[Cell, ...]


def contents(content: bytes, options: Options) -> Contents:
    """The sheet that is asked for, or the first; its dates as dates, texts as what they mean."""
    rows, sheet, sheets = rows_of(content, options.sheet)
    titles = titles_above(rows)
    found = columns_of(rows[len(titles) :])

    def read(name: str, place: int, start: int) -> Column:
        values = found[place][start:]
        if (value := typed(name, values)) is not None:
            return value
        told = numerals.trimmed(texts(values))
        decimal = options.decimal or numerals.decimal_mark([told], "")
        return numerals.understood(name, told, decimal)

    heads = [text_of(each[0]) for each in found]
    headed, header, notes = heading.below(heads, read, options.header)
    others = f" The workbook has {len(sheets)} sheets." if len(sheets) > 1 else ""
    how = f"Read from the sheet ‘{columns.plain(sheet)}’.{others}"
    above = f"Left out above the table: {columns.plain(' / '.join(titles))}." if titles else ""
    return Contents(headed, (how, above, *notes), Options(sheet=sheet, header=header), sheets)


def rows_of(content: bytes, sheet: str = "") -> tuple[list[Row], str, tuple[str, ...]]:
    """The rows of a sheet that are not empty; its name; the names of all sheets."""
    check_archive(content)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is drawn or coloured in a sheet
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            sheets = {each.title: each for each in book.worksheets}
            if sheet and sheet not in sheets:
                raise FileError(f"No sheet is called ‘{sheet}’. There are {', '.join(sheets)}.")
            if not sheets:
                raise FileError("The workbook has no sheet with cells. Save the table as CSV.")
            name = sheet or next(iter(sheets))
            sheets[name].reset_dimensions()
            return limited(sheets[name].iter_rows(values_only=True)), name, tuple(sheets)
    except FileError:
        raise
    except Exception as error:  # openpyxl says of damaged parts whatever went wrong in its midst
        raise FileError(DAMAGED) from error


def titles_above(rows: Sequence[Row]) -> list[str]:
    """What is written in rows of one cell before the first row of several."""
    titles: list[str] = []
    for row in rows:
        written = [cell for cell in row if cell is not None]
        if len(written) > 1:
            return titles
        titles.append(text_of(written[0]))
    return []


def columns_of(rows: Sequence[Row]) -> list[list[Cell]]:
    width = max(map(len, rows), default=0)
    padded = [row + (None,) * (width - len(row)) for row in rows]
    return [list(column) for column in zip(*padded, strict=True)]


def limited(rows: Iterable[Row]) -> list[Row]:
    """The rows that are not empty, each up to its last value, as long as there are not too many."""
    kept: list[Row] = []
    cells = 0
    for row in rows:
        last = next((k for k in range(len(row), 0, -1) if row[k - 1] is not None), 0)
        if last == 0:
            continue
        kept.append(row[:last])
        cells += last
        check_columns(last)
        if len(kept) > ROWS + 1:
            check_shape(len(kept), last)
        if cells > WORKBOOK_CELLS:
            raise FileError(
                f"The sheet has more than {WORKBOOK_CELLS:,} cells. Keep the columns that you "
                "need, or save it as CSV, which takes more."
            )
    return kept


def typed(name: str, cells: list[Cell]) -> Column | None:
    """A column of numbers, truth values or dates; None if it holds texts or more than one kind."""
    kinds = {kind(cell) for cell in cells if cell is not None}
    if kinds <= {"number"}:
        values = np.array([np.nan if cell is None else cell for cell in cells], dtype=object)
        return columns.numbers(name, pd.Series(values.astype(np.float64)))
    if kinds == {"truth"}:
        return columns.truths(name, pd.Series(cells, dtype="boolean").astype("float64"))
    if kinds == {"date"}:
        return columns.dates(name, pd.to_datetime(pd.Series(cells, dtype=object)))
    return None


def kind(cell: Cell) -> str:
    match cell:
        case bool():
            return "truth"
        case int() | float() if abs(cell) <= columns.LARGEST or isinstance(cell, float):
            return "number"
        case date():
            return "date"
    return "text"


def text_of(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat().removesuffix("T00:00:00")
        case float() if cell.is_integer() and abs(cell) < columns.LARGEST:
            return str(int(cell))
    return str(cell)


def texts(cells: Iterable[Cell]) -> pa.Array:
    return pa.array([text_of(cell) for cell in cells], pa.string())
