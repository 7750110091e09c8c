"""Workbooks: sheets, dates, cells of several kinds; archives that are traps."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest

from workbench.files import FileError, Options, Table, limits, read

pytestmark = pytest.mark.usefixtures("here")

Rows = Sequence[Sequence[object]]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(**sheets: Rows) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """A workbook with other parts, or further ones."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in dict.fromkeys([*old.namelist(), *parts]):
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return held.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def columns(table: Table) -> dict[str, list[object]]:
    frame = table.dataset.frame
    return frame.astype(object).where(frame.notna(), None).to_dict("list")


PLAIN = workbook(Sheet=[["a", "b"], [1, 2]])


class TestCells:
    def test_of_every_kind(self) -> None:
        rows = [
            ["number", "date", "truth", "text", "comma", None],
            [1, dt.datetime(2026, 1, 1), True, "x", "1,5", None],
            [None],
            [2.5, dt.date(2026, 1, 3), False, "NA", "2,5"],
            ["#N/A", None, None, None, 3],
        ]
        table = read("a.xlsx", workbook(Sheet=rows))
        assert columns(table) == {
            "number": [1.0, 2.5, None],
            "date": [0.0, 2.0, None],
            "truth": [1.0, 0.0, None],
            "text": ["x", None, None],
            "comma": [1.5, 2.5, 3.0],
        }

    def test_numbers_and_texts_in_a_column_are_texts(self) -> None:
        table = read("a.xlsx", workbook(Sheet=[["a"], [1], [2.5], ["x"]]))
        assert columns(table) == {"a": ["1", "2.5", "x"]}

    def test_numbers_too_long_for_a_number_are_texts(self) -> None:
        sheet = part(PLAIN, SHEET).replace(b"<v>2</v>", b"<v>" + b"9" * 400 + b"</v>")
        assert columns(read("a.xlsx", with_parts(PLAIN, {SHEET: sheet})))["b"] == ["9" * 200]

    def test_titles_above_the_table_are_left_out_and_said(self) -> None:
        rows = [["Wards of 2026"], [], [None, "source: survey"], ["a", "b"], [1, 2]]
        table = read("a.xlsx", workbook(Sheet=rows))
        assert columns(table) == {"a": [1], "b": [2]}
        assert "Left out above the table: Wards of 2026 / source: survey." in table.notes

    def test_heading_may_be_missing(self) -> None:
        table = read("a.xlsx", workbook(Sheet=[[1, "x"], [2, "y"]]))
        assert columns(table) == {"column1": [1, 2], "column2": ["x", "y"]}

    def test_formulas_are_their_last_value(self) -> None:
        formula = b"<f>WEBSERVICE(1)</f><v>7</v></c>"
        sheet = part(PLAIN, SHEET).replace(b"<v>2</v></c>", formula)
        assert formula in sheet
        assert columns(read("a.xlsx", with_parts(PLAIN, {SHEET: sheet}))) == {"a": [1], "b": [7]}

    def test_size_that_a_sheet_claims_is_not_believed(self) -> None:
        sheet = part(PLAIN, SHEET).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
        assert b"XFD" in sheet
        assert columns(read("a.xlsx", with_parts(PLAIN, {SHEET: sheet}))) == {"a": [1], "b": [2]}


class TestSheets:
    CONTENT = workbook(Wards=[["a"], [1]], Nurses=[["b"], [2]], Empty=[])

    def test_the_first_is_read_and_the_others_offered(self) -> None:
        table = read("a.xlsx", self.CONTENT)
        assert columns(table) == {"a": [1]}
        assert table.sheets == ("Wards", "Nurses", "Empty")
        assert table.options.sheet == "Wards"
        assert table.notes == ("Read from the sheet ‘Wards’. The workbook has 3 sheets.",)

    def test_another_can_be_chosen(self) -> None:
        assert columns(read("a.xlsx", self.CONTENT, Options(sheet="Nurses"))) == {"b": [2]}

    def test_one_that_is_not_there_is_said(self) -> None:
        with pytest.raises(FileError, match=r"‘Beds’\. There are Wards, Nurses, Empty"):
            read("a.xlsx", self.CONTENT, Options(sheet="Beds"))

    def test_an_empty_one_is_said(self) -> None:
        with pytest.raises(FileError, match="table is empty"):
            read("a.xlsx", self.CONTENT, Options(sheet="Empty"))


class TestTraps:
    def test_bomb_by_what_it_declares(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "UNPACKED", 2**20)
        bomb = with_parts(PLAIN, {SHEET: b"<worksheet>" + b" " * 2**22})
        assert len(bomb) < 2**15
        with pytest.raises(FileError, match="is compressed and holds 4 MB"):
            read("a.xlsx", bomb)

    def test_bomb_that_lies_about_its_size(self) -> None:
        bomb = with_parts(PLAIN, {SHEET: part(PLAIN, SHEET) + b" " * 2**22})
        size = (len(part(PLAIN, SHEET)) + 2**22).to_bytes(4, "little")
        assert bomb.count(size) == 2
        with pytest.raises(FileError, match="damaged"):
            read("a.xlsx", bomb.replace(size, (400).to_bytes(4, "little")))

    def test_bomb_besides_the_tables(self) -> None:
        with pytest.raises(FileError, match="holds much besides its tables"):
            read("a.xlsx", with_parts(PLAIN, {"xl/media/a.bin": b" " * (21 * 2**20)}))

    @pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
    @pytest.mark.parametrize(
        "entity", [b'SYSTEM "file:///etc/hostname"', b'"&b;&b;&b;&b;&b;&b;&b;&b;"']
    )
    def test_entities(self, name: str, entity: bytes) -> None:
        declared = b"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY x " + entity + b">]>"
        _, start, rest = part(PLAIN, name).rpartition(b"<?xml version='1.0'?>")
        with pytest.raises(FileError, match="defines entities"):
            read("a.xlsx", with_parts(PLAIN, {name: start + declared + rest.lstrip()}))

    def test_more_columns_than_are_opened(self) -> None:
        with pytest.raises(FileError, match=r"300 columns; at most 200 .* Keep the outcome"):
            read("a.xlsx", workbook(Sheet=[[f"v{k}" for k in range(300)], [1] * 300]))

    def test_more_cells_than_are_read_one_by_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("workbench.files.workbook.WORKBOOK_CELLS", 3)
        with pytest.raises(FileError, match=r"more than 3 cells.* save it as CSV"):
            read("a.xlsx", PLAIN)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"a.csv": b"a,b\n1,2\n"}, "a zip archive, not a workbook. Unpack it"),
        ({"xl/workbook.bin": b""}, r"binary workbook \(.xlsb\)"),
        ({"content.xml": b"<a/>"}, r"LibreOffice \(.ods\)"),
    ],
)
def test_other_archives(parts: dict[str, bytes], message: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(FileError, match=message):
        read("a.xlsx", held.getvalue())
