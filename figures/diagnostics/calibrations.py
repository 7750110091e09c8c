"""Predicted and observed: the mean response of bins over their mean fitted value."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from figures import style
from figures.diagnostics import parts
from mlcore.inference.calibration import Calibration

HEIGHT = 400


def picture(found: Calibration, scheme: style.Scheme = "light") -> go.Figure:
    """Draw a mark for each bin, the diagonal where both are equal, and what chance allows."""
    t, orange = found.table, style.COLOURS["within"]
    x = t["fitted"].to_numpy()
    figure = style.figure(scheme, HEIGHT)
    figure.add_traces(
        [
            parts.band(x, t["lower"].to_numpy(), t["upper"].to_numpy(), scheme),
            parts.thin([x[0], x[-1]], [x[0], x[-1]], scheme),
            go.Scatter(
                x=x,
                y=t["observed"],
                mode="markers",
                marker={"color": orange.on(scheme), "symbol": orange.symbol, "size": 10,
                        "line": {"width": 2}},
                text=[f"{rows:,} rows" for rows in t["rows"]],
                hovertemplate="%{text}: observed %{y:.3g}, fitted %{x:.3g}<extra></extra>",
            ),
        ]
    )  # fmt: skip
    figure.add_annotation(
        parts.word(x[-1], x[-1], "as predicted", scheme, xanchor="right", yanchor="top",
                   yshift=-8, bgcolor="rgba(0, 0, 0, 0)")
    )  # fmt: skip
    if found.scale == "share":
        figure.update_xaxes(tickformat=".0%")
        figure.update_yaxes(tickformat=".0%")
    mean = "share" if found.scale == "share" else f"mean {found.scale}"
    return parts.axes(figure, f"fitted {mean} of {found.response}", f"observed {mean}")


def alt(found: Calibration) -> str:
    """Say whether bins are observed as they are predicted."""
    t = found.table
    low, high = parts.number(t["fitted"].iloc[0], 2), parts.number(t["fitted"].iloc[-1], 2)
    verdict = "All are within what chance allows."
    if found.outside:
        verb = "differs" if found.outside == 1 else "differ"
        verdict = f"{found.outside} of them {verb} from it by more than chance allows."
    return (
        f"{len(t)} bins of about {int(t['rows'].median()):,} rows by their fitted {found.scale}, "
        f"{low} to {high}, and the mean that was observed in each. {verdict}"
    )


def table(found: Calibration) -> pd.DataFrame:
    """What is drawn."""
    return found.table.rename(columns={"lower": "from", "upper": "to"})
