"""Same data, five questions: one cloud, the lines of five estimators, their coefficients beside it.

A handle tilts the groups or raises one of them, and the estimators that compare groups follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from ui import cache
from ui.pictures import moved, questions
from ui.pictures.moved import Term
from ui.pictures.questions import SHOWN, Found, form
from ui.stage.axis import Axis, fitted, ticks
from ui.stage.handles import Choice, Control, Focus, Slider
from ui.stage.layout import Column, Controls, Frame, Note, Table
from ui.stage.marks import Band, Boxes, Dots, Handle, Label, Mark, Path, Segments
from ui.stage.quantity import (
    Quantity,
    absolute,
    concat,
    control,
    data,
    element,
    maximum,
    minimum,
    take,
    uniform,
    where,
)
from ui.stage.scene import Stage
from ui.stage.text import Choose, Text, text

Array = NDArray[np.float64]

ROW = {"OLS": 5, "cluster-robust": 4, "fixed effects": 3, "random effects": 2, "within": 1,
       "between": 0}  # fmt: skip
TOP, FOOT = data([5.5, 4.5, 3.5, 2.5, 1.5]), data([4.5, 3.5, 2.5, 1.5, -0.5])
NOWHERE = element([0.0], 1)
NAMES = ("between groups", "within groups", "random effects", "fixed effects", "cluster-robust",
         "OLS")  # fmt: skip
PLACE = {"OLS": 0, "cluster-robust": 1, "fixed effects": 2, "random effects": 3, "within": 4,
         "between": 4}  # fmt: skip


@lru_cache(maxsize=24)
def lines(name: str, key: str) -> Stage:
    """The five estimators of one coefficient of a case, and the handle that moves groups."""
    it, term = cache.case(name), moved.terms(name)[key]
    found = moved.answers(name, term)
    rows, f = [*found], form(found)
    row = ["estimator", *(["group"] if term.shared and moved.moves(name, term) else [])]
    return Stage(
        key="lines",
        controls=[Choice("estimator", "Estimator", SHOWN, "ols"), *moving(name, term)],
        columns=[
            Column([scatter(name, term, found), Controls(row)], 1, (46, 16)),
            Column(
                [coefficients(name, term, found), Note(questions.asked(it, term))], 1, (120, 64)
            ),
        ],
        finding=questions.finding(it, term, found, moved.handle(name, term)),
        sentence=text(
            "; ".join(
                f"{questions.named(row)} {{b{i}:{f}}}, give or take {{h{i}:{f}}}"
                for i, row in enumerate(rows)
            )
            + ".",
            **{f"b{i}": found[row].estimate for i, row in enumerate(rows)},
            **{f"h{i}": found[row].half for i, row in enumerate(rows)},
        ),
        table=table(name, term, found),
        equation=questions.equation(term, found, plus(name, term)),
        prefix=f"{name}-{key}-",
    )


@lru_cache(maxsize=24)
def written(name: str, key: str) -> Mapping[str, tuple[str, str]]:
    """Each estimate, and half of its interval, where nothing was moved, as the plot writes them."""
    found = moved.answers(name, moved.terms(name)[key])
    shown = f"{{b:{form(found)}}}"
    return {
        row: (
            text(shown, b=answer.estimate).plain(questions.AT_REST),
            text(shown, b=answer.half).plain(questions.AT_REST),
        )
        for row, answer in found.items()
    }


def moving(name: str, term: Term) -> list[Control]:
    """The handle, and which group it raises where it raises one."""
    it = cache.case(name)
    if not moved.moves(name, term):
        return []
    most, by = moved.reach(name, term)
    if not term.shared:
        label = f"added to the slope between {it.group.plural}"
        return [Slider("delta", label, -most, most, 0.0, by, "δ", "", decimals(by))]
    groups, sizes = moved.groups(name), np.bincount(moved.codes(name))
    unit = it.measure(it.model.outcome)
    return [
        Slider("shift", "raised by", -most, most, 0.0, by, "s", unit, decimals(by)),
        Focus(
            "group",
            f"{it.group.name} raised",
            groups,
            groups[moved.first(name, term)],
            [int(n) for n in sizes],
        ),
    ]


def plus(name: str, term: Term) -> Text:
    """What has been added to the outcome, in the model's equation; nothing at rest."""
    handle, by = moved.handle(name, term), moved.reach(name, term)[1]
    said = text(f" + {{d:{decimals(by)}}} (x̄_j − mean)", d=handle)
    if term.shared and moved.moves(name, term):
        group = Choose(control("group"), moved.groups(name))
        said = text(
            f" + {{d:{decimals(by)}}} in {cache.case(name).group.name} {{g}}", d=handle, g=group
        )
    return text("{more}", more=Choose(absolute(handle) > 0, ["", said]))


def decimals(by: float) -> str:
    return str(max(0, -floor(log10(by) + 1e-9)))


def table(name: str, term: Term, found: Found) -> Table:
    f = form(found)

    def column(of: str) -> Quantity:
        return concat(*(getattr(answer, of) for answer in found.values()))

    estimate, half = column("estimate"), column("half")
    return Table(
        f"The coefficient of {term.label}, by five estimators",
        [
            ("estimator", [questions.named(row) for row in found], ""),
            ("estimate", estimate, f),
            ("standard error", column("se"), f),
            ("95 % from", estimate - half, f),
            ("to", estimate + half, f),
            ("moved by", column("moved"), f),
        ],
    )


# the picture ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """The axes of a scatter: a line of slope b is y = py + b · (x − px) / unit, from x1 to x2."""

    x: Axis
    y: Axis
    rows: Array
    px: float
    py: float
    unit: float
    x1: float
    x2: float

    def line(self, slope: Quantity, x: float | Array) -> Quantity:
        """The height at x of the line with this slope."""
        return self.py + slope * ((x - self.px) / self.unit)


@lru_cache(maxsize=24)
def view(name: str, term: Term) -> View:
    it, made = cache.case(name), moved.design(name)
    outcome, y = it.model.outcome, np.asarray(made.y, dtype=float)
    low, high = float(y.min()), float(y.max())
    if term.shared and moved.moves(name, term):  # as far as a group's mean can be raised
        means, most = moved.means(name, y), moved.reach(name, term)[0]
        low, high = max(low, means.min() - most), min(high, means.max() + most)
    up = fitted(low, high, it.label(outcome), "y")
    values = it.data.variables[term.variable].values
    x = moved.column(name, term)
    if term.level is None:
        low, high = float(x.min()), float(x.max())
        if len(values) == 2:
            side = Axis(
                (-0.3, 1.3),
                (0, 1),
                it.data.variables[term.variable].label,
                names=tuple(values.values()),
            )
        else:
            side = fitted(low, high, it.label(term.variable), "x")
        return View(side, up, x, float(x.mean()), float(y.mean()), 1.0, low, high)
    places = {level: float(i) for i, level in enumerate(values)}
    rows = np.zeros(len(y))
    anchor = float(y.mean())
    for other in moved.terms(name).values():
        if other.variable == term.variable and other.level is not None:
            dummy = moved.column(name, other)
            rows += dummy * places[other.level]
            anchor -= float(moved.rest(name, other)["estimate"]["OLS"]) * float(dummy.mean())
    side = Axis(
        (-0.4, len(values) - 0.6), [*places.values()], it.data.variables[term.variable].label,
        names=tuple(values.values()),
    )  # fmt: skip
    end = places[term.level]
    return View(side, up, rows, 0.0, anchor, end, 0.0, end)


def scatter(name: str, term: Term, found: Found) -> Frame:
    """The rows, the groups' means, a line for each estimator; the one shown is drawn strong."""
    at, plus = view(name, term), moved.added(name, term)
    code = moved.codes(name)
    still = not moved.moves(name, term)
    y = np.asarray(moved.design(name).y, dtype=float)
    few = len(np.unique(at.rows)) <= 3
    aside = (uniform(1, len(y)) - 0.5) * 0.5 if few else data(0.0)
    apart = uniform(2, len(y)) - 0.5 if (y == y.round()).all() else data(0.0)
    cloud = y + apart if still else y + apart + take(plus, data(code))
    seen = (cloud >= at.y.domain[0]) & (cloud <= at.y.domain[1])
    marks: list[Mark] = [Dots(at.rows + aside, where(seen, cloud, NOWHERE), size=0.8, opacity=0.55)]
    means, sizes = moved.means(name, y), np.bincount(code)
    x = moved.means(name, at.rows)
    if moved.is_refitted(name):
        beside = x + (np.linspace(-0.16, 0.16, len(x)) if term.shared and few else 0.0)
        radius = np.clip(0.65 * np.sqrt(sizes), 2.0, 7.5)
        marks.append(Dots(beside, means + plus, size=radius, role="between", opacity=0.65,
                          of="group" if term.shared else None))  # fmt: skip
    ends = (float(x.min()), float(x.max()))
    for row, answer in found.items():
        on = control("estimator") == PLACE[row]
        line = np.linspace(at.x1, at.x2, 41)
        held = line if row != "between" else line[(line >= ends[0]) & (line <= ends[1])]
        height = at.line(answer.estimate, line)
        height = where((height >= at.y.domain[0]) & (height <= at.y.domain[1]), height, NOWHERE)
        down, up = (
            inside(at.line(answer.estimate + side * np.sign(held - at.px) * answer.half, held),
                   *at.y.domain)
            for side in (-1, 1)
        )  # fmt: skip
        marks += [
            Path(line, height, role=answer.role, width=1.3, opacity=0.75),
            Band(held, down, up, role=answer.role, width=0.8, opacity=on),
            Path(line, height, role=answer.role, width=4, opacity=on),
        ]
    marks += grips(name, term, found, at, x, means)
    return Frame(marks, at.x, at.y, height=240, name="scatter")


def grips(name: str, term: Term, found: Found, at: View, x: Array, means: Array) -> list[Mark]:
    """The handle and what it says."""
    it = cache.case(name)
    if not moved.moves(name, term):
        return []
    if term.shared:
        code, beside = control("group"), np.linspace(-0.16, 0.16, len(x))
        across = element(data(x + (beside if len(at.x.names) else 0.0)), code)
        height = element(data(means), code)
        return [
            Handle("shift", "y", at=across, offset=height, role="between"),
            Label(across, height + control("shift"),
                  text(f"{it.group.name} {{g}}", g=Choose(code, moved.groups(name))),
                  role="between", strong=True, dx=16),
        ]  # fmt: skip
    end = at.px + 0.8 * (at.x2 - at.px)
    far = end - at.px
    _, by = moved.reach(name, term)
    return [
        Handle("delta", "y", at=end, offset=at.py + found["between"].rest * far, factor=far,
               role="between"),
        Label(end, at.line(found["between"].estimate, end),
              text(f"tilt the {it.group.plural}: δ = {{d:{decimals(by)}}}", d=control("delta")),
              role="between", strong=True, anchor="end", dx=16, dy=-22),
    ]  # fmt: skip


def coefficients(name: str, term: Term, found: Found) -> Frame:
    """An interval in each row; where it moved, its place at rest in grey."""
    low, high = domain(name, term, found)
    f, added, chosen = form(found), moved.handle(name, term), control("estimator")
    away = absolute(added) > 0
    marks: list[Mark] = [
        Boxes(low, element(FOOT, chosen), high, element(TOP, chosen), opacity=0.13),
        Boxes(low, FOOT, high, TOP, of="estimator", opacity=0.0),
    ]
    for row, answer in found.items():
        y, b = ROW[row], answer.estimate
        marks += [
            Dots(answer.rest, y, role="context", shape="disc", size=3, opacity=away),
            Segments(answer.rest, y, b, y, role="context", width=6, opacity=away * 0.5),
            Segments(inside(b - answer.half, low, high), y, inside(b + answer.half, low, high), y,
                     role=answer.role, width=3),
            Dots(b, y, role=answer.role, size=4),
            Label(high, y, text(f"{{b:{f}}}", b=b), role=answer.role, strong=True, dx=10),
            Label(high, y, text(f"{{m:{f}}}", m=answer.moved), role="context", dx=10, dy=21,
                  opacity=away),
        ]  # fmt: skip
    if "fixed effects" not in found:
        marks.append(
            Label((low + high) / 2, ROW["fixed effects"], text("no coefficient"), role="within",
                  anchor="middle")
        )  # fmt: skip
    heading = Choose(away, ["estimate", "estimate, moved by"])
    marks.append(
        Label(high, 5.6, text("{h}", h=heading), role="context", anchor="end", dx=54, dy=-12)
    )
    groups = cache.case(name).group.plural
    names = [each.replace("groups", groups) for each in NAMES]
    shown = [ROW[row] for row in found] + ([ROW["fixed effects"]] if term.shared else [])
    rows = Axis((-0.6, 5.6), sorted(shown), "", names=[names[i] for i in sorted(shown)])
    side = Axis((low, high), ticks(low, high, 5), questions.compared(cache.case(name), term))
    return Frame(marks, side, rows, height=240, title=term.label, name="coefficients")


def inside(value: Quantity, low: float, high: float) -> Quantity:
    return minimum(maximum(value, low), high)


def domain(name: str, term: Term, found: Found) -> tuple[float, float]:
    """All intervals at rest, and as far as a handle takes an estimate."""
    ends = [
        a.rest + s * float(a.half.evaluate(questions.AT_REST))
        for a in found.values()
        for s in (-1, 1)
    ]
    low, high = min(ends), max(ends)
    if term.shared:
        pad = 0.3 * (high - low)
        return low - pad, high + pad
    most = moved.reach(name, term)[0]
    pad = 0.04 * (high - low)
    b = found["between"].rest
    return min(low, b - most) - pad, max(high, b + most) + pad
