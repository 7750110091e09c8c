"""The effects of groups in ascending order with their intervals: a caterpillar."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures import style
from figures.diagnostics import parts

HEIGHT = 420
EACH = 250  # groups at most that have an interval of their own; of more, a band
STEPS = 250  # of the band
MARKS = 1_000  # at most
Which = Literal["own", "compare"]
ENDS: dict[Which, tuple[str, str]] = {
    "own": ("lower", "upper"),
    "compare": ("compare_lower", "compare_upper"),
}


def picture(
    ranked: pd.DataFrame,
    scheme: style.Scheme = "light",
    *,
    group: str,
    which: Which = "own",
    focus: object = None,
) -> go.Figure:
    """Draw what `mlcore.caterpillar` returns: estimates by rank, with one of the two intervals.

    Of hundreds of groups the intervals are a band, from means of neighbours. `focus` is a group
    that stands out by name.
    """
    low, high = ENDS[which]
    purple = style.COLOURS["predicted"]
    figure = style.figure(scheme, HEIGHT)
    many = len(ranked) > EACH
    shown = ranked.iloc[np.unique(np.linspace(0, len(ranked) - 1, MARKS).astype(int))]
    spread = (
        [parts.band(*band(ranked, low, high), scheme)]
        if many
        else [bars(ranked, low, high, scheme, "context", 1.5)]
    )
    marks = go.Scatter(
        x=shown["rank"],
        y=shown["estimate"],
        mode="markers",
        marker={
            "color": purple.on(scheme),
            "symbol": purple.symbol,
            "size": 3 if many else 7,
        },
        text=[f"{group} {name}, {n:,} rows" for name, n in shown["n"].items()],
        hovertemplate="%{text}: %{y:.3g}, rank %{x:,}<extra></extra>",
    )
    figure.add_traces([*spread, parts.thin([0.5, len(ranked) + 0.5], [0.0, 0.0], scheme), marks])
    for name in [focus] if focus in ranked.index else [ranked.index[0], ranked.index[-1]]:
        figure.add_traces(pointed(ranked.loc[[name]], low, high, scheme))
        rank, bottom, top = ranked.loc[[name], ["rank", low, high]].to_numpy()[0]
        upper = rank > len(ranked) / 2
        figure.add_annotation(
            parts.word(rank, top if upper else bottom, f"{name}", scheme, ink=True,
                       yanchor="bottom" if upper else "top")
        )  # fmt: skip
    figure.update_xaxes(range=[0.5 - 0.02 * len(ranked), 0.5 + 1.02 * len(ranked)], showgrid=False)
    interval = "95 % interval" if which == "own" else "interval for comparison"
    return parts.axes(figure, f"rank of {group} among {len(ranked):,}", f"effect, {interval}")


def alt(ranked: pd.DataFrame, *, group: str, which: Which = "own") -> str:
    """Say from where to where effects go, and how many intervals leave out the mean of all."""
    ends = f"{parts.number(ranked['estimate'].iloc[0])} ({group} {ranked.index[0]})"
    other = f"{parts.number(ranked['estimate'].iloc[-1])} ({group} {ranked.index[-1]})"
    text = f"{len(ranked):,} effects in ascending order, from {ends} to {other}. "
    if which == "compare":
        reach = ranked["compare_upper"] - ranked["estimate"]
        wide = float((reach / ranked["se"]).median())
        return (
            f"{text}Two groups differ where their intervals for comparison, {wide:.2f} standard "
            "errors either way, do not overlap."
        )
    out = int(ranked["excludes"].sum())
    return f"{text}{out:,} of their intervals {'leaves' if out == 1 else 'leave'} out 0, the mean."


def table(ranked: pd.DataFrame, *, group: str) -> pd.DataFrame:
    """What is drawn, with both intervals."""
    return ranked.rename_axis(group).reset_index()


def bars(
    ranked: pd.DataFrame, low: str, high: str, scheme: style.Scheme, meaning: str, width: float
) -> go.Scatter:
    """An upright line for each interval."""
    gap = np.full(len(ranked), np.nan)
    return go.Scatter(
        x=np.repeat(ranked["rank"].to_numpy(dtype=float), 3),
        y=np.column_stack([ranked[low], ranked[high], gap]).ravel(),
        mode="lines",
        line={"color": style.COLOURS[meaning].on(scheme), "width": width},
        hoverinfo="skip",
    )


def pointed(row: pd.DataFrame, low: str, high: str, scheme: style.Scheme) -> list[go.Scatter]:
    """One group in ink."""
    mark = go.Scatter(
        x=row["rank"],
        y=row["estimate"],
        mode="markers",
        marker={"color": style.INK.on(scheme), "symbol": "diamond", "size": 9},
        hoverinfo="skip",
    )
    return [bars(row, low, high, scheme, "fixed", 2.5), mark]


def band(ranked: pd.DataFrame, low: str, high: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means of rank and interval over neighbouring ranks."""
    step = np.linspace(0, STEPS, len(ranked), endpoint=False).astype(int)
    means = ranked[["rank", low, high]].groupby(step).mean()
    return means["rank"].to_numpy(), means[low].to_numpy(), means[high].to_numpy()
