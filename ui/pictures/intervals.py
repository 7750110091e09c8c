"""A caterpillar: every estimate with its 95 % interval, or with one for comparing two groups.

An interval for comparison is estimate ± c se, with c such that two of them fail to overlap with
probability 5 %, on average over all pairs, where the effects are equal (Goldstein & Healy 1995).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ui.pictures.league import League, league
from ui.pictures.shrinkage import Z, focus, places
from ui.prose import sentence
from ui.stage.axis import Axis, ticks
from ui.stage.handles import Toggle
from ui.stage.layout import Column, Controls, Frame, Table
from ui.stage.marks import Band, Dots, Label, Mark, Role, Rule, Segments
from ui.stage.quantity import Quantity, control, data, element, take, total, where
from ui.stage.scene import Stage
from ui.stage.text import Choose, Text, text

HEIGHT = 304


@lru_cache(maxsize=16)
def caterpillar(name: str) -> Stage:
    """The case `name`; the switch `compare` turns own intervals into intervals for comparison."""
    it = league(name)
    words, others = it.case.group, len(it.names) - 1
    chosen, compare = control(it.case.model.group), control("compare")
    table = it.caterpillar.loc[it.names]
    estimate, se = (data(table[key].to_numpy()) for key in ("estimate", "se"))
    place = data(list(it.place.values()))
    half = (Z + compare * (it.factor - Z)) * se
    lower, upper = estimate - half, estimate + half
    own_lower, own_upper = element(lower, chosen), element(upper, chosen)
    apart = (lower > own_upper) | (upper < own_lower)
    below, above = total(upper < 0), total(lower > 0)
    strong = where(compare > 0.5, apart, (lower > 0) | (upper < 0))
    told = total(apart)
    own = Z * table["se"]
    low, high = float((table["estimate"] - own).min()), float((table["estimate"] + own).max())
    pad = 0.04 * (high - low)
    form = str(it.digits)
    named = Choose(chosen, [it.called(key) for key in it.names])
    finding = Choose(
        compare > 0.5,
        [
            text(
                f"The mean of all is left out by {{k:count}} of the {len(it.names)} intervals: "
                "{b:count} lie below it, {a:count} above.",
                k=below + above,
                b=below,
                a=above,
            ),
            text(
                f"{{g}} can be told from {{t:count}} of the other {others} {words.plural}.",
                g=Choose(chosen, [sentence(it.called(key)) for key in it.names]),
                t=told,
            ),
        ],
    )
    marks = [
        Band([0, len(it.names) + 1], own_lower, own_upper, role="predicted", opacity=compare),
        Rule(y=0, role="fixed", width=2.4),
        *_intervals(it, place, estimate, lower, upper, strong),
        Label(
            element(place, chosen), own_upper, text("{g}", g=named),
            role="predicted", anchor="middle", strong=True, dy=-9,
        ),
        *_notes(it, low, (high - low) / HEIGHT, compare),
    ]  # fmt: skip
    return Stage(
        key=f"caterpillar-{name}",
        controls=[focus(it), Toggle("compare", "intervals for comparing two")],
        columns=[
            Column(
                [
                    Frame(
                        marks,
                        places(it),
                        Axis((low - pad, high + 2 * pad), ticks(low, high, 6), it.away),
                        HEIGHT,
                    ),
                    Controls(["compare", it.case.model.group]),
                ],
                margin=(46, 22),
            )
        ],
        finding=text("{f}", f=finding),
        sentence=text(
            f"The interval of {{g}} is {{l:{form}}} to {{u:{form}}}.",
            g=named,
            l=own_lower,
            u=own_upper,
        ),
        table=Table(
            f"{it.away}; place 1 is the lowest",
            [
                (words.name, it.names, ""),
                ("place", place, "0"),
                ("estimate", estimate, form),
                ("from", lower, form),
                ("to", upper, form),
            ],
        ),
    )


def _intervals(
    it: League,
    place: Quantity,
    estimate: Quantity,
    lower: Quantity,
    upper: Quantity,
    strong: Quantity,
) -> list[Mark]:
    """Two kinds of intervals: those that say a difference in ink, the others in grey."""
    group, index = it.case.model.group, data(np.arange(len(it.names), dtype=float))
    kinds: tuple[tuple[Quantity, Role], ...] = ((1 - strong, "context"), (strong, "ink"))
    marks: list[Mark] = []
    for which, role in kinds:
        x = take(place, where(which, index, -1))
        marks += [
            Segments(x, lower, x, upper, 2.2, of=group, focus="predicted", role=role),
            Dots(x, estimate, 3.4, "diamond", of=group, focus="predicted", role=role),
        ]
    return marks


def _notes(it: League, low: float, unit: float, compare: Quantity) -> list[Mark]:
    """What black and grey mean, in the corner that the order leaves free."""
    name = it.case.group.name
    corner = len(it.names) + 0.5

    def line(row: int, words: Text, role: Role, on: Quantity) -> Mark:
        y = low + (38 - 19 * row) * unit
        return Label(corner, y, words, role=role, anchor="end", opacity=on)

    return [
        line(0, text("**black: leaves out the mean of all**"), "ink", 1 - compare),
        line(1, text("grey: includes it"), "context", 1 - compare),
        line(0, text(f"**black: does not overlap with the {name} in focus**"), "ink", compare),
        line(1, text("grey: overlaps with it"), "context", compare),
    ]
