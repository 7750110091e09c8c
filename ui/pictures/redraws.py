"""A league table drawn again: what the places would be if the effects were drawn anew.

Given the data, the effects are independent and normal around their estimates; each redraw is one
league table as it may really be. Beside it the count of who was highest so far.

Reference: Goldstein & Spiegelhalter (1996), JRSS A 159, 385-443; Hullman, Resnick & Adar (2015),
hypothetical outcome plots, PLoS ONE 10(11).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ui.pictures.league import DRAWS, SEED, SHOWN, Array, League, league
from ui.pictures.shrinkage import focus, places
from ui.prose import sentence
from ui.stage.axis import Axis
from ui.stage.handles import Player
from ui.stage.layout import Column, Controls, Frame, Readout, Table
from ui.stage.marks import Boxes, Dots, Label, Mark, Path, Segments
from ui.stage.quantity import Quantity, control, data, element, maximum, sweep, take, where
from ui.stage.scene import Stage
from ui.stage.text import Choose, text

BARS = 5  # groups whose times at the top are counted
HEIGHT = 304


@lru_cache(maxsize=16)
def table(name: str) -> Stage:
    """The case `name`, given its predictor; `redraw` 0 is the table as it is."""
    it = league(name, given=True)
    words, count = it.case.group, len(it.names)
    chosen, redraw = control(it.case.model.group), control("redraw")
    drawn = it.redraws.places
    listed = np.array(list(it.place.values()), dtype=float)
    steps = np.arange(SHOWN + 1.0)
    place, now = data(listed), sweep(np.vstack([listed, drawn]), [(redraw, steps)])
    lower, upper = (data(it.redraws.intervals[key].to_numpy(float)) for key in ("lower", "upper"))
    named = Choose(chosen, [it.called(key) for key in it.names])
    own_lower, own_upper = element(lower, chosen), element(upper, chosen)
    across = places(it)
    group = it.case.model.group
    picture = Frame(
        [
            Path([1, count], [1, count], role="context", width=1),
            Segments(place, lower, place, upper, 1.6, of=group, focus="predicted"),
            *_trail(it, drawn, chosen, redraw, place),
            Dots(place, now, 3.6, "diamond", of=group, role="predicted"),
            Label(
                element(place, chosen),
                own_upper,
                text("{g}", g=named),
                role="predicted",
                anchor="middle",
                strong=True,
                dy=-9,
            ),
        ],
        Axis(across.domain, across.ticks, f"place of the {words.name} in the table"),
        Axis(across.domain, across.ticks, "place in this redraw"),
        HEIGHT,
    )
    return Stage(
        key=f"redraws-{name}",
        controls=[focus(it), Player("redraw", "redraw", 0, SHOWN, 0)],
        columns=[
            Column(
                [
                    picture,
                    Controls(["redraw"]),
                ],
                width=1.9,
                margin=(46, 20),
            ),
            Column(
                [
                    _tops(it, drawn, redraw, steps),
                    Readout(
                        text("{g} in this redraw", g=named),
                        text("{r:nth}", r=element(now, chosen)),
                        text(
                            f"listed {{p:nth}}; 95 % of {DRAWS:,} redraws: {{l:nth}} to {{u:nth}}",
                            p=element(place, chosen),
                            l=own_lower,
                            u=own_upper,
                        ),
                        role="predicted",
                    ),
                    Controls([it.case.model.group]),
                ],
                margin=(64, 26),
            ),
        ],
        finding=text(
            f"{{g}} is listed {{p:nth}} of {count}; it may belong anywhere from {{l:nth}} "
            "to {u:nth}.",
            g=Choose(chosen, [sentence(it.called(key)) for key in it.names]),
            p=element(place, chosen),
            l=own_lower,
            u=own_upper,
        ),
        sentence=text(
            f"Redraw {{k:0}} of {SHOWN}, seed {SEED}: {{g}} stands {{r:nth}}.",
            k=redraw,
            g=named,
            r=element(now, chosen),
        ),
        table=Table(
            "Places, 1 is the lowest",
            [
                (words.name, it.names, ""),
                ("listed", place, "0"),
                ("in this redraw", now, "0"),
                ("from", lower, "0"),
                ("to", upper, "0"),
            ],
        ),
    )


def _trail(
    it: League, drawn: Array, chosen: Quantity, redraw: Quantity, place: Quantity
) -> list[Mark]:
    """Where the group in focus has been in the redraws so far."""
    k = np.arange(float(SHOWN))
    before = where(data(k + 1) <= redraw, data(k * len(it.names)) + chosen, -1)
    been = take(data(drawn.ravel()), before)
    return [Dots(element(place, chosen), been, 2.2, "disc", role="ink")]


def _tops(it: League, drawn: Array, redraw: Quantity, steps: Array) -> Frame:
    """How often each of the likeliest has been the highest."""
    likely = list(it.redraws.top.index[:BARS])
    at_top = drawn[:, [it.names.index(key) for key in likely]] == len(it.names)
    counts = np.vstack([np.zeros(len(likely)), at_top.cumsum(axis=0)])
    times = sweep(counts, [(redraw, steps)])
    rows = np.arange(len(likely), 0, -1.0)
    share = (SHOWN * it.redraws.top.iloc[:BARS]).tolist()
    bars: list[Mark] = [
        Boxes(0, rows - 0.3, times, rows + 0.3, role="predicted"),
        Boxes(0, rows - 0.3, share, rows + 0.3, filled=False),
    ]
    bars += [
        Label(maximum(element(times, i), share[i]), row, text("{t:0}", t=element(times, i)), dx=6)
        for i, row in enumerate(rows)
    ]
    return Frame(
        bars,
        Axis((0, SHOWN), [0, 10, 20, 30, 40], "redraws"),
        Axis((0.4, len(likely) + 0.6), rows[::-1].tolist(), "", names=likely[::-1]),
        150,
        title="times at the very top so far",
    )
