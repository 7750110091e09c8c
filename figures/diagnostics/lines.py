"""Lines through groups: the model's over those of the groups by themselves, one group in focus."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures import style
from figures.diagnostics import parts
from mlcore.inference.group_lines import GroupLines

HEIGHT = 460
OWN = 80  # own lines at most: of more they are a thicket


def picture(
    found: GroupLines,
    scheme: style.Scheme = "light",
    *,
    focus: object = None,
    own: bool = True,
) -> go.Figure:
    """Draw the model's line of each group, the overall line, and the rows of the group in focus.

    With `own` the dotted lines that groups would have by themselves are behind them.
    """
    figure = style.figure(scheme, HEIGHT)
    if own and 0 < found.own["group"].nunique() <= OWN:
        figure.add_trace(together(found.own, scheme, "context", 1, dash="dot"))
    figure.add_trace(together(found.lines, scheme, "predicted", 1.2))
    x, y = found.overall[["x", "y"]].to_numpy().T
    figure.add_trace(parts.curve(x, y, scheme, width=4))
    end = found.overall.iloc[-1]
    figure.add_annotation(
        parts.word(end["x"], end["y"], "overall", scheme, ink=True, xanchor="left", xshift=5)
    )
    figure.update_layout(margin_r=70)
    if focus in set(found.lines["group"]):
        figure.add_traces(focused(found, focus, scheme))
        last = of(found.lines, focus).iloc[-1]
        figure.add_annotation(
            parts.word(last["x"], last["y"], f"{found.group} {focus}", scheme, ink=True,
                       xanchor="left", xshift=6)
        )  # fmt: skip
    return parts.axes(figure, found.predictor, found.response)


def alt(found: GroupLines, *, focus: object = None) -> str:
    """Say how many lines there are, how they tilt, and what the group in focus has."""
    some = found.lines["group"].nunique()
    which = f"{some:,} of {found.groups:,}" if some < found.groups else f"{some:,}"
    overall = rise(found.overall)
    ups = sum(rise(part) > 0.0 for _, part in found.lines.groupby("group", sort=False))
    text = (
        f"The model’s lines of {which} groups of {found.group} over {found.predictor}: {ups:,} "
        f"rise, and the overall line {'rises' if overall > 0.0 else 'falls'} by "
        f"{parts.number(abs(overall))} over the whole range."
    )
    if focus not in set(found.lines["group"]):
        return text
    mine = of(found.rows, focus)
    text += f" In {found.group} {focus}, with {len(mine):,} rows, the model’s line changes by "
    text += f"{parts.number(rise(of(found.lines, focus)))} over its range"
    alone = of(found.own, focus)
    return text + (f", its own by {parts.number(rise(alone))}." if len(alone) else ".")


def table(found: GroupLines) -> pd.DataFrame:
    """Where each line begins and ends."""
    ends = found.lines.groupby("group", sort=False).agg(
        **{"from": ("x", "first"), "to": ("x", "last"), "begins": ("y", "first"),
           "ends": ("y", "last")}
    )  # fmt: skip
    if len(found.own):
        own = found.own.groupby("group", sort=False)["y"].agg(["first", "last"])
        ends = ends.join(own.set_axis(["own begins", "own ends"], axis=1))
    return ends.rename_axis(found.group).reset_index()


def rise(line: pd.DataFrame) -> float:
    return float(line["y"].iloc[-1] - line["y"].iloc[0])


def of(lines: pd.DataFrame, group: object) -> pd.DataFrame:
    return lines[lines["group"] == group]


def together(
    lines: pd.DataFrame, scheme: style.Scheme, meaning: str, width: float, dash: str = "solid"
) -> go.Scatter:
    """All lines as one with gaps."""
    new = np.flatnonzero(lines["group"].to_numpy()[1:] != lines["group"].to_numpy()[:-1]) + 1
    x, y = (np.insert(lines[name].to_numpy(dtype=float), new, np.nan) for name in "xy")
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": style.COLOURS[meaning].on(scheme), "width": width, "dash": dash},
        opacity=0.6,
        hoverinfo="skip",
    )


def focused(found: GroupLines, focus: object, scheme: style.Scheme) -> list[go.Scatter]:
    """The rows of one group, its own line dotted, and the model's."""
    rows, own, line = (of(t, focus) for t in (found.rows, found.own, found.lines))
    orange, ink = style.COLOURS["within"], style.INK.on(scheme)
    marks = go.Scatter(
        x=rows["x"],
        y=rows["y"],
        mode="markers",
        marker={"color": orange.on(scheme), "symbol": orange.symbol, "size": 6},
        text=[f"row {name}" for name in rows.index],
        hovertemplate="%{text}: %{y:.3g} at %{x:.3g}<extra></extra>",
    )
    alone = go.Scatter(
        x=own["x"],
        y=own["y"],
        mode="lines",
        line={"color": orange.on(scheme), "width": 2.5, "dash": "dot"},
        hoverinfo="skip",
    )
    model = go.Scatter(
        x=line["x"], y=line["y"], mode="lines", line={"color": ink, "width": 2.5}, hoverinfo="skip"
    )
    return [marks, alone, model]
