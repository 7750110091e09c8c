"""Files of Stata and SPSS -> columns with their labels, the labels of their codes, and dates."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from workbench.files import columns
from workbench.files.encodings import ENCODINGS
from workbench.files.errors import FileError
from workbench.files.limits import ROWS, UNPACKED, check_shape, check_unpacked
from workbench.files.table import Column, Contents, Options

Program = Literal["stata", "spss"]
FALLBACK = "cp1252"  # what files say that do not say in which encoding their texts are
ICONV = {
    "mac_roman": "MACINTOSH",
    "euc_kr": "EUC-KR",
}  # names of encodings that the library calls otherwise
STATA = (b"<stata_dta>", b"</stata_dta>")  # what its files begin and end with since 2013
FARTHEST = 1e12  # seconds from the start of counting: 30,000 years
# How dates are counted: from when, and the seconds of one. SPSS counts from its calendar's first
# day in seconds, Stata from 1960 in days or milliseconds.
DATES: Mapping[str, tuple[str, float]] = {
    r"%-?t?d.*": ("1960-01-01", 86_400.0),
    r"%-?t[cC].*": ("1960-01-01", 0.001),
    r"([AEJS]?DATE|DATETIME|YMDHMS|MOYR|QYR|WKYR)\d.*": ("1582-10-14", 1.0),
}
UNITS = {
    r"%-?tw.*": "weeks since 1960",
    r"%-?tm.*": "months since January 1960",
    r"%-?tq.*": "quarters since 1960",
    r"%-?th.*": "half-years since 1960",
    r"D?TIME\d.*": "seconds",
}


class UnreadableError(FileError):
    """The library stopped; in another encoding it may not."""

    def __init__(self, program: Program) -> None:
        super().__init__(
            f"The file of {'Stata' if program == 'stata' else 'SPSS'} is damaged, not complete, or "
            "of a kind that cannot be read here. Open it there and save it again, or save it as "
            "CSV."
        )


def contents(content: bytes, program: Program, encoding: str = "") -> Contents:
    """Every variable; missing is also what the file declares to be so."""
    try:
        return read(content, program, encoding)
    except UnreadableError:
        if encoding:
            raise
    found = read(content, program, FALLBACK)
    return replace(found, notes=(f"Its texts were read as {ENCODINGS[FALLBACK]}.", *found.notes))


def read(content: bytes, program: Program, encoding: str) -> Contents:
    try:
        return whole(content, program, encoding)
    except FileError:
        raise
    except Exception as error:  # of damaged files the library says whatever went wrong in its midst
        raise UnreadableError(program) from error


def whole(content: bytes, program: Program, encoding: str) -> Contents:
    """First what the file says of itself, then no more rows than there is room for."""
    if content.startswith(STATA[0]) and not content.endswith(STATA[1]):
        raise UnreadableError(program)
    about = parsed(content, program, encoding, metadataonly=True, user_missing=True)[1]
    width = sum(about.variable_storage_width.values())
    most = min(ROWS, UNPACKED // max(width, 1))
    check_shape(about.number_rows or 1, about.number_columns)
    frame, meta = parsed(content, program, encoding, row_limit=most + 1)
    check_shape(len(frame), len(frame.columns))
    check_unpacked(len(frame) * width)
    if len(frame) < (about.number_rows or 0):
        raise UnreadableError(program)
    missing = getattr(about, "missing_ranges", {})
    found = tuple(column(name, frame[name], meta, missing.get(name, [])) for name in frame.columns)
    return Contents(found, (), Options(encoding=encoding))


def parsed(
    content: bytes, program: Program, encoding: str, **options: Any
) -> tuple[pd.DataFrame, Any]:
    """The rows and what the file says of them; numbers as they are stored, dates too."""
    import pyreadstat

    reader = pyreadstat.read_dta if program == "stata" else pyreadstat.read_sav
    return reader(
        io.BytesIO(content),
        disable_datetime_conversion=True,
        encoding=ICONV.get(encoding, encoding) or None,
        **options,
    )


def column(name: str, values: pd.Series[Any], meta: Any, missing: list[Any]) -> Column:
    """One variable: its label, the labels of its codes, what its format says it counts."""
    label = columns.plain(meta.column_names_to_labels.get(name))
    if meta.readstat_variable_types[name].startswith("string"):
        return columns.texts(name, pa.array(values, pa.string(), from_pandas=True), label=label)
    if meta.readstat_variable_types[name] == "float":
        values = values.astype("float32")
    form = meta.original_variable_types.get(name) or ""
    for pattern, (start, seconds) in DATES.items():
        if re.fullmatch(pattern, form) and (values.abs().fillna(0) * seconds < FARTHEST).all():
            return columns.dates(name, counted(values * seconds, start), label)
    unit = next((unit for pattern, unit in UNITS.items() if re.fullmatch(pattern, form)), "")
    codes = labels_of(meta.variable_value_labels.get(name, {}), missing)
    remarks = (f"is missing where the file says so: {ranges(missing)}",) if missing else ()
    return columns.numbers(name, values, label=label, unit=unit, codes=codes, remarks=remarks)


def counted(seconds: pd.Series[Any], start: str) -> pd.Series[pd.Timestamp]:
    """Dates from the seconds that have passed since the start."""
    passed = (seconds.fillna(0) * 1e6).round().to_numpy().astype("timedelta64[us]")
    return pd.Series(np.datetime64(start, "us") + passed).where(seconds.notna())


def labels_of(labels: Mapping[Any, str], missing: list[Any]) -> dict[int, str]:
    """The labels of whole numbers that are not declared missing."""
    whole = {
        int(code): columns.plain(label)
        for code, label in labels.items()
        if isinstance(code, int | float) and float(code).is_integer()
    }
    return {
        code: label
        for code, label in sorted(whole.items())
        if not any(part["lo"] <= code <= part["hi"] for part in missing)
    }


def ranges(missing: list[Any]) -> str:
    """`−9 to −8, 99`"""
    parts = [(f"{part['lo']:g}", f"{part['hi']:g}") for part in missing]
    told = [low if low == high else f"{low} to {high}" for low, high in parts]
    return ", ".join(told).replace("-", "−")
