"""Text of any delimiter, encoding and decimal mark; headings; types of columns."""

import pandas as pd
import pytest

from workbench.files import FileError, Options, Table, read


def text(content: str, written: str = "utf-8", **options: str | bool) -> Table:
    return read("own.csv", content.encode(written), Options(**options))  # type: ignore[arg-type]


def columns(table: Table) -> dict[str, list[object]]:
    frame = table.dataset.frame
    return frame.astype(object).where(frame.notna(), None).to_dict("list")


class TestEncoding:
    NAMES = "Name;Ort\nMüller;Köln\nZoë;Châlons\n"

    @pytest.mark.parametrize(
        "encoding",
        ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
    )
    def test_is_found_out(self, encoding: str) -> None:
        table = text(self.NAMES, encoding)
        assert columns(table) == {"Name": ["Müller", "Zoë"], "Ort": ["Köln", "Châlons"]}
        assert table.options.encoding == encoding.removesuffix("-sig")
        again = read("own.csv", self.NAMES.encode(encoding), table.options)
        assert again.notes == table.notes

    def test_can_be_chosen(self) -> None:
        assert columns(text("имя,x\nИван,1\n", "cp1251", encoding="cp1251"))["имя"] == ["Иван"]

    def test_that_does_not_fit_is_said(self) -> None:
        with pytest.raises(FileError, match=r"not in UTF-8: byte 11 .* Choose another encoding"):
            text(self.NAMES, "cp1252", encoding="utf-8")

    def test_that_is_unknown_is_said(self) -> None:
        with pytest.raises(FileError, match=r"No encoding is called klingon\. There are utf-8, "):
            text(self.NAMES, encoding="klingon")

    def test_windows_quotes_and_euro_signs_stay(self) -> None:
        assert columns(text("a,b\n“x” – 5 €,1\n", "cp1252"))["a"] == ["“x” – 5 €"]


class TestDelimiter:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_is_found_out(self, delimiter: str) -> None:
        table = text("a,b\n1,2\n3,4\n".replace(",", delimiter))
        assert columns(table) == {"a": [1, 3], "b": [2, 4]}
        assert table.options.delimiter == delimiter

    def test_is_said_by_excel(self) -> None:
        assert columns(text("sep=|\na|b;c\n1|2;3\n")) == {"a": [1], "b_c": ["2;3"]}

    def test_may_be_spaces_if_nothing_else_is(self) -> None:
        table = text("id  'x y'  b\n 1   2.5   u \n10   3     v\n".replace("'", '"'))
        assert columns(table) == {"id": [1, 10], "x_y": [2.5, 3.0], "b": ["u", "v"]}
        assert table.options.delimiter == " "
        assert columns(text("note\ntwo words\nno more words\n"))["note"] == [
            "two words",
            "no more words",
        ]

    @pytest.mark.parametrize("delimiter", [",", " ", "\t"])
    def test_names_of_rows_as_r_writes_them(self, delimiter: str) -> None:
        written = "y x\nu 1 2.5\nv 3 4\n".replace(" ", delimiter)
        assert columns(text(written)) == {"column1": ["u", "v"], "y": [1, 3], "x": [2.5, 4.0]}

    def test_can_be_chosen(self) -> None:
        assert columns(text("a:b\n1:2\n", delimiter=":")) == {"a": [1], "b": [2]}

    @pytest.mark.parametrize("delimiter", ["::", "é", '"', "\n"])
    def test_that_is_none_is_said(self, delimiter: str) -> None:
        with pytest.raises(FileError, match="choose one character"):
            text("a:b\n1:2\n", delimiter=delimiter)

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_lines_may_end_as_they_like(self, end: str) -> None:
        assert columns(text(f"a,b{end}1,2{end}{end}3,4")) == {"a": [1, 3], "b": [2, 4]}

    def test_quotes_hold_delimiters_and_line_breaks(self) -> None:
        table = text('a,b\n"x, ""y""\nz",1\n5" pipe,2\n')
        assert columns(table) == {"a": ['x, "y" z', '5" pipe'], "b": [1, 2]}
        assert any("line breaks" in note for note in table.notes)

    def test_an_empty_cell_of_the_only_column_is_a_row(self) -> None:
        assert columns(text("a\n1\n\n3\n")) == {"a": [1, None, 3]}

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("a,b\n1,2\n3\n", "Line 3 has 1 cell, the first line 2 cells, if .* commas"),
            ("a,b\n1,2\n\n3,4,5\n", "Line 4 has 3 cells"),
            ("My data\na;b\n1;2\n", "Line 2 has 2 cells, the first line 1 cell, if .* semicolons"),
            ('a,b\n"1,2\n3,4\n', "A quotation mark is opened before line 3"),
        ],
    )
    def test_rows_of_unequal_length_are_said(self, content: str, message: str) -> None:
        with pytest.raises(FileError, match=message):
            text(content)


class TestNumbers:
    def test_decimal_comma(self) -> None:
        table = text("a;b\n1,5;-2,25\n3;+4\n")
        assert columns(table) == {"a": [1.5, 3.0], "b": [-2.25, 4.0]}
        assert table.options.decimal == ","

    def test_three_digits_among_semicolons_are_decimals(self) -> None:
        assert columns(text("a;b\n1,234;x\n2,345;y\n"))["a"] == [1.234, 2.345]

    @pytest.mark.parametrize("content", ["a\tb\n1,234\t2\n5,678\t3\n", 'a,b\n"1,234",2\n"5,678",3'])
    def test_thousands_are_left_as_text_and_said(self, content: str) -> None:
        table = text(content)
        assert columns(table)["a"] == ["1,234", "5,678"]
        assert any(note.startswith("a holds numbers with separators") for note in table.notes)

    def test_mark_can_be_chosen(self) -> None:
        table = text("a\tb\n1,234\t2\n", decimal=",")
        assert columns(table)["a"] == [1.234]
        with pytest.raises(FileError, match="a point or a comma"):
            text("a,b\n1,2\n", decimal="x")

    def test_numbers_keep_every_digit(self) -> None:
        table = text("a,b\n0.1,9007199254740993\n1e-3,1\n")
        assert columns(table) == {"a": [0.1, 0.001], "b": ["9007199254740993", "1"]}
        assert any("more than 15 digits" in note for note in table.notes)

    def test_infinite_numbers_are_missing_and_said(self) -> None:
        table = text("a\n1e999\n2\n")
        assert columns(table) == {"a": [None, 2.0]}
        assert any("infinite" in note for note in table.notes)

    def test_missing_values_have_many_names(self) -> None:
        table = text("a,b\n1,x\nNA,\n.,#N/A\nNaN,y\n#DIV/0!,NULL\n")
        assert columns(table) == {"a": [1, *[None] * 4], "b": ["x", None, None, "y", None]}
        assert "b had ‘#N/A’, ‘NULL’ in cells, which are missing now." in table.notes
        assert table.dataset.variable("a").missing

    def test_types_are_those_that_models_know(self) -> None:
        found = text("a,b,c,d\n1,1.5,x,TRUE\n2,2,y,false\n").dataset.frame.dtypes
        wanted = {"a": "int64", "b": "float64", "c": "str", "d": "int64"}
        assert {name: str(kind) for name, kind in found.items()} == wanted

    def test_truth_values_become_0_and_1(self) -> None:
        table = text("a,b\nTRUE,1\nfalse,2\nNA,3\n")
        assert columns(table)["a"] == [1.0, 0.0, None]
        assert dict(table.dataset.variable("a").values) == {0: "false", 1: "true"}
        assert "a held true and false, which are 1 and 0 now." in table.notes


class TestDates:
    @pytest.mark.parametrize(
        "dates",
        [
            ("2026-01-31", "2026-02-02"),
            ("31.01.2026", "2.2.2026"),
            ("31/1/2026", "02/02/2026"),
            ("1/31/2026", "2/2/2026"),
            ("2026/1/31", "2026/2/2"),
            ("2026-01-31 00:00", "2026-02-02T00:00:00"),
        ],
    )
    def test_become_days(self, dates: tuple[str, str]) -> None:
        table = text(f"a\n{dates[0]}\n{dates[1]}\n")
        assert columns(table) == {"a": [0, 2]}
        assert table.dataset.variable("a").unit == "days since 31 January 2026"
        assert "a held dates, which are days since 31 January 2026 now." in table.notes

    def test_times_are_parts_of_days(self) -> None:
        assert columns(text("a\n2026-01-31 06:00\n2026-01-31 18:00\n")) == {"a": [0.0, 0.5]}

    def test_that_can_be_meant_in_two_ways_stay_text(self) -> None:
        table = text("a\n1/2/2026\n3/2/2026\n")
        assert columns(table)["a"] == ["1/2/2026", "3/2/2026"]
        assert any("tell day from month" in note for note in table.notes)

    def test_that_do_not_exist_stay_text(self) -> None:
        assert columns(text("a\n2026-02-30\n2026-02-01\n"))["a"][0] == "2026-02-30"


class TestHeading:
    def test_names_come_from_the_first_row(self) -> None:
        assert text("a,b\n1,x\n").options.header is True

    def test_missing_ones_are_said(self) -> None:
        table = text("1,x\n2,y\n")
        assert columns(table) == {"column1": [1, 2], "column2": ["x", "y"]}
        assert any("called column1 to column2" in note for note in table.notes)
        assert table.options.header is False

    def test_years_may_be_names_where_another_name_is_a_word(self) -> None:
        assert list(columns(text("score,2024,2025\n1,2,3\n"))) == ["score", "x2024", "x2025"]

    def test_years_are_names_also_where_all_columns_of_words_have_one(self) -> None:
        assert list(columns(text("land,2024,2025\nx,2,3\ny,4,5\n"))) == ["land", "x2024", "x2025"]

    def test_can_be_chosen(self) -> None:
        assert columns(text("1,2\n3,4\n", header=True)) == {"x1": [3], "x2": [4]}
        assert columns(text("a,b\nc,d\n", header=False)) == {
            "column1": ["a", "c"],
            "column2": ["b", "d"],
        }

    def test_row_numbers_of_another_program_may_have_no_name(self) -> None:
        assert columns(text(",a\n0,x\n1,y\n")) == {"column1": [0, 1], "a": ["x", "y"]}

    def test_empty_columns_are_left_out_and_said(self) -> None:
        table = text("a,b,c\n1,,NA\n2,,.\n")
        assert columns(table) == {"a": [1, 2]}
        assert "Left out, since they are empty: b, c." in table.notes


def test_a_class_of_formulas_is_text_and_nothing_more() -> None:
    table = text('a,b\n=cmd|\'/c calc\'!A0,1\n"=HYPERLINK(""x"")",2\n')
    assert columns(table)["a"] == ["=cmd|'/c calc'!A0", '=HYPERLINK("x")']
    assert pd.api.types.is_string_dtype(table.dataset.frame["a"])
