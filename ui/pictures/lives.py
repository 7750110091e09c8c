"""Real people over time, and the trend in what has been seen so far, by two models.

The last occasion that is used is dragged along the axis of time. At each the core fits

    y = beta_0 + beta_1 t + u_0 + e      and      y = beta_0 + beta_1 t + u_0 + u_1 t + e

by REML to the rows up to it, all people; some of the people are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mlcore import Fit, lmm
from ui import cache
from ui.pictures.panel import NAMES, ROLES
from ui.pictures.studies import Z
from ui.stage.axis import Axis, fitted, ticks
from ui.stage.handles import Slider, Toggle
from ui.stage.layout import Column, Controls, Frame, Readout, Table
from ui.stage.marks import Dots, Handle, Label, Mark, Path, Rule, Segments
from ui.stage.quantity import Quantity, control, data
from ui.stage.quantity import sweep as swept
from ui.stage.scene import Stage
from ui.stage.text import Choose, text
from ui.trends import per

FEWEST = 3  # occasions for a slope of one's own
DRAWN = 30
SEED = 1

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Course:
    """The two models at each last occasion `last` (K,): by model (K, 2), by person (K, n, 2).

    `trend` and its standard error `se`, `slope_sd` (K,); of the people `drawn` their own intercepts
    `u0` and slopes `u1`.
    """

    last: Array
    drawn: tuple[str, ...]
    beta0: Array
    trend: Array
    se: Array
    slope_sd: Array
    u0: Array
    u1: Array


@lru_cache(maxsize=4)
def course(name: str) -> Course:
    it = cache.case(name)
    m, frame, kept = it.model, cache.rows(name), list(people(name))
    occasions = np.sort(frame[m.predictor].unique())
    fits: list[tuple[Fit, Fit]] = []
    for last in occasions[FEWEST - 1 :]:
        seen = frame[frame[m.predictor] <= last]
        fits.append((lmm(it.intercepts, seen), lmm(it.slopes, seen)))

    def own(term: str) -> Array:
        found = [
            [f.ranef[m.group].reindex(columns=[term], fill_value=0.0).loc[kept, term] for f in pair]
            for pair in fits
        ]
        return np.array(found, dtype=float).transpose(0, 2, 1)

    return Course(
        last=occasions[FEWEST - 1 :].astype(float),
        drawn=tuple(str(person) for person in kept),
        beta0=np.array([[f.beta[0] for f in pair] for pair in fits]),
        trend=np.array([[f.beta[1] for f in pair] for pair in fits]),
        se=np.array([[f.covariance[1, 1] ** 0.5 for f in pair] for pair in fits]),
        slope_sd=np.sqrt([np.diagonal(pair[1].random_covariance[m.group])[1] for pair in fits]),
        u0=own("(Intercept)"),
        u1=own(m.predictor),
    )


@lru_cache(maxsize=4)
def people(name: str) -> tuple[int, ...]:
    """Who is drawn: all, or some of those who were seen from the start and on most occasions."""
    it = cache.case(name)
    m, frame, sizes = it.model, cache.rows(name), it.sizes
    if len(sizes) <= DRAWN:
        return tuple(sorted(sizes.index))
    there = set(frame.loc[frame[m.predictor] == frame[m.predictor].min(), m.group])
    most = frame[m.predictor].nunique() - 2
    known = [person for person in sizes.index[sizes >= most].sort_values() if person in there]
    return tuple(sorted(np.random.default_rng(SEED).choice(known, size=DRAWN, replace=False)))


@lru_cache(maxsize=4)
def total(name: str) -> int:
    """How many people there are; the models are fitted to all of them."""
    return len(cache.case(name).sizes)


def so_far(values: Array, name: str) -> Quantity:
    """What a model says at the last occasion of now."""
    return swept(values, [(control("last"), course(name).last)])


@lru_cache(maxsize=4)
def lives(name: str) -> Stage:
    """Drag the last occasion; give people slopes of their own."""
    it, found = cache.case(name), course(name)
    m, last = it.model, control("last")
    unit, time = it.measure(m.outcome), per(name)
    se = [so_far(found.se[:, k], name) for k in (0, 1)]
    ratio = se[1] / se[0]
    return Stage(
        key="lives",
        prefix="lives_",
        controls=[
            Slider("last", f"last {time} used", found.last[0], found.last[-1],
                   found.last[-1], step=1, format="0"),
            Toggle("own", "Each person a slope of their own", True),
        ],
        columns=[
            Column([spaghetti(name), Controls(["own"])], width=1.5, margin=(52, 20)),
            Column([
                intervals(name),
                errors(name),
                Readout("SD of people’s slopes [between|σ_u1]",
                        text(f"{{s:{form(found.slope_sd[-1])}}}", s=so_far(found.slope_sd, name)),
                        f"{unit} a {time}", role="between"),
            ], width=1, margin=(40, 44)),
        ],
        finding=text(
            "With random slopes the standard error of the trend is {size}.",
            size=Choose(ratio > 1.05, ["the same", text("{r:1} times as large", r=ratio)]),
        ),
        sentence=text(
            f"From {m.predictor} {found.last[0] - FEWEST + 1:.0f} to {{t:0}} the trend is {{b:2}} "
            f"{unit} a {time}, with standard errors of {{a:3}} and {{c:3}}.",
            t=last, b=so_far(found.trend[:, 0], name), a=se[0], c=se[1],
        ),
        table=Table(
            f"By the last {time} used",
            [
                ("last", [f"{each:.0f}" for each in found.last], ""),
                *((f"trend, {NAMES[k]}", found.trend[:, k], "3") for k in (0, 1)),
                *((f"standard error, {NAMES[k]}", found.se[:, k], "3") for k in (0, 1)),
                ("SD of slopes", found.slope_sd, "3"),
            ],
        ),
    )  # fmt: skip


def form(size: float) -> str:
    """The format that shows two significant digits of numbers of this size."""
    return str(int(np.clip(1 - np.floor(np.log10(size)), 0, 4)))


def spaghetti(name: str) -> Frame:
    it, found = cache.case(name), course(name)
    m, last = it.model, control("last")
    frame = cache.rows(name)
    rows = frame[frame[m.group].isin(people(name))].sort_values([m.group, m.predictor])
    x, y = rows[m.predictor].to_numpy(float), rows[m.outcome].to_numpy(float)
    starts = np.flatnonzero(rows[m.group].ne(rows[m.group].shift())).astype(float)
    first, own = float(x.min()), control("own")

    def mixed(values: Array) -> Quantity:
        return so_far(values[..., 0], name) * (1 - own) + so_far(values[..., 1], name) * own

    b0, b1 = mixed(found.beta0), mixed(found.trend)
    u0, u1 = mixed(found.u0), mixed(found.u1)
    label = it.data.variable(m.predictor).label
    return Frame(
        [
            Path(x, data(y) / (data(x) <= last), starts=starts, width=0.9, opacity=0.6),
            Segments(first, b0 + u0 + (b1 + u1) * first, last, b0 + u0 + (b1 + u1) * last,
                     role="between", width=1.3, opacity=0.8),
            Segments(first, b0 + b1 * first, last, b0 + b1 * last, role="fixed", width=4),
            Handle("last", edge=True, text=text("‹ {t:0} ›", t=last)),
        ],
        Axis((first - 0.3, float(found.last[-1]) + 0.3), sorted(set(x)), label),
        fitted(y.min(), y.max(), it.label(m.outcome), "y"),
        height=252,
    )  # fmt: skip


def intervals(name: str) -> Frame:
    """The trend with its 95 % interval by each model."""
    it, found = cache.case(name), course(name)
    reach = found.trend[2:] + Z * np.array([[[-1.0]], [[1.0]]]) * found.se[2:]
    low, high = min(0.0, reach.min()), max(0.0, reach.max())
    marks: list[Mark] = [Rule(x=0, role="ink", width=1)]
    for k in (0, 1):
        b, se = so_far(found.trend[:, k], name), so_far(found.se[:, k], name)
        marks += [
            Segments(b - Z * se, 1.0 - k, b + Z * se, 1.0 - k, role=ROLES[k], width=5),
            Dots(b, 1.0 - k, role="ink", size=5, shape="disc"),
            Label(low, 1.0 - k, text(NAMES[k]), role=ROLES[k], dx=6, dy=-9),
        ]
    unit = f"{it.measure(it.model.outcome)} a {per(name)}"
    return Frame(
        marks,
        Axis((low, high), ticks(low, high, 4), unit),
        Axis((-0.5, 1.9), [], ""),
        height=72,
        title="trend, with 95 % intervals",
    )


def errors(name: str) -> Frame:
    """Its standard error, occasion by occasion."""
    used = f"last {per(name)} used"
    found, last = course(name), control("last")
    top = float(found.se.max())
    marks: list[Mark] = [Rule(x=last, role="ink", width=1)]
    for k in (0, 1):
        se = so_far(found.se[:, k], name)
        marks += [
            Path(found.last, found.se[:, k], role=ROLES[k], width=3),
            Dots(last, se, role=ROLES[k], size=5.5, shape="disc"),
            Label(last, se, text(f"{{s:{form(found.se[-1].min())}}}", s=se), role=ROLES[k],
                  strong=True, dx=8, dy=-7),
        ]  # fmt: skip
    return Frame(
        marks,
        Axis((found.last[0], found.last[-1]), found.last.tolist(), used),
        Axis((0, 1.12 * top), [], ""),
        height=84,
        title="its standard error",
    )  # fmt: skip
