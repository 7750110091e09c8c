"""One cloud of points under several families of lines: complete, no and partial pooling.

The cloud is sent once. What the page sends stays the same whatever group is in focus, since
the focus lives in the browser and is only reported, for the address bar.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from ui import address, assets
from ui.pause import head_start
from ui.stage.axis import Axis
from ui.stage.noun import Noun

FOCUS = "line"  # the name of the group in focus in the address


@dataclass(frozen=True)
class Panel:
    """A family of lines: `lines` has columns `intercept`, `slope`, one row a group or one for all.

    `kind` gives the colour its meaning: the fixed part, the groups' own lines, the estimates.
    """

    title: str
    sub: str
    kind: Literal["fixed", "between", "predicted"]
    lines: pd.DataFrame
    alt: str


@dataclass(frozen=True, eq=False)
class Panels:
    """Side by side, the same `points` (columns `group` (text), `x`, `y`) under each family.

    `focus` is the group that is dark at first.
    """

    name: str
    points: pd.DataFrame
    x: Axis
    y: Axis
    noun: Noun
    panels: Sequence[Panel]
    focus: str

    @cached_property
    def groups(self) -> pd.DataFrame:
        """By group, in the order of the data: where x begins and ends, and the number of rows."""
        return self.points.groupby("group", sort=False)["x"].agg(["min", "max", "size"])

    @cached_property
    def data(self) -> dict[str, Any]:
        """What the browser needs, worked out once."""
        codes, _ = pd.factorize(self.points["group"])
        ordered = self.points.iloc[np.argsort(codes, kind="stable")]
        steps = [_steps(ordered["x"], self.x.domain), _steps(ordered["y"], self.y.domain)]
        return {
            "name": self.name,
            "noun": asdict(self.noun),
            "x": asdict(self.x),
            "y": asdict(self.y),
            "points": b64encode(np.concatenate(steps).tobytes()).decode("ascii"),
            "alpha": 0.45 if len(ordered) < 3000 else 0.3,
            "groups": [{"id": g, "n": int(n)} for g, n in self.groups["size"].items()],
            "panels": [self._drawn(panel) for panel in self.panels],
            "caption": f"Across, x: {self.x.label}. Up: {self.y.label}. "
            f"Circles: {self.noun.units} of the {self.noun.group} in focus. "
            "Click a line to put it in focus.",
        }

    def _drawn(self, panel: Panel) -> dict[str, object]:
        """Each line as [intercept, slope, from, to]; a group without a line is null."""
        start, end = self.groups["min"], self.groups["max"]
        if len(panel.lines) == 1:
            a, b = panel.lines[["intercept", "slope"]].to_numpy()[0]
            lines: list[list[float] | None] = [_line(a, b, start.min(), end.max())]
        else:
            fitted = panel.lines.reindex(self.groups.index)
            columns = zip(fitted["intercept"], fitted["slope"], start, end, strict=True)
            lines = [_line(*line) for line in columns]
        return {
            "title": panel.title,
            "sub": panel.sub,
            "kind": panel.kind,
            "alt": panel.alt,
            "lines": lines,
            "none": f"no line: too few {self.noun.units}",
        }


def show(key: str, picture: Panels) -> str:
    """Draw the panels; return the group in focus, which stands in the address."""
    groups = picture.groups.index
    if st.session_state.get(f"{key}.before", picture.name) != picture.name:
        address.put(**{FOCUS: None})  # a group of the dataset that was shown before
    st.session_state[f"{key}.before"] = picture.name
    chosen = address.choice(FOCUS, list(groups), picture.focus)
    first = st.session_state.setdefault(f"{key}.{picture.name}", chosen)

    def keep() -> None:
        reported = st.session_state[key].get("focus")
        if reported in groups:
            address.put(**{FOCUS: None if reported == picture.focus else reported})

    assets.panels(key=key, data={**picture.data, "focus": first}, on_focus_change=keep)
    head_start("picture")
    return chosen


def _steps(values: pd.Series[float], domain: tuple[float, float]) -> NDArray[np.int16]:
    """Values as 16-bit steps of their axis: two bytes each, finer than a pixel."""
    low, high = domain
    share = (values.to_numpy(float) - low) / (high - low)
    return np.round(share * 65535 - 32768).clip(-32768, 32767).astype("<i2")


def _line(a: float, b: float, start: float, end: float) -> list[float] | None:
    return None if np.isnan(b) else [round(float(v), 4) for v in (a, b, start, end)]
