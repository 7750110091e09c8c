"""Files that cannot be read: each message says why, and what to do."""

import dataclasses
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets import load
from tests.workbench.files import saved
from workbench.files import FileError, limits, read

pytestmark = pytest.mark.usefixtures("here")
FEW = dataclasses.replace(load("school"), _rows=load("school").frame.head(200))
SAVED = {
    ".dta": saved.stata_by_readstat(FEW),
    ".sav": saved.spss(FEW),
    ".xlsx": saved.workbook(FEW.frame),
    ".parquet": saved.parquet(FEW),
    ".csv": FEW.csv().encode(),
}


@pytest.mark.parametrize("ending", [".dta", ".sav", ".xlsx", ".parquet"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_truncated(ending: str, share: float) -> None:
    content = SAVED[ending]
    with pytest.raises(FileError, match="damaged"):
        read(f"a{ending}", content[: int(share * len(content))])


def test_truncated_text_ends_in_a_short_row() -> None:
    content = SAVED[".csv"]
    with pytest.raises(FileError, match=r"Line \d+ has \d cells?, the first line 10 cells"):
        read("a.csv", content[: len(content) // 2].rpartition(b",")[0])


@pytest.mark.parametrize("ending", SAVED)
@pytest.mark.parametrize("said", [*SAVED, ".data", ""])
def test_wrong_ending_is_read_as_what_it_is_and_said(ending: str, said: str) -> None:
    table = read(f"a{said}", SAVED[ending])
    assert len(table.dataset.frame) == 200
    if ending != said:
        assert table.notes[0].startswith(("The name ends in", "The file was read as"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", r"empty: it holds no bytes\. Save it again"),
        ("a.csv", b"\n\n", "table is empty"),
        ("a.csv", b"a,b,c\n", "no row follows below the names"),
        ("a.csv", b"a,b\n,NA\n.,\n", "Every column of the table is empty"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file.* save it there as CSV"),
        ("a.sav", b"\x00\x01\x02\x03", r"ends in \.sav, but this is not a file of SPSS"),
        ("a.dta", b"PAR1", "Parquet file is damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"old Excel .* save it as \.xlsx"),
        ("a.csv", b"%PDF-1.7", "a PDF"),
        ("a.html", b"\n <!doctype html><table>", "a web page"),
        ("a.json", b'[{"a": 1}]', "JSON"),
        ("a.csv.gz", b"\x1f\x8b\x08\0", "unpack it"),
        ("a.rdata", b"RDX3\nX\n", r"write\.csv"),
        ("a.por", b"ASCII SPSS PORT FILE", "portable file of SPSS"),
    ],
)
def test_what_is_no_table(name: str, content: bytes, message: str) -> None:
    with pytest.raises(FileError, match=message):
        read(name, content)


class TestLimits:
    @pytest.mark.parametrize("ending", [".csv", ".dta", ".sav", ".parquet"])
    def test_columns(self, ending: str) -> None:
        wide = pd.DataFrame(np.ones((2, 300)), columns=[f"v{k}" for k in range(300)])
        dataset = dataclasses.replace(FEW, _rows=wide, variables={})
        save = {
            ".csv": lambda d: d.csv().encode(),
            ".dta": saved.stata_by_pandas,
            ".sav": saved.spss,
            ".parquet": saved.parquet,
        }[ending]
        if ending == ".dta":
            dataset = dataclasses.replace(
                dataset, variables=dict.fromkeys(wide, FEW.variables["lrt"])
            )
        with pytest.raises(FileError, match=r"300 columns; at most 200 .* Keep the outcome"):
            read(f"a{ending}", save(dataset))

    @pytest.mark.parametrize("ending", SAVED)
    def test_rows(self, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("limits", "statistical", "workbook"):
            monkeypatch.setattr(f"workbench.files.{module}.ROWS", 199)
        with pytest.raises(FileError, match=r"more than 199 rows\. Keep some of the groups"):
            read(f"a{ending}", SAVED[ending])

    @pytest.mark.parametrize("ending", SAVED)
    def test_cells(self, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "CELLS", 1999)
        with pytest.raises(FileError, match="2,000 cells; at most 1,999"):
            read(f"a{ending}", SAVED[ending])

    def test_bytes(self) -> None:
        with pytest.raises(FileError, match=r"25 MB; at most 20 MB .* save it as Parquet"):
            read("a.csv", b"a,b\n" + b"1,2\n" * (25 * 2**18))

    @pytest.mark.parametrize("ending", [".dta", ".sav", ".parquet"])
    def test_unpacked_bytes(self, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("limits", "statistical"):
            monkeypatch.setattr(f"workbench.files.{module}.UNPACKED", 1000)
        with pytest.raises(FileError, match="is compressed and holds"):
            read(f"a{ending}", SAVED[ending])


class TestParquet:
    def test_columns_that_are_no_values_are_left_out_and_said(self) -> None:
        held = io.BytesIO()
        pq.write_table(pa.table({"a": [1, 2], "l": [[1], [2]], "r": [{"x": 1}] * 2}), held)
        table = read("a.parquet", held.getvalue())
        assert list(table.dataset.frame) == ["a"]
        assert "Left out, since they hold lists, records or bytes: l, r." in table.notes

    def test_types(self) -> None:
        stamps = pd.to_datetime(["2026-01-01 12:00", None]).tz_localize("Europe/Berlin")
        frame = pd.DataFrame(
            {
                "small": pd.array([1, None], dtype="Int8"),
                "short": np.array([3.1, 2.0], dtype="float32"),
                "truth": pd.array([True, None], dtype="boolean"),
                "stamp": stamps,
                "group": pd.Categorical(["a", "b"]),
            }
        )
        held = io.BytesIO()
        frame.to_parquet(held)
        found = read("a.parquet", held.getvalue()).dataset
        assert found.frame["short"].to_list() == [3.1, 2.0]
        assert found.frame["group"].to_list() == ["a", "b"]
        assert [found.frame[name].iloc[0] for name in ("small", "truth", "stamp")] == [1, 1, 0]
        assert found.frame[["small", "truth", "stamp"]].isna().iloc[1].all()

    def test_a_text_repeated_does_not_fill_the_memory(self) -> None:
        texts = pa.DictionaryArray.from_arrays(
            pa.array(np.zeros(200_000), pa.int32()), pa.array(["x" * 2**20])
        )  # 200 GB, if each row had its own
        held = io.BytesIO()
        pq.write_table(pa.table({"a": texts}), held)
        table = read("a.parquet", held.getvalue())
        assert table.dataset.frame["a"].unique().tolist() == ["x" * 200]
        assert any("more than 200 characters" in note for note in table.notes)
