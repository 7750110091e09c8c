"""The level structure of a dataset as a picture: every group, from the smallest to the largest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures import style

HEIGHT = 190  # pixels of a strip
DRAWN = 0.78  # of a strip; the rest is its title
CLEARANCE = 4  # pixels between a dot and its label
HEADROOM = 1.3  # of the largest group, for the label above it


@dataclass(frozen=True, eq=False)
class Strip:
    """One level: its groups in ascending order of size, and the units they hold."""

    groups: str
    units: str
    names: list[str]
    sizes: np.ndarray

    @property
    def marks(self) -> tuple[int, float, int]:
        """The smallest size, the median and the largest."""
        return int(self.sizes[0]), float(np.median(self.sizes)), int(self.sizes[-1])

    @property
    def even(self) -> bool:
        return bool(self.sizes[0] == self.sizes[-1])


def alt(groups: pd.DataFrame) -> str:
    """Say what the picture shows: `65 schools of 2 to 198 pupils, median 60.`"""
    return "; ".join(_range(strip) for strip in _strips(groups)) + "."


def picture(groups: pd.DataFrame, scheme: style.Scheme = "light") -> go.Figure:
    """Draw a dot on a stem for each group, in one strip a level; label the three that count.

    `groups` has a row for each group: the level, the group's name, and how many units it
    holds, in a column named after the units. Within a level the rows ascend by size.
    """
    shown = _strips(groups)
    figure = style.figure(scheme, height=HEIGHT * len(shown))
    for row, strip in enumerate(shown):
        number = str(row + 1) if row else ""
        axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
        bottom = 1 - (row + 1) / len(shown)
        layout = _axes(strip, domain=(bottom, bottom + DRAWN / len(shown)))
        figure.add_traces([trace.update(axes) for trace in _traces(strip, scheme)])
        figure.update_layout({f"{axis}{number}": given for axis, given in layout.items()})
        for label in _labels(strip, axes["yaxis"], scheme):
            figure.add_annotation(label, xref=axes["xaxis"])
    return figure


def _strips(groups: pd.DataFrame) -> list[Strip]:
    units = groups.columns[-1]
    return [
        Strip(str(level), units, list(rows["group"]), rows[units].to_numpy())
        for level, rows in groups.groupby("level", sort=False)
    ]


def _axes(strip: Strip, domain: tuple[float, float]) -> dict[str, dict[str, object]]:
    """No scale but the smallest size, written beside its dot in the margin."""
    return {
        "xaxis": {"visible": False, "range": [-0.6, len(strip.sizes) - 0.4]},
        "yaxis": {
            "domain": domain,
            "range": [0, strip.sizes[-1] * HEADROOM],
            "showgrid": False,
            "tickvals": [] if strip.even else [strip.sizes[0]],
            "ticktext": [f"smallest<br>{strip.sizes[0]:,}"],
            "ticklabeloverflow": "allow",
            "ticks": "outside",
            "ticklen": CLEARANCE,
            "tickcolor": "rgba(0, 0, 0, 0)",
        },
    }


def _traces(strip: Strip, scheme: style.Scheme) -> list[go.Scatter]:
    """Stems as one line with gaps, a dot for each group, larger ones for the three marks."""
    places = np.arange(len(strip.sizes))
    gap = np.full(len(places), np.nan)
    blue = style.COLOURS["between"]
    return [
        go.Scatter(
            x=np.repeat(places, 3),
            y=np.column_stack([np.zeros(len(places)), strip.sizes, gap]).ravel(),
            mode="lines",
            line={"color": style.RULE.on(scheme), "width": 2},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=places,
            y=strip.sizes,
            mode="markers",
            marker={"color": blue.on(scheme), "symbol": blue.symbol, "size": 6},
            text=strip.names,
            cliponaxis=False,
            hovertemplate=f"%{{text}}: %{{y:,}} {strip.units}<extra></extra>",
        ),
        go.Scatter(
            x=[] if strip.even else [0, places[-1] / 2, places[-1]],
            y=strip.marks,
            mode="markers",
            marker={"color": blue.on(scheme), "symbol": blue.symbol, "size": 11},
            hoverinfo="skip",
            cliponaxis=False,
        ),
    ]


def _labels(strip: Strip, yaxis: str, scheme: style.Scheme) -> list[dict[str, object]]:
    """The strip's title, and words beside the median and the largest group.

    Sizes rise to the right, so the space above and to the left of a dot is free.
    """
    last = len(strip.sizes) - 1
    _, median, largest = strip.marks
    beside = {
        "yref": yaxis,
        "xanchor": "right",
        "yanchor": "bottom",
        "yshift": CLEARANCE,
        "showarrow": False,
    }
    title = {
        "text": f"<b>{len(strip.sizes):,} {strip.groups}</b>, by number of {strip.units}",
        "x": -0.6,
        "xanchor": "left",
        "y": 1,
        "yref": f"{yaxis} domain",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": style.INK.on(scheme)},
    }
    if strip.even:
        return [title, {**beside, "x": last, "y": largest, "text": f"{largest:,} each"}]
    return [
        title,
        {**beside, "x": last / 2, "y": median, "text": f"median {_number(median)}"},
        {**beside, "x": last, "y": largest, "text": f"largest {largest:,}"},
    ]


def _range(strip: Strip) -> str:
    low, median, high = strip.marks
    counted = f"{len(strip.sizes):,} {strip.groups}"
    if strip.even:
        return f"{counted} of {low:,} {strip.units} each"
    return f"{counted} of {low:,} to {high:,} {strip.units}, median {_number(median)}"


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
