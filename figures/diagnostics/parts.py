"""What the pictures of diagnostics share: clouds of many points, bands, words on the picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures import style

MOST = 2_500  # points that are drawn one by one
CELLS = (64, 36)  # into which more of them are counted
LARGEST = 11  # pixels of the fullest cell

Array = np.ndarray


def number(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, and a true minus sign."""
    if value == 0.0 or not np.isfinite(value):
        return "0" if value == 0.0 else "none"
    decimals = max(digits - 1 - int(np.floor(np.log10(abs(value)))), 0)
    return f"{value:,.{decimals}f}".replace("-", "−")


def counted(x: Array, y: Array) -> pd.DataFrame:
    """The points in cells of a grid: the middle of each cell that has some, and how many `rows`."""
    places, middles = [], []
    for values, cells in zip((x, y), CELLS, strict=True):
        edges = np.linspace(values.min(), values.max(), cells + 1)
        places.append(np.clip(np.searchsorted(edges, values, "right") - 1, 0, cells - 1))
        middles.append((edges[1:] + edges[:-1]) / 2.0)
    rows = np.bincount(places[0] * CELLS[1] + places[1], minlength=CELLS[0] * CELLS[1])
    filled = np.flatnonzero(rows)
    column, row = np.divmod(filled, CELLS[1])
    return pd.DataFrame({"x": middles[0][column], "y": middles[1][row], "rows": rows[filled]})


def cloud(x: Array, y: Array, names: Iterable[object], scheme: style.Scheme) -> go.Scatter:
    """Small hollow marks, one for each row; of many rows, marks whose area is their number."""
    orange = style.COLOURS["within"]
    if len(x) <= MOST:
        return go.Scatter(
            x=x,
            y=y,
            mode="markers",
            marker={"color": orange.on(scheme), "symbol": orange.symbol, "size": 5, "opacity": 0.7},
            text=[f"row {name}" for name in names],
            hovertemplate="%{text}: %{y:.3g} at %{x:.3g}<extra></extra>",
        )
    cells = counted(x, y)
    size = LARGEST * np.sqrt(cells["rows"] / cells["rows"].max())
    return go.Scatter(
        x=cells["x"],
        y=cells["y"],
        mode="markers",
        marker={
            "color": orange.on(scheme),
            "symbol": "square",
            "size": np.maximum(size, 1.6),
            "opacity": 0.85,
            "line": {"width": 0},
        },
        text=[f"{rows:,} row{'s'[: rows != 1]}" for rows in cells["rows"]],
        hovertemplate="%{text} near %{y:.3g}, at %{x:.3g}<extra></extra>",
    )


def curve(x: Array, y: Array, scheme: style.Scheme, *, width: float = 3) -> go.Scatter:
    """A thick line of ink."""
    line = {"color": style.COLOURS["fixed"].on(scheme), "width": width}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")


def thin(x: Sequence[float], y: Sequence[float], scheme: style.Scheme) -> go.Scatter:
    """A thin grey line: zero, the diagonal."""
    line = {"color": style.COLOURS["context"].on(scheme), "width": 1}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")


def band(x: Array, lower: Array, upper: Array, scheme: style.Scheme) -> go.Scatter:
    """The grey area between two curves."""
    return go.Scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([lower, upper[::-1]]),
        mode="lines",
        fill="toself",
        fillcolor=style.RULE.on(scheme),
        line={"width": 0, "color": style.RULE.on(scheme)},
        hoverinfo="skip",
    )


def word(
    x: float, y: float, text: str, scheme: style.Scheme, *, ink: bool = False, **where: object
) -> dict[str, object]:
    """Words on the picture, beside what they are about, on a patch of its paper."""
    return {
        "x": x,
        "y": y,
        "text": text,
        "showarrow": False,
        "font": {"color": (style.INK if ink else style.MUTED).on(scheme)},
        "bgcolor": style.PAPER.on(scheme),
        "borderpad": 1,
        **where,
    }


def note(text: str, scheme: style.Scheme) -> dict[str, object]:
    """A line above the picture, at its right."""
    corner = {"xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "bottom"}
    return {**word(1.0, 1.0, text, scheme), **corner}


def axes(figure: go.Figure, x: str, y: str) -> go.Figure:
    """Name the axes."""
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y)
    return figure
