"""Stata and SPSS: labels, missing values that a file declares, dates, numbers of 32 bits."""

import io

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from tests.workbench.files.saved import through_a_file
from workbench.files import FileError, Options, Table, read

pytestmark = pytest.mark.usefixtures("here")


def stata(frame: pd.DataFrame, **how: object) -> bytes:
    held = io.BytesIO()
    frame.to_stata(held, write_index=False, **how)  # type: ignore[arg-type]
    return held.getvalue()


def spss(frame: pd.DataFrame, **how: object) -> bytes:
    return through_a_file(lambda path: pyreadstat.write_sav(frame, path, **how))  # type: ignore[arg-type]


def values(table: Table, name: str) -> list[object]:
    column = table.dataset.frame[name]
    return column.astype(object).where(column.notna(), None).to_list()


def test_numbers_of_32_bits_are_what_was_meant() -> None:
    frame = pd.DataFrame({"a": np.array([3.1, -0.7, np.nan], dtype="float32")})
    assert values(read("a.dta", stata(frame)), "a") == [3.1, -0.7, None]


def test_categories_are_codes_with_labels() -> None:
    frame = pd.DataFrame({"a": pd.Categorical(["lo", "hi", None], categories=["lo", "hi"])})
    table = read("a.dta", stata(frame))
    assert values(table, "a") == [0, 1, None]
    assert dict(table.dataset.variable("a").values) == {0: "lo", 1: "hi"}


def test_what_a_file_declares_missing_is() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0, -9.0, -8.5, 99.0], "s": ["x", "y", "?", "", "x"]})
    table = read(
        "a.sav",
        spss(
            frame,
            missing_ranges={"a": [{"lo": -9, "hi": -8}, 99], "s": ["?"]},
            variable_value_labels={"a": {1: "one", -9: "refused", 99: "don’t know"}},
        ),
    )
    assert values(table, "a") == [1.0, 2.0, None, None, None]
    assert values(table, "s") == ["x", "y", None, None, "x"]
    assert dict(table.dataset.variable("a").values) == {1: "one"}
    assert "a is missing where the file says so: −9 to −8, 99." in table.notes


def test_statas_further_missing_values_are_missing() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan, 3.0]})
    content = through_a_file(
        lambda path: pyreadstat.write_dta(
            frame.assign(a=pd.Series([1.0, "a", 3.0], dtype=object)),
            path,
            missing_user_values={"a": ["a"]},
        )
    )
    assert values(read("a.dta", content), "a") == [1, None, 3]


@pytest.mark.parametrize("version", [114, 117, 118, 119])
def test_versions_of_stata(version: int) -> None:
    table = read("a.dta", stata(pd.DataFrame({"a": [1, 2], "s": ["x", "y"]}), version=version))
    assert values(table, "a") == [1, 2]
    assert values(table, "s") == ["x", "y"]


class TestDates:
    DAYS = pd.Series(pd.to_datetime(["2026-02-01", "2026-03-03", None]))

    @pytest.mark.parametrize("form", ["td", "tc"])
    def test_of_stata(self, form: str) -> None:
        table = read("a.dta", stata(pd.DataFrame({"a": self.DAYS}), convert_dates={"a": form}))
        assert values(table, "a") == [0.0, 30.0, None]
        assert table.dataset.variable("a").unit == "days since 1 February 2026"

    @pytest.mark.parametrize("form", ["DATE11", "ADATE10", "EDATE10", "SDATE10", "DATETIME20"])
    def test_of_spss(self, form: str) -> None:
        seconds = (self.DAYS - pd.Timestamp("1582-10-14")).dt.total_seconds()
        table = read("a.sav", spss(pd.DataFrame({"a": seconds}), variable_format={"a": form}))
        assert values(table, "a") == [0.0, 30.0, None]
        assert "a held dates, which are days since 1 February 2026 now." in table.notes

    def test_months_are_counted_from_1960(self) -> None:
        months = pd.DataFrame({"a": self.DAYS[:2]})
        table = read("a.dta", stata(months, convert_dates={"a": "tm"}))
        assert values(table, "a") == [793, 794]
        assert table.dataset.variable("a").unit == "months since January 1960"


class TestEncoding:
    @pytest.fixture
    def content(self) -> bytes:
        """A file that says it is in UTF-8, and is not."""
        labels = {"a": {1: "Zürich"}}
        frame = pd.DataFrame({"a": [1, 2], "s": ["Müller", "x"]})
        written = stata(frame, version=118, value_labels=labels)
        return written.replace("Müller".encode(), b"M\xfcller\0").replace(
            "Zürich".encode(), b"Z\xfcrich\0"
        )

    def test_that_is_wrong_in_the_file_is_guessed_and_said(self, content: bytes) -> None:
        table = read("a.dta", content)
        assert values(table, "s") == ["Müller", "x"]
        assert dict(table.dataset.variable("a").values) == {1: "Zürich"}
        assert table.options.encoding == "cp1252"
        assert "Its texts were read as Windows (Western Europe)." in table.notes

    def test_can_be_chosen(self, content: bytes) -> None:
        assert values(read("a.dta", content, Options(encoding="mac_roman")), "s") == ["M¸ller", "x"]

    def test_that_does_not_fit_is_said(self, content: bytes) -> None:
        with pytest.raises(FileError, match="Stata is damaged, not complete, or of a kind"):
            read("a.dta", content, Options(encoding="utf-8"))


def test_labels_are_of_one_line() -> None:
    frame = pd.DataFrame({"a": [1, 2]})
    table = read("a.sav", spss(frame, column_labels={"a": "Pay,\nmonthly\u202e"}))
    assert table.dataset.variable("a").label == "Pay, monthly"
