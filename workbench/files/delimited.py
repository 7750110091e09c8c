"""Text -> cells: which character parses it into rows of equal length, and what is in them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import pyarrow as pa

from workbench.files.errors import FileError
from workbench.files.limits import check_columns, check_some

DELIMITERS = {"\t": "tabs", ";": "semicolons", "|": "vertical bars", ",": "commas"}
WORDS = {**DELIMITERS, " ": "spaces"}
NONE = (False, 0.0)
FEW = 100  # rows that show whether rows have names
SAMPLE = 2**16  # characters
LONGEST = 2**31 - 1  # of a cell: the library’s own limit is for others
LINE_ENDS = "\r\n"


def cells(text: str, delimiter: str = "") -> tuple[list[pa.Array], str]:
    """Every cell as text, a list of columns with the first row as it is; and the delimiter."""
    import pyarrow.csv

    text, said = without_excels_line(text)
    delimiter = delimiter or said or likely(text)
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in f'"{LINE_ENDS}\0':
        raise FileError(f"Columns cannot be told apart by {delimiter!r}: choose one character.")
    text = single_spaced(text) if delimiter == " " else text
    if has_row_names([len(record) for _, record in islice(records(text, delimiter), FEW)]):
        text = f"{delimiter}{text}"
    first = next(records(text, delimiter), (0, []))[1]
    check_columns(len(first))
    check_some(len(first))
    content = text.encode("utf-8")
    names = [f"f{place}" for place in range(len(first))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, block_size=len(content) + 1, column_names=names
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=len(first) > 1
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[]
            ),
        )
    except pa.ArrowInvalid as error:
        raise FileError(ragged(text, delimiter)) from error
    return [column.combine_chunks() for column in table.columns], delimiter


def without_excels_line(text: str) -> tuple[str, str]:
    """Excel may say in a line of its own what the delimiter is: `sep=;`."""
    text = text.strip(LINE_ENDS)
    if text[:4].lower() == "sep=" and text[5:6] in ("\r", "\n"):
        return text[5:].strip(LINE_ENDS), text[4]
    return text, ""


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line that it ends in."""
    csv.field_size_limit(LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for record in reader:
        if record:
            yield reader.line_num, record


def likely(text: str) -> str:
    """The delimiter that parses the text most regularly; spaces only if no other does at all.

    Decimal commas make a comma the worse of two that do, so it comes last. It stays if none does.
    """
    sample = text[: text.rfind("\n", 0, SAMPLE) + 1] if len(text) > SAMPLE else text
    found = {delimiter: regularity(widths(sample, delimiter)) for delimiter in DELIMITERS}
    best = max(found, key=lambda delimiter: found[delimiter])
    if found[best] == NONE:
        return " " if regularity(widths(single_spaced(sample), " ")) == (True, 1.0) else ","
    return best


def widths(text: str, delimiter: str) -> list[int]:
    return [len(record) for _, record in records(text, delimiter)]


def regularity(widths: Sequence[int]) -> tuple[bool, float]:
    """Whether the first row fits, and the share of rows that have the usual number of cells."""
    usual, times = Counter(widths).most_common(1)[0] if widths else (0, 0)
    if usual < 2:
        return NONE
    if has_row_names(widths):
        return True, 1.0
    return widths[0] == usual, times / len(widths)


def has_row_names(widths: Sequence[int]) -> bool:
    """R writes names of rows below no name of a column, so that the first row is one cell short."""
    return len(widths) > 1 and widths[0] > 1 and set(widths[1:]) == {widths[0] + 1}


def single_spaced(text: str) -> str:
    return re.sub("(?m)^ | $", "", re.sub(" +", " ", text))


def ragged(text: str, delimiter: str) -> str:
    """Which line has too many cells or too few."""
    rows = records(text, delimiter)
    width = len(next(rows)[1])
    for line, record in rows:
        if len(record) == width:
            continue
        if any("\n" in cell or "\r" in cell for cell in record):
            return (
                f"A quotation mark is opened before line {line:,} and closed too late or not at "
                "all. Correct it in the file."
            )
        return (
            f"Line {line:,} has {cells_in(len(record))}, the first line {cells_in(width)}, if "
            f"columns are set apart by {WORDS.get(delimiter, delimiter)}. Correct the line, "
            "or choose another character."
        )
    return "The rows have cells in different numbers. Save the file again as CSV."


def cells_in(number: int) -> str:
    return f"{number:,} cell{'' if number == 1 else 's'}"
