"""Quantiles of residuals or of random effects against those of a normal sample, with their band."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from figures import style
from figures.diagnostics import parts
from mlcore.inference.quantiles import Quantiles

HEIGHT = 380
NAMED = 3  # groups at most that are named, the furthest out


def picture(quantiles: Quantiles, scheme: style.Scheme = "light") -> go.Figure:
    """Draw the sorted values, the line that a normal sample follows, and the band around it."""
    q = quantiles
    mark = style.COLOURS["predicted" if q.group else "within"]
    figure = style.figure(scheme, HEIGHT)
    ends = [q.expected[0], q.expected[-1]]
    figure.add_traces(
        [
            parts.band(q.expected, q.lower, q.upper, scheme),
            parts.thin(ends, ends, scheme),
            go.Scatter(
                x=q.expected,
                y=q.observed,
                mode="markers",
                marker={
                    "color": mark.on(scheme),
                    "symbol": mark.symbol,
                    "size": 7 if q.group else 5,
                },
                text=[f"{q.group or 'row'} {name}" for name in q.names],
                hovertemplate="%{text}: %{y:.2f}, expected %{x:.2f}<extra></extra>",
            ),
        ]
    )
    middle = len(q.expected) // 2
    for place in outermost(q):
        right = place >= middle
        label = parts.word(
            q.expected[place],
            q.observed[place],
            f"{q.names[place]}",
            scheme,
            ink=True,
            xanchor="right" if right else "left",
            xshift=-8 if right else 8,
        )
        figure.add_annotation(label)
    return parts.axes(figure, "expected of a normal sample, SD", "observed, SD")


def alt(quantiles: Quantiles) -> str:
    """Say whether the values leave the band that holds a normal sample 19 times of 20."""
    q = quantiles
    whose = f"{q.n:,} effects of {q.term} over {q.group}" if q.group else f"{q.n:,} residuals"
    found, meant = (
        f"{parts.number(ends[0])} to {parts.number(ends[-1])}" for ends in (q.observed, q.expected)
    )
    band = "the band that holds the whole of a normal sample 19 times of 20"
    verdict = f"All lie in {band}."
    if q.outside:
        verb = "lies" if q.outside == 1 else "lie"
        verdict = f"{q.outside:,} of them {verb} outside {band}: they are not quite normal."
    return f"Quantiles of {whose}, {found} SD where a normal sample has {meant}. {verdict}"


def table(quantiles: Quantiles) -> pd.DataFrame:
    """What is drawn: expected and observed values with the band."""
    q = quantiles
    return pd.DataFrame(
        {
            q.group or "row": q.names,
            "expected": q.expected,
            "observed": q.observed,
            "band from": q.lower,
            "band to": q.upper,
        }
    )


def outermost(q: Quantiles) -> list[int]:
    """Places of the groups that leave the band by most; rows are not named."""
    if not q.group:
        return []
    beyond = [
        max(low - value, value - high)
        for value, low, high in zip(q.observed, q.lower, q.upper, strict=True)
    ]
    order = sorted(range(len(beyond)), key=lambda place: -beyond[place])
    return [place for place in order[:NAMED] if beyond[place] > 0.0]
