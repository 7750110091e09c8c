"""How much residuals scatter in each group, over its size, and what chance alone would allow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures import style
from figures.diagnostics import parts
from mlcore.inference.spreads import Spreads, expected

HEIGHT = 380
MOST = 1_500  # groups that are drawn
NAMED = 3


def picture(spreads: Spreads, scheme: style.Scheme = "light") -> go.Figure:
    """Draw each group's SD over its rows, in the funnel where 95 % lie if all share one sigma."""
    shown = drawn(spreads)
    blue = style.COLOURS["between"]
    n = np.unique(np.geomspace(shown["n"].min(), shown["n"].max(), 80).astype(int))
    lower, upper = expected(n, spreads.sigma)
    figure = style.figure(scheme, HEIGHT)
    figure.add_traces(
        [
            parts.band(n.astype(float), lower, upper, scheme),
            parts.thin([n[0], n[-1]], [spreads.sigma, spreads.sigma], scheme),
            go.Scatter(
                x=shown["n"],
                y=shown["sd"],
                mode="markers",
                marker={"color": blue.on(scheme), "symbol": blue.symbol, "size": 6},
                text=[f"{spreads.group} {name}" for name in shown.index],
                hovertemplate="%{text}: SD %{y:.3g} of %{x:,} rows<extra></extra>",
            ),
        ]
    )
    for name, row in furthest(spreads).iterrows():
        figure.add_annotation(
            parts.word(float(np.log10(row["n"])), row["sd"], str(name), scheme, ink=True,
                       xanchor="left", xshift=7)
        )  # fmt: skip
    ticks = [step * 10**power for power in range(7) for step in (1, 2, 5)]
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{tick:,}" for tick in ticks])
    figure.update_yaxes(rangemode="tozero")
    return parts.axes(figure, f"rows of a group ({spreads.group})", "SD of its residuals")


def alt(spreads: Spreads) -> str:
    """Say how many groups scatter more or less than by chance, and what a test says."""
    t, J = spreads.table, len(spreads.table)
    low, high = parts.number(t["sd"].min()), parts.number(t["sd"].max())
    beyond = f"{spreads.outside:,} {'lies' if spreads.outside == 1 else 'lie'}"
    return (
        f"The SD of residuals in {J:,} groups of {spreads.group}, {low} to {high}, around the "
        f"{parts.number(spreads.sigma)} of all. {beyond} outside the funnel where "
        f"19 of 20 lie if all scatter alike{tested(spreads)}."
    )


def tested(spreads: Spreads) -> str:
    if spreads.test is None:
        return ""
    p = spreads.test.p
    chance = "p < .001" if p < 0.001 else f"p = {p:.3f}".replace("0.", ".", 1)
    return f"; Brown and Forsythe’s test of that: {chance}"


def table(spreads: Spreads) -> pd.DataFrame:
    """What is drawn."""
    shown = drawn(spreads).rename(columns={"n": "rows", "lower": "from", "upper": "to"})
    return shown.rename_axis(spreads.group).reset_index()


def drawn(spreads: Spreads) -> pd.DataFrame:
    """All groups, or of thousands every so many in the order of size, and the furthest out."""
    t = spreads.table.sort_values("n", kind="stable")
    if len(t) <= MOST:
        return t
    kept = t.iloc[np.linspace(0, len(t) - 1, MOST).astype(int)]
    return pd.concat([kept, furthest(spreads).drop(kept.index, errors="ignore")])


def furthest(spreads: Spreads) -> pd.DataFrame:
    """The groups that leave the funnel by most."""
    t = spreads.table
    sd, lower, upper = (t[name].to_numpy() for name in ("sd", "lower", "upper"))
    beyond = np.maximum(sd / upper, lower / np.maximum(sd, 1e-12))
    order = np.argsort(-beyond, kind="stable")[:NAMED]
    return t.iloc[[place for place in order if beyond[place] > 1.0]]
