"""The ICC of groups that mean nothing: a histogram of shuffles beside the ICC as it is."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import numpy as np

from ui import cache
from ui.pictures.alike import SEED, rows
from ui.stage.axis import Axis, ticks
from ui.stage.layout import Column, Frame, Table
from ui.stage.marks import Boxes, Label, Rule
from ui.stage.quantity import data
from ui.stage.scene import Stage
from ui.stage.text import text

SHUFFLES = 400


@lru_cache(maxsize=16)
def shuffles(name: str) -> Stage:
    """The ICCs of shuffled labels beside that of the labels as they are."""
    found, drawn = rows(name), cache.shuffles(name, SHUFFLES, SEED)
    groups = found.case.group.plural
    _, s_u, s_e = found.estimated
    own = s_u**2 / (s_u**2 + s_e**2)
    width = own / 80
    zero = int((drawn.icc == 0.0).sum())
    counts, edges = np.histogram(
        drawn.icc[drawn.icc > 0.0], np.arange(ceil(drawn.icc.max() / width) + 1) * width
    )
    most = float(max(zero, counts.max()))
    nothing, largest = data(float(zero)), data(float(drawn.icc.max()))
    return Stage(
        key="chance",
        controls=[],
        columns=[
            Column(
                [
                    Frame(
                        [
                            Boxes(edges[:-1], 0, edges[1:], counts.astype(float), role="context"),
                            Boxes(-width, 0, 0, nothing, role="ink"),
                            Rule(x=own, role="between", width=4),
                            Label(
                                largest,
                                most,
                                text("{z:0} of the shuffles: exactly 0", z=nothing),
                                strong=True,
                                dx=10,
                                dy=10,
                            ),
                            Label(
                                largest,
                                most,
                                text("the others: up to {m:share3}", m=largest),
                                role="context",
                                dx=10,
                                dy=30,
                            ),
                            Label(
                                own,
                                most,
                                text("the labels as they are: {o:share3}", o=data(own)),
                                role="between",
                                strong=True,
                                anchor="end",
                                dx=-10,
                                dy=52,
                            ),
                        ],
                        Axis((-2 * width, 1.03 * own), ticks(0, own, 6), "ICC of the null model"),
                        Axis((0, 1.05 * most), [], f"shuffles, of {SHUFFLES}"),
                        height=120,
                    )
                ],
                margin=(12, 12),
            )
        ],
        finding=text(
            f"Shuffled {SHUFFLES} times, the labels of the {groups} give an ICC of {{m:share3}} at "
            "most. As they are: {o:share3}.",
            m=largest,
            o=data(own),
        ),
        sentence=text(
            "{z:0} of the shuffles give an ICC of exactly 0, the largest is {m:share3}.",
            z=nothing,
            m=largest,
        ),
        table=Table(
            f"ICC in {SHUFFLES} shuffles (seed {SEED})",
            [
                ("ICC", ["exactly 0", *(f"up to {edge:.4f}" for edge in edges[1:])], ""),
                ("shuffles", np.concatenate([[zero], counts]).astype(float), "0"),
            ],
        ),
    )
