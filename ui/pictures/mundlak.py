"""Slopes within and between classes, and where estimators land on the line between the two.

The model is that of `mlcore.mixture` with psi = omega = sigma = 1: hours have an SD of one within
classes, and the classes' own means m_j have, too. Random effects are found as software finds them,
by weighting, measuring what is left, and weighting again:

    A = 1 + t²,   B = (g − t)² + t²/n + sigma_u² + 1/n,   t = g/B / [(n − 1)/A + (1 + 1/n)/B]

with g = b_b − b_w; the slope is b_w + t. Twenty rounds leave an error below 1e-5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from mlcore import Mixture, mixture
from ui.stage.axis import Axis
from ui.stage.handles import Place, Slider
from ui.stage.layout import Column, Controls, Equation, Frame, Item, Readout, Table
from ui.stage.marks import Dots, Handle, Label, Mark, Path, Role, Segments, Spring
from ui.stage.quantity import (
    Quantity,
    concat,
    control,
    data,
    grid,
    maximum,
    sqrt,
    sweep,
    take,
    where,
)
from ui.stage.scene import Preset, Stage
from ui.stage.text import Choose, text

LESSON = {"b_w": 0.5, "b_b": 1.5, "sigma_u": 0.7}
SIZES = (60, 3, 3)  # pupils in a class, question by question
CLASSES, MOST, DRAWN = 9, 60, 12
ROUNDS = 20
PLANE = (Axis((-3.1, 3.1), [], "hours of study"), Axis((-4.2, 4.2), [], "score"))
LINE = Axis((-1.2, 2.8), [-1, 0, 1, 2], "points for one more hour of study")
ROWS = Axis((-0.6, 4.6), [], "")


@dataclass(frozen=True, eq=False)
class Slopes:
    """What estimators find in many classes, as quantities; names as in `mlcore.Mixture`."""

    means: Quantity
    pooled: Quantity
    random: Quantity
    weight: Quantity
    theta: Quantity
    correlation: Quantity


def slopes(b_w: Quantity, b_b: Quantity, n: Quantity, sigma_u: Quantity) -> Slopes:
    """Two slopes, the size of the classes, and their SD beside what goes with x."""
    gap, spread = b_b - b_w, 1 + 1 / n
    t = gap / (n + 1)
    for _ in range(ROUNDS):
        inside, among = 1 + t**2, (gap - t) ** 2 + t**2 / n + sigma_u**2 + 1 / n
        weight = spread / among / ((n - 1) / inside + spread / among)
        t = weight * gap / spread
    left = sqrt(gap**2 + sigma_u**2)
    return Slopes(
        means=b_w + gap / spread,
        pooled=b_w + gap / 2,
        random=b_w + t,
        weight=weight,
        theta=1 - sqrt(inside / (n * among)),
        correlation=where(left > 0, gap / maximum(left, 1e-9), 0.0),
    )


def by_theta(theta: Quantity, b_w: Quantity, means: Quantity, n: Quantity) -> Quantity:
    """Least squares of y − θȳ on x − θx̄: pooled at θ = 0, the slope within at θ = 1."""
    between = (n + 1) * (1 - theta) ** 2
    return ((n - 1) * b_w + between * means) / (n - 1 + between)


def at(values: Mapping[str, float]) -> Mixture:
    """What the core says where the handles are."""
    return mixture(values["b_w"], values["b_b"], round(values["n"]), tau=values["sigma_u"])


def expected(n: int) -> Mixture:
    return mixture(LESSON["b_w"], LESSON["b_b"], n, tau=LESSON["sigma_u"])


def truth(question: int) -> float:
    """The answer to each of the three questions, from the core."""
    found = expected(SIZES[question])
    return found.means if question == 2 else found.random


def asked(question: int) -> str:
    """What is to be placed."""
    what = "REWB’s slope between" if question == 2 else "random effects"
    return f"{what}, classes of {SIZES[question]}"


@lru_cache(maxsize=16)
def question(which: int, guesses: tuple[float | None, ...]) -> Stage:
    """One place is open on the line; `guesses` are those made before, None where skipped."""
    n = SIZES[which]
    b_w, b_b, sigma_u = (data(LESSON[name]) for name in ("b_w", "b_b", "sigma_u"))
    given: list[Mark] = [
        Dots(b_b, 4, role="between", size=6.5),
        Label(b_b, 4, text("**{b:2}** between classes", b=b_b), role="between", dx=14),
        Dots(b_w, 0, role="within", size=6),
        Label(b_w, 0, text("**{b:2}** fixed effects", b=b_w), role="within", dx=14),
    ]
    met = [mark for k, guess in enumerate(guesses[:which]) for mark in closed(k, guess)]
    row = which + 1
    place: list[Mark] = [
        Segments(0, row, 2, row, role="guess", width=1.4, dashed=True),
        _named(which, "guess"),
        Handle("guess", at=row, role="guess", prompt="click on the line"),
    ]
    return Stage(
        key="mundlak-question",
        controls=[Place("guess", asked(which), 0, 2, 0.05, unit="points")],
        columns=[
            Column(
                [
                    Frame([], *PLANE, height=120, asked=classes(b_w, b_b, data(n), sigma_u)),
                    Frame([], LINE, ROWS, height=155, asked=[*given, *met, *place]),
                ],
                width=1.9,
                margin=(24, 84),
            ),
            Column([]),
        ],
        finding=text(""),
        sentence=text(""),
        table=Table("", []),
        caption=f"Nine of many classes of {n}: their pupils"
        f"{f', {DRAWN} of each' if n > DRAWN else ''}, the line within each class, and the line "
        "between classes. The numbers are invented.",
    )


def closed(which: int, guess: float | None) -> list[Mark]:
    """A question that has been answered: the truth, and the guess with the gap between."""
    row, found = which + 1, truth(which)
    role: Role = "between" if which == 2 else "predicted"
    marks = [Dots(found, row, role=role, size=6.5), _named(which, role)]
    if guess is None:
        return [*marks, Label(found, row, text("**{v:2}**", v=data(found)), role=role, dx=14)]
    said = text("**{v:2}** [guess|you {g:2}]", v=data(found), g=data(guess))
    return [
        Segments(guess, row, found, row, role="ink", width=2),
        *marks,
        Dots(guess, row, role="guess", size=8),
        Label(max(found, guess), row, said, role=role, dx=14),
    ]


def _named(which: int, role: Role) -> Mark:
    """What a row is about, left of the places where a guess can be."""
    name = f"{'REWB' if which == 2 else 'random'}, n = {SIZES[which]}"
    return Label(0, which + 1, text(name), role=role, anchor="end", dx=-10)


# The picture that moves ---------------------------------------------------------------------------


@lru_cache(maxsize=16)
def slider(guesses: tuple[float | None, ...]) -> Stage:
    """The two slopes as handles on the number line, the size of the classes as a slider."""
    b_w, b_b, n, sigma_u = (control(name) for name in ("b_w", "b_b", "n", "sigma_u"))
    found = slopes(b_w, b_b, n, sigma_u)
    gap = b_b - b_w
    same = (gap < 0.005) & (gap > -0.005)
    at_lesson = (b_w == LESSON["b_w"]) & (b_b == LESSON["b_b"]) & (sigma_u == LESSON["sigma_u"])
    mine: list[Mark] = []
    for which, (row, left, guess) in enumerate(
        zip((1, 1, 3), (b_w, b_w, found.means), guesses, strict=True)
    ):
        if guess is not None:
            shown = at_lesson & (n == SIZES[which])
            you = text("you {g:2}", g=data(guess))
            mine += [
                Dots(guess, row, role="guess", size=8, opacity=shown),
                Label(left, row, you, role="guess", anchor="end", dx=-14, opacity=shown),
            ]
    line: list[Mark] = [
        Segments(b_w, 0, b_w, 1, role="within", width=1, dashed=True),
        Segments(found.means, 3, b_b, 3, role="between", width=2),
        Spring(b_w, found.random, 1, role="within", coils=9),
        Spring(found.random, found.means, 1, role="between", coils=9),
        Dots(found.means, 3, role="between", size=6.5),
        Dots(found.pooled, 2, role="ink", shape="square", size=5),
        Dots(found.random, 1, role="predicted", size=8),
        *mine,
        Handle("b_b", at=4, role="between"),
        Handle("b_w", at=0, role="within"),
    ]
    named: tuple[tuple[int, Quantity, Quantity, Role, str], ...] = (
        (4, b_b, b_b, "between", "between classes, b_b"),
        (3, found.means, maximum(found.means, b_b), "between", "REWB between"),
        (2, found.pooled, found.pooled, "ink", "pooled"),
        (1, found.random, maximum(b_w, found.means), "predicted", "random effects"),
        (0, b_w, b_w, "within", "fixed effects, b_w"),
    )
    for row, value, end, role, words in named:
        beside = 16 if row in (0, 4) else 12  # a handle is wider than a mark
        line.append(Label(end, row, text("**{v:2}** " + words, v=value), role=role, dx=beside))
    shares = grid(0, 1, 41)
    curve = Frame(
        [
            Path(shares, by_theta(shares, b_w, found.means, n), role="ink", width=2),
            Dots(0, found.pooled, role="ink", shape="square", size=5),
            Dots(1, b_w, role="within", size=5.5),
            Dots(found.theta, found.random, role="predicted", size=8),
            Label(0, found.pooled, text("{p:2}", p=found.pooled), dx=2, dy=24),
            Label(1, b_w, text("{b:2}", b=b_w), role="within", anchor="end", dx=-2, dy=24),
            Label(
                found.theta,
                found.random,
                text("θ = {t:share}", t=found.theta),
                role="predicted",
                strong=True,
                anchor="middle",
                dy=-14,
            ),
        ],
        Axis((0, 1), [0, 0.5, 1], "", names=["pooled, 0", ".5", "1, fixed"]),
        Axis((-1.2, 2.2), [], ""),
        height=130,
        title="slope of y − θȳ on x − θx̄",
    )
    side: list[Item] = [
        Controls(["n", "sigma_u"]),
        curve,
        Readout(
            "correlation of hours with class effects",
            text("{c:share}", c=found.correlation),
            "0 only where both slopes are the same",
            role="between",
        ),
    ]
    return Stage(
        key="mundlak",
        controls=[
            Slider("b_b", "slope between classes", -1, 2, 1.5, 0.05, "b_b", "", "2", "between"),
            Slider("b_w", "slope within classes", -1, 2, 0.5, 0.05, "b_w", "", "2", "within"),
            Slider("n", "pupils in each class,", 2, MOST, 3, 1, "n", format="0"),
            Slider(
                "sigma_u",
                "other differences,",
                0,
                1.5,
                0.7,
                0.05,
                "σ_u",
                "",
                "2",
                "between",
            ),
        ],
        columns=[
            Column(
                [
                    Frame(
                        [*classes(b_w, b_b, n, sigma_u), *line_of(found.random)],
                        *PLANE,
                        height=150,
                    ),
                    Frame(line, LINE, ROWS, height=140),
                ],
                width=1.9,
                margin=(24, 84),
            ),
            Column(side, margin=(30, 30)),
        ],
        finding=text(
            "{what}",
            what=Choose(
                same + 0,
                [
                    text(
                        "Classes of {n:0}: random effects weigh the slope between by {w:percent} "
                        "and find {r:2}.",
                        n=n,
                        w=found.weight,
                        r=found.random,
                    ),
                    text("One slope within and between: every estimator finds {b:2}.", b=b_w),
                ],
            ),
        ),
        sentence=text(
            "Fixed effects find {b:2}, pooled least squares {p:2}, means of {n:0} pupils {m:2}; "
            "theta is {t:2}.",
            b=b_w,
            p=found.pooled,
            n=n,
            m=found.means,
            t=found.theta,
        ),
        equation=Equation(
            [
                text("[predicted|random] = (1 − w) × [within|within]"),
                text(" + w × [between|REWB between]"),
                text(" = {v:share3} × [within|{b:2}]", v=1 - found.weight, b=b_w),
                text(" + {w:share3} × [between|{m:2}]", w=found.weight, m=found.means),
                text(" = [predicted|{r:2}]", r=found.random),
            ],
            text(
                "random effects = {v:3} times {b:2} plus {w:3} times {m:2} = {r:2}",
                v=1 - found.weight,
                b=b_w,
                w=found.weight,
                m=found.means,
                r=found.random,
            ),
        ),
        presets=[
            Preset("Classes of 3", {**LESSON, "n": 3}),
            Preset("Classes of 60", {**LESSON, "n": MOST}),
            Preset("One slope at both levels", {"b_w": 0.5, "b_b": 0.5}),
        ],
        table=Table(
            "Slope that each estimator finds, points for one more hour",
            [
                (
                    "estimator",
                    [
                        "within, fixed effects",
                        "random effects",
                        "pooled least squares",
                        "REWB’s between",
                        "between, of true means",
                    ],
                    "",
                ),
                ("slope", concat(b_w, found.random, found.pooled, found.means, b_b), "3"),
            ],
        ),
    )


# Nine classes -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Drawn:
    """Nine classes of up to 60: their own means m and effects u, pupils' deviations d and e."""

    m: np.ndarray
    u: np.ndarray
    d: np.ndarray
    e: np.ndarray


@lru_cache(maxsize=1)
def drawn(seed: int = 3) -> Drawn:
    """In these nine the effects go with nothing else, so that the lines show what they mean."""
    rng = np.random.default_rng(seed)
    m = ndtri((np.arange(CLASSES) + 0.5) / CLASSES)
    u = rng.normal(size=CLASSES)
    u -= u.mean() + m * (m @ (u - u.mean())) / (m @ m)
    return Drawn(m, u / u.std(), *rng.normal(size=(2, CLASSES, MOST)))


def classes(b_w: Quantity, b_b: Quantity, n: Quantity, sigma_u: Quantity) -> list[Mark]:
    """Pupils as rings, means as discs, each class's line within, and the one between."""
    made = drawn()
    sizes = np.arange(1, MOST + 1)
    d, e = (sweep((np.cumsum(each, axis=1) / sizes).T, [(n, sizes)]) for each in (made.d, made.e))
    centre = b_b * made.m + sigma_u * made.u
    x, y = made.m + d, centre + b_w * d + e
    first = np.tile(np.arange(DRAWN), CLASSES)
    seen = np.arange(CLASSES * DRAWN) + where(n > first, 0, CLASSES * DRAWN)  # beyond: not drawn
    among = np.repeat(made.m, DRAWN)
    apart = take(made.d[:, :DRAWN].ravel(), seen)
    pupil = (
        b_b * among
        + sigma_u * np.repeat(made.u, DRAWN)
        + b_w * apart
        + take(made.e[:, :DRAWN].ravel(), seen)
    )
    edge = 2.2
    return [
        Dots(among + apart, pupil, role="context", shape="ring", size=2.2, opacity=0.7),
        Segments(x - 1, y - b_w, x + 1, y + b_w, role="within", width=2),
        Segments(-edge, -edge * b_b, edge, edge * b_b, role="between", width=3),
        Dots(x, y, role="between", size=4.5),
        Label(edge, edge * b_b, text("between"), role="between", strong=True, dx=6),
    ]


def line_of(slope: Quantity) -> list[Mark]:
    """The random effects' line through all classes."""
    edge = 3.0
    return [
        Segments(-edge, -edge * slope, edge, edge * slope, role="predicted", width=3),
        Label(edge, edge * slope, text("random"), role="predicted", strong=True, dx=6),
    ]
