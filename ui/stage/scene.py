"""The stage: a picture that moves under the hand, defined here, drawn and evaluated in the browser.

A stage has controls, and columns of frames whose marks are `Quantity` expressions of them: a closed
form, a sweep that the core computed on a grid, or a refit from cross-products. While a handle is
dragged nothing is sent; where it comes to rest is reported once and stands in the address bar.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ui import address, assets, variant
from ui.pause import head_start
from ui.stage.handles import Control, Focus, Place, json_number
from ui.stage.layout import Column, Equation, Frame, Item, Table
from ui.stage.marks import Mark
from ui.stage.quantity import Program, Quantity
from ui.stage.text import Text

REVEALED = "revealed"  # a control of the house: 0 at the moment of the reveal, then 1


@dataclass(frozen=True)
class Preset:
    """A link under the picture that moves several controls at once."""

    label: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Values:
    """Where the controls stand, as the page and its sentences need it."""

    numbers: Mapping[str, float]
    names: Mapping[str, str]

    def __getitem__(self, name: str) -> float:
        return self.numbers[name]

    def at(self, wanted: Quantity) -> float:
        """The number that a quantity is at these values."""
        return float(wanted.evaluate(self.numbers))

    def array(self, wanted: Quantity) -> NDArray[np.float64]:
        return np.asarray(wanted.evaluate(self.numbers), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Stage:
    """One live picture.

    `finding` is the title that states what is seen now; `sentence` completes the alternative
    text; `table` is the picture's twin in numbers. `caption` describes the picture while the
    question is open. `prefix` keeps the address names of two stages on a page apart.
    """

    key: str
    controls: Sequence[Control]
    columns: Sequence[Column]
    finding: Text
    sentence: Text
    table: Table
    presets: Sequence[Preset] = ()
    equation: Equation | None = None
    caption: str = ""
    prefix: str = ""

    def with_marks(self, frame: str, marks: Sequence[Mark]) -> Stage:
        """The same stage with more marks in the frame of that name: the learner's guess, a gap."""

        def more(item: Item) -> Item:
            if isinstance(item, Frame) and item.name == frame:
                return replace(item, marks=[*item.marks, *marks])
            return item

        columns = [replace(c, items=[more(item) for item in c.items]) for c in self.columns]
        return replace(self, columns=columns)

    @cached_property
    def drawn(self) -> dict[str, Any]:
        """What the browser needs once the answer may be seen, worked out once."""
        program = Program()
        wired = {
            "columns": [column.wire(program) for column in self.columns],
            "finding": self.finding.wire(program),
            "sentence": self.sentence.wire(program),
            "equation": self.equation and self.equation.wire(program),
            "table": self.table.wire(program),
            "presets": [
                {"label": p.label, "values": {k: json_number(v) for k, v in p.values.items()}}
                for p in self.presets
            ],
        }
        return self._sent("show", wired, program)

    @cached_property
    def asking(self) -> dict[str, Any]:
        """What the browser needs while the question is open: the marks `asked`, no more."""
        program = Program()
        columns = [column.wire_asked(program) for column in self.columns]
        return self._sent("ask", {"columns": columns, "caption": self.caption}, program)

    def _sent(self, mode: str, wired: dict[str, Any], program: Program) -> dict[str, Any]:
        sent = {
            "mode": mode,
            "controls": [c.wire() for c in self.controls if mode == "show" or _placed(c)],
            **wired,
            "program": program.wire(),
        }
        return {**sent, "id": hashlib.sha1(json.dumps(sent).encode()).hexdigest()}

    def values(self) -> Values:
        """Read every control from the address, each made valid."""
        numbers: dict[str, float] = {}
        for c in self.controls:
            numbers[c.name] = self.starting(c, numbers).read(self.prefix + c.name)
        names = {
            c.name: c.names[round(numbers[c.name])] for c in self.controls if isinstance(c, Focus)
        }
        return Values({REVEALED: 1.0, **numbers}, names)

    def starting(self, control: Control, numbers: Mapping[str, float]) -> Control:
        """The control as it is at first, which may depend on the group in focus."""
        for focus in self.controls:
            if isinstance(focus, Focus) and control.name in focus.sets:
                own = focus.sets[control.name][round(numbers[focus.name])]
                return replace(control, value=own)  # type: ignore[call-arg]
        return control


def show(stage: Stage, *, gap: str = "", note: str = "") -> Values:
    """Draw the live picture; return where its controls stand.

    `gap` says how the guess met the truth and `note` explains it; both are HTML of ours.
    """
    values = stage.values()
    now = {name: json_number(value) for name, value in values.numbers.items() if name != REVEALED}

    def keep() -> None:
        reported = st.session_state[stage.key].get("values")
        if reported:
            st.session_state[f"{stage.key}.said"] = reported
            _keep(stage, reported)

    assets.scene(
        key=stage.key,
        data={**stage.drawn, "gap": gap, "note": note, "values": _mounted(stage.key, now)},
        on_values_change=keep,
    )
    head_start("picture")
    return values


def ask(stage: Stage, name: str, *, story: str, question: str) -> None:
    """Draw the open question: axes and the marks `asked`; a `Place` keeps its guess for `name`."""
    draft = f"placed.{variant.task(name)}"
    placed = st.session_state.get(draft)

    def keep() -> None:
        reported = st.session_state[stage.key].get("values") or {}
        for place in filter(_placed, stage.controls):
            st.session_state[draft] = reported.get(place.name)

    assets.scene(
        key=stage.key,
        data={
            **stage.asking,
            "story": story,
            "question": question,
            "values": {c.name: placed for c in stage.controls if _placed(c)},
        },
        on_values_change=keep,
    )
    head_start("picture")


def _placed(control: Control) -> bool:
    return isinstance(control, Place)


def _keep(stage: Stage, reported: Mapping[str, Any]) -> None:
    """Write what the controls reported to the address; what is as at first stays out of it."""
    known = {name: value for name, value in reported.items() if value is not None}
    numbers = {name: inf if v == address.INFINITY else float(v) for name, v in known.items()}
    for control in stage.controls:
        if control.name in numbers:
            written = stage.starting(control, numbers).written(numbers[control.name])
            address.put(**{stage.prefix + control.name: written})


def _mounted(key: str, now: dict[str, Any]) -> dict[str, Any]:
    """The values to send: those sent when the picture was mounted, until others come from outside.

    What the browser reported it holds already. Sending it again would send the whole picture.
    """
    state = st.session_state
    if f"{key}.sent" not in state or state.get(f"{key}.page") != state.get("visit"):
        state[f"{key}.page"] = state.get("visit")
        state.pop(f"{key}.said", None)
        state[f"{key}.sent"] = now
    said = {name: now[name] for name in now} == {
        name: (state.get(f"{key}.said") or {}).get(name) for name in now
    }
    if not said and state[f"{key}.sent"] != now:
        state[f"{key}.sent"] = now
    sent: dict[str, Any] = state[f"{key}.sent"]
    return sent
