"""Two league tables joined by lines: own means at the left, estimates at the right, then in order.

    estimate_j = lambda_j mean_j,   lambda_j = n_j / (n_j + r),   se_j = tau sqrt(r / (n_j + r)),

r = sigma^2 / tau^2. The number of rows of the group in focus is a control: its estimate, interval
and place follow, while the spreads and the mean of all stay as they were estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ui.pictures.league import League, league
from ui.prose import counted
from ui.stage.axis import Axis, ticks
from ui.stage.handles import Focus, Place, Slider
from ui.stage.layout import Column, Controls, Equation, Fraction, Frame, Table
from ui.stage.marks import Dots, Handle, Label, Mark, Role, Rule, Segments
from ui.stage.quantity import (
    Operand,
    Quantity,
    control,
    data,
    element,
    ranks,
    sqrt,
    take,
    total,
    where,
)
from ui.stage.scene import REVEALED, Stage
from ui.stage.text import Choose, Text, text

Z = 1.959964  # of a 95 % interval
OWN, MODEL = 0.25, 0.75  # where the two tables stand
HEIGHT = 276


@dataclass(frozen=True)
class Moved:
    """A league whose group in focus has the size of the control `n`: quantities by group."""

    index: Quantity
    chosen: Quantity
    n: Quantity
    own: Quantity
    weight: Quantity
    estimate: Quantity
    lower: Quantity
    upper: Quantity
    raw: Quantity
    place: Quantity

    def only(self, which: Quantity, values: Operand) -> Quantity:
        """The values of some groups; the others have none and are not drawn."""
        return take(values, where(which, self.index, -1))

    def at(self, values: Operand) -> Quantity:
        """The value of the group in focus."""
        return element(values, self.chosen)


def moved(it: League) -> Moved:
    chosen = control(it.case.model.group)
    index = data(np.arange(len(it.names), dtype=float))
    n = where(index == chosen, control("n"), data(it.column("n")))
    own, r = data(it.column("mean")), (it.sigma / it.tau) ** 2
    estimate, half = own * (n / (n + r)), Z * it.tau * sqrt(r / (n + r))
    return Moved(
        index=index,
        chosen=chosen,
        n=n,
        own=own,
        weight=n / (n + r),
        estimate=estimate,
        lower=estimate - half,
        upper=estimate + half,
        raw=data(list(it.raw.values())),
        place=ranks(estimate),
    )


@dataclass(frozen=True)
class Heights:
    """The picture's vertical range; a guess has its row above all intervals."""

    low: float
    high: float
    row: float

    @property
    def unit(self) -> float:
        """How much of the axis a sixteenth of a rem is."""
        return (self.high - self.low) / HEIGHT

    @property
    def axis(self) -> list[float]:
        return ticks(self.low + 14 * self.unit, self.row - 10 * self.unit, 6)


def heights(it: League) -> Heights:
    half = Z * it.table["se"]
    low = float(min(it.table["mean"].min(), (it.table["estimate"] - half).min()))
    high = float(max(it.table["mean"].max(), (it.table["estimate"] + half).max()))
    span = high - low
    return Heights(low - 0.1 * span, high + 0.18 * span, high + 0.11 * span)


def focus(it: League, *, sized: bool = False) -> Focus:
    """The group in focus, under the name of its column: the same in every picture of a page."""
    sizes = it.table["n"].tolist()
    return Focus(
        it.case.model.group,
        f"{it.case.group.name} in focus",
        it.names,
        it.smallest,
        sizes=sizes,
        sets={"n": sizes} if sized else {},
    )


def places(it: League) -> Axis:
    """Places in the table, 1 at the left."""
    by = ticks(0, len(it.names), 7)[1:]
    label = f"place of the {it.case.group.name}, counted from the bottom"
    return Axis((0, len(it.names) + 1), [1, *by], label)


@lru_cache(maxsize=64)
def tables(name: str, *, guess: int | None = None, sure: bool = False) -> Stage:
    """The case `name`, with the learner's guess; `sure` shows the intervals of all groups."""
    it = league(name)
    view, seen = moved(it), heights(it)
    units, group = it.case.unit.plural, it.case.model.group
    up = Axis((seen.low, seen.high), seen.axis, "")
    bare = Axis(up.domain, up.ticks, "", names=[""] * len(up.ticks))
    own_n = it.size(it.smallest)
    joined = Frame(
        _joined(it, view, seen), Axis((0, 1), [], ""), up, HEIGHT, asked=_asked_own(it, seen)
    )
    ordered = Frame(
        [*_ordered(it, view, seen, sure), *_gap(it, seen, guess)],
        places(it),
        bare,
        HEIGHT,
        asked=_asked_order(it, seen),
    )
    return Stage(
        key=f"tables-{name}",
        controls=[
            focus(it, sized=True),
            Slider("n", f"its {units}", 1, it.most, own_n, 1, "n_j", format="0"),
            Place("place", f"your place for {it.called(it.smallest)}", 1, len(it.names), 1),
        ],
        columns=[
            Column([joined, Controls([group, "n"])], width=1.2, margin=(46, 8)),
            Column([ordered], width=1.25, margin=(14, 22)),
        ],
        finding=_finding(it, view),
        sentence=_sentence(it, view),
        table=_table(it, view, sure),
        equation=_equation(it, view),
        caption=f"Each dot is a {it.case.group.name}: its own mean, above or below the mean of "
        f"all. Larger dot: more {units}.",
    )


def _finding(it: League, view: Moved) -> Text:
    n, words = control("n"), it.case.group.name
    start, place = view.at(view.raw), view.at(view.place)
    change = Choose(
        start == place,
        [
            text("from {a:nth} to {b:nth}", a=start, b=place),
            text("and stays {a:nth}", a=place),
        ],
    )
    known: dict[str, Quantity | Choose] = {
        "n": n,
        "u": Choose(n == 1, [it.case.unit.plural, it.case.unit.name]),
        "g": Choose(view.chosen, it.names),
        "m": 1 - view.at(view.weight),
        "c": change,
    }
    tail = f"moves {{m:percent}} of the way to the mean, {{c}} of {len(it.names)}."
    said = Choose(
        n == view.at(data(it.column("n"))),
        [
            text(f"With {{n:words}} {{u}}, {words} {{g}} {tail}", **known),
            text(f"The {words} of {{n:words}} {tail}", **known),
        ],
    )
    return text("{said}", said=said)


def _sentence(it: League, view: Moved) -> Text:
    form = str(it.digits)
    return text(
        f"Own mean {{m:{form}}}, estimate {{e:{form}}}, 95 % interval {{l:{form}}} to "
        f"{{u:{form}}}.",
        m=view.at(view.own),
        e=view.at(view.estimate),
        l=view.at(view.lower),
        u=view.at(view.upper),
    )


def _equation(it: League, view: Moved) -> Equation:
    form = "1" if it.tau**2 >= 5 else "2"
    known: dict[str, Quantity | Choose] = {
        "g": Choose(view.chosen, it.names),
        "n": control("n"),
        "t": data(it.tau**2),
        "s": data(it.sigma**2),
        "m": view.at(view.own),
        "w": view.at(view.weight),
        "e": view.at(view.estimate),
    }
    return Equation(
        [
            text("[predicted|û_{g}] = ", **known),
            Fraction(
                [text("[between|σ_u²]")],
                [text("[between|σ_u²] + [within|σ_e²] / n_{g}", **known)],
            ),
            text(" [between|(ȳ_{g} − β_0)] = ", **known),
            Fraction(
                [text(f"[between|{{t:{form}}}]", **known)],
                [text(f"[between|{{t:{form}}}] + [within|{{s:{form}}}] / {{n:0}}", **known)],
            ),
            text(" × [between|{m:2}] = {w:share} × [between|{m:2}] = [predicted|{e:2}]", **known),
        ],
        text("the weight {w:share} times the distance {m:2} is {e:2}", **known),
    )


def _table(it: League, view: Moved, sure: bool) -> Table:
    form = str(it.digits)
    columns: list[tuple[str, Sequence[str] | Quantity, str]] = [
        (it.case.group.name, it.names, ""),
        (it.case.unit.plural, view.n, "0"),
        ("own mean", view.own, form),
        ("its place", view.raw, "0"),
        ("weight", view.weight, "share"),
        ("estimate", view.estimate, form),
        ("its place", view.place, "0"),
    ]
    if sure:
        columns += [("from", view.lower, form), ("to", view.upper, form)]
    return Table(f"{it.away}; place 1 is the lowest", columns)


# ---- the two tables, joined


def _joined(it: League, view: Moved, seen: Heights) -> list[Mark]:
    group, form = it.case.model.group, f"signed{it.digits}"
    own, estimate = view.at(view.own), view.at(view.estimate)
    below = where(own < 0, -1, 1)
    middle = (own + estimate) / 2
    foot = middle + below * 30 * seen.unit
    named = text("{g}", g=Choose(view.chosen, [it.called(name) for name in it.names]))
    size = text(
        "{n:count} {u}",
        n=control("n"),
        u=Choose(control("n") == 1, [it.case.unit.plural, it.case.unit.name]),
    )
    # two lines of text, one above the other, on the side away from the mean
    upper = foot + where(own < 0, -16, 27) * seen.unit
    return [
        Rule(y=0, role="fixed", width=2.4),
        Segments(OWN, view.own, MODEL, view.estimate, 0.7, of=group, focus="ink"),
        Dots(OWN, view.own, 2 + 0.45 * view.n**0.5, of=group, focus="between"),
        Dots(MODEL, view.estimate, 3.6, "diamond", of=group, focus="predicted"),
        *_heads(it, seen),
        Segments(0.5, middle, 0.5, foot, role="ink"),
        Label(0.5, upper, named, anchor="middle", strong=True),
        Label(0.5, upper - 18 * seen.unit, size, anchor="middle"),
        Label(
            OWN, own, text(f"{{m:{form}}}", m=own),
            role="between", anchor="end", dx=-13, dy=-3, strong=True,
        ),
        Label(
            OWN, own, text("{r:nth}", r=view.at(view.raw)),
            role="between", anchor="end", dx=-13, dy=15,
        ),
        Label(
            MODEL, estimate, text(f"{{e:{form}}}", e=estimate),
            role="predicted", dx=13, dy=-3, strong=True,
        ),
        Label(
            MODEL, estimate, text("{r:nth}", r=view.at(view.place)),
            role="predicted", dx=13, dy=15,
        ),
    ]  # fmt: skip


def _heads(it: League, seen: Heights) -> list[Mark]:
    return [
        Label(OWN, seen.row, text("own mean"), role="between", anchor="middle", strong=True),
        Label(
            MODEL,
            seen.row,
            text("model’s estimate"),
            role="predicted",
            anchor="middle",
            strong=True,
        ),
        Label(1, seen.low, text(it.away), role="context", anchor="end", dy=-2),
    ]


def _asked_own(it: League, seen: Heights) -> list[Mark]:
    mean, size = it.mean(it.smallest), it.size(it.smallest)
    return [
        Rule(y=0, role="fixed", width=2.4),
        Dots(OWN, it.column("mean"), 2 + 0.45 * it.column("n") ** 0.5, "disc"),
        Dots(OWN, [mean], 6, role="between"),
        *_heads(it, seen),
        Label(MODEL, 0, text("?"), role="predicted", anchor="middle", strong=True, dy=-12),
        Label(
            OWN,
            mean,
            text(f"{it.called(it.smallest)}: {it.said(mean)}"),
            role="between",
            strong=True,
            dx=14,
            dy=-3,
        ),
        Label(
            OWN,
            mean,
            text(it.rows(size)),
            role="between",
            dx=14,
            dy=15,
        ),
    ]


# ---- the estimates in order


def _ordered(it: League, view: Moved, seen: Heights, sure: bool) -> list[Mark]:
    """The own means in their order, which become the estimates in theirs."""
    group, form = it.case.model.group, str(it.digits)
    gone = control(REVEALED)
    x = view.raw + gone * (view.place - view.raw)
    y = view.own + gone * (view.estimate - view.own)
    lower, upper = view.lower, view.upper
    named = text("{g}", g=Choose(view.chosen, [it.called(name) for name in it.names]))
    span = text(f"{{l:{form}}} to {{u:{form}}}", l=view.at(lower), u=view.at(upper))
    marks: list[Mark] = [Rule(y=0, role="fixed", width=2.4)]
    if sure:
        leaves = (lower > 0) | (upper < 0)
        kinds: tuple[tuple[Quantity, Role], ...] = ((1 - leaves, "context"), (leaves, "ink"))
        for which, role in kinds:
            there = view.only(which, x)
            marks += [
                Segments(
                    there, lower, there, upper, 2, of=group, focus="predicted", role=role,
                    opacity=gone,
                ),
                Dots(there, y, 3, "diamond", of=group, focus="predicted", role=role),
            ]  # fmt: skip
        marks += _counts(it, view, seen)
    else:
        one = view.at(x)
        marks += [
            Segments(one, view.at(lower), one, view.at(upper), 4, role="predicted", opacity=gone),
            Dots(x, y, 3.6, "diamond", of=group, focus="predicted"),
        ]
    return [
        *marks,
        Label(view.at(x), view.at(upper), named, role="predicted", anchor="middle", strong=True,
              dy=-24, opacity=gone),
        Label(view.at(x), view.at(upper), span, role="predicted", anchor="middle", dy=-7,
              opacity=gone),
    ]  # fmt: skip


def _counts(it: League, view: Moved, seen: Heights) -> list[Mark]:
    """How many intervals leave out the mean, in the corner that the order leaves free."""
    below, above = total(view.upper < 0), total(view.lower > 0)
    lines: tuple[tuple[Text, Role], ...] = (
        (text("**{k:0} of the intervals leave out the mean**", k=below + above), "ink"),
        (text("{b:0} below, {a:0} above", b=below, a=above), "ink"),
        (text("{k:0} include it", k=len(it.names) - below - above), "context"),
    )
    corner = len(it.names) + 0.5
    return [
        Label(corner, seen.low + (50 - 19 * i) * seen.unit, line, role=role, anchor="end")
        for i, (line, role) in enumerate(lines)
    ]


def _gap(it: League, seen: Heights, guess: int | None) -> list[Mark]:
    """The guess as a place, the truth, and how many places lie between them."""
    if guess is None:
        return []
    first, own_n = it.names.index(it.smallest), it.size(it.smallest)
    truth = it.place[it.smallest]
    here = (control(it.case.model.group) == first) & (control("n") == own_n)
    shown = control(REVEALED) * here
    apart = abs(truth - guess)
    side = 1 if truth >= guess else -1
    reached = guess + control(REVEALED) * (truth - guess)
    marks: list[Mark] = [
        Segments(guess, seen.row, guess, seen.low, role="guess", dashed=True, opacity=here),
        Segments(guess, seen.row, reached, seen.row, 2.4, role="ink", opacity=shown),
        Dots(guess, [seen.row], 8, role="guess", opacity=here),
        Dots(reached, [seen.row], 6, role="predicted", opacity=shown),
        Label(
            truth, seen.row, text("{t:nth}", t=data(truth)), role="predicted", strong=True,
            anchor="start" if side > 0 else "end", dx=13 * side, opacity=shown,
        ),
        Label(
            guess, seen.row, text("you"), role="guess", strong=True,
            anchor="end" if side > 0 else "start", dx=-14 * side, opacity=here,
        ),
    ]  # fmt: skip
    if apart > 0:
        between = text(counted(apart, "place"))
        middle = (guess + truth) / 2
        marks.append(
            Label(middle, seen.row, between, anchor="middle", strong=True, dy=-9, opacity=shown)
        )
    return marks


def _asked_order(it: League, seen: Heights) -> list[Mark]:
    """The own means in their order, and a row to place the guess on."""
    mean, raw = it.mean(it.smallest), it.raw[it.smallest]
    return [
        Rule(y=0, role="fixed", width=2.4),
        Dots(list(it.raw.values()), it.column("mean"), 3.2, "disc"),
        Dots([raw], [mean], 6, role="between"),
        Label(
            raw, mean,
            text(f"{it.called(it.smallest)}: {{r:nth}} by its own mean", r=data(raw)),
            role="between", strong=True, dx=12, dy=18,
        ),
        Handle(
            "place",
            at=seen.row,
            role="guess",
            prompt=f"Click the place that the model will give {it.called(it.smallest)}",
        ),
    ]  # fmt: skip


def suspicion(it: League) -> tuple[tuple[float, str | None], ...]:
    """Which misconception a guessed place betrays, as `predict.placed_number` takes it."""
    raw, truth = it.raw[it.smallest], it.place[it.smallest]
    middle = (len(it.names) + 1) / 2
    far = truth + max(3.0, (middle - truth) / 2)
    if truth - raw < 3:
        return ((far, None), (np.inf, "small-is-pulled"))
    return (((raw + truth) / 2, "place-stays"), (far, None), (np.inf, "all-the-way"))
