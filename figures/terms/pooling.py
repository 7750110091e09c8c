"""Estimates of schools between their own mean and the mean of all, and what follows from them."""

import numpy as np
from scipy.stats import norm

from figures.terms.canvas import (
    Picture,
    area,
    arrow,
    curve,
    diamond,
    dot,
    line,
    picture,
    scale,
    signed,
    word,
)
from figures.terms.material import Material

SHOWN = ("48", "54", "37", "63", "59", "11", "53")


def _rows(m: Material, kept: str) -> list[str]:
    """Seven schools, their own means, their estimates and the thread between."""
    x = scale(-12, 12, 60, 316)
    marks = [line(x(0), 18, x(0), 168, "fixed"), word(x(0), 190, "mean of all schools", "fixed")]
    for i, school in enumerate(sorted((m.schools[name] for name in SHOWN), key=lambda s: s.n)):
        estimate = {"all": school.mean, "none": 0.0, "some": school.estimate}[kept]
        y = 30 + 21.5 * i
        marks += [
            word(40, y + 4, f"{school.n}", anchor="end"),
            line(x(estimate), y, x(school.mean), y, "context"),
            dot(x(school.mean), y, "between", 5 if kept != "all" else 7),
            diamond(x(estimate), y, r=5.5 if kept != "all" else 4.5),
        ]
    return [*marks, word(8, 14, "pupils", anchor="start")]


def complete(m: Material) -> Picture:
    return picture(
        "Seven schools with their own means; the estimate of every one lies at the mean of all.",
        _rows(m, "none"),
    )


def none(m: Material) -> Picture:
    return picture(
        "Seven schools: the estimate of each lies on its own mean, wherever the others are.",
        _rows(m, "all"),
    )


def partial(m: Material) -> Picture:
    return picture(
        "Seven schools: each estimate lies between the school’s own mean and the mean of all, "
        "nearer to its own where the school has many pupils.",
        _rows(m, "some"),
    )


def shrinkage(m: Material) -> Picture:
    small, large = m.schools["48"], m.schools["53"]
    x = scale(-8, 12, 24, 316)
    marks = [line(x(0), 20, x(0), 168, "fixed"), word(x(0), 190, "mean of all", "fixed")]
    for y, school in ((70, small), (136, large)):
        toward = 7 if school.estimate > school.mean else -7
        marks += [
            *arrow(x(school.mean), y, x(school.estimate) - toward, y, "predicted"),
            dot(x(school.mean), y, "between", 6),
            diamond(x(school.estimate), y, r=6.5),
        ]
    moves = [abs(school.mean - school.estimate) for school in (small, large)]
    return picture(
        f"School 48 with {small.n} pupils moves {moves[0]:.2f} points from its own mean towards "
        f"the mean of all; school 53 with {large.n} pupils moves {moves[1]:.2f}.",
        marks,
        word(24, 44, f"{small.n} pupils", "ink", "start"),
        word(x(small.mean) - 11, 74, "own mean", "between", "end"),
        word(x(small.estimate) + 9, 94, "estimate", "predicted", "end"),
        word(316, 116, f"{large.n} pupils", "ink", "end"),
    )


def weight(m: Material) -> Picture:
    x, y = scale(0, 100, 44, 312), scale(0, 1, 160, 26)
    n = np.linspace(0, 100, 90)
    share = n / (n + (m.sigma / m.tau) ** 2)
    said = {
        name: f"{m.schools[name].weight:.2f} with {m.schools[name].n}".replace("0.", ".")
        for name in ("48", "54", "53")
    }
    marks = []
    for name, text in said.items():
        px, py = x(m.schools[name].n), y(m.schools[name].weight)
        beside = (px + 10, py + 5, text, "predicted", "start")
        below = (px, py + 22, text, "predicted", "middle")
        marks += [diamond(px, py), word(*(below if name == "53" else beside))]
    return picture(
        "The pooling weight rises from 0 towards 1 with the number of pupils, steeply at first: "
        f"{'; '.join(said.values())}.",
        line(44, 160, 312, 160, "context"),
        line(44, y(1), 312, y(1), "rule"),
        [word(38, y(t) + 4, str(t), anchor="end") for t in (0, 1)],
        [word(x(t), 178, str(t)) for t in (0, 50, 100)],
        curve([x(v) for v in n], [y(v) for v in share], "predicted"),
        marks,
        word(312, 196, "pupils in the school", anchor="end"),
        word(22, 98, "λ_j", "predicted"),
    )


def empirical_bayes(m: Material) -> Picture:
    school = m.schools["54"]
    x, y = scale(-16, 12, 20, 320), scale(0, 0.17, 152, 30)
    grid = np.linspace(-16, 12, 80)
    places = [x(v) for v in grid]
    marks = []
    for meaning, centre, sd in (
        ("between", 0.0, m.tau),
        ("within", school.mean, m.sigma / np.sqrt(school.n)),
        ("predicted", school.estimate, school.se),
    ):
        top = [y(v) for v in norm.pdf(grid, centre, sd)]
        marks += [area(places, top, 152, meaning), curve(places, top, meaning)]
    return picture(
        f"Three normal curves: what all schools say, about 0; what the {school.n} pupils of "
        f"school 54 say, about {signed(school.mean)}; and between them the estimate, "
        f"{signed(school.estimate)}.",
        marks,
        line(20, 152, 320, 152, "context"),
        diamond(x(school.estimate), 152, r=6.5),
        word(x(4.4), 74, "all schools", "between", "start"),
        word(x(-10.4), 74, f"its {school.n} pupils", "within", "end"),
        word(x(school.estimate), 24, "both together", "predicted"),
        word(x(school.estimate), 176, signed(school.estimate), "predicted"),
        word(x(0), 176, "0", "muted"),
    )


def caterpillar(m: Material) -> Picture:
    table = sorted(m.schools.values(), key=lambda school: school.estimate)
    outside = sum(abs(school.estimate) > 1.96 * school.se for school in table)
    x, y = scale(0, len(table) - 1, 24, 316), scale(-14, 14, 176, 20)
    threads = [
        line(x(i), y(each.estimate - 1.96 * each.se), x(i), y(each.estimate + 1.96 * each.se))
        for i, each in enumerate(table)
    ]
    return picture(
        f"The estimates of {len(table)} schools in ascending order with 95 % intervals; {outside} "
        "intervals exclude 0.",
        line(24, y(0), 316, y(0), "fixed"),
        [thread.replace("rule", "context") for thread in threads],
        [diamond(x(i), y(school.estimate), r=3.2) for i, school in enumerate(table)],
        word(30, 34, f"{len(table)} schools in order", "muted", "start"),
        word(316, 192, f"{outside} intervals exclude the mean of all", "muted", "end"),
    )


def rank_interval(m: Material) -> Picture:
    table = sorted(m.schools.values(), key=lambda school: school.estimate)
    centres, spreads = [s.estimate for s in table], [s.se for s in table]
    draws = np.random.default_rng(1).normal(centres, spreads, size=(2000, len(table)))
    ranks = draws.argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(ranks, (0.025, 0.975), axis=0)
    x = scale(1, len(table), 64, 312)
    marks = []
    for i, place in enumerate((0, 10, 21, 32, 43, 54, 64)):
        y = 30 + 20 * i
        marks += [
            line(x(low[place]), y, x(high[place]), y, "predicted"),
            diamond(x(place + 1), y),
            word(50, y + 4, f"{place + 1}", anchor="end"),
        ]
    return picture(
        f"Seven of {len(table)} schools with the 95 % interval of their rank: in the middle of the "
        f"table the interval is {high[32] - low[32]:.0f} places long.",
        [line(x(t), 18, x(t), 162, "rule") for t in (1, 22, 43, 65)],
        marks,
        [word(x(t), 180, str(t)) for t in (1, 22, 43, 65)],
        word(8, 14, "place", anchor="start"),
        word(312, 197, "95 % interval of the rank", "predicted", "end"),
    )


def _pairs(m: Material, focus: str) -> list[str]:
    """Own means on one rail, scores from random effects on another, joined by school."""
    x = scale(-12, 12, 30, 310)
    above, below = ("between", "context") if focus == "eps" else ("context", "predicted")
    marks = [line(170, 44, 170, 156, "fixed")]
    for school in (m.schools[name] for name in SHOWN):
        size = 0.045 * school.n
        marks += [
            line(x(school.mean), 62, x(school.estimate), 138, "context"),
            dot(x(school.mean), 62, above, 3 + size),
            diamond(x(school.estimate), 138, below, 4 + size),
        ]
    words = {"context": "muted"}
    return [
        *marks,
        word(30, 36, "own means: EPS", words.get(above, above), "start"),
        word(30, 172, "from random effects: ESRES", words.get(below, below), "start"),
        word(310, 194, "marks as large as groups", "muted", "end"),
    ]


def eps(m: Material) -> Picture:
    return picture(
        "Seven schools scored by their own means on the upper rail; below, joined by lines, the "
        "scores from random effects.",
        _pairs(m, "eps"),
    )


def esres(m: Material) -> Picture:
    return picture(
        "Seven schools scored from random effects on the lower rail: small groups have come "
        "nearer to the mean of all than their own means above.",
        _pairs(m, "esres"),
    )


PICTURES = {
    "complete-pooling": complete,
    "no-pooling": none,
    "partial-pooling": partial,
    "shrinkage": shrinkage,
    "pooling-weight": weight,
    "empirical-bayes": empirical_bayes,
    "caterpillar": caterpillar,
    "rank-interval": rank_interval,
    "effect-proportional-score": eps,
    "esres": esres,
}
