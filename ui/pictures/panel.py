"""A hundred studies of people over time, none with a trend, and what two tests say of each.

Left one of the studies, person by person, with its trend as two models estimate it. Right the
hundred, filled where the test is significant; below them the rates that the core worked out.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ui.pictures import studies
from ui.pictures.studies import PEOPLE, SEED, SLOPE_SD, STUDIES, WAVES, Z, people, slope_sd, waves
from ui.stage.axis import Axis
from ui.stage.handles import Place, Player, Slider, Stepper
from ui.stage.layout import Column, Controls, Equation, Fraction, Frame, Item, Table
from ui.stage.marks import Boxes, Dots, Handle, Label, Mark, Path, Role, Rule, Segments
from ui.stage.quantity import Quantity, absolute, control, data, total, where
from ui.stage.scene import REVEALED, Stage
from ui.stage.text import Choose, text

START = {
    "sigma_u1": SLOPE_SD,
    "persons": float(PEOPLE),
    "waves": float(WAVES),
    "seed": float(SEED),
    REVEALED: 1.0,
}
Array = NDArray[np.float64]

NAMES = ("random intercept only", "with random slopes")
ROLES: tuple[Role, Role] = ("within", "between")
ACROSS, DOWN = 20, 5
REACH = 6.0  # of scores
SIDE = 0.4  # of a trend
HIGH = 116  # of the rates

TIME = Axis((0.7, studies.MOST_WAVES), range(1, studies.MOST_WAVES + 1), "")
SCORE = Axis((-REACH, REACH), (-6, -3, 0, 3, 6), "score")
SDS = Axis((0, studies.MOST_SD), (0, 0.2, 0.4, 0.6), "")
RATES = Axis((-14, 100), (5, 25, 50, 75, 100), "")
PLACE = np.arange(STUDIES, dtype=np.float64)
X: Array = PLACE % ACROSS + 0.5
Y: Array = DOWN - PLACE // ACROSS - 0.5
MARGINS = (36.0, 84.0), (40.0, 20.0)
EMPTY = Boxes(X - 0.36, Y - 0.36, X + 0.36, Y + 0.36, role="context", filled=False)


@lru_cache(maxsize=2)
def trial(*, both: bool) -> Stage:
    """The hundred studies; `both` adds the model with random slopes to the other."""
    shown = (0, 1) if both else (0,)
    fits = [studies.fit(slopes=bool(k)) for k in shown]
    b = fits[0]["beta:time"]
    errors = [fit["se:time"] for fit in fits]
    found = [studies.sums().found[k] for k in shown]
    counts = [total(each) for each in found]
    rates = [studies.now(k) for k in shown]
    squares: list[Item] = [grid(k, found[k], counts[k]) for k in shown]
    return Stage(
        key="trial",
        controls=[
            Slider("sigma_u1", "SD of people’s slopes", 0, studies.MOST_SD, SLOPE_SD,
                   step=studies.STEP, symbol="σ_u1", format="share", role="between"),
            Slider("waves", "waves", studies.FEWEST_WAVES, studies.MOST_WAVES, WAVES,
                   step=1, format="0"),
            Stepper("persons", "people", 10, studies.MOST_PEOPLE, PEOPLE, step=10),
            Player("seed", "new studies: seed", 1, studies.SEEDS, SEED, whole=True, seconds=1.2),
        ],
        columns=[
            Column([spaghetti(b, own=both), tests(b, errors), Controls(["seed"])],
                   width=1.2, margin=MARGINS[0]),
            Column([*squares, curves(rates), Controls(["persons"])], width=1, margin=MARGINS[1]),
        ],
        finding=text(
            "No study has a trend. A random intercept alone finds one in {a:0} of 100"
            + (", random slopes in {b:0}." if both else "."),
            **dict(zip("ab", counts, strict=False)),
        ),
        sentence=text(
            "The long-run rates are {a:percent1}"
            + (" and {b:percent1}" if both else "")
            + ", with {n:0} people, {t:0} waves and slopes of SD {s:share}.",
            **dict(zip("ab", rates, strict=False)), n=people, t=waves, s=slope_sd,
        ),
        table=Table(
            "The hundred studies: estimated trend, and whether it is called significant",
            [
                ("study", [str(k + 1) for k in range(STUDIES)], ""),
                ("trend", studies.sums().slope, "share"),
                *((NAMES[k], found[k], "0") for k in shown),
            ],
        ),
        equation=statistic(b, errors),
        caption="One study: a line for each person, the true mean line dashed.",
    )  # fmt: skip


@lru_cache(maxsize=1)
def question() -> Stage:
    """One study, a hundred empty squares, and a scale for the guess: no answer is in it."""
    it, nothing = studies.rows(), text("")
    wave, score, starts = (each.evaluate(START) for each in (it.wave, it.score, it.starts))
    lines = Frame(
        [],
        TIME,
        SCORE,
        height=196,
        asked=[
            Label(studies.MOST_WAVES, -REACH, text("wave"), role="context", anchor="end", dy=-8),
            Path(wave, score, starts=starts, width=0.9),
            Segments(1, 0, WAVES, 0, role="truth", width=3, dashed=True),
            Label(WAVES, 0, text("the truth:"), role="truth", strong=True, dx=8, dy=-3),
            Label(WAVES, 0, text("no trend"), role="truth", strong=True, dx=8, dy=15),
        ],
    )
    squares = Frame(
        [], Axis((0, ACROSS), [], ""), Axis((0, DOWN), [], ""), height=66,
        title=f"{STUDIES} studies, not one with a trend",
        asked=[EMPTY],
    )  # fmt: skip
    scale = Frame(
        [],
        SDS,
        RATES,
        height=HIGH,
        title="“significant” of 100 studies, by the SD of slopes",
        asked=[
            Rule(x=SLOPE_SD, role="guess", width=1.4),
            Handle("guess", along="y", at=SLOPE_SD, role="guess", prompt="place it here"),
        ],
    )
    return Stage(
        key="trial",
        controls=[Place("guess", "significant studies of 100", 0, 100, 1, format="0")],
        columns=[
            Column([lines], width=1.2, margin=MARGINS[0]),
            Column([squares, scale], width=1, margin=MARGINS[1]),
        ],
        finding=nothing,
        sentence=nothing,
        table=Table("", []),
        caption=f"One of the studies: a line for each of {PEOPLE} people, the true mean dashed.",
    )


def spaghetti(b: Quantity, *, own: bool) -> Frame:
    """The first study: everybody's scores, the mean line estimated and true, `own` lines."""
    it, fit = studies.rows(), studies.fit(slopes=False)
    raw, line = (y / (absolute(y) < REACH) for y in (it.score, it.line))  # infinite is not drawn
    b0, half = fit["beta:(Intercept)"], (waves - 1) / 2
    lines = Path(it.wave, line, starts=it.starts, role="between", width=1, opacity=0.5)
    end = b0 + b * half
    aside = where(end < 0, -0.5, 0.5)
    return Frame(
        [
            Path(it.wave, raw, starts=it.starts, width=0.9, opacity=0.6 if own else 1.0),
            *([lines] if own else []),
            Segments(1, 0, waves, 0, role="truth", width=2.6, dashed=True),
            Segments(1, b0 - b * half, waves, end, role="fixed", width=4),
            Label(waves, end + aside, text("estimated"), strong=True, dx=8),
            Label(waves, -aside, text("true: no trend"), role="truth", strong=True, dx=8),
            Handle("waves", edge=True, text=text("‹ {t:0} waves ›", t=waves)),
        ],
        TIME,
        SCORE,
        height=196,
        title=text("The first of these studies, {n:0} people", n=people),
    )


def tests(b: Quantity, errors: list[Quantity]) -> Frame:
    """The trend of the study with its 95 % intervals, by each model."""
    marks: list[Mark] = [Rule(x=0, role="truth", dashed=True, width=2.2)]
    for k, se in enumerate(errors):
        y, z, limit = 1.0 - k, b / se, studies.t_limit() if k else Z
        side = where(b < 0, 1, 0)
        ends = [where(absolute(end) < SIDE, end, SIDE * end / absolute(end))
                for end in (b - limit * se, b + limit * se)]  # fmt: skip
        called = Choose(absolute(z) > limit, ["not significant", "“significant”"])
        said = text(f"{'zt'[k]} = {{z:1}}, {{called}}", z=z, called=called)
        marks += [
            Segments(ends[0], y, ends[1], y, role=ROLES[k], width=5),
            Dots(b, y, role="ink", size=5, shape="disc"),
            Label(SIDE, y, said, role=ROLES[k], strong=True, anchor="end", dy=-8, opacity=side),
            Label(-SIDE, y, said, role=ROLES[k], strong=True, dy=-8, opacity=1 - side),
        ]
    return Frame(
        marks,
        Axis(
            (-SIDE, SIDE), (-0.4, -0.2, 0, 0.2, 0.4), "trend in points a wave, with 95 % intervals"
        ),
        Axis((-0.6 if len(errors) > 1 else 0.4, 1.6), [], ""),
        height=32.0 * len(errors),
    )


def grid(k: int, found: Quantity, count: Quantity) -> Frame:
    """Squares, one a study, filled where the model `k` calls the trend significant."""
    return Frame(
        [
            EMPTY,
            Boxes(X - 0.36, data(Y - 0.36) / found, X + 0.36, Y + 0.36, role=ROLES[k]),
            Boxes(0.05, DOWN - 0.95, 0.95, DOWN - 0.05, role="ink", filled=False),
        ],
        Axis((0, ACROSS), [], ""),
        Axis((0, DOWN), [], ""),
        height=66,
        title=text(f"{NAMES[k]}: {{n:0}} of {STUDIES} “significant”", n=count),
        role=ROLES[k],
    )  # fmt: skip


def curves(rates: list[Quantity]) -> Frame:
    """The rates by the SD of slopes, for the people and waves of now; where the guess is placed."""
    sds = studies.axes()[2]
    marks: list[Mark] = [
        Rule(y=5, role="truth", dashed=True, width=1.8),
        Rule(x=slope_sd, role="ink", width=1),
    ]
    for k, rate in enumerate(rates):
        marks += [
            Path(sds, 100 * studies.curve(k), role=ROLES[k], width=3),
            Dots(slope_sd, 100 * rate * control(REVEALED), role=ROLES[k], size=6, shape="disc"),
            Label(
                slope_sd, 100 * rate, text("{r:0}", r=100 * rate),
                role=ROLES[k], strong=True, dx=9, dy=-9,
            ),
        ]  # fmt: skip
    marks.append(
        Handle("sigma_u1", edge=True, text=text("‹ σ_u1 = {s:share} ›", s=slope_sd), role="between")
    )
    return Frame(
        marks,
        SDS,
        RATES,
        height=HIGH,
        title="in the long run, by the SD of slopes; promised are 5",
        name="rates",
    )  # fmt: skip


def statistic(b: Quantity, errors: list[Quantity]) -> Equation:
    """The z of the drawn study by each model."""
    pieces: list[object] = []
    for k, se in enumerate(errors):
        colour = ROLES[k]
        pieces += [
            text(f"[{colour}|{('z', '      t')[k]}] = "),
            Fraction([text("{b:4}", b=b)], [text(f"[{colour}|{{s:4}}]", s=se)]),
            text(" = {z:1}", z=b / se),
        ]
    spoken = text("z is {z:1} with a random intercept only", z=b / errors[0])
    if len(errors) > 1:
        spoken = text(
            "z is {z:1} with a random intercept only, t is {w:1} with random slopes",
            z=b / errors[0], w=b / errors[1],
        )  # fmt: skip
    return Equation(pieces, spoken)  # type: ignore[arg-type]


def guessed(stage: Stage, guess: float) -> Stage:
    """The stage with the learner's guess in it, and the gap as a measured line."""
    truth = 100 * studies.rate(0)
    return stage.with_marks(
        "rates",
        [
            Segments(SLOPE_SD, guess, SLOPE_SD, truth, role="ink", width=2),
            Dots(SLOPE_SD, guess, role="guess", size=8),
            Label(SLOPE_SD, guess, text("you"), role="guess", strong=True, anchor="end", dx=-12),
        ],
    )
