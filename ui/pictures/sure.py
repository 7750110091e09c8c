"""How sure is the line? The learner draws the interval that cluster-robust errors give it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ui import cache
from ui.pictures import moved
from ui.pictures.five import view
from ui.stage.axis import Axis
from ui.stage.handles import Place
from ui.stage.layout import Column, Equation, Frame, Table
from ui.stage.marks import Dots, Handle, Label, Mark, Segments
from ui.stage.quantity import control, data
from ui.stage.scene import REVEALED, Stage
from ui.stage.text import text

NAME, KEY = "school", "schgend2"
LOW, HIGH, STEP = -2.0, 6.0, 0.1
AT = {"OLS": 1.0, "cluster-robust": 0.0}


def term() -> moved.Term:
    return moved.terms(NAME)[KEY]


def end(row: str) -> float:
    """Where the interval of a row ends, upwards."""
    return float(moved.rest(NAME, term())["upper"][row])


def ratio() -> float:
    """How many times as wide as the interval of OLS the robust one is."""
    estimate = float(moved.rest(NAME, term())["estimate"]["OLS"])
    return (end("cluster-robust") - estimate) / (end("OLS") - estimate)


@lru_cache(maxsize=1)
def boys() -> tuple[int, int]:
    """How many boys' schools there are, and how many boys in them."""
    rows = moved.column(NAME, term())
    return int(moved.means(NAME, rows).sum()), int(rows.sum())


@lru_cache(maxsize=1)
def interval() -> Stage:
    it, found = cache.case(NAME), moved.rest(NAME, term())
    b = float(found["estimate"]["OLS"])
    half = {row: end(row) - b for row in AT}
    times = {row: half[row] / float(found["se"][row]) for row in AT}
    wide = {
        "b": data(b),
        "t": data(times["cluster-robust"]),
        "s": data(float(found["se"]["cluster-robust"])),
    }
    revealed, guess = control(REVEALED), control("guess")
    robust = half["OLS"] + revealed * (half["cluster-robust"] - half["OLS"])
    at = view(NAME, term())
    sizes = np.bincount(moved.codes(NAME))
    y = moved.means(NAME, np.asarray(moved.design(NAME).y, dtype=float))
    x = moved.means(NAME, at.rows)
    beside = x + np.linspace(-0.2, 0.2, len(x))
    top = at.py + b
    line: list[Mark] = [
        Dots(beside, y, size=np.clip(0.65 * np.sqrt(sizes), 2.0, 7.5), role="between",
             opacity=0.7),
        Segments(0.0, at.py, 1.0, top, role="fixed", width=4),
        Label(0.5, at.py + b / 2, text("+{b:2}", b=data(b)), strong=True, anchor="middle", dy=-14),
    ]  # fmt: skip
    first: list[Mark] = [
        Segments(b - half["OLS"], 1, b + half["OLS"], 1, role="fixed", width=3),
        Dots(b, 1, role="fixed", size=5.5),
        Label(b + half["OLS"], 1, text("to {e:2}", e=data(end("OLS"))), dx=8),
        Dots(b, 0, role="fixed", size=5.5),
    ]
    across = Axis(
        (LOW, HIGH), [-2, 0, 2, 4, 6], f"boys’ against mixed schools, {it.measure('gcse')}"
    )
    return Stage(
        key="sure",
        controls=[Place("guess", "the upper end of your interval", b, HIGH, STEP, "points", "1")],
        columns=[
            Column(
                [
                    Frame(
                        [
                            *line,
                            Segments(1.0, top - robust, 1.0, top + robust, role="fixed",
                                     width=1.6),
                            Segments(1.0, top - half["OLS"], 1.0, top + half["OLS"], role="fixed",
                                     width=5),
                        ],
                        at.x,
                        Axis((-12, 12), [-10, -5, 0, 5, 10], it.label("gcse")),
                        height=212,
                        name="schools",
                        asked=line,
                    )
                ],
                1,
                (46, 16),
            ),
            Column(
                [
                    Frame(
                        [
                            *first,
                            Segments(b - robust, 0, b + robust, 0, role="fixed", width=3),
                            Label(b + robust, 0, text("to {e:2}", e=b + robust), strong=True,
                                  dx=8),
                        ],
                        across,
                        Axis((-0.8, 1.6), [0, 1], "", names=["cluster-robust", "OLS"]),
                        height=212,
                        title="the coefficient and its 95 % interval",
                        name="intervals",
                        asked=[
                            *first,
                            Segments(2 * b - guess, 0, guess, 0, role="guess", width=3),
                            Handle("guess", "x", at=0.0, role="guess",
                                   prompt="how far does it reach?"),
                        ],
                    ),
                ],
                1,
                (112, 30),
            ),
        ],
        equation=Equation(
            [
                text("OLS {b:2} ± {t:2} × {s:share3},   ", b=data(b), t=data(times["OLS"]),
                     s=data(float(found["se"]["OLS"]))),
                text("cluster-robust {b:2} ± {t:2} × **{s:share3}**", **wide),
                text(" = {k:2} to {v:2}", k=data(b - half["cluster-robust"]),
                     v=data(end("cluster-robust"))),
            ],
            text("{b:2} plus or minus {t:2} times {s:share3}", **wide),
        ),
        finding=text("The line stays at {b:2}; its interval is {r:1} times as wide.", b=data(b),
                     r=data(ratio())),
        sentence=text(
            "OLS gives {l:2} to {u:2}, cluster-robust errors {k:2} to {v:2}.",
            l=data(b - half["OLS"]), u=data(end("OLS")),
            k=data(b - half["cluster-robust"]), v=data(end("cluster-robust")),
        ),
        table=Table(
            "Boys’ against mixed schools",
            [
                ("estimator", [*AT], ""),
                ("estimate", data([b, b]), "2"),
                ("standard error", data([float(found["se"][row]) for row in AT]), "3"),
                ("95 % from", data([b - half[row] for row in AT]), "2"),
                ("to", data([b + half[row] for row in AT]), "2"),
            ],
        ),
        caption="Each disc is a school, larger with more pupils. The line is from least squares, "
        "with the reading score and girls in the model.",
    )  # fmt: skip


@lru_cache(maxsize=64)
def guessed(value: float) -> Stage:
    """The same with the learner's interval, and how far its end is off."""
    truth, revealed = end("cluster-robust"), control(REVEALED)
    b = float(moved.rest(NAME, term())["estimate"]["OLS"])
    y = -0.45
    at = value + revealed * (truth - value)
    marks: list[Mark] = [
        Dots(value, y, role="guess", size=9),
        Segments(2 * b - value, y, value, y, role="guess", width=1.5),
        Segments(value, y, at, y, role="ink", width=2),
        Label(value, y, text("you"), role="guess", strong=True, anchor="middle",
              dy=26),
    ]  # fmt: skip
    if abs(truth - value) > 0.5:
        apart = text("{a:1} apart", a=data(abs(truth - value)))
        marks.append(Label(max(value, truth), y, apart, strong=True, dx=14))
    return interval().with_marks("intervals", marks)
