"""Tables for spreadsheets: no cell begins a formula, and reading gives back what was saved."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.files import read, safe_csv

# Letters, so that no text is a number, a date or a name of missing values to who reads it.
TEXTS = st.text(st.sampled_from("=+-@|'\",; \tbqü年"), max_size=8).map(lambda text: f"{text}bq")
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "  ="])
def test_texts_that_begin_a_formula_have_an_apostrophe(start: str) -> None:
    cell = f"{start}cmd|'/c calc'!A0"
    saved = safe_csv(pd.DataFrame({cell: [cell], "b": [-1.5]}))
    assert list(csv.reader(io.StringIO(saved, newline=""))) == [
        [f"'{cell}", "b"],
        [f"'{cell}", "-1.5"],
    ]


def test_numbers_and_what_is_missing_are_untouched() -> None:
    frame = pd.DataFrame({"a": [-1, 2], "b": [0.1, np.nan], "c": ["x", None]})
    assert safe_csv(frame) == "a,b,c\r\n-1,0.1,x\r\n2,,\r\n"


def test_categories_are_texts() -> None:
    assert safe_csv(pd.DataFrame({"a": pd.Categorical(["=1", "x"])})) == "a\r\n'=1\r\nx\r\n"


@given(st.lists(st.tuples(TEXTS, NUMBERS), min_size=1, max_size=5))
def test_reading_gives_back_what_was_saved(rows: list[tuple[str, float]]) -> None:
    frame = pd.DataFrame(rows, columns=["text", "number"])
    found = read("a.csv", safe_csv(frame).encode()).dataset.frame
    assert found["number"].to_list() == frame["number"].to_list()
    assert [each.split() for each in found["text"]] == [each.split() for each in frame["text"]]
