"""What a model expects over the values of one predictor, all else held."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures import style
from figures.diagnostics import parts
from mlcore.inference.predictions import CODES, Predictions

HEIGHT = 380


def picture(found: Predictions, scheme: style.Scheme = "light") -> go.Figure:
    """The line of a group without an effect, in its 95 % band, and the average over all groups.

    Codes and categories have a mark with its interval each.
    """
    table = found.table
    figure = style.figure(scheme, HEIGHT)
    if measured(found):
        x, y = (table[name].to_numpy(float) for name in (found.predictor, "fixed"))
        if known(found):
            lower, upper = (table[name].to_numpy(float) for name in ("lower", "upper"))
            figure.add_trace(parts.band(x, lower, upper, scheme))
        figure.add_trace(parts.curve(x, y, scheme))
        if "average" in table:
            figure.add_trace(average(x, table["average"].to_numpy(float), scheme))
            figure.add_annotation(
                parts.word(x[-1], table["average"].iloc[-1], "average of all groups", scheme,
                           xanchor="right", yanchor="top", yshift=-6)
            )  # fmt: skip
            figure.add_annotation(
                parts.word(x[-1], y[-1], "median group", scheme, ink=True, xanchor="right",
                           yanchor="bottom", yshift=6)
            )  # fmt: skip
    else:
        figure.add_trace(marks(found, scheme))
        figure.update_xaxes(type="category")
    return parts.axes(figure, found.predictor, f"expected {found.response}")


def alt(found: Predictions) -> str:
    """From where to where the expected response goes, and what is held."""
    table = found.table
    first, last = table.iloc[0], table.iloc[-1]
    ends = " to ".join(parts.number(float(row["fixed"])) for row in (first, last))
    start, end = (said(row[found.predictor]) for row in (first, last))
    held = ", ".join(f"{name} {said(value)}" for name, value in found.held.items())
    where = f" Held: {held}." if held else ""
    return (
        f"Where {found.predictor} goes from {start} to {end}, the expected {found.response} goes "
        f"from {ends}.{where}"
    )


def table(found: Predictions) -> pd.DataFrame:
    return found.table.rename(columns={"fixed": f"expected {found.response}"})


def measured(found: Predictions) -> bool:
    """Whether the predictor is a number, and not a code, so that a line can join its values."""
    values = found.table[found.predictor]
    return pd.api.types.is_numeric_dtype(values) and len(values) > CODES


def known(found: Predictions) -> bool:
    return bool(np.isfinite(found.table["lower"]).all())


def average(x: parts.Array, y: parts.Array, scheme: style.Scheme) -> go.Scatter:
    line = {"color": style.COLOURS["between"].on(scheme), "width": 2, "dash": "dot"}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")


def marks(found: Predictions, scheme: style.Scheme) -> go.Scatter:
    table = found.table
    ink = style.COLOURS["fixed"].on(scheme)
    bars = None
    if known(found):
        bars = {
            "type": "data",
            "array": table["upper"] - table["fixed"],
            "arrayminus": table["fixed"] - table["lower"],
            "color": ink,
        }
    return go.Scatter(
        x=[said(value) for value in table[found.predictor]],
        y=table["fixed"],
        error_y=bars,
        mode="markers",
        marker={"color": ink, "symbol": "circle", "size": 9},
        hovertemplate="%{x}: %{y:.3g}<extra></extra>",
    )


def said(value: object) -> str:
    if isinstance(value, float | np.floating) and not float(value).is_integer():
        return parts.number(float(value))
    return f"{value:g}" if isinstance(value, float | np.floating) else str(value)
