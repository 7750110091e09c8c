"""One cloud of points under several families of lines: complete, no and partial pooling.

The cloud is sent once. What the page sends stays the same whatever group is in focus, since
the focus lives in the browser and is only reported, for the address bar.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from ui import address, assets
from ui.stage.axis import Axis
from ui.stage.noun import Noun


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


@dataclass(frozen=True)
class Cloud:
    """The points: columns `group` (text), `x`, `y`."""

    name: str
    points: pd.DataFrame
    x: Axis
    y: Axis
    noun: Noun


def show(key: str, cloud: Cloud, panels: Sequence[Panel], focus: str) -> str:
    """Draw the panels side by side; return the group in focus, which stands in the address."""
    codes, _ = pd.factorize(cloud.points["group"])
    ordered = cloud.points.iloc[np.argsort(codes, kind="stable")]
    ranges = ordered.groupby("group", sort=False)["x"].agg(["min", "max", "size"])
    chosen = address.choice(cloud.noun.group, list(ranges.index), focus)
    first = st.session_state.setdefault(f"{key}.{cloud.name}", chosen)

    def keep() -> None:
        reported = st.session_state[key].get("focus")
        if reported in ranges.index:
            address.put(**{cloud.noun.group: None if reported == focus else reported})

    assets.panels(
        key=key,
        data={
            "name": cloud.name,
            "noun": asdict(cloud.noun),
            "x": asdict(cloud.x),
            "y": asdict(cloud.y),
            "points": _packed(ordered, cloud),
            "alpha": 0.45 if len(ordered) < 3000 else 0.3,
            "digits": 1,
            "groups": [{"id": g, "n": int(n)} for g, n in ranges["size"].items()],
            "panels": [_lines(panel, ranges, cloud.noun) for panel in panels],
            "caption": f"Across, x: {cloud.x.label}. Up: {cloud.y.label}. "
            f"Circles: {cloud.noun.units} of the {cloud.noun.group} in focus. "
            "Click a line to put it in focus.",
            "focus": first,
        },
        on_focus_change=keep,
    )
    return chosen


def _packed(points: pd.DataFrame, cloud: Cloud) -> str:
    """Both coordinates as 16-bit steps of their axis, x first, in base64: 4 bytes a point."""
    return b64encode(
        np.concatenate(
            [_steps(points["x"], cloud.x.domain), _steps(points["y"], cloud.y.domain)]
        ).tobytes()
    ).decode("ascii")


def _steps(values: pd.Series[float], domain: tuple[float, float]) -> NDArray[np.int16]:
    low, high = domain
    share = (values.to_numpy(float) - low) / (high - low)
    return np.round(share * 65535 - 32768).clip(-32768, 32767).astype("<i2")


def _lines(panel: Panel, ranges: pd.DataFrame, noun: Noun) -> dict[str, object]:
    """Each line as [intercept, slope, from, to]; a group without a line is null."""
    low, high = float(ranges["min"].min()), float(ranges["max"].max())
    if len(panel.lines) == 1:
        a, b = panel.lines.iloc[0][["intercept", "slope"]]
        lines: list[list[float] | None] = [[round(a, 4), round(b, 4), low, high]]
    else:
        lines = []
        fitted = panel.lines.reindex(ranges.index)
        columns = (fitted["intercept"], fitted["slope"], ranges["min"], ranges["max"])
        for a, b, start, end in zip(*columns, strict=True):
            known = not np.isnan(b)
            lines.append([round(a, 4), round(b, 4), float(start), float(end)] if known else None)
    return {
        "title": panel.title,
        "sub": panel.sub,
        "kind": panel.kind,
        "alt": panel.alt,
        "lines": lines,
        "none": f"no line: too few {noun.units}",
    }
