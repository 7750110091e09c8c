"""The variance function of random slopes: how much groups differ at x, and the ICC there.

Var(y | x) = tau_00 + 2 tau_01 x + tau_11 x^2 + sigma^2,      ICC(x) = its first part / all of it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ui import cache
from ui.pictures.slopes import form, it_is, least, model, where
from ui.stage.axis import Axis, fitted, ticks
from ui.stage.handles import Place, Slider
from ui.stage.layout import Column, Equation, Fraction, Frame, Note, Readout, Table
from ui.stage.marks import Band, Dots, Handle, Label, Path, Rule, Segments
from ui.stage.quantity import control, data, sqrt
from ui.stage.scene import REVEALED, Stage
from ui.stage.text import text


def one_icc(name: str) -> float:
    """The ICC of the model whose slopes do not vary."""
    return float(cache.fit(cache.case(name).intercepts, name, reml=False).icc.iloc[0])


@lru_cache(maxsize=16)
def by_predictor(name: str) -> Stage:
    it, tau, at, x = cache.case(name), model(name), where(name), control("x")
    line = np.linspace(max(at.low, at.first), at.high, 61)
    between, within = tau.variance(line), tau.sigma**2
    here = tau.tau00 + 2 * x * tau.tau01 + x**2 * tau.tau11
    icc = here / (here + within)
    one = one_icc(name)
    number, sd = form(within, 3), form(np.sqrt(least(name)))
    domain = (at.low, at.high)
    label = it.label(it.model.predictor)
    outcome, _, _ = it.data.variable(it.model.outcome).label.partition(",")
    half = within / 2
    top = float(np.ceil((between + within).max() / half)) * half  # round: the question sees it
    tall = Frame(
        [
            Band(line, 0 * line, 0 * line + within, role="within"),
            Band(line, 0 * line + within, between + within, role="between"),
            Label(line[2], within / 2, text(f"within a {it.group.name}, σ_e²"),
                  role="within", strong=True),
            Label(line[-2], within + between[-1] / 2,
                  text(f"between {it.group.plural}"), role="between",
                  strong=True, anchor="end"),
            Segments(x, within, x, within + here, role="between", width=6),
            Rule(x=x, dashed=True, through=True),
        ],
        Axis(domain, [], ""),
        fitted(0, top, f"variance, {outcome[:1].lower()}{outcome[1:]}", ""),
        height=160,
        low=70,
        asked=[
            Band(line, 0 * line, 0 * line + within, role="within"),
            Label(line[2], within / 2, text(f"within a {it.group.name}, σ_e²"), role="within",
                  strong=True),
        ],
    )  # fmt: skip
    low = Frame(
        [
            Rule(y=one, role="context", dashed=True),
            Label(line[0], one, text("{v:share} if slopes do not vary", v=data(one)),
                  role="context", dx=6, dy=-6),
            Path(line, tau.icc(line), role="between", width=2.6),
            Dots(x, icc, role="between", size=6),
            Label(x, icc, text("{v:share}", v=icc), role="between", strong=True, dx=10, dy=-10),
            Handle("x", edge=True, text=text(f"‹ x = {{x:{at.form}}} ›", x=x)),
        ],
        Axis(domain, ticks(*domain, 6), label),
        Axis((-0.14, 1), [0, 0.5, 1], ""),
        height=110,
        low=74,
        title="ICC at this x",
        role="between",
        name="icc",
        asked=[
            Rule(y=one, role="context", dashed=True),
            Label(line[0], one, text("{v:share} if slopes do not vary", v=data(one)),
                  role="context", dx=6, dy=-6),
            Label(at.high, control("guess"), text("{v:share}", v=control("guess")), role="guess",
                  strong=True, anchor="end", dx=-18),
            Handle("guess", "y", at=at.high, role="guess", prompt="guess"),
        ],
    )  # fmt: skip
    return Stage(
        key="spread",
        controls=[
            Slider("x", label, max(at.low, _round(at.first, at.step)), at.high,
                   max(at.low, _round(at.first, at.step), 0.0), at.step, "x",
                   it.measure(it.model.predictor), at.form),
            Place("guess", "your ICC", 0, 1, 0.01),
        ],
        columns=[
            Column([tall, low], 1.9, (56, 52)),
            Column(
                [
                    Note("Two of one " + it.group.name, heading=True),
                    Equation(
                        [
                            text("[between|ρ](x) = "),
                            Fraction([text(f"[between|{{v:{number}}}]", v=here)],
                                     [text(f"[between|{{v:{number}}}] + [within|{{w:{number}}}]",
                                           v=here, w=data(within))]),
                            text(" = {i:share}", i=icc),
                        ],
                        text(f"{{v:{number}}} between over {{w:{number}}} in all is {{i:share}}",
                             v=here, w=here + within, i=icc),
                    ),
                    Readout("ICC at this x", text("{v:share}", v=icc),
                            text("{v:share} in the model without random slopes", v=data(one)),
                            "between"),
                    Readout(f"SD between {it.group.plural}",
                            text(f"{{v:{sd}}}", v=sqrt(here)), "", "between"),
                    Readout("SD of all at this x",
                            text(f"{{v:{form(np.sqrt(within))}}}", v=sqrt(here + within))),
                ],
                1,
                (16, 16),
            ),
        ],
        finding=text(
            f"At x = {{x:{at.form}}} the ICC is {{i:share}}; over the range it goes from "
            "{a:share} to {b:share}.",
            x=x, i=icc, a=data(float(tau.icc(line).min())), b=data(float(tau.icc(line).max())),
        ),
        sentence=text(
            f"Between {it.group.plural} the variance is {{v:{number}}}, within them "
            f"{{w:{number}}} at every x.", v=here, w=data(within),
        ),
        table=Table(
            "Variances and ICC by the predictor",
            [("x", [it_is(value, at) for value in line[::5]], ""),
             ("between", between[::5], number), ("all", between[::5] + within, number),
             ("ICC", tau.icc(line[::5]), "share")],
        ),
        caption=f"The intraclass correlation as the predictor goes from {it_is(at.low, at)} to "
        f"{it_is(at.high, at)}.",
    )  # fmt: skip


@lru_cache(maxsize=64)
def guessed(name: str, guess: float) -> Stage:
    """The same with the learner's guess at the upper end."""
    at = where(name)
    truth, revealed = float(model(name).icc(at.high)), control(REVEALED)
    marks = [
        Segments(at.high, guess, at.high, guess + revealed * (truth - guess), role="ink", width=2),
        Dots(at.high, guess + revealed * (truth - guess), role="between", size=5),
        Dots(at.high, guess, role="guess", size=9),
        Label(at.high, guess, text("you"), role="guess", strong=True, dx=13),
    ]
    return by_predictor(name).with_marks("icc", marks)


def _round(value: float, by: float) -> float:
    return round(float(np.ceil(value / by)) * by, 10)
