"""Means of countries with their intervals, unpooled and partially pooled, from moments.

Without pooling a country's interval rests on its own spread and its own number of people. The
model has one spread within countries for all, so that only the number of people is left.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from mlcore import Poolings, poolings
from ui import countries
from ui.stage.axis import Axis, fitted
from ui.stage.handles import Focus, Toggle
from ui.stage.layout import Column, Controls, Frame, Readout, Table
from ui.stage.marks import Dots, Label, Rule, Segments
from ui.stage.quantity import Quantity, control, data, element
from ui.stage.scene import Stage
from ui.stage.text import Choose, text


@lru_cache(maxsize=1)
def pooled() -> Poolings:
    """Political efficacy in 36 countries, pooled in three ways."""
    return poolings(countries.everyone(), "poleff")


@lru_cache(maxsize=4)
def apart(one: str, other: str) -> pd.Series[float]:
    """How many times as wide the interval of `one` is as that of `other`, and why."""
    return pooled().apart(one, other)


@lru_cache(maxsize=1)
def picture() -> Stage:
    """The 36 countries by their own mean; a switch pools them partially."""
    found = pooled()
    table = found.table.sort_values("none")
    names = [str(country) for country in table.index]
    partial, chosen = control("partial"), control("country")

    def between(kind: str) -> Quantity:
        own, shrunk = (data(table[f"{way}{kind}"]) for way in ("none", "partial"))
        return own + partial * (shrunk - own)

    estimate, low, high = (between(kind) for kind in ("", "_lower", "_upper"))
    places = np.arange(1.0, len(names) + 1.0)
    ends = (table[["none_lower", "partial_lower"]].min().min(), table["none_upper"].max())
    column = element(data(places), chosen)
    frame = Frame(
        [
            Rule(y=found.mean, role="fixed", width=2.5),
            Label(0.4, found.mean, text("complete pooling: one mean for all"), role="fixed", dy=-8),
            Segments(places, low, places, high, role="between", width=2.2, of="country"),
            Dots(places, estimate, 3.4, role="between", opacity=1.0 - partial, of="country"),
            Dots(places, estimate, 3.8, role="predicted", opacity=partial, of="country"),
            Label(
                column,
                element(high, chosen),
                text("{c}", c=Choose(chosen, names)),
                strong=True,
                dy=-8,
                anchor="middle",
            ),
        ],
        Axis((0.0, len(names) + 1.0), [], ""),
        fitted(*ends, "points, 1 to 5", "y"),
        height=320,
    )
    n, sd = (element(data(table[each].astype(float)), chosen) for each in ("n", "sd"))
    width = element(high - low, chosen)
    return Stage(
        key="countries",
        controls=[
            Toggle("partial", "Pool partially"),
            Focus("country", "country in focus", names, "New Zealand"),
        ],
        columns=[
            Column([frame], width=2.4, margin=(40, 20)),
            Column(
                [
                    Controls(["partial", "country"]),
                    Readout("people", text("{n:count}", n=n)),
                    Readout("spread of their answers, SD", text("{s:2}", s=sd), role="within"),
                    Readout("width of the 95 % interval", text("{w:3}", w=width), role="between"),
                ]
            ),
        ],
        finding=text(
            "{how}: the interval of {c} is {w:3} points wide.",
            how=Choose(partial, ["No pooling", "Partial pooling"]),
            c=Choose(chosen, names),
            w=width,
        ),
        sentence=text("It rests on {n:count} people whose answers have SD {s:2}.", n=n, s=sd),
        table=Table(
            "Political efficacy by country",
            [
                ("country", names, ""),
                ("people", data(table["n"].astype(float)), "count"),
                ("SD", data(table["sd"]), "2"),
                ("estimate", estimate, "3"),
                ("from", low, "3"),
                ("to", high, "3"),
            ],
        ),
        prefix="c_",
    )
