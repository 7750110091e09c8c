"""The health of 117 jobs as a two-way table, raw, smoothed by a model, or rows plus columns."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlcore import smoothed_table
from ui import cache
from ui.pictures.groups import JOBS, TRADES
from ui.stage.axis import Axis
from ui.stage.handles import Focus, Slider
from ui.stage.layout import Column, Controls, Frame, Note, Readout, Table
from ui.stage.marks import Dots, Label, Mark
from ui.stage.quantity import Quantity, clip, control, data, element, mean, sqrt
from ui.stage.scene import Preset, Stage
from ui.stage.text import Choose, text

FEW, MANY = 20, 200  # people in a small cell, and in a large one


@lru_cache(maxsize=1)
def cells() -> pd.DataFrame:
    """Occupation by industry: n, raw, additive, smooth."""
    return smoothed_table("health1", "occupat1t", "indus1ts", cache.rows("census"))


@lru_cache(maxsize=1)
def smoothing() -> Stage:
    """A slider from each cell's own mean, 0, over the model's, 1, to row plus column, 2."""
    of = cells()
    jobs, trades = (of.index.get_level_values(k).astype(int) for k in (0, 1))
    by_row = of.groupby(level=0).additive.mean().rank(ascending=False)
    row = np.asarray(by_row.loc[of.index.get_level_values(0)], dtype=np.float64)
    places = list(zip(by_row.index.astype(int), by_row, strict=True))
    names = [f"{JOBS[job]}, {TRADES[trade]}" for job, trade in zip(jobs, trades, strict=True)]
    n = of.n.to_numpy(float)
    raw, additive, smooth = (of[name].to_numpy() for name in ("raw", "additive", "smooth"))
    pooled, chosen = control("pooled"), control("cell")
    first, second = clip(pooled, 0, 1), clip(pooled - 1, 0, 1)
    now = raw + first * (smooth - raw) + second * (additive - smooth)

    def apart(which: NDArray[np.intp]) -> Quantity:
        """How far these cells lie from what row and column say."""
        a, b = smooth[which] - raw[which], additive[which] - smooth[which]
        return sqrt(mean((first * a + second * b + (raw - additive)[which]) ** 2))

    few, many = apart(np.flatnonzero(n < FEW)), apart(np.flatnonzero(n >= MANY))
    marks: list[Mark] = [
        Dots(now, row, 1.5 + 7.5 * (data(n) / n.max()) ** 0.5, role="predicted", shape="disc",
             of="cell", focus="ink"),
        *(Label(0.8, float(place), text(JOBS[job])) for job, place in places),
    ]  # fmt: skip
    own: dict[str, Quantity | Choose] = {
        "g": Choose(chosen, names),
        "v": element(now, chosen),
        "n": element(n, chosen),
    }
    return Stage(
        key="smoothing",
        prefix="t_",
        controls=[
            Slider("pooled", "pulled to row + column", 0, 2, 0.0, 0.05,
                   format="2"),
            Focus("cell", "show", names, names[int(np.argmax(np.abs(raw - smooth)))],
                  [int(each) for each in n]),
        ],
        columns=[
            Column(
                [
                    Frame(
                        marks,
                        Axis((0.8, 2.75), [1.25, 1.5, 1.75, 2, 2.25, 2.5],
                             "health, 1 very good to 5 very bad"),
                        Axis((0.4, 9.6), [], ""),
                        300,
                    ),
                ],
                width=1.9, margin=(4, 16),
            ),
            Column(
                [
                    Note("How far a cell lies from its row + column", heading=True),
                    Readout(f"cells of fewer than {FEW} people", text("{f:share}", f=few),
                            f"{int((n < FEW).sum())} of {len(n)} cells"),
                    Readout(f"cells of {MANY} people and more", text("{m:share}", m=many),
                            f"{int((n >= MANY).sum())} of {len(n)} cells"),
                    Readout(text("{g}", g=own["g"]), text("{v:2}", v=own["v"]),
                            text("n = {n:count}", n=own["n"])),
                    Controls(["pooled", "cell"]),
                ]
            ),
        ],
        presets=[
            Preset("Raw", {"pooled": 0}),
            Preset("Smooth, as the model says", {"pooled": 1}),
            Preset("Rows + columns", {"pooled": 2}),
        ],
        finding=text(
            "{f}",
            f=Choose(
                pooled,
                [
                    text("Raw: the small cells lie {f:share} from their row and column, the "
                         "large ones {m:share}.", f=few, m=many),
                    text("Smooth: the small cells follow their row and column ({f:share}), the "
                         "large ones keep their own word ({m:share}).", f=few, m=many),
                    "Rows + columns: no cell has anything to say of its own.",
                ],
            ),
        ),
        sentence=text("{g}: {v:2}, n = {n:count}.", **own),
        table=Table(
            "Health by job",
            [("job", names, ""), ("people", n, "count"), ("raw", raw, "2"),
             ("smooth", smooth, "2"), ("row + column", additive, "2")],
        ),
    )  # fmt: skip
