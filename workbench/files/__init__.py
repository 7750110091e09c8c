"""A learner's file, from its bytes to a dataset: `read("wards.sav", content)`.

In reading order:

    errors       what can be wrong with a file, and how it is said
    limits       how large a file may be
    table        what reading gives: a dataset, and notes on what was understood
    kinds        what a file is, by its first bytes rather than by its name
    columns      values of whatever kind -> columns of whole numbers, numbers or texts
    encodings    bytes -> text
    delimited    text -> cells
    numerals     cells of text -> numbers, dates, categories
    heading      the first row of cells: names, or values?
    archive      a workbook's parts, looked at before anything is unpacked
    workbook     a workbook -> cells
    statistical  a file of Stata or SPSS -> columns with labels
    parquet      a Parquet file -> columns
    apart        all but text, in a process of its own
    names        any text -> a name that a formula and four programs can hold
    reading      read: the steps in a row
    saving       a table -> text that is safe to open in a spreadsheet
"""

from workbench.files.encodings import ENCODINGS
from workbench.files.errors import FileError
from workbench.files.limits import BYTES, COLUMNS, ROWS
from workbench.files.reading import read
from workbench.files.saving import safe_csv
from workbench.files.table import Options, Table

__all__ = [
    "BYTES",
    "COLUMNS",
    "ENCODINGS",
    "ROWS",
    "FileError",
    "Options",
    "Table",
    "read",
    "safe_csv",
]
