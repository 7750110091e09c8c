"""What stands on a stage: frames with axes, controls, numbers read off, notes, equations, a table.

Each knows how it is told to the browser: `wire(program)` adds its quantities to the program and
returns the rest as plain data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from ui.stage.axis import Axis
from ui.stage.marks import Mark, Numbers, Role, quantity
from ui.stage.quantity import Program, Quantity
from ui.stage.text import Text, text

Words: TypeAlias = "Text | str"


@dataclass(frozen=True)
class Frame:
    """Axes and the marks in them; `height` in sixteenths of a rem, without the axes' labels.

    In a low window, as on a wall, it is `low` where that is given.

    An axis without ticks is not drawn. Frames that follow each other in a column have the same
    left and right edge. `asked` are the marks that show while the question is open.
    """

    marks: Sequence[Mark]
    x: Axis
    y: Axis
    height: float = 240
    title: Words = ""
    role: Role = "ink"
    name: str = ""
    asked: Sequence[Mark] = ()
    low: float = 0

    @property
    def bare(self) -> bool:
        """Whether there is nothing to see while the question is open: neither marks nor ticks."""
        return not (self.asked or self.x.ticks or self.y.ticks)

    def wire(self, program: Program) -> dict[str, Any]:
        return self._wired(self.marks, _words(self.title, program), program)

    def wire_asked(self, program: Program) -> dict[str, Any]:
        """The frame as the open question shows it; a title that is computed may be the answer.

        Its place stays, so that nothing moves at the reveal.
        """
        title = _words(self.title if isinstance(self.title, str) else "\u00a0", program)
        return self._wired(self.asked, title, program)

    def _wired(
        self, marks: Sequence[Mark], title: list[object], program: Program
    ) -> dict[str, Any]:
        return {
            "kind": "frame",
            "x": _axis(self.x),
            "y": _axis(self.y),
            "height": self.height,
            "low": self.low or self.height,
            "title": title,
            "role": self.role,
            "marks": [mark.wire(program) for mark in marks],
        }


@dataclass(frozen=True)
class Controls:
    """A row of controls by name, where they are wanted; a control may be a handle only."""

    names: Sequence[str]

    def wire(self, program: Program) -> dict[str, Any]:
        return {"kind": "controls", "names": list(self.names)}


@dataclass(frozen=True)
class Readout:
    """A number with what it is called: `value` large, in the colour of `role`, `note` below."""

    label: Words
    value: Text
    note: Words = ""
    role: Role = "ink"

    def wire(self, program: Program) -> dict[str, Any]:
        return {
            "kind": "readout",
            "label": _words(self.label, program),
            "value": self.value.wire(program),
            "note": _words(self.note, program),
            "role": self.role,
        }


@dataclass(frozen=True)
class Note:
    """A short text beside or under the pictures; a `heading` is set as one."""

    text: Words
    heading: bool = False

    def wire(self, program: Program) -> dict[str, Any]:
        return {"kind": "note", "text": _words(self.text, program), "heading": self.heading}


@dataclass(frozen=True)
class Fraction:
    """One row of pieces over another."""

    above: Sequence[Piece]
    below: Sequence[Piece]


@dataclass(frozen=True)
class Matrix:
    """Rows of pieces between parentheses."""

    rows: Sequence[Sequence[Piece]]


Piece: TypeAlias = "Text | str | Fraction | Matrix"


@dataclass(frozen=True)
class Equation:
    """An equation with the numbers of now in their colours; `spoken` says it in words."""

    pieces: Sequence[Piece]
    spoken: Text

    def wire(self, program: Program) -> dict[str, Any]:
        return {
            "kind": "equation",
            "pieces": [_piece(piece, program) for piece in self.pieces],
            "spoken": self.spoken.wire(program),
        }


Item: TypeAlias = Frame | Controls | Readout | Note | Equation


@dataclass(frozen=True)
class Column:
    """Frames and texts from top to bottom; `width` is its share, `margin` beside its axes."""

    items: Sequence[Item]
    width: float = 1.0
    margin: tuple[float, float] = (44, 40)

    def wire(self, program: Program) -> dict[str, Any]:
        return self._wired([item.wire(program) for item in self.items])

    def wire_asked(self, program: Program) -> dict[str, Any]:
        """Its frames only, as the open question shows them; one that would be empty is left out."""
        frames = [item for item in self.items if isinstance(item, Frame) and not item.bare]
        return self._wired([frame.wire_asked(program) for frame in frames])

    def _wired(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        return {"width": self.width, "margin": list(self.margin), "items": items}


@dataclass(frozen=True)
class Table:
    """What is drawn, as numbers: `columns` are (heading, names or numbers, format)."""

    caption: str
    columns: Sequence[tuple[str, Sequence[str] | Numbers, str]]

    def wire(self, program: Program) -> dict[str, Any]:
        return {
            "caption": self.caption,
            "columns": [
                {"heading": heading, **_cells(cells, program), "format": form}
                for heading, cells, form in self.columns
            ],
        }


def _cells(cells: Sequence[str] | Numbers, program: Program) -> dict[str, Any]:
    if isinstance(cells, Quantity):
        return {"value": program.add(cells)}
    if np.asarray(cells).dtype.kind in "US":
        return {"names": [str(cell) for cell in np.asarray(cells)]}
    return {"value": program.add(quantity(np.asarray(cells, dtype=float)))}


def _axis(axis: Axis) -> dict[str, Any]:
    return {
        "domain": list(axis.domain),
        "ticks": list(axis.ticks),
        "label": axis.label,
        "names": list(axis.names),
        "log": axis.log,
    }


def _words(words: Words, program: Program) -> list[object]:
    return (text(words) if isinstance(words, str) else words).wire(program)


def _piece(piece: Piece, program: Program) -> Any:
    match piece:
        case Fraction(above, below):
            return {
                "above": [_piece(each, program) for each in above],
                "below": [_piece(each, program) for each in below],
            }
        case Matrix(rows):
            return {"matrix": [[_piece(cell, program) for cell in row] for row in rows]}
        case _:
            return _words(piece, program)
