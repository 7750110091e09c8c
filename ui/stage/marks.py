"""What a picture is made of: dots, lines, bands, boxes, ellipses, springs, labels, handles.

Every coordinate is a number, an array or a `Quantity` in the units of its frame's axes; scalars
are repeated as far as the longest array of the mark. `role` gives the colour its meaning (see
`figures.style`). A mark with `of` has one element a group, in the order of the `Focus` of that
name: the group in focus is drawn strong, in the colour of `focus`, and any of them can be clicked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ui.stage.quantity import Quantity, data
from ui.stage.text import Text

if TYPE_CHECKING:
    from ui.stage.quantity import Program

Role = Literal["between", "within", "fixed", "predicted", "truth", "guess", "context", "ink"]
Number: TypeAlias = Quantity | float
Numbers: TypeAlias = Quantity | float | Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What all marks share: a role, and an opacity from 0, not there, to 1."""

    kind: ClassVar[str]

    role: Role = "context"
    opacity: Number = 1.0

    def wire(self, program: Program) -> dict[str, Any]:
        """Fields as the browser reads them: quantities become nodes of the program."""
        drawn: dict[str, Any] = {"kind": self.kind}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Text):
                drawn[each.name] = value.wire(program)
            elif each.name in _PLAIN or value is None:
                drawn[each.name] = value
            else:
                drawn[each.name] = program.add(quantity(value))
        return drawn


_PLAIN = frozenset(
    "role shape of width dashed hatched anchor dx dy strong coils along control names texts "
    "through filled prompt edge focus scale".split()
)


def quantity(value: Quantity | ArrayLike) -> Quantity:
    return value if isinstance(value, Quantity) else data(value)


@dataclass(frozen=True)
class Dots(Mark):
    """Points; `size` is the radius in sixteenths of a rem. Above 2,000 they are drawn on canvas.

    The shape follows the role (between a disc, within a ring, predicted a diamond, guess an open
    triangle) unless `shape` says otherwise. `texts` labels them one by one.
    """

    kind = "dots"
    x: Numbers
    y: Numbers
    size: Numbers = 4.0
    shape: Literal["disc", "ring", "diamond", "triangle", "square"] | None = None
    of: str | None = None
    focus: Role = "ink"
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Segments(Mark):
    """Straight lines from (x1, y1) to (x2, y2): intervals, links, the lines of groups."""

    kind = "segments"
    x1: Numbers
    y1: Numbers
    x2: Numbers
    y2: Numbers
    width: float = 1.0
    dashed: bool = False
    of: str | None = None
    focus: Role = "ink"


@dataclass(frozen=True)
class Path(Mark):
    """One curve through points in order; with `starts`, several, each beginning at an index."""

    kind = "path"
    x: Numbers
    y: Numbers
    starts: Numbers | None = None
    width: float = 2.0
    dashed: bool = False
    of: str | None = None
    focus: Role = "ink"


@dataclass(frozen=True)
class Band(Mark):
    """The area between `low` and `high` along x, with its edges."""

    kind = "band"
    x: Numbers
    low: Numbers
    high: Numbers
    width: float = 1.6


@dataclass(frozen=True)
class Boxes(Mark):
    """Rectangles with corners (x1, y1) and (x2, y2): bars, histograms, cells."""

    kind = "boxes"
    x1: Numbers
    y1: Numbers
    x2: Numbers
    y2: Numbers
    hatched: bool = False
    filled: bool = True
    of: str | None = None
    focus: Role = "ink"


@dataclass(frozen=True)
class Rule(Mark):
    """A line across the frame at `x` or `y`; `through` runs over all frames of the column."""

    kind = "rule"
    x: Number | None = None
    y: Number | None = None
    width: float = 1.4
    dashed: bool = False
    through: bool = False


@dataclass(frozen=True)
class Ellipse(Mark):
    """What lies `scale` SDs from (x, y) under the covariance [[v00, v01], [v01, v11]]."""

    kind = "ellipse"
    x: Number
    y: Number
    v00: Number
    v01: Number
    v11: Number
    scale: float = 1.0
    filled: bool = False
    width: float = 2.0


@dataclass(frozen=True)
class Spring(Mark):
    """A coiled spring along x at the height y."""

    kind = "spring"
    x1: Number
    x2: Number
    y: Number
    coils: int = 8
    width: float = 1.2


@dataclass(frozen=True)
class Label(Mark):
    """Words at a place; `dx`, `dy` move them by sixteenths of a rem, y counts downwards."""

    kind = "label"
    x: Number
    y: Number
    text: Text
    role: Role = field(default="ink", kw_only=True)
    anchor: Literal["start", "middle", "end"] = "start"
    dx: float = 0.0
    dy: float = 5.0
    strong: bool = False


@dataclass(frozen=True)
class Handle(Mark):
    """A control that is dragged in the picture: it stands at `offset` + `factor` × its value.

    `at` is its place on the other axis, `edge` puts it on the frame's own foot. Its `text` stands
    in the handle (a pill) or, without one, it is a round grip.
    """

    kind = "handle"
    control: str
    along: Literal["x", "y"] = "x"
    at: Number = 0.0
    offset: Number = 0.0
    factor: Number = 1.0
    text: Text | None = None
    edge: bool = False
    role: Role = field(default="ink", kw_only=True)
    prompt: str = ""
