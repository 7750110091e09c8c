"""What a learner moves on a stage: each control is one parameter of the model, or of the view.

Its name is the parameter's in the equation and in the address, its value there is validated here;
in the browser every value is a number: a choice its index, a switch 0 or 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isinf, isnan, nan
from typing import Any, ClassVar

from ui import address
from ui.stage.marks import Role
from ui.stage.quantity import Quantity, control


@dataclass(frozen=True)
class Control:
    """A named value; `label` says what it is, in words."""

    kind: ClassVar[str]

    name: str
    label: str

    @property
    def quantity(self) -> Quantity:
        return control(self.name)

    @property
    def start(self) -> float:
        """The value at first, as the number that the browser holds."""
        raise NotImplementedError

    def read(self, key: str) -> float:
        """The value that the address has under `key`, made valid; else `start`."""
        raise NotImplementedError

    def written(self, value: float) -> float | str | None:
        """How `value` stands in the address; None where it is the one at first."""
        raise NotImplementedError

    def wire(self) -> dict[str, Any]:
        known = {
            name: value for name, value in vars(self).items() if value != inf and name != "value"
        }
        return {"kind": self.kind, **known, "start": json_number(self.start)}


@dataclass(frozen=True)
class Slider(Control):
    """A number from `low` to `high`; `endless` adds infinity past the upper end."""

    kind = "slider"

    low: float
    high: float
    value: float
    step: float = 0.1
    symbol: str = ""
    unit: str = ""
    format: str = "1"
    role: Role = "ink"
    endless: bool = False

    @property
    def start(self) -> float:
        return self.value

    def read(self, key: str) -> float:
        top = inf if self.endless else self.high
        found = address.number(key, low=self.low, high=top, step=self.step, default=self.value)
        return found if isinf(found) else min(found, self.high)

    def written(self, value: float) -> float | str | None:
        return None if abs(value - self.value) < self.step / 2 else value


@dataclass(frozen=True)
class Stepper(Slider):
    """A whole number with a − and a + beside it."""

    kind = "stepper"

    step: float = 1
    format: str = "0"


@dataclass(frozen=True)
class Player(Slider):
    """A number that runs by itself: play, pause, one step back, one step on. It starts paused.

    A `whole` one, such as a seed, has nothing between two of its values.
    """

    kind = "player"

    step: float = 1
    format: str = "0"
    seconds: float = 0.6
    whole: bool = False


@dataclass(frozen=True)
class Again(Control):
    """A button that draws again: it counts the seed up, which is shown and part of the link."""

    kind = "again"

    value: int = 1
    most: int = 999

    @property
    def start(self) -> float:
        return float(self.value)

    def read(self, key: str) -> float:
        low = min(0, self.value)
        return address.number(key, low=low, high=self.most, step=1, default=self.value)

    def written(self, value: float) -> float | str | None:
        return None if value == self.value else value


@dataclass(frozen=True)
class Toggle(Control):
    """On or off; the picture glides between the two."""

    kind = "toggle"

    value: bool = False

    @property
    def start(self) -> float:
        return float(self.value)

    def read(self, key: str) -> float:
        return float(address.choice(key, ["no", "yes"], "yes" if self.value else "no") == "yes")

    def written(self, value: float) -> float | str | None:
        return None if (value > 0.5) == self.value else "yes" if value > 0.5 else "no"


@dataclass(frozen=True)
class Choice(Control):
    """One of a few: `options` maps names in the address to labels; its value is the index."""

    kind = "choice"

    options: Mapping[str, str]
    value: str

    @property
    def start(self) -> float:
        return float(list(self.options).index(self.value))

    def read(self, key: str) -> float:
        names = list(self.options)
        return float(names.index(address.choice(key, names, self.value)))

    def written(self, value: float) -> float | str | None:
        chosen = list(self.options)[round(value)]
        return None if chosen == self.value else chosen


@dataclass(frozen=True)
class Focus(Control):
    """Which group is in focus; its value is the index in `names`. Marks `of` it can be clicked.

    `sets` are controls that each group has a value of its own for, such as its number of rows:
    choosing the group moves them there. They come after the focus among a stage's controls.
    """

    kind = "focus"

    names: Sequence[str]
    value: str
    sizes: Sequence[int] = ()
    sets: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @property
    def start(self) -> float:
        return float(list(self.names).index(self.value))

    def read(self, key: str) -> float:
        return float(list(self.names).index(address.one_of(key, self.names) or self.value))

    def written(self, value: float) -> float | str | None:
        chosen = self.names[round(value)]
        return None if chosen == self.value else chosen


@dataclass(frozen=True)
class Place(Control):
    """A guess placed in the picture, without a default: not a number until it is placed."""

    kind = "place"

    low: float
    high: float
    step: float
    unit: str = ""
    format: str = "2"
    role: Role = "guess"

    @property
    def start(self) -> float:
        return nan

    def read(self, key: str) -> float:
        return nan

    def written(self, value: float) -> float | str | None:
        return None


def json_number(value: float) -> float | str | None:
    """JSON knows neither infinity nor NaN."""
    return None if isnan(value) else address.INFINITY if isinf(value) else value
