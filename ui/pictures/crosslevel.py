"""Which schools have flat slopes: a slope that depends on the school's sector and mean SES.

SES slope of a school = b_1 + b_2 (mean SES) + b_3 (Catholic) + u_1
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from mlcore import Fit
from ui import cache
from ui.reproduced import fitted
from ui.stage.axis import Axis
from ui.stage.axis import fitted as axis_for
from ui.stage.handles import Slider, Toggle
from ui.stage.layout import Column, Controls, Equation, Frame, Table
from ui.stage.marks import Dots, Handle, Label, Mark, Path, Role, Rule, Segments
from ui.stage.quantity import control, data
from ui.stage.scene import Stage
from ui.stage.text import Text, text

LOW, HIGH = -1.2, 0.8  # mean SES of the schools
SES = (-2.0, 2.0)  # SES from the school's mean


def models() -> tuple[Fit, Fit]:
    """SES slopes that vary, and slopes that depend on sector and mean SES."""
    return fitted("hsb-slope", "fit"), fitted("hsb-crosslevel", "fit")


def slope_of(sector: float, mean_ses: float) -> float:
    b = models()[1].coefficients["estimate"]
    return float(b["cses"] + b["meanses:cses"] * mean_ses + b["cses:sector"] * sector)


@lru_cache(maxsize=1)
def schools() -> pd.DataFrame:
    """Mean SES and sector of each school."""
    return cache.rows("hsb").groupby("schid")[["meanses", "sector"]].first()


@lru_cache(maxsize=1)
def sectors() -> Stage:
    free, crossed = models()
    b = {name: float(value) for name, value in crossed.coefficients["estimate"].items()}
    own = schools().copy()
    effects = free.ranef["schid"].loc[own.index]
    mean_slope = float(free.coefficients["estimate"]["cses"])
    own["slope"] = mean_slope + effects["cses"]
    own["left"] = b["cses"] + crossed.ranef["schid"].loc[own.index, "cses"]
    own["left"] += b["meanses:cses"] * own["meanses"] + b["cses:sector"] * own["sector"]
    w, explained = control("w"), control("explained")
    public, catholic = own[own["sector"] == 0], own[own["sector"] == 1]
    slope = {s: b["cses"] + b["meanses:cses"] * w + b["cses:sector"] * s for s in (0, 1)}
    height = {s: b["(Intercept)"] + b["meanses"] * w + b["sector"] * s for s in (0, 1)}

    def dots(kind: pd.DataFrame, role: Role) -> Dots:
        before, after = data(kind["slope"].to_numpy()), data(kind["left"].to_numpy())
        return Dots(
            kind["meanses"].to_numpy(),
            before + explained * (after - before),
            role=role,
            size=3.8,
            shape="diamond",
        )

    def line(s: int) -> list[Mark]:
        at = [b["cses"] + b["meanses:cses"] * end + b["cses:sector"] * s for end in (LOW, HIGH)]
        return [
            Path([LOW, HIGH], at, role="fixed", width=3, dashed=s == 1),
            Label(HIGH, at[1], _sector(s), strong=True, dx=6),
            Dots(w, slope[s], role="fixed", size=5.5),
            Label(
                w, slope[s], text("{v:2}", v=slope[s]), strong=True, dx=9, dy=-8 if s == 0 else 20
            ),
        ]

    right = Frame(
        [
            dots(public, "context"),
            dots(catholic, "predicted"),
            *line(0),
            *line(1),
            Rule(x=w, dashed=True),
            Handle("w", edge=True, text=text("‹ mean SES {w:1} ›", w=w)),
        ],
        Axis((LOW, HIGH), [-1, -0.5, 0, 0.5], "school’s mean SES"),
        axis_for(0, 4.4, "points per unit of SES: the school’s slope", ""),
        height=250,
        low=190,
    )
    left = Frame(
        [
            *(
                mark
                for s in (0, 1)
                for mark in (
                    Segments(SES[0], height[s] + slope[s] * SES[0], SES[1],
                             height[s] + slope[s] * SES[1], role="fixed", width=3, dashed=s == 1),
                    Label(SES[1], height[s] + slope[s] * SES[1],
                          text("Catholic" if s else "public"), strong=True, dx=6),
                )
            ),
        ],
        Axis(SES, [-2, -1, 0, 1, 2], "SES, from the school’s mean"),
        axis_for(0, 25, "mathematics score, points", ""),
        height=250,
        low=190,
    )  # fmt: skip
    return Stage(
        key="sectors",
        controls=[
            Slider("w", "school’s mean SES", LOW, HIGH, 0.0, 0.1, "", "", "1"),
            Toggle("explained", "Put sector and mean SES into the model"),
        ],
        columns=[
            Column([left], 1, (44, 64)),
            Column([right, Controls(["explained"])], 1, (44, 92)),
        ],
        finding=text(
            "At a mean SES of {w:1}, one unit of SES goes with {p:2} points in public schools and "
            "{k:2} in Catholic ones.", w=w, p=slope[0], k=slope[1],
        ),
        equation=Equation(
            [
                "slope = ",
                text(
                    f"{{b:2}} {_sign(b['meanses:cses'])} {{m:2}} × {{w:1}} "
                    f"{_sign(b['cses:sector'])} {{k:2}} × Catholic",
                    b=data(b["cses"]), m=data(abs(b["meanses:cses"])), w=w,
                    k=data(abs(b["cses:sector"])),
                ),
            ],
            text("the slope is {p:2} in public and {k:2} in Catholic schools", p=slope[0],
                 k=slope[1]),
        ),
        sentence=text("The dots are the {n:0} schools’ own slopes as the model estimates them.",
                      n=data(len(own))),
        table=Table(
            "Slopes by mean SES",
            [("school", [str(i) for i in own.index], ""),
             ("sector", ["Catholic" if s else "public" for s in own["sector"]], ""),
             ("mean SES", own["meanses"].to_numpy(), "2"),
             ("slope", own["slope"].to_numpy(), "2"),
             ("with sector and mean SES", own["left"].to_numpy(), "2")],
        ),
    )  # fmt: skip


def _sector(catholic: int) -> Text:
    return text("[predicted|◆] Catholic" if catholic else "[context|◆] public")


def _sign(value: float) -> str:
    return "−" if value < 0 else "+"
