"""Tables that lectures printed, kept as they were printed, and whether a number agrees with one.

`printed_names("school")` lists those of a dataset, `printed("school-ols")` is one. A table says
which model gives each column and which quantity each row shows; what they give is for others to
compute. A computed number agrees when it rounds to the printed digits:

    |computed - printed| <= half a unit of the last printed digit, with as many stars.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd

from datasets.card import CardError
from datasets.shelf import load

TABLES = Path(__file__).parent / "printed"
ROUNDING = 1e-9  # of half a digit, by which a number halfway between two may miss
Part = TypeVar("Part", "Column", "Row")


@dataclass(frozen=True)
class Column:
    """A column's heading, the model that gives it and what of the model it shows.

    `of` is "estimate", "se", "statistic", "p", "lower" or "upper" of a term, or of a score.
    """

    label: str
    model: str
    of: str = "estimate"


@dataclass(frozen=True)
class Row:
    """A row's heading, and the term or the value of a model that it shows, the heading itself if
    `of` is empty. `printed` has a text for each column, empty where the table has none; one text
    instead of several is about the first column's model as a whole.
    """

    label: str
    printed: tuple[str, ...]
    of: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Table:
    """A printed table: what printed it and where, its columns, its rows and their models.

    `models` holds for each model how to call it: `call`, `formula` and options. `omitted` are
    cells that stand for nothing, as a coefficient that was left out. `within` is the share of a
    standard error by which a figure of calibrated data may miss. `short` says why figures do not
    agree that do not; for a calibrated dataset its card says so of each.
    """

    name: str
    title: str
    dataset: str
    source: str
    command: str
    columns: Mapping[str, Column]
    rows: Mapping[str, Row]
    models: Mapping[str, Mapping[str, Any]]
    stars: bool = False
    omitted: tuple[str, ...] = ()
    within: float = 0.0
    short: str = ""
    scores: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def unmet(self) -> Mapping[str, str]:
        """The figures that the dataset's card knows it does not give."""
        return load(self.dataset).unmet

    @property
    def cells(self) -> Mapping[str, tuple[str, str]]:
        """By name, `column/row` or the row alone, where each printed figure stands."""
        places = {}
        for row, line in self.rows.items():
            for column, text in zip(self.columns, line.printed, strict=False):
                name = row if line.whole else f"{column}/{row}"
                if text and name not in self.omitted:
                    places[name] = (row, column)
        return places

    def text(self, row: str, column: str) -> str:
        """What is printed there."""
        line = self.rows[row].printed
        place = list(self.columns).index(column)
        return line[place] if place < len(line) else ""


@dataclass(frozen=True)
class Figure:
    """One number as it is `printed`, with its stars if any, and as it is `computed`.

    It agrees if it rounds to the printed digits and has as many stars: one for p < .05, two for
    .01, three for .001. It is met if it agrees or misses by no more than `within`.
    """

    name: str
    printed: str
    computed: float
    p: float | None = None
    within: float = 0.0

    @property
    def agrees(self) -> bool:
        return agrees(self.computed, self.printed, self.p)

    @property
    def met(self) -> bool:
        near = abs(self.computed - float(number(self.printed))) <= self.within
        return self.agrees or (near and (self.p is None or starred(self.printed, self.p)))

    @property
    def text(self) -> str:
        """The computed number, written as the printed one is."""
        return like(self.computed, self.printed, self.p)

    def __str__(self) -> str:
        return f"{self.name}: printed {self.printed}, here {self.computed:.7g} ({self.text})"


@dataclass(frozen=True)
class Comparison:
    """A printed table beside what the data give: `figures` by name."""

    table: Table
    figures: Mapping[str, Figure]

    @property
    def missed(self) -> tuple[Figure, ...]:
        """Those that do not agree in every printed digit."""
        return tuple(figure for figure in self.figures.values() if not figure.agrees)

    @property
    def agrees(self) -> bool:
        return not self.missed

    @property
    def badge(self) -> str:
        """`agrees with the lecture to every printed digit`, or how many figures do."""
        if self.agrees:
            return "agrees with the lecture to every printed digit"
        right = len(self.figures) - len(self.missed)
        return (
            f"{right} of {len(self.figures)} figures agree with the lecture to every printed digit"
        )

    @property
    def why(self) -> str:
        """Why some figures do not agree; empty where all do."""
        if self.agrees:
            return ""
        known = self.table.unmet
        said = [
            f"{figure.name}: {known[figure.name]}" for figure in self.missed if figure.name in known
        ]
        return "; ".join([*said, *([self.table.short] if self.table.short else [])])

    def frame(self) -> pd.DataFrame:
        """A line for each row as text; under each column's heading `printed` and `computed`."""
        headings = {column: each.label for column, each in self.table.columns.items()}
        names = {place: name for name, place in self.table.cells.items()}
        lines = {
            (headings[column], kind): [
                self._cell(names.get((row, column)), self.table.text(row, column), kind)
                for row in self.table.rows
            ]
            for column in self.table.columns
            for kind in ("printed", "computed")
        }
        index = pd.Index([row.label for row in self.table.rows.values()], name="")
        return pd.DataFrame(lines, index=index)

    def _cell(self, name: str | None, text: str, kind: str) -> str:
        if kind == "printed":
            return minus(text)
        return minus(self.figures[name].text) if name else ""


def agrees(computed: float, text: str, p: float | None = None) -> bool:
    """Whether a number rounds to the printed digits and, if `p` is given, has as many stars.

    `agrees(0.55442, ".5544")` holds, `agrees(0.55442, ".5545")` does not.
    """
    digits = number(text)
    half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    near = abs(computed - float(digits)) <= half * (1.0 + ROUNDING)
    return bool(near) and (p is None or starred(text, p))


def number(text: str) -> str:
    """The digits of what is printed, `-1665` for `−1,665***`."""
    return text.rstrip("*").replace(",", "").replace("−", "-")


def starred(text: str, p: float) -> bool:
    return text.count("*") == stars(p)


def stars(p: float) -> int:
    """One for p < .05, two for p < .01, three for p < .001."""
    return sum(p < limit for limit in (0.05, 0.01, 0.001))


def like(computed: float, text: str, p: float | None = None) -> str:
    """A number with as many decimals as the printed one, and a zero before the point if that has.

    `like(-0.29848, "-.2985***", 1e-9)` is `-.2985***`.
    """
    digits = number(text)
    written = f"{computed:.{len(digits.partition('.')[2])}f}"
    if digits.lstrip("-").startswith("."):
        written = written.replace("0.", ".", 1) if abs(computed) < 1.0 else written
    return written + ("" if p is None else "*" * stars(p))


def minus(text: str) -> str:
    return text.replace("-", "−")


@cache
def printed_names(dataset: str | None = None) -> tuple[str, ...]:
    """Names of the printed tables, of one dataset or of all, in alphabetical order."""
    names = sorted(path.stem for path in TABLES.glob("*.toml"))
    return tuple(name for name in names if dataset in (None, printed(name).dataset))


@cache
def printed(name: str) -> Table:
    """Return the printed table called `name`."""
    path = TABLES / f"{name}.toml"
    if not path.exists():
        known = ", ".join(sorted(each.stem for each in TABLES.glob("*.toml")))
        raise CardError(f"unknown table '{name}'. There are {known}.")
    return parse(path.read_text(encoding="utf-8"), name)


def parse(text: str, name: str) -> Table:
    """Read a table's file strictly: what is unknown or missing is an error."""
    given = tomllib.loads(text)
    check(Table, given | {"name": name}, name)
    models = given["models"]
    columns = {key: part(Column, each, f"{name}, {key}") for key, each in given["columns"].items()}
    rows = {key: part(Row, lines(each), f"{name}, {key}") for key, each in given["rows"].items()}
    if stray := {column.model for column in columns.values()} - set(models):
        raise CardError(f"{name}: no model called {', '.join(sorted(stray))}")
    for key, row in rows.items():
        if len(row.printed) != (1 if row.whole else len(columns)):
            raise CardError(
                f"{name}: {key} has {len(row.printed)} texts for {len(columns)} columns"
            )
    for key in ("columns", "rows", "models"):
        given[key] = MappingProxyType({"columns": columns, "rows": rows, "models": models}[key])
    return Table(name=name, **{**given, "omitted": tuple(given.get("omitted", ()))})


def lines(row: dict[str, Any]) -> dict[str, Any]:
    """A row's texts as a tuple; a single one is about a model as a whole."""
    text = row.get("printed", ())
    whole = isinstance(text, str)
    return row | {"printed": (text,) if whole else tuple(text), "whole": whole}


def part(kind: type[Part], table: dict[str, Any], where: str) -> Part:
    check(kind, table, where)
    return kind(**table)


def check(kind: type[Any], table: dict[str, Any], where: str) -> None:
    known = {each.name for each in fields(kind)}
    needed = {
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    }
    if stray := table.keys() - known:
        raise CardError(f"{where}: unknown key {', '.join(sorted(stray))}")
    if absent := needed - table.keys():
        raise CardError(f"{where}: {', '.join(sorted(absent))} must be given")
