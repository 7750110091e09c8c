"""A table as text that a spreadsheet can open without taking a cell for a formula."""

from __future__ import annotations

import pandas as pd

STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_csv(frame: pd.DataFrame) -> str:
    """Comma-separated text: an apostrophe before texts and names that would begin a formula.

    Numbers are written to their last digit, as they are.
    """
    texts = frame.select_dtypes(exclude=["number", "bool", "datetime"]).columns
    safe = frame.assign(**{name: frame[name].map(harmless) for name in texts})
    return str(safe.rename(columns=harmless).to_csv(index=False, lineterminator="\r\n"))


def harmless(cell: object) -> object:
    """With a further apostrophe also where there is one, so that reading can take it away."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" '").startswith(STARTS) else cell
