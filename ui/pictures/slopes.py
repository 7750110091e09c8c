"""Lines with random slopes, and an origin that is dragged under them.

    y = (beta_0 + u_0) + (beta_1 + u_1) (x - c) + e

is refitted by maximum likelihood wherever c is. The lines and the log-likelihood stay; what is
called the intercept moves. The curves are the closed form, which the refitted dots follow:

    Var(u_0)(c) = tau_00 + 2 tau_01 c + tau_11 c^2,      Cov(u_0, u_1)(c) = tau_01 + tau_11 c.

With many thousands of groups the closed form serves for the dots too, and a sample is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, log10

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from datasets import Case
from mlcore import RandomLines, random_lines
from ui import cache
from ui.stage.axis import Axis, fitted, step, ticks
from ui.stage.handles import Focus, Place, Slider
from ui.stage.layout import Column, Controls, Equation, Frame, Matrix, Note, Readout, Table
from ui.stage.marks import Band, Dots, Ellipse, Handle, Label, Path, Role, Rule, Segments
from ui.stage.quantity import Quantity, absolute, control, data, element, sqrt
from ui.stage.refit import Combination, Refit
from ui.stage.scene import REVEALED, Stage
from ui.stage.text import Choose, Text, text

MOST = 1_000  # groups that a browser refits while a handle moves
DRAWN = 80  # lines of a sample
SEED = 1

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Lines:
    """A case's lines seen from the origin c: quantities that follow the control `c`."""

    height: Quantity
    slope: Quantity
    u0: Quantity
    u1: Quantity
    variance: Quantity
    covariance: Quantity
    slopes: Quantity
    correlation: Quantity
    loglik: Quantity


@dataclass(frozen=True)
class Range:
    """Where the origin can be: the data's own range and 0, in round steps."""

    low: float
    high: float
    step: float
    first: float

    @property
    def form(self) -> str:
        return str(max(0, ceil(-log10(self.step))))

    @property
    def curve(self) -> Array:
        return np.linspace(self.low, self.high, 61)

    @property
    def bare(self) -> bool:
        """Whether a good part of the range, on the side of 0, has no data."""
        return self.first - self.low > 0.08 * (self.high - self.low)


def form(value: float, significant: int = 2) -> str:
    """The format that shows so many digits of a number of this size, a decimal below 100."""
    digits = max(int(abs(value) < 100), min(6, significant - 1 - floor(log10(abs(value)))))
    return {0: "0", 1: "1", 2: "share"}.get(digits, f"share{digits}")


@lru_cache(maxsize=16)
def where(name: str) -> Range:
    x = cache.rows(name)[cache.model(name).predictor]
    first, last = float(x.min()), float(x.max())
    by = step(max(last, 0.0) - min(first, 0.0), 60)
    low, high = (round(f(end / by) * by, 10) for f, end in ((ceil, first), (floor, last)))
    return Range(min(low, 0.0), max(high, 0.0), by, first)


def groups(name: str) -> int:
    """How many groups the model of a case was fitted to."""
    return next(iter(cache.fit(cache.case(name).slopes, name, reml=False).n_groups.values()))


def least(name: str) -> float:
    """The smallest intercept variance in the range of the origin."""
    return float(model(name).variance(where(name).curve).min())


@lru_cache(maxsize=16)
def model(name: str) -> RandomLines:
    """The lines of a case by maximum likelihood."""
    return random_lines(cache.fit(cache.case(name).slopes, name, reml=False))


def effects(name: str) -> pd.DataFrame:
    """u_0 and u_1 of each group that is drawn, at the origin 0."""
    it = cache.case(name)
    found = cache.fit(it.slopes, name, reml=False).ranef[it.model.group].iloc[:, :2]
    if len(found) <= MOST:
        return found
    kept = it.some(DRAWN, seed=SEED, least=5)[it.model.group].unique()
    return found.loc[np.sort(kept)]


def refitted(name: str) -> Lines:
    """The model fitted again at every origin."""
    it, c = cache.case(name), control("c")
    m, frame = it.model, cache.rows(name)
    codes = pd.Categorical(frame[m.group], categories=effects(name).index).codes
    line: dict[str, Combination] = {"(Intercept)": {"1": 1}, "x": {"x": 1, "1": -c}}
    columns = {"x": frame[m.predictor].to_numpy(float), "y": frame[m.outcome].to_numpy(float)}
    fit = Refit(columns, codes, fixed=line, random=line, response={"y": 1}, reml=False)
    s0, s1, r = fit["sd:(Intercept)"], fit["sd:x"], fit["correlation"]
    return Lines(
        fit["beta:(Intercept)"], fit["beta:x"], fit["u:(Intercept)"], fit["u:x"],
        s0**2, r * s0 * s1, s1**2, r, fit["loglik"],
    )  # fmt: skip


def in_closed_form(name: str) -> Lines:
    """The one fit, and what it says from every origin."""
    fit = cache.fit(cache.case(name).slopes, name, reml=False)
    tau, c, u = model(name), control("c"), effects(name).to_numpy()
    variance = tau.tau00 + 2 * c * tau.tau01 + c**2 * tau.tau11
    covariance, (b0, b1) = tau.tau01 + c * tau.tau11, fit.beta
    return Lines(
        b0 + b1 * c, data(b1), data(u[:, 0]) + c * u[:, 1], data(u[:, 1]),
        variance, covariance, data(tau.tau11), covariance / sqrt(variance * tau.tau11),
        data(fit.loglik),
    )  # fmt: skip


def is_refitted(name: str) -> bool:
    return groups(name) <= MOST


@lru_cache(maxsize=16)
def origin(name: str) -> Stage:
    """Drag the origin c of the predictor of a case."""
    it, tau, at, u = cache.case(name), model(name), where(name), effects(name)
    seen = refitted(name) if is_refitted(name) else in_closed_form(name)
    names = [str(group) for group in u.index]
    c = control("c")
    far = at.low if at.low < 0.0 else at.high
    there = tau.at(far)
    number, small = form(least(name)), form(np.sqrt(least(name) * tau.tau11) / 2)
    tiny = form(tau.tau11, 3)
    named = Choose(absolute(c) > at.step / 2, [
        text(
            f"at c = 0 the correlation is {{r:share}}; at {{e:{at.form}}} it would be {{s:share}}.",
            r=seen.correlation, e=data(far), s=data(there.correlation),
        ),
        text(
            f"at c = {{c:{at.form}}} the correlation is {{r:share}}; at 0 it is {{s:share}}.",
            c=c, r=seen.correlation, s=data(tau.correlation),
        ),
    ])  # fmt: skip
    return Stage(
        key="origin",
        controls=[
            Slider("c", f"origin of {it.label(it.model.predictor)}", at.low, at.high, 0.0,
                   at.step, "c", it.measure(it.model.predictor), at.form),
            Focus(it.group.name, f"{it.group.name} in focus", names,
                  names[int(np.argmax(u.iloc[:, 0]))]),
            Place("guess", "your correlation", -1, 1, 0.05),
        ],
        columns=[
            Column(
                [
                    _lines(it, seen, at, names),
                    *_strips(it, seen, at),
                    Controls([it.group.name]),
                ],
                1.9,
                (56, 52),
            ),
            Column(
                [
                    Note(_count(it, len(names)), heading=True),
                    Equation(
                        [
                            "[between|cov] ",
                            Matrix([["[between|u_0]"], ["[between|u_1]"]]),
                            " = ",
                            Matrix([
                                [_blue(seen.variance, number), _blue(seen.covariance, small)],
                                [_blue(seen.covariance, small), _blue(seen.slopes, tiny)],
                            ]),
                        ],
                        text(
                            f"variance of the intercept {{a:{number}}}, covariance {{b:{small}}}, "
                            f"variance of the slope {{d:{tiny}}}",
                            a=seen.variance, b=seen.covariance, d=seen.slopes,
                        ),
                    ),
                    _cloud(it, seen, at, names),
                    *_readouts(name, seen),
                ],
                1, (16, 16),
            ),
        ],
        finding=text("Same lines, same fit: {n}", n=named),
        sentence=text(
            f"The intercept variance is {{v:{number}}}, the slope variance "
            f"{{d:{tiny}}} and the log-likelihood {{l:2}}, as everywhere.",
            v=seen.variance, d=seen.slopes, l=seen.loglik,
        ),
        table=Table(
            f"The {it.group.plural} that are drawn, seen from this origin",
            [
                (it.group.name, names, ""),
                ("u_0", seen.u0, form(np.sqrt(least(name)))),
                ("u_1", seen.u1, form(np.sqrt(tau.tau11), 3)),
            ],
        ),
        caption=f"One line for each of the {len(names)} {it.group.plural}, and how intercept "
        "and slope go together at c = 0.",
    )  # fmt: skip


@lru_cache(maxsize=64)
def guessed(name: str, guess: float) -> Stage:
    """The same with the learner's guess at the lowest origin, and how far it is off."""
    at = where(name)
    truth, revealed = model(name).at(at.low).correlation, control(REVEALED)
    apart = abs(guess - truth)
    stays = abs(guess - model(name).correlation) < 0.1
    middle = (guess + truth) / 2
    marks = [
        *([Path([at.low, at.high], [guess, guess], role="guess", width=1.2)] if stays else []),
        Segments(at.low, guess, at.low, guess + revealed * (truth - guess), role="ink", width=2),
        Dots(at.low, guess + revealed * (truth - guess), role="between", size=4.5),
        Dots(at.low, guess, role="guess", size=9),
        Label(at.low, guess, text("you"), role="guess", strong=True, anchor="end", dx=-14),
    ]
    if apart > 0.25:
        marks.append(
            Label(at.low, middle, text("{a:share} apart", a=data(apart)), strong=True, dx=9)
        )
    return origin(name).with_marks("correlation", marks)


def _lines(it: Case, seen: Lines, at: Range, names: list[str]) -> Frame:
    tau, c, chosen = model(it.name), control("c"), control(it.group.name)
    fit = cache.fit(it.slopes, it.name, reml=False)
    u = effects(it.name).to_numpy()
    (b0, b1), x = fit.beta, at.curve
    ends = np.concatenate([b0 + u[:, 0] + (b1 + u[:, 1]) * end for end in (at.low, at.high)])
    up = fitted(ends.min(), ends.max(), it.label(it.model.outcome), "y")
    sd = np.sqrt(tau.variance(x))

    def line(u0: Quantity, u1: Quantity, end: float) -> Quantity:
        return seen.height + u0 + (seen.slope + u1) * (end - c)

    bottom, s0 = seen.height - sqrt(seen.variance), sqrt(seen.variance)
    focus_at = at.high - 0.25 * (at.high - at.low)
    one = line(element(seen.u0, chosen), element(seen.u1, chosen), focus_at)
    dots = min(len(names), 65)
    still = np.linspace(0, len(names) - 1, dots).astype(int)
    marks = [
        Segments(at.low, line(seen.u0, seen.u1, at.low), at.high, line(seen.u0, seen.u1, at.high),
                 width=0.6, of=it.group.name),
        Band(x, b0 + b1 * x - sd, b0 + b1 * x + sd, role="between"),
        Path([at.low, at.high], [b0 + b1 * at.low, b0 + b1 * at.high], role="fixed", width=4),
        Rule(x=c, role="ink", dashed=True, through=True),
        Segments(c, bottom, c, seen.height + s0, role="between", width=6),
        Label(focus_at, one, text(f"{it.group.name} {{g}}", g=Choose(chosen, names)), strong=True,
              anchor="end", dy=-8),
        Label(at.high, b0 + b1 * at.high, text("mean"), strong=True, dx=6),
        Segments(c, bottom, c, up.domain[0], role="between", width=1.2),
        Label(c, up.domain[0], text(f"±{{s:{form(np.sqrt(least(it.name)))}}} at the origin", s=s0),
              role="between", strong=True, anchor="end", dx=-7, dy=-4),
        Label(at.high, up.domain[0], text(f"band: mean ± the SD between {it.group.plural}"),
              role="between", anchor="end", dy=-4),
    ]  # fmt: skip
    if at.bare:
        marks += [
            Rule(x=at.first, role="context", width=1),
            Label(at.first, up.domain[1], text(f"no {it.unit.plural}"), role="context",
                  anchor="end", dx=-6, dy=12),
        ]  # fmt: skip
    asked = [
        Segments(at.low, b0 + u[still, 0] + (b1 + u[still, 1]) * at.low,
                 at.high, b0 + u[still, 0] + (b1 + u[still, 1]) * at.high, width=0.6),
        Path([at.low, at.high], [b0 + b1 * at.low, b0 + b1 * at.high], role="fixed", width=4),
        Label(at.high, b0 + b1 * at.high, text("mean"), strong=True, dx=6),
        Rule(x=0, role="ink", dashed=True, through=True),
        Rule(x=at.low, role="guess", dashed=True, through=True),
    ]  # fmt: skip
    across = Axis((at.low, at.high), [], "")
    return Frame(marks, across, up, height=204, low=122, name="lines", asked=asked)


def _strips(it: Case, seen: Lines, at: Range) -> list[Frame]:
    """Below the lines: the intercept variance, the correlation, and the fit."""
    tau, c, x, guess = model(it.name), control("c"), at.curve, control("guess")
    across = Axis((at.low, at.high), [], "")
    variance, correlation = tau.variance(x), tau.correlation_at(x)
    inside = at.low < tau.narrowest < at.high
    # where the dots do not stand at first
    left = at.low + (0.04 if at.low < 0.0 else 0.55) * (at.high - at.low)
    off = absolute(c - tau.narrowest) > 0.1 * (at.high - at.low)
    number = form(least(it.name))

    def ends(values: Array, how: str) -> list[Label]:
        first, last = (text(f"{{v:{how}}}", v=data(values[i])) for i in (0, -1))
        return [
            Label(at.low, values[0], first, role="context", anchor="end", dx=-7),
            Label(at.high, values[-1], last, role="context", dx=7),
        ]

    def title(words: str, y: float, role: Role = "between") -> Label:
        return Label(left, y, text(words), role=role, strong=True, dy=0)

    top = float(variance.max())
    middle = (top + float(variance.min())) / 2
    first = Frame(
        [
            Path(x, variance, role="between"),
            *ends(variance, number),
            *([Label(tau.narrowest, tau.least, text(f"{{v:{number}}}", v=data(tau.least)),
                     role="context", opacity=off, anchor="middle", dy=-7)] if inside else []),
            title("intercept variance", top),
            Dots(c, seen.variance, role="between", size=5.5),
            Label(c, seen.variance, text(f"{{v:{number}}}", v=seen.variance), role="between",
                  strong=True, dx=10, dy=-8 if tau.tau00 < middle else 18),
        ],
        across,
        Axis((float(variance.min()) - 0.2 * (top - float(variance.min())), top), [], ""),
        height=32,
    )  # fmt: skip
    second = Frame(
        [
            Rule(y=0, role="context", width=1),
            Path(x, correlation, role="between"),
            *ends(correlation, "share"),
            title("correlation of intercept and slope", 1),
            Dots(c, seen.correlation, role="between", size=5.5),
            Label(c, seen.correlation, text("{v:share}", v=seen.correlation), role="between",
                  strong=True, dx=10, dy=18 if tau.correlation > 0 else -9),
        ],
        across,
        Axis((-1.05, 1.05), [], ""),
        height=64,
        name="correlation",
        asked=[
            Rule(y=0, role="context", width=1),
            Label(left, 1, text("correlation of intercept and slope"), role="between",
                  strong=True, dy=0),
            Dots(0.0, tau.correlation, role="between", size=5.5),
            Label(0.0, tau.correlation, text("{v:share} at c = 0", v=data(tau.correlation)),
                  role="between", strong=True, dx=10),
            Label(at.low, guess, text("{v:share}", v=guess), role="guess", strong=True, dx=18),
            *(
                Label(at.high, end, text("{v:0}", v=data(end)), role="context", dx=7)
                for end in (-1.0, 0.0, 1.0)
            ),
            Handle("guess", "y", at=at.low, role="guess",
                   prompt=f"your guess at c = {it_is(at.low, at)}"),
        ],
    )  # fmt: skip
    label = it.label(it.model.predictor)
    third = Frame(
        [
            Path([at.low, at.high], [0, 0], role="fixed"),
            title("log-likelihood", 1, "ink"),
            Dots(c, 0, role="fixed", size=5.5),
            Label(c, 0, text("{l:2}, wherever the origin is", l=seen.loglik), strong=True, dx=10,
                  dy=-8),
            Handle("c", edge=True, text=text(f"‹ c = {{c:{at.form}}} ›", c=c)),
        ],
        Axis((at.low, at.high), ticks(at.low, at.high, 6), label),
        Axis((-1, 1), [], ""),
        height=20,
    )  # fmt: skip
    return [first, second, third]


def it_is(value: float, at: Range) -> str:
    """An origin as the handle shows it."""
    return text(f"{{v:{at.form}}}", v=data(value)).plain({})


def _cloud(it: Case, seen: Lines, at: Range, names: list[str]) -> Frame:
    chosen = control(it.group.name)
    named = text(f"{it.group.name} {{g}}", g=Choose(chosen, names))
    tau, u = model(it.name), effects(it.name).to_numpy()
    reach = 1.08 * max(np.abs(u[:, 0] + end * u[:, 1]).max() for end in (at.low, at.high))
    reach = max(reach, 2.1 * np.sqrt(tau.variance([at.low, at.high]).max()))
    side = max(2.4 * np.sqrt(tau.tau11), 1.08 * np.abs(u[:, 1]).max())
    return Frame(
        [
            Rule(x=0, role="context", width=1),
            Rule(y=0, role="context", width=1),
            Ellipse(0, 0, seen.variance, seen.covariance, seen.slopes, scale=2, role="between",
                    filled=True, width=1.2),
            Ellipse(0, 0, seen.variance, seen.covariance, seen.slopes, role="between"),
            Dots(seen.u0, seen.u1, role="predicted", size=3.6, of=it.group.name),
            Label(0, side, text("steeper"), role="context", anchor="end", dx=-6, dy=10),
            Label(0, -side, text("flatter"), role="context", dx=6, dy=0),
            Label(-reach, 0, text("lower"), role="context", dx=0, dy=-6),
            Label(reach, 0, text("higher at c"), role="context", anchor="end", dy=-6),
            Label(-reach, -side, text(f"1 and 2 SD of the {it.group.plural}"), role="between",
                  dy=0),
            Label(element(seen.u0, chosen), element(seen.u1, chosen), named,
                  strong=True, anchor="middle", dy=-11),
        ],
        Axis((-reach, reach), [], ""),
        Axis((-side, side), [], ""),
        height=196,
        low=118,
    )  # fmt: skip


def _readouts(name: str, seen: Lines) -> list[Readout]:
    tau, at, number = model(name), where(name), form(least(name))
    tiny = form(tau.tau11, 3)
    inside = at.low < tau.narrowest < at.high
    lowest = text(
        f"smallest, {{v:{number}}}, at {{x:{1 if at.step >= 1 else int(at.form) + 1}}}",
        v=data(tau.least), x=data(tau.narrowest),
    )  # fmt: skip
    ends = text(
        f"{{a:share}} at {{x:{at.form}}}, {{b:share}} at {{y:{at.form}}}",
        a=data(float(tau.correlation_at(at.low))), x=data(at.low),
        b=data(float(tau.correlation_at(at.high))), y=data(at.high),
    )  # fmt: skip
    return [
        Readout("correlation [between|ρ_u01]", text("{r:share}", r=seen.correlation), ends,
                "between"),
        Readout("intercept variance", text(f"{{v:{number}}}", v=seen.variance),
                lowest if inside else "", "between"),
        Readout("slope variance", text(f"{{v:{tiny}}}", v=seen.slopes),
                "the same at every origin", "between"),
    ]  # fmt: skip


def _blue(value: Quantity, how: str) -> Text:
    return text(f"[between|{{v:{how}}}]", v=value)


def _count(it: Case, drawn: int) -> str:
    total = groups(it.name)
    plural = it.group.plural
    return f"{drawn} of {total:,} {plural}" if drawn < total else f"{total} {plural} at this origin"
