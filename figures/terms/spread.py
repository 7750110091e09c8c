"""Variances as lengths and shares: between and within groups, ICC, design effect, odds."""

import numpy as np

from figures.terms.canvas import (
    Picture,
    area,
    arrow,
    box,
    curve,
    dot,
    hatched,
    line,
    picture,
    ruler,
    scale,
    word,
)
from figures.terms.material import Material

LEFT, RIGHT = 24, 316
FLOOR = 150


def _means(m: Material, meaning: str) -> tuple[list[str], list[tuple[float, float]]]:
    """Every school's mean, stacked in bins of one point on an axis from −14 to 14."""
    x = scale(-14, 14, LEFT, RIGHT)
    height: dict[int, int] = {}
    places = []
    for mean in sorted(school.mean for school in m.schools.values()):
        bin_ = round(mean)
        height[bin_] = height.get(bin_, 0) + 1
        places.append((x(bin_), FLOOR - 1 - 9.4 * (height[bin_] - 0.5)))
    axis = [line(LEFT, FLOOR, RIGHT, FLOOR, "context")]
    ticks = [word(x(t), FLOOR + 17, f"{t:+d}".replace("-", "−")) for t in (-10, 10)]
    return axis + ticks + [dot(px, py, meaning, 4.4) for px, py in places], places


def grand_mean(m: Material) -> Picture:
    marks, _ = _means(m, "context")
    return picture(
        f"The means of {len(m.shrunk)} schools as dots on an axis; a thick line marks the mean of "
        "all, at 0.",
        marks,
        line(170, 34, 170, FLOOR, "fixed"),
        word(178, 44, "grand mean β_0", "fixed", "start"),
        word(RIGHT, 190, "exam points from the mean of all", anchor="end"),
    )


def random_effect(m: Material) -> Picture:
    x = scale(-14, 14, LEFT, RIGHT)
    names = ("48", "54", "35", "11", "59", "53")
    shown = sorted((m.schools[name].estimate, name) for name in names)
    marks = [line(170, 22, 170, 172, "fixed"), word(170, 192, "mean of all schools", "fixed")]
    for i, (u, name) in enumerate(shown):
        y = 36 + 24 * i
        away = "end" if u < 0 else "start"
        marks += [*arrow(170, y, x(u), y, "between")]
        marks.append(word(x(u) + (-7 if u < 0 else 7), y + 4, f"school {name}", "muted", away))
    return picture(
        "Arrows from the mean of all schools to the levels of six schools, some to the left and "
        "some to the right: their random effects.",
        marks,
    )


def between(m: Material) -> Picture:
    x = scale(-14, 14, LEFT, RIGHT)
    marks, _ = _means(m, "between")
    grid = np.linspace(-14, 14, 80)
    top = FLOOR - 9.4 * len(m.shrunk) * np.exp(-((grid / m.tau) ** 2) / 2) / (
        m.tau * np.sqrt(2 * np.pi)
    )
    places = [x(v) for v in grid]
    return picture(
        f"The means of {len(m.shrunk)} schools under the normal curve that the model gives their "
        f"effects; its standard deviation is {m.tau:.1f} exam points.",
        area(places, top, FLOOR, "between"),
        curve(places, top, "between"),
        marks,
        ruler(170, x(m.tau), 62, "between"),
        word(x(m.tau) + 8, 60, f"σ_u = {m.tau:.1f}", "between", "start"),
        word(RIGHT, 190, "school means, exam points", anchor="end"),
    )


def within(m: Material) -> Picture:
    x = scale(-28, 28, LEFT, RIGHT)
    grid = np.linspace(-28, 28, 80)
    top = FLOOR - 100 * np.exp(-((grid / m.sigma) ** 2) / 2)
    places = [x(v) for v in grid]
    return picture(
        "The normal curve of the pupils of one school about the school’s own level; its standard "
        f"deviation is {m.sigma:.1f} exam points.",
        area(places, top, FLOOR, "within"),
        curve(places, top, "within"),
        line(LEFT, FLOOR, RIGHT, FLOOR, "context"),
        line(170, 40, 170, FLOOR, "between"),
        word(170, 30, "one school’s level", "between"),
        hatched(170, 96, x(m.sigma) - 170, 9),
        word(x(m.sigma) + 10, 100, f"σ_e = {m.sigma:.1f}", "within", "start"),
        [word(x(t), FLOOR + 17, f"{t:+d}".replace("-", "−")) for t in (-20, 20)],
        word(RIGHT, 190, "its pupils, exam points", anchor="end"),
    )


def _bar(m: Material) -> list[str]:
    edge = LEFT + m.icc * (RIGHT - LEFT)
    return [
        box(LEFT, 76, edge - LEFT, 40, "fill", "between"),
        *hatched(edge, 76, RIGHT - edge, 40),
    ]


def component(m: Material) -> Picture:
    edge = LEFT + m.icc * (RIGHT - LEFT)
    return picture(
        f"A bar of the whole variance in two parts: {m.tau**2:.1f} between schools and "
        f"{m.sigma**2:.1f} within.",
        _bar(m),
        word(LEFT, 60, f"σ_u² = {m.tau**2:.1f}", "between", "start"),
        word((edge + RIGHT) / 2, 60, f"σ_e² = {m.sigma**2:.1f}", "within"),
        word(LEFT, 138, "between", "between", "start"),
        word((edge + RIGHT) / 2, 138, "within schools", "within"),
        word(RIGHT, 180, "variance of exam scores", anchor="end"),
    )


def icc(m: Material) -> Picture:
    edge = LEFT + m.icc * (RIGHT - LEFT)
    return picture(
        f"A bar of the whole variance: the part between schools is {m.icc:.0%} of it.",
        _bar(m),
        ruler(LEFT, edge, 62, "between"),
        ruler(LEFT, RIGHT, 132, "ink"),
        word(LEFT, 46, f"ρ = {m.icc:.2f}".replace("0.", "."), "between", "start"),
        word((LEFT + RIGHT) / 2, 152, "all the variance", "ink"),
        word((edge + RIGHT) / 2, 62, "within schools", "within"),
        word(LEFT, 184, f"{m.tau**2:.1f} / ({m.tau**2:.1f} + {m.sigma**2:.1f})", anchor="start"),
    )


def design_effect(m: Material) -> Picture:
    x, y = scale(0, 100, 44, 310), scale(0, 20, 164, 24)
    n = np.array([1.0, 100.0])
    mean = float(m.shrunk["n"].mean())
    effect = 1 + (mean - 1) * m.icc
    return picture(
        f"The design effect rises in a straight line with the size of the groups; with "
        f"{mean:.0f} pupils a school and an ICC of {m.icc:.2f} it is {effect:.1f}.",
        line(44, 164, 310, 164, "context"),
        line(44, 24, 44, 164, "context"),
        [word(38, y(t) + 4, str(t), anchor="end") for t in (1, 10, 20)],
        [word(x(t), 182, str(t)) for t in (1, 50, 100)],
        curve([x(v) for v in n], [y(1 + (v - 1) * m.icc) for v in n], "between"),
        line(x(mean), 164, x(mean), y(effect), "rule"),
        dot(x(mean), y(effect), "between", 5),
        word(x(mean) - 10, y(effect) - 8, f"{effect:.1f} at n = {mean:.0f}", "between", "end"),
        word(52, 34, "design effect", "between", "start"),
        word(310, 197, "pupils in a school", anchor="end"),
    )


def effective_n(m: Material) -> Picture:
    total = int(m.shrunk["n"].sum())
    worth = total / (1 + (m.shrunk["n"].mean() - 1) * m.icc)
    side = 150.0
    small = side * np.sqrt(worth / total)
    return picture(
        f"A large square stands for {total:,} pupils, a small one, drawn to scale, for the "
        f"{worth:.0f} independent pupils that they are worth.",
        box(40, 24, side, side, "outline", "context"),
        box(40, 24 + side - small, small, small, "fill", "between"),
        word(202, 44, f"{total:,} pupils", "ink", "start"),
        word(202, 62, f"in {len(m.shrunk)} schools", "muted", "start"),
        line(40 + small + 4, 24 + side - small / 2, 196, 24 + side - small / 2, "between"),
        word(202, 24 + side - small / 2 + 4, f"worth {worth:.0f}", "between", "start"),
        word(202, 24 + side - small / 2 + 22, "independent ones", "muted", "start"),
    )


def latent_icc(_: Material) -> Picture:
    x = scale(-6, 6, LEFT, RIGHT)
    grid = np.linspace(-6, 6, 120)
    density = np.exp(-grid) / (1 + np.exp(-grid)) ** 2
    places, top = [x(v) for v in grid], 118 - 340 * density
    right = grid >= 0.8
    one, residual = 1.0, np.pi**2 / 3
    edge = LEFT + (RIGHT - LEFT) * one / (one + residual)
    return picture(
        "A logistic curve cut at a threshold into 0 and 1; below it a bar of its variance, π²/3, "
        "beside a between-group variance of 1.",
        area(np.array(places)[right], top[right], 118, "within"),
        curve(places, top, "within"),
        line(LEFT, 118, RIGHT, 118, "context"),
        line(x(0.8), 14, x(0.8), 118, "fixed"),
        word(x(0.8) + 6, 24, "1", "ink", "start"),
        word(x(0.8) - 6, 24, "0", "ink", "end"),
        box(LEFT, 140, edge - LEFT, 22, "fill", "between"),
        hatched(edge, 140, RIGHT - edge, 22),
        word(LEFT, 180, "σ_u² = 1", "between", "start"),
        word((edge + RIGHT) / 2, 180, "π²/3, of every logit model", "within"),
    )


def median_odds_ratio(_: Material) -> Picture:
    sd = 1.0
    ratio = float(np.exp(0.6744897501960817 * np.sqrt(2) * sd))
    x = scale(-3.2, 3.2, LEFT, RIGHT)
    grid = np.linspace(-3.2, 3.2, 80)
    places, top = [x(v) for v in grid], 126 - 86 * np.exp(-((grid / sd) ** 2) / 2)
    half = np.log(ratio) / 2
    return picture(
        "Groups scattered on the log-odds axis with standard deviation 1: two drawn at random lie, "
        f"in the median, a factor of {ratio:.2f} in odds apart.",
        area(places, top, 126, "between"),
        curve(places, top, "between"),
        line(LEFT, 126, RIGHT, 126, "context"),
        dot(x(-half), 126, "between", 6),
        dot(x(half), 126, "between", 6),
        ruler(x(-half), x(half), 148, "ink"),
        word(170, 170, f"odds differ by a factor of {ratio:.2f}", "ink"),
        word(RIGHT, 192, "log-odds of groups, σ_u = 1", anchor="end"),
    )


PICTURES = {
    "grand-mean": grand_mean,
    "random-effect": random_effect,
    "between-variance": between,
    "within-variance": within,
    "variance-component": component,
    "icc": icc,
    "design-effect": design_effect,
    "effective-n": effective_n,
    "latent-icc": latent_icc,
    "median-odds-ratio": median_odds_ratio,
}
