"""A file's bytes -> a dataset: the steps in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePath
from types import MappingProxyType

import pandas as pd

from datasets import Dataset, Level, Variable
from workbench.files import delimited, encodings, heading, numerals
from workbench.files.apart import contents_apart
from workbench.files.columns import plain
from workbench.files.errors import FileError
from workbench.files.kinds import kind_of
from workbench.files.limits import AT_ONCE, check_shape, check_size
from workbench.files.names import safe_name, safe_names
from workbench.files.table import Column, Contents, Options, Table

MOST_NAMED = 8  # columns in a note
FIND_OUT = Options()


def read(name: str, content: bytes, options: Options = FIND_OUT) -> Table:
    """The table in a file called `name`, or a `FileError` that says what to do.

    What the file is, its first bytes say. `options` overrule what is found out: delimiter, decimal
    mark and encoding of text, the sheet of a workbook, whether the first row holds names.
    """
    check_size(content)
    if options.decimal not in ("", ".", ","):
        raise FileError("A decimal mark is a point or a comma.")
    kind, told = kind_of(name, content)
    with AT_ONCE:
        if kind == "text":
            found = of_text(content, options)
        else:
            found = contents_apart(kind, content, options)
    return table(name, content, replace(found, notes=(told, *found.notes)))


def of_text(content: bytes, options: Options) -> Contents:
    text, encoding = encodings.decoded(content, options.encoding)
    found, delimiter = delimited.cells(text, options.delimiter)
    cells = [numerals.trimmed(column) for column in found]
    decimal = options.decimal or numerals.decimal_mark([each[1:] for each in cells], delimiter)
    columns, header, notes = heading.below(
        [column[0].as_py() for column in cells],
        lambda name, place, start: numerals.understood(name, cells[place][start:], decimal),
        options.header,
    )
    mark = "comma" if decimal == "," else "point"
    how = (
        f"Read as text in {encodings.ENCODINGS.get(encoding, encoding)}, with "
        f"{delimited.WORDS.get(delimiter, delimiter)} between columns and a decimal {mark}."
    )
    used = Options(delimiter, decimal, encoding, header=header)
    return Contents(columns, (how, *notes), used)


def table(name: str, content: bytes, found: Contents) -> Table:
    """The columns that hold something, under names that formulas can hold."""
    columns = [column for column in found.columns if column.values.notna().any()]
    check_shape(max((len(column.values) for column in found.columns), default=0), 1)
    if not columns:
        raise FileError("Every column of the table is empty. Choose another file or sheet.")
    check_shape(len(columns[0].values), len(columns))
    names = safe_names([column.name for column in columns])
    empty = [column.name for column in found.columns if column.values.isna().all()]
    notes = [
        *found.notes,
        f"Left out, since they are empty: {listed(empty)}." if any(empty) else "",
        renamed(columns, names),
        *remarks(columns, names),
    ]
    title = plain(PurePath(name.replace("\\", "/")).name) or "table"
    return Table(
        dataset=dataset(title, columns, names),
        notes=tuple(note for note in notes if note),
        digest=sha256(content + repr(found.options).encode()).hexdigest(),
        options=found.options,
        sheets=found.sheets,
    )


def dataset(title: str, columns: Sequence[Column], names: Sequence[str]) -> Dataset:
    frame = pd.DataFrame({name: column.values for name, column in zip(names, columns, strict=True)})
    variables = {
        name: Variable(
            label=column.label or plain(column.name) or name,
            level="row",
            unit=column.unit,
            values=MappingProxyType(dict(column.codes)),
            missing="empty in the file" if column.values.hasnans else "",
        )
        for name, column in zip(names, columns, strict=True)
    }
    return Dataset(
        name=safe_name(PurePath(title).stem) or "table",
        title=title,
        story=f"A file of your own, with {len(frame):,} rows and {len(names)} columns.",
        source="A file of your own, which is not stored.",
        citation="",
        terms="",
        note="",
        synthetic=False,
        unmet=MappingProxyType({}),
        levels=(Level("row", "rows"),),
        variables=MappingProxyType(variables),
        derived=MappingProxyType({}),
        models=(),
        card="",
        _rows=frame,
    )


def renamed(columns: Sequence[Column], names: Sequence[str]) -> str:
    """`Columns with a new name: ‘class’ is class_, ‘ward no.’ is ward_no.`"""
    pairs = [
        f"{f'‘{plain(column.name)}’' if column.name else 'the one without'} is {name}"
        for name, column in zip(names, columns, strict=True)
        if name != column.name
    ]
    return f"New names, which a formula can hold: {listed(pairs)}." if pairs else ""


def remarks(columns: Sequence[Column], names: Sequence[str]) -> list[str]:
    """A sentence for each remark, about all columns that have it."""
    about: dict[str, list[str]] = {}
    for name, column in zip(names, columns, strict=True):
        for remark in column.remarks:
            about.setdefault(remark, []).append(name)
    return [f"{listed(subjects)} {remark}." for remark, subjects in about.items()]


def listed(names: Iterable[str]) -> str:
    shown = [plain(name) or "(no name)" for name in names]
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return f"{', '.join(shown[:MOST_NAMED])}{more}"
