"""Invented schools whose lines fan out, fan in, cross, or run side by side.

    u_0 = 3 z_0,      u_1 = sigma_u1 (rho z_0 + sqrt(1 - rho^2) z_1),

with standard normal z. The model is fitted again, in the browser, to 25 pupils of each school.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ui.stage.axis import Axis
from ui.stage.handles import Again, Slider
from ui.stage.layout import Column, Controls, Frame, Note, Readout, Table
from ui.stage.marks import Dots, Ellipse, Handle, Label, Path, Rule, Segments
from ui.stage.quantity import (
    Quantity,
    control,
    data,
    grid,
    maximum,
    minimum,
    normal,
    sqrt,
    take,
    where,
)
from ui.stage.refit import Refit
from ui.stage.scene import Preset, Stage
from ui.stage.text import Choose, text

SCHOOLS, PUPILS = 40, 25
HEIGHT_SD, RESIDUAL_SD, SLOPE = 3.0, 7.4, 0.55  # about those of the London schools
LOW, HIGH = -30.0, 30.0
ALIKE = 1.2  # the largest SD between schools over the smallest, where lines are called parallel
PATTERNS = ("run side by side", "fan out", "fan in", "cross in the middle")

sigma, rho, seed = control("sigma_u1"), control("rho"), control("seed")


def spread(x: Quantity | float) -> Quantity:
    """The SD between schools at x, as the controls say it is."""
    return sqrt(HEIGHT_SD**2 + 2 * x * rho * HEIGHT_SD * sigma + (x * sigma) ** 2)


narrowest = where(sigma > 0, -rho * HEIGHT_SD / maximum(sigma, 1e-9), LOW - 1)
_inside = minimum(maximum(narrowest, LOW), HIGH)
_ratio = maximum(spread(LOW), spread(HIGH)) / maximum(spread(_inside), 1e-9)
_place = (narrowest - LOW) / (HIGH - LOW)
pattern = where(
    _ratio < ALIKE, 0, where(_place < 1 / 3, 1, where(_place > 2 / 3, 2, 3))
)  # an index of PATTERNS


@lru_cache(maxsize=1)
def schools() -> Stage:
    z0, z1 = normal(seed, SCHOOLS), normal(seed + 1000, SCHOOLS)
    u0 = HEIGHT_SD * z0
    u1 = sigma * (rho * z0 + sqrt(1 - rho**2) * z1)
    found = _fitted(u0, u1)
    x = grid(LOW, HIGH, 41)
    mean = SLOPE * x
    across = Axis((LOW, HIGH), [], "")
    lines = Frame(
        [
            Segments(LOW, SLOPE * LOW + u0 + u1 * LOW, HIGH, SLOPE * HIGH + u0 + u1 * HIGH,
                     width=0.8),
            Path([LOW, HIGH], [SLOPE * LOW, SLOPE * HIGH], role="fixed", width=4),
            Path(x, mean - spread(x), role="truth", dashed=True),
            Path(x, mean + spread(x), role="truth", dashed=True),
            Label(HIGH, SLOPE * HIGH, text("mean"), strong=True, dx=6),
            Label(HIGH, SLOPE * HIGH + spread(HIGH), text("+1 SD"), role="truth", dx=6, dy=-4),
        ],
        across,
        Axis((-36, 36), [-30, -15, 0, 15, 30], "exam score, points"),
        height=220,
        low=130,
        name="lines",
    )  # fmt: skip
    strip = Frame(
        [
            Path(x, spread(x), role="truth", dashed=True),
            Label(LOW, spread(LOW), text("{v:1}", v=spread(LOW)), role="truth", anchor="end",
                  dx=-7),
            Label(HIGH, spread(HIGH), text("{v:1}", v=spread(HIGH)), role="truth", dx=7),
            Dots(where((narrowest > LOW) & (narrowest < HIGH), narrowest, np.nan),
                 spread(_inside), role="truth", size=5),
            Label(where((narrowest > LOW) & (narrowest < HIGH), narrowest, np.nan),
                  spread(_inside), text("smallest at {x:0}", x=narrowest), role="truth",
                  anchor="middle", dy=20),
        ],
        Axis((LOW, HIGH), [-30, -20, -10, 0, 10, 20, 30], "reading score, points"),
        Axis((-2, 9.5), [], ""),
        height=84,
        low=56,
        title="SD between schools at this score",
        role="truth",
    )  # fmt: skip
    cloud = Frame(
        [
            Rule(x=0, role="context", width=1),
            Rule(y=0, role="context", width=1),
            Ellipse(0, 0, HEIGHT_SD**2, rho * HEIGHT_SD * sigma, sigma**2, scale=2, role="truth",
                    width=1.2),
            Ellipse(0, 0, HEIGHT_SD**2, rho * HEIGHT_SD * sigma, sigma**2, role="truth"),
            Dots(u0, u1, role="between", size=3.4),
            Label(0, 0.5, text("steeper"), role="context", anchor="end", dx=-6, dy=8),
            Label(9, 0, text("higher at 0"), role="context", anchor="end", dy=18),
            Handle("sigma_u1", "y", at=0, role="truth"),
        ],
        Axis((-9, 9), [], ""),
        Axis((-0.5, 0.5), [], ""),
        height=196,
        low=130,
    )  # fmt: skip
    return Stage(
        key="fans",
        controls=[
            Slider("sigma_u1", "SD of slopes", 0, 0.2, 0.12, 0.01, "σ_u1",
                   "points per point", "share", "truth"),
            Slider("rho", "correlation at 0", -1, 1, 0.5, 0.05, "ρ_u01", "", "share", "truth"),
            Again("seed", "Draw other schools"),
        ],
        columns=[
            Column([lines, strip, Controls(["sigma_u1", "rho", "seed"])], 1.9, (56, 60)),
            Column(
                [
                    Note(f"{SCHOOLS} invented schools", heading=True),
                    cloud,
                    Readout("estimated correlation", text("{r:share}", r=found["correlation"]),
                            f"from {PUPILS} pupils of each school", "between"),
                    Readout("estimated SD of slopes", text("{s:share}", s=found["sd:x"]), "",
                            "between"),
                ],
                1,
                (16, 16),
            ),
        ],
        finding=text(
            "SD between schools {a:1} at −30, {b:1} at 30: the lines {p}.",
            a=spread(LOW), b=spread(HIGH), p=Choose(pattern, PATTERNS),
        ),
        sentence=text(
            "Slopes have an SD of {s:share} and go with the heights at 0 by {r:share}; from "
            f"{PUPILS} pupils of each school the model estimates {{t:share}} and {{q:share}}.",
            s=sigma, r=rho, t=found["sd:x"], q=found["correlation"],
        ),
        table=Table(
            "The invented schools",
            [("school", [str(j) for j in range(1, SCHOOLS + 1)], ""), ("u_0", u0, "2"),
             ("u_1", u1, "share3")],
        ),
        presets=[
            Preset("Fan out", {"sigma_u1": 0.12, "rho": 0.8}),
            Preset("Fan in", {"sigma_u1": 0.12, "rho": -0.8}),
            Preset("Side by side", {"sigma_u1": 0.0, "rho": 0.0}),
            Preset("No pattern", {"sigma_u1": 0.15, "rho": 0.0}),
        ],
    )  # fmt: skip


def _fitted(u0: Quantity, u1: Quantity) -> Refit:
    codes = np.repeat(np.arange(SCHOOLS), PUPILS)
    scores = np.tile(np.linspace(-20.0, 20.0, PUPILS), SCHOOLS)
    noise = RESIDUAL_SD * normal(seed + 2000, SCHOOLS * PUPILS)
    y = take(u0, codes) + (SLOPE + take(u1, codes)) * data(scores) + noise
    line = {"(Intercept)": {"1": 1}, "x": {"x": 1}}
    return Refit({"x": scores, "y": y}, codes, fixed=line, random=line, response={"y": 1})
