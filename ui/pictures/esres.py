"""Scores of groups from a sample, joined to the people who were not seen, and their errors.

Two scores of each group, its raw mean and the ESRES, beside the mean of those of its people that
the sample does not have; the errors of both, and of one mean for all, against the sample's share.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mlcore.study.held_out import SCORES
from ui.pictures import groups
from ui.pictures.groups import Groups
from ui.prose import ordinal
from ui.stage.axis import Axis, ticks
from ui.stage.handles import Choice, Focus, Slider, Toggle
from ui.stage.layout import Column, Controls, Equation, Frame, Table
from ui.stage.marks import Boxes, Dots, Handle, Label, Mark, Path, Role, Rule, Segments
from ui.stage.quantity import (
    Quantity,
    concat,
    control,
    data,
    element,
    exp,
    log,
    minimum,
    sqrt,
    sweep,
    where,
)
from ui.stage.scene import Stage
from ui.stage.text import Choose, Text, text

NAMES = {"raw": "raw means", "none": "no groups", "esres": "ESRES"}
ROLES: dict[str, Role] = {"raw": "between", "none": "fixed", "esres": "predicted"}
ROWS = {"raw": 2.0, "none": 1.0, "esres": 0.0}
ERRORS = "errors"  # the name of the frame with the bars
BIGGEST, MOST = 7.0, 10.0  # the radius of the largest group at first, and of any group
AWAY, GOLDEN = 0.16, 0.6180339887  # dots stand a little aside, so that neighbours are seen
NOWHERE = element([0.0], -1)

share, held, least = control("share"), control("held"), control("least")
reference, chosen = control("reference"), control("group")


@lru_cache(maxsize=16)
def scores(name: str) -> Stage:
    """The stage for the groups of `name`."""
    of, some = groups.OF[name], shown(name)
    labels = tuple(groups.names(name)[i] for i in some)
    n, raw, esres, rest = (seen(name, each)[1] for each in ("n", "raw", "esres", "rest"))
    error = {method: error_now(name, method) for method in SCORES}
    own = {"raw": raw, "esres": esres, "rest": rest, "n": n, "level": level(name)}
    own = {key: element(each, chosen) if key != "level" else each for key, each in own.items()}
    return Stage(
        key="scores",
        controls=[
            Slider("share", f"share of {of.units} seen", *ends(of), of.start, 1,
                   unit="%", format="0"),
            Choice("least", f"judge {of.groups} of", judged(of), str(of.judged)),
            Toggle("held", f"hold {of.held}"),
            Toggle("reference", f"score {of.origin}, not the mean {of.unit}"),
            Focus("group", "show", labels, labels[first(name)]),
        ],
        columns=[
            Column(
                [
                    pairs(name, own),
                    equation(of, labels, own),
                    Controls(["group", "least"]),
                ],
                width=1.35, margin=(52, 62),
            ),
            Column(
                [bars(name, error), curves(name, error), Controls(["held", "reference"])],
                margin=(44, 52),
            ),
        ],
        finding=finding(error),
        sentence=text(
            f"{{g}}: raw mean {{raw:{of.form}}} (n = {{n:count}}), "
            f"ESRES {{esres:{of.form}}}, those not seen {{rest:{of.form}}}.",
            g=Choose(chosen, labels), **{key: own[key] for key in ("raw", "n", "esres", "rest")},
        ),
        table=Table(
            f"Scores from a sample, and the {of.units} who were not seen",
            [
                (of.groups, labels, ""),
                (f"{of.units} seen", n, "0"),
                ("raw mean", raw, of.form),
                ("ESRES", esres, of.form),
                ("not seen", rest, of.form),
            ],
        ),
    )  # fmt: skip


@lru_cache(maxsize=8)
def guessed(order: tuple[str, ...]) -> Stage:
    """The census's stage with the places that a learner gave the errors, as at the start."""
    truth = at_start("census")
    places = [truth[method] for method in sorted(truth, key=truth.__getitem__)]
    of = groups.OF["census"]
    there = (share == of.start) & (least == of.least.index(of.judged)) & (held == 0)
    marks: list[Mark] = []
    for rank, method in enumerate(order):
        row, at = ROWS[method] - 0.02, places[rank]
        marks += [
            Segments(at, row, truth[method], row, role="ink", width=2.4, opacity=there),
            Dots(at, row, 8.0, role="guess", opacity=there),
            Label(1.04 * max(truth.values()), row, text(f"you: {ordinal(rank + 1)}"), role="guess",
                  strong=True, dx=16, opacity=there),
        ]  # fmt: skip
    return scores("census").with_marks(ERRORS, marks)


def at_start(name: str) -> dict[str, float]:
    """The errors that the stage shows at first, by method."""
    of = groups.OF[name]
    found = groups.sweep(name, controls=False).errors[start(of), of.least.index(of.judged)]
    return dict(zip(SCORES, map(float, found), strict=True))


def pairs(name: str, own: dict[str, Quantity]) -> Frame:
    """Raw mean, ESRES and the rest of each group that is judged, joined."""
    of = groups.OF[name]
    large = data(groups.sweep(name, controls=False).size[shown(name)]) >= smallest(of)
    low, high = of.scale.domain
    n = seen(name, "n")[1]
    n_most = np.nanmax(groups.sweep(name, controls=False).n[start(of)])
    radius = 1.6 + minimum(BIGGEST * sqrt(n / float(n_most)), MOST)

    def drawn(field: str) -> Quantity:
        at = seen(name, field)[1]
        return where(large & (at >= low) & (at <= high), at, NOWHERE)

    raw, esres, rest = drawn("raw"), drawn("esres"), drawn("rest")

    def value(field: str) -> tuple[Quantity, Text]:
        return element(drawn(field), chosen), text(f"{{v:{of.form}}}", v=own[field])

    aside = data(AWAY * (np.arange(len(shown(name))) * GOLDEN % 1.0 - 0.5))
    marks: list[Mark] = [
        Segments(aside, raw, 1 + aside, esres, of="group", width=0.7),
        Segments(1 + aside, esres, 2 + aside, rest, of="group", width=0.7),
        Dots(aside, raw, radius, role="between", of="group", focus="between"),
        Dots(1 + aside, esres, radius, role="predicted", of="group", focus="predicted"),
        Dots(2 + aside, rest, 2.6, role="ink", shape="disc", of="group", focus="ink"),
        Label(0, *value("raw"), role="between", strong=True, anchor="end", dx=-22),
        Label(1, *value("esres"), role="predicted", strong=True, anchor="middle", dy=-14),
        Label(2, *value("rest"), strong=True, dx=20),
    ]
    foot = Axis((-0.25, 2.25), [0, 1, 2], "", names=["raw mean", "ESRES", "not seen"])
    return Frame(marks, foot, of.scale, height=330)


def bars(name: str, error: dict[str, Quantity]) -> Frame:
    """The three errors of now."""
    of = groups.OF[name]
    marks: list[Mark] = []
    for method, row in ROWS.items():
        role = ROLES[method]
        marks += [
            Boxes(0, row - 0.18, error[method], row + 0.14, role=role),
            Label(
                0,
                row + 0.28,
                text(f"{NAMES[method]} {{e:share}}", e=error[method]),
                role=role,
                strong=True,
                dy=0,
            ),
        ]
    title = f"error among {of.units} not seen"
    return Frame(marks, errors_axis(name), Axis((-0.3, 2.75), [], ""), 126, title, name=ERRORS)


def curves(name: str, error: dict[str, Quantity]) -> Frame:
    """The errors against the sample's share, which is moved here."""
    of = groups.OF[name]
    percent = 100 * np.asarray(of.shares)
    marks: list[Mark] = [Rule(x=share, role="context", dashed=True)]
    for method, role in ROLES.items():
        curve = sweep(
            stacked(name, "errors")[..., SCORES.index(method)].transpose(0, 2, 1),
            [(held, [0.0, 1.0]), (least, np.arange(len(of.least)))],
        )
        marks += [
            Path(percent, curve, role=role, width=3.0 if method == "none" else 2.0),
            Dots(share, error[method], 5.0, role=role),
        ]
    marks.append(Handle("share", edge=True, text=text("‹ {s:0} % ›", s=share)))
    round_ones = (1, 2, 5, 10, 20, 30, 50) if percent[0] < 10 else (10, 20, 30, 40, 50)
    at = [tick for tick in round_ones if percent[0] <= tick <= percent[-1]]
    across = Axis(ends(of), at, f"% of {of.units} seen", log=True)
    up = errors_axis(name)
    return Frame(marks, across, Axis(up.domain, ticks(*up.domain, 3), f"error, {of.measured}"), 150)


def finding(error: dict[str, Quantity]) -> Text:
    """Which score misses those not seen by least."""
    said = {"s": share, **error}
    worse = text(
        "From {s:0} % raw means miss by {raw:share}, more than no groups at all "
        "({none:share}); ESRES miss by {esres:share}.",
        **said,
    )
    better = text(
        "From {s:0} % raw means miss by {raw:share}, less than no groups ({none:share}); "
        "ESRES miss by {esres:share}.",
        **said,
    )
    alike = text(
        "From {s:0} % it hardly matters: raw means miss by {raw:share}, ESRES by {esres:share}.",
        **said,
    )
    index = (error["raw"] < error["none"]) * (1 + (error["raw"] < 1.05 * error["esres"]))
    return text("{said}", said=Choose(index, [worse, better, alike]))


def equation(of: Groups, labels: Sequence[str], own: dict[str, Quantity]) -> Equation:
    """The score of the group in focus: a reference, and the model's estimate of its effect."""
    if of.exponent:
        u = log(own["esres"]) - log(own["level"])
        numbers = text("exp({l:2} + [predicted|{u:2}])", l=log(own["level"]), u=u)
    else:
        u = own["esres"] - own["level"]
        numbers = text("{l:2} + [predicted|{u:2}]", l=own["level"], u=u)
    outcome = text(f"[predicted|{{b:{of.form}}}]", b=own["esres"])
    model = "exp(β_0 + [predicted|û_j])" if of.exponent else "β_0 + [predicted|û_j]"
    return Equation(
        ["[predicted|ESRES] = ", model, " = ", numbers, " = ", outcome,
         text("\u2003n_j = {n:count}", n=own["n"])],
        text(f"The score of {{g}} is {{b:{of.form}}}: the reference, and an effect of {{u:2}}.",
             g=Choose(chosen, labels), b=own["esres"], u=u),
    )  # fmt: skip


# ---- numbers that follow the controls ------------------------------------------------------------


def stacked(name: str, field: str) -> NDArray[np.float64]:
    """Without the controls held, and with them: one more axis, in front."""
    both = (getattr(groups.sweep(name, controls=c), field) for c in (False, True))
    return np.stack([np.asarray(each, dtype=float) for each in both])


def seen(name: str, field: str) -> tuple[Quantity, Quantity]:
    """What the sample says of the groups that are shown, on the model's scale and as shown."""
    found = sweep(stacked(name, field)[..., shown(name)], grids(groups.OF[name]))
    return found, found if field == "n" else on_scale(name, found)


def level(name: str) -> Quantity:
    """The reference of the scores."""
    return on_scale(name, sweep(stacked(name, "level"), grids(groups.OF[name])))


def on_scale(name: str, score: Quantity) -> Quantity:
    """A score of the mean person, at the reference that was chosen, in the units that are shown."""
    moved = score + groups.shift(name) * held * reference
    return exp(moved) if groups.OF[name].exponent else moved


def error_now(name: str, method: str) -> Quantity:
    table = stacked(name, "errors")[..., SCORES.index(method)]
    of = groups.OF[name]
    each = [sweep(table[..., k], grids(of)) for k in range(len(of.least))]
    return element(concat(*each), least)


@lru_cache(maxsize=16)
def crossing(name: str, smallest: int) -> int:
    """The first whole percentage from which raw means beat no groups, no controls held."""
    of = groups.OF[name]
    raw, none = (error_now(name, method) for method in ("raw", "none"))
    low, high = ends(of)
    at = {"held": 0.0, "least": float(of.least.index(smallest))}
    return next(
        s
        for s in range(round(low), round(high) + 1)
        if raw.evaluate({**at, "share": s}) < none.evaluate({**at, "share": s})
    )


def grids(of: Groups) -> list[tuple[Quantity, NDArray[np.float64]]]:
    """Errors and scores follow the ratio of shares, as the axis does."""
    return [(held, np.array([0.0, 1.0])), (log(share), np.log(100 * np.asarray(of.shares)))]


def smallest(of: Groups) -> Quantity:
    return element(list(map(float, of.least)), least)


def errors_axis(name: str) -> Axis:
    return Axis((0.0, 1.04 * float(stacked(name, "errors").max())), [], "")


def ends(of: Groups) -> tuple[float, float]:
    return 100 * of.shares[0], 100 * of.shares[-1]


def judged(of: Groups) -> dict[str, str]:
    """The choices of the smallest group."""
    return {str(k): "any size" if k == 1 else f"{k} +" for k in of.least}


@lru_cache(maxsize=16)
def shown(name: str) -> NDArray[np.intp]:
    """The groups that are shown, by place: all, or as many as the picture holds, by lot."""
    of, found = groups.OF[name], groups.sweep(name, controls=False)
    known = np.flatnonzero((found.size >= of.least[0]) & np.isfinite(found.raw).any(axis=0))
    if not of.shown:
        return known
    return np.sort(np.random.default_rng(groups.SEED).choice(known, of.shown, replace=False))


def start(of: Groups) -> int:
    """The place of the first share among all."""
    return int(np.argmin(np.abs(100 * np.asarray(of.shares) - of.start)))


def first(name: str) -> int:
    """The group in focus at first: judged, and moved most by the model."""
    of, found = groups.OF[name], groups.sweep(name, controls=False)
    moved = np.abs(found.raw - found.esres)[start(of), shown(name)]
    large = found.size[shown(name)] >= of.judged
    return int(np.nanargmax(np.where(large, moved, np.nan)))
