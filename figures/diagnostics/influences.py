"""What leaving a group out would change: Cook's distances, and each coefficient's change in SEs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures import style
from figures.diagnostics import parts
from mlcore.inference.influence import Influence

DISTANCES = 230  # pixels of the upper strip
EACH = 46  # of each coefficient's row
BELOW = 70  # for the gap and the axis
NAMED = 3
MOST = 1_500  # groups that are drawn


def picture(found: Influence, scheme: style.Scheme = "light") -> go.Figure:
    """Draw Cook's distance over the size of each group, and below how it moves each coefficient."""
    terms = list(found.shifts.columns)
    height = DISTANCES + BELOW + EACH * len(terms)
    figure = style.figure(scheme, height)
    top = found.largest(NAMED)
    shown = drawn(found)
    place, title = places(found)
    cook = found.table["cook"]
    figure.add_traces(
        [
            marks(place.loc[shown], cook.loc[shown], shown, found, scheme, "between"),
            marks(place.loc[top], cook.loc[top], top, found, scheme),
        ]
    )
    for k, (x, y) in enumerate(zip(place.loc[top], cook.loc[top], strict=True)):
        side = {"xanchor": "right", "xshift": -8} if k % 2 else {"xanchor": "left", "xshift": 8}
        figure.add_annotation({**parts.word(x, y, str(top[k]), scheme, ink=True), **side})
    for k, term in enumerate(terms):
        shift = found.shifts[term]
        lower = [
            marks(shift.loc[shown], np.full(len(shown), -k), shown, found, scheme, "between"),
            marks(shift.loc[top], np.full(len(top), -k), top, found, scheme),
        ]
        figure.add_traces([trace.update(xaxis="x2", yaxis="y2") for trace in lower])
        for name, x in moved(shift.loc[top]).items():
            figure.add_annotation(
                parts.word(x, -k, str(name), scheme, ink=True,
                           xref="x2", yref="y2", yanchor="bottom", yshift=5,
                           bgcolor="rgba(0, 0, 0, 0)")
            )  # fmt: skip
    border = (EACH * len(terms) + BELOW / 2) / height
    figure.update_layout(
        xaxis={"title": {"text": title}, "anchor": "y"},
        yaxis={
            "title": {"text": "Cook’s distance"},
            "rangemode": "tozero",
            "domain": [border + 0.5 * BELOW / height, 1.0],
        },
        xaxis2={
            "title": {"text": "change without the group, SEs"},
            "anchor": "y2",
            "zeroline": True,
            "zerolinecolor": style.COLOURS["context"].on(scheme),
        },
        yaxis2={
            "domain": [0.0, border - 0.5 * BELOW / height],
            "range": [-len(terms) + 0.4, 0.7],
            "tickvals": [-k for k in range(len(terms))],
            "ticktext": [str(term) for term in terms],
            "showgrid": False,
        },
    )
    return figure


def alt(found: Influence) -> str:
    """Say which group moves the estimates by most, how far, and what is held."""
    top = found.largest(1)
    if not len(top):
        return f"No group of {found.group} can be left out."
    name = top[0]
    shift = found.shifts.loc[name]
    most = shift.abs().idxmax()
    held = f" Here {found.held}." if found.held else ""
    over = int((found.table["cook"] > found.threshold).sum())
    verb = "is" if over == 1 else "are"
    return (
        f"Without {found.group} {name} the estimates would change by most: Cook’s distance "
        f"{parts.number(found.table.loc[[name], 'cook'].to_numpy()[0])}, and the coefficient of "
        f"{most} by {parts.number(float(shift[most]), 2)} standard errors. {over:,} of "
        f"{len(found.table):,} distances {verb} above four over the number of groups.{held}"
    )


def table(found: Influence) -> pd.DataFrame:
    """What is drawn, the most influential first; changes in standard errors."""
    shifts = found.shifts.add_prefix("change of ").add_suffix(", SEs")
    joined = found.table.rename(columns={"n": "rows", "cook": "Cook’s distance"}).join(shifts)
    joined = joined.sort_values("Cook’s distance", ascending=False)
    return joined.rename_axis(found.group).reset_index()


def drawn(found: Influence) -> pd.Index:
    """All groups, or of thousands the most influential and some of the others."""
    order = found.table["cook"].sort_values(ascending=False, kind="stable").dropna().index
    if len(order) <= MOST:
        return order
    some = np.linspace(MOST // 3, len(order) - 1, MOST - MOST // 3).astype(int)
    return order[np.append(np.arange(MOST // 3), some)]


def places(found: Influence) -> tuple[pd.Series[float], str]:
    """Where each group stands: over its size, or where all are of one size in their own order."""
    n = found.table["n"].astype(float)
    if n.nunique() > 1:
        return n, f"rows of a group ({found.group})"
    return pd.Series(np.arange(1.0, len(n) + 1), n.index), f"{found.group}, in order"


def moved(shift: pd.Series[float]) -> pd.Series[float]:
    """Of the most influential groups those that stand apart on a coefficient's row."""
    far = shift.iloc[np.argsort(-shift.abs().to_numpy(), kind="stable")]
    far = far[far.abs() > 0.15]
    kept: list[int] = []
    for k, value in enumerate(far):
        if all(abs(value - far.iloc[other]) > 0.12 * abs(far.iloc[0]) for other in kept):
            kept.append(k)
    return far.iloc[kept]


def marks(
    x: pd.Series[float],
    y: pd.Series[float] | np.ndarray,
    names: pd.Index,
    found: Influence,
    scheme: style.Scheme,
    meaning: str = "",
) -> go.Scatter:
    """A dot for each group, in ink if no meaning is given."""
    told = found.table.loc[names, ["n", "leverage", "cook"]].itertuples(index=False)
    colour = style.COLOURS[meaning].on(scheme) if meaning else style.INK.on(scheme)
    return go.Scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"color": colour, "symbol": "circle", "size": 6 if meaning else 8},
        text=[
            f"{found.group} {name}: {n:,} rows, Cook’s distance {cook:.3g}, leverage {leverage:.3g}"
            for name, (n, leverage, cook) in zip(names, told, strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )
