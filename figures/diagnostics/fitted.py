"""Residuals over fitted values, with a smooth curve: is something curved, do they fan out?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures import style
from figures.diagnostics import parts
from mlcore.inference.residuals import Residuals
from mlcore.inference.smooth import Smooth, smooth

HEIGHT = 380
BENT = 0.1  # standard deviations of residuals by which a curve bends before it is called one,
NOISE = 3.0  # and so many of its own standard errors, as of a third of the rows
INNER = slice(10, -10)  # of the curve's points: at the ends a few rows bend it


def picture(residuals: Residuals, scheme: style.Scheme = "light") -> go.Figure:
    """Draw each row, or of thousands how many lie where, and the curve through them."""
    x, y = residuals.fitted, residuals.values
    drawn = curve_of(residuals)
    figure = style.figure(scheme, HEIGHT)
    figure.add_traces(
        [
            parts.cloud(x, y, residuals.index, scheme),
            parts.thin([x.min(), x.max()], [0.0, 0.0], scheme),
            parts.curve(drawn.x, drawn.y, scheme),
        ]
    )
    if len(x) > parts.MOST:
        said = f"{len(x):,} rows; a mark’s area is their number"
        figure.add_annotation(parts.note(said, scheme))
        figure.update_layout(margin_t=30)
    figure.add_annotation(
        parts.word(drawn.x[-1], drawn.y[-1], "smooth", scheme, ink=True, xanchor="right",
                   yanchor="bottom", yshift=6)
    )  # fmt: skip
    what = "quantile residual, standard deviations" if residuals.quantile else "residual"
    return parts.axes(figure, f"fitted {residuals.response}", what)


def alt(residuals: Residuals) -> str:
    """Say how far the curve leaves its own straight line, in standard deviations of the residuals.

    A straight slope says nothing: effects that are drawn to the mean leave one behind.
    """
    x, y = residuals.fitted, residuals.values
    most, n = bend(residuals), len(x)
    low, high = parts.number(x.min()), parts.number(x.max())
    curved = most > BENT + NOISE / np.sqrt(n / 3.0)
    verdict = "something is curved that the model has straight" if curved else "no curve"
    return (
        f"Residuals of {n:,} rows over fitted values from {low} to {high}. The smooth curve "
        f"through them bends by {most:.2f} of their standard deviation {parts.number(y.std())}: "
        f"{verdict}."
    )


def bend(residuals: Residuals) -> float:
    """The most by which the smooth curve leaves a straight line, in residual SDs."""
    drawn = curve_of(residuals)
    inner = INNER if len(drawn.y) > 40 else slice(None)
    x, y = drawn.x[inner], drawn.y[inner]
    straight = np.column_stack([np.ones_like(x), x - x.mean()])
    left = y - straight @ np.linalg.lstsq(straight, y, rcond=None)[0]
    return float(np.abs(left).max() / residuals.values.std())


def table(residuals: Residuals) -> pd.DataFrame:
    """What is drawn: rows, or cells with their numbers of rows."""
    if len(residuals.values) > parts.MOST:
        cells = parts.counted(residuals.fitted, residuals.values)
        return cells.rename(columns={"x": "fitted, about", "y": "residual, about"})
    columns = {"row": residuals.index, "fitted": residuals.fitted, "residual": residuals.values}
    return pd.DataFrame(columns)


def curve_of(residuals: Residuals) -> Smooth:
    return smooth(residuals.fitted, residuals.values)
