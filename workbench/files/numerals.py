"""Cells of text -> numbers, truth values, dates or categories: what a column turns out to be."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.files import columns
from workbench.files.table import Column

MISSING = [
    *("", ".", "NA", "N/A", "n/a", "#N/A", "#NA", "NaN", "nan", "<NA>", "NULL", "null"),
    *("#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"),
]
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
COMMA_NUMBER = NUMBER.replace(r"\.", ",")
THOUSANDS = r"^[+-]?[1-9]\d{0,2}(,\d{3})+$"
SEPARATED = r"^[+-]?\d{1,3}([., '’\x{A0}\x{202F}]\d{3})+([.,]\d*)?$"
WHOLE = r"^[+-]?\d+$"
LONG = r"\d{16}"  # more digits than a number of 64 bits keeps
DATES = {
    r"^\d{4}-\d\d-\d\d$": "%Y-%m-%d",
    r"^\d{4}/\d\d?/\d\d?$": "%Y/%m/%d",
    r"^\d\d?\.\d\d?\.\d{4}$": "%d.%m.%Y",
    r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?$": "ISO8601",
}
SLASHED = r"^\d\d?/\d\d?/\d{4}$"
SLASHES = ("%d/%m/%Y", "%m/%d/%Y")


def trimmed(cells: pa.Array) -> pa.Array:
    """Cells without space around, and without the apostrophe that keeps a formula from running."""
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, r"^'([' ]*[=+@\t\r-])", r"\1"))


def all_match(cells: pa.Array, pattern: str) -> bool:
    """Whether every cell does; false if there is none."""
    return len(cells) > 0 and pc.all(pc.match_substring_regex(cells, pattern)).as_py()


def decimal_mark(cells: Sequence[pa.Array], delimiter: str) -> str:
    """Point or comma: what more columns have. `1,234` is a decimal number among semicolons only."""
    points = commas = unclear = 0
    for column in cells:
        known = present(column)
        if pc.any(pc.match_substring(known, ".")).as_py():
            points += all_match(known, NUMBER)
        elif pc.any(pc.match_substring(known, ",")).as_py() and all_match(known, COMMA_NUMBER):
            broken = known.filter(pc.match_substring(known, ","))
            grouped = all_match(broken, THOUSANDS)
            commas += not grouped
            unclear += grouped
    if commas > points or (unclear and not points and delimiter == ";"):
        return ","
    return "."


def present(cells: pa.Array) -> pa.Array:
    return cells.filter(pc.invert(pc.is_in(cells, pa.array(MISSING))))


def understood(name: str, given: pa.Array, decimal: str) -> Column:
    """A column of trimmed texts as what its texts mean."""
    absent = pc.is_in(given, pa.array(MISSING))
    cells = pc.if_else(absent, pa.scalar(None, pa.string()), given)
    known = cells.drop_null()
    if all_match(known, COMMA_NUMBER if decimal == "," else NUMBER):
        if all_match(known, WHOLE) and pc.any(pc.match_substring_regex(known, LONG)).as_py():
            remark = "holds numbers of more than 15 digits, which were left as text"
            return columns.texts(name, cells, remark)
        return columns.numbers(name, parsed(cells, decimal).to_pandas())
    if all_match(known, "(?i)^(true|false)$"):
        return columns.truths(name, pc.equal(pc.utf8_lower(cells), "true").to_pandas())
    found = dates(cells, known)
    if found is not None:
        return columns.dates(name, found)
    words = sorted({*given.filter(absent).to_pylist()} - {"", "."})
    taken = f"had {', '.join(f'‘{word}’' for word in words)} in cells, which are missing now"
    return columns.texts(name, cells, unclear(known) or (taken if words and known else ""))


def parsed(cells: pa.Array, decimal: str) -> pa.Array:
    """Numbers of 64 bits, the nearest to what is written."""
    plain = pc.replace_substring_regex(cells, r"^\+", "")
    plain = pc.replace_substring(plain, ",", ".") if decimal == "," else plain
    return pc.cast(plain, pa.float64())


def dates(cells: pa.Array, known: pa.Array) -> pd.Series[pd.Timestamp] | None:
    """Dates that can be meant in one way only."""
    for pattern, form in DATES.items():
        if all_match(known, pattern):
            return read_dates(cells, form)
    if all_match(known, SLASHED):
        first, second = (read_dates(cells, form) for form in SLASHES)
        if first is None or second is None:
            return second if first is None else first
    return None


def read_dates(cells: pa.Array, form: str) -> pd.Series[pd.Timestamp] | None:
    try:
        return pd.to_datetime(pd.Series(cells.to_pandas()), format=form)
    except (ValueError, OverflowError):
        return None


def unclear(known: pa.Array) -> str:
    """What a column of text might have been, and what to do about it."""
    if all_match(known, SLASHED):
        return (
            "holds dates of which nobody can tell day from month, left as text: write them as "
            "2026-03-31"
        )
    if all_match(known, f"{SEPARATED}|{NUMBER}|{COMMA_NUMBER}"):
        return (
            "holds numbers with separators, left as text: save them without separators of "
            "thousands and with one decimal mark"
        )
    return ""
