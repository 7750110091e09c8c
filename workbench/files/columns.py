"""Values of any kind -> columns of whole numbers, numbers or texts, which models can use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.files.limits import CHARACTERS
from workbench.files.table import Column

LARGEST = 2.0**53  # up to here every whole number is a number of 64 bits
HIDDEN = r"[\p{Cc}\p{Zl}\p{Zp}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]"
DAY = pd.Timedelta(days=1)


def numbers(
    name: str,
    values: pd.Series[Any],
    *,
    label: str = "",
    unit: str = "",
    codes: Mapping[int, str] | None = None,
    remarks: tuple[str, ...] = (),
) -> Column:
    """Whole numbers as int64, others as float64; what is infinite is missing."""
    found = shortest(values.to_numpy())
    infinite = np.isinf(found) if found.dtype == np.float64 else np.zeros(1, dtype=bool)
    if infinite.any():
        found = np.where(infinite, np.nan, found)
        remarks = (*remarks, "had infinite numbers, which are missing now")
    if found.dtype == np.float64 and (np.abs(found) < LARGEST).all() and (found % 1 == 0).all():
        found = found.astype(np.int64)
    return Column(name, pd.Series(found), label, unit, codes or {}, remarks)


def shortest(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Numbers of 64 bits; of 32 bits the shortest that is meant, 3.1 and not 3.0999999046."""
    if values.dtype == np.float32:
        distinct, where = np.unique(values, return_inverse=True)
        return distinct.astype(str).astype(np.float64)[where]
    if values.dtype.kind in "iu" and values.dtype != np.uint64:
        return values.astype(np.int64)
    return values.astype(np.float64)


def truths(name: str, values: pd.Series[Any], label: str = "") -> Column:
    """True and false as 1 and 0."""
    remark = "held true and false, which are 1 and 0 now"
    codes = {0: "false", 1: "true"}
    found = values.astype("float64")
    return numbers(name, found, label=label, codes=codes, remarks=(remark,))


def dates(name: str, values: pd.Series[Any], label: str = "") -> Column:
    """Days since the earliest date of the column."""
    earliest = values.min()
    if pd.isna(earliest):
        return numbers(name, pd.Series(np.full(len(values), np.nan)), label=label)
    unit = f"days since {earliest.day} {earliest:%B} {earliest.year}"
    return numbers(
        name,
        (values - earliest) / DAY,
        label=label,
        unit=unit,
        remarks=(f"held dates, which are {unit} now",),
    )


def texts(name: str, cells: pa.Array, remark: str = "", label: str = "") -> Column:
    """Categories: no control characters or line breaks, no space around; empty is missing."""
    clean = pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, HIDDEN, " "))
    clean = pc.if_else(pc.equal(clean, ""), pa.scalar(None, clean.type), clean)
    remarks = [remark] if remark else []
    if pc.any(pc.match_substring_regex(cells, HIDDEN)).as_py():
        remarks.append("had line breaks or control characters in cells, which are spaces now")
    if pc.any(pc.greater(pc.utf8_length(clean), CHARACTERS)).as_py():
        clean = pc.utf8_slice_codeunits(clean, 0, CHARACTERS)
        remarks.append(f"had texts of more than {CHARACTERS} characters, which were cut")
    values = pd.Series(clean.to_pandas(), dtype=pd.StringDtype(na_value=np.nan))
    return Column(name, values, label, remarks=tuple(remarks))


def plain(text: str | None) -> str:
    """A label or a title on one line, without control characters."""
    return str(texts("", pa.array([text or ""])).values.fillna("").iloc[0])
