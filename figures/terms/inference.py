"""Estimates and their uncertainty: likelihood hills, tests, intervals, averages over groups."""

import numpy as np
from scipy.special import expit
from scipy.stats import chi2, norm, t

from figures.terms.canvas import (
    Picture,
    area,
    arrow,
    box,
    curve,
    dot,
    line,
    picture,
    ring,
    ruler,
    scale,
    word,
)
from figures.terms.material import Material
from mlcore.arrays import Array


def _hill(m: Material, focus: str) -> tuple[float, list[str]]:
    """The deviance over the SD between people, by ML, REML or both, and where it is lowest."""
    x, y = scale(m.hill.sd[0], m.hill.sd[-1], 40, 300), scale(0, 12, 158, 26)
    marks = [line(40, 168, 300, 168, "context")]
    for name, values in (("ML", m.hill.ml), ("REML", m.hill.reml)):
        shown = values < 12
        places, heights = [x(v) for v in m.hill.sd[shown]], [y(v) for v in values[shown]]
        marks.append(curve(places, heights, "ink" if name == focus else "context"))
    low = float(m.hill.sd[{"ML": m.hill.ml, "REML": m.hill.reml}[focus].argmin()])
    marks += [line(x(low), 158, x(low), 168, "between"), dot(x(low), y(0), "between", 5)]
    said = [
        word(170, 40, f"deviance by {focus}", "ink"),
        word(170, 60, f"lowest at σ_u = {low:.1f}"),
    ]
    return low, [*marks, *said, word(300, 190, "σ_u, in milliseconds", "between", "end")]


def ml(m: Material) -> Picture:
    low, marks = _hill(m, "ML")
    other, _ = _hill(m, "REML")
    return picture(
        f"The deviance over the spread between people, by maximum likelihood: lowest at {low:.1f}, "
        f"a little left of REML’s {other:.1f}, in grey.",
        marks,
    )


def reml(m: Material) -> Picture:
    low, marks = _hill(m, "REML")
    other, _ = _hill(m, "ML")
    return picture(
        f"The deviance over the spread between people, by REML: lowest at {low:.1f}, a little "
        f"right of maximum likelihood’s {other:.1f}, in grey.",
        marks,
    )


def deviance(m: Material) -> Picture:
    x, y = scale(m.hill.sd[0], m.hill.sd[-1], 40, 300), scale(0, 12, 158, 26)
    shown = m.hill.ml < 12
    low = float(m.hill.sd[m.hill.ml.argmin()])
    at = 52.0
    higher = float(np.interp(at, m.hill.sd, m.hill.ml))
    return picture(
        f"The deviance as a valley over the spread between people, lowest at {low:.1f}; at "
        f"{at:.0f} it is {higher:.1f} higher.",
        line(40, 168, 300, 168, "context"),
        line(x(low), y(0), x(at), y(0), "rule"),
        curve([x(v) for v in m.hill.sd[shown]], [y(v) for v in m.hill.ml[shown]], "ink"),
        line(x(at), y(0), x(at), y(higher), "ink heavy"),
        dot(x(low), y(0), "between", 5),
        word(x(at) + 7, y(higher / 2) + 4, f"{higher:.1f} worse", "ink", "start"),
        word(x(low), y(0) - 14, f"best, {low:.1f}", "between"),
        word(170, 40, "deviance", "ink"),
        word(300, 190, "σ_u, in milliseconds", "between", "end"),
    )


def lr(_: Material) -> Picture:
    x, y = scale(0, 6, 60, 310), scale(0, 0.62, 164, 24)
    grid = np.linspace(0.12, 6, 90)
    height = chi2.pdf(grid, 1) / 2
    critical = float(chi2.ppf(0.90, 1))
    tail = grid >= critical
    places = np.array([x(v) for v in grid])
    tops = np.array([y(v) for v in height])
    return picture(
        "The null distribution for one variance: half of it stands at 0, the other half is a "
        f"chi-squared curve; 5 % lies beyond {critical:.2f}.",
        line(44, 164, 310, 164, "context"),
        box(56, y(0.5), 8, 164 - y(0.5), "fill", "between"),
        area(places[tail], tops[tail], 164, "within"),
        curve(places, tops, "between"),
        line(x(critical), 118, x(critical), 164, "ink"),
        word(70, y(0.5) + 8, "half stands at 0", "between", "start"),
        word(x(critical), 110, f"5 % beyond {critical:.2f}", "ink"),
        [word(x(v), 181, str(v)) for v in (0, 2, 4, 6)],
        word(310, 197, "LR", anchor="end"),
    )


def degrees(_: Material) -> Picture:
    x, y = scale(-4.5, 4.5, 30, 310), scale(0, 0.42, 158, 30)
    grid = np.linspace(-4.5, 4.5, 120)
    places = [x(v) for v in grid]
    few = t.pdf(grid, 4)
    wide, narrow = float(t.ppf(0.975, 4)), float(norm.ppf(0.975))
    return picture(
        f"A t distribution with 4 degrees of freedom has heavier tails than the normal curve: its "
        f"95 % limits lie at {wide:.2f} instead of {narrow:.2f}.",
        line(30, 158, 310, 158, "context"),
        curve(places, [y(v) for v in norm.pdf(grid)], "context"),
        curve(places, [y(v) for v in few], "ink"),
        line(x(wide), 146, x(wide), 164, "ink"),
        line(x(narrow), 146, x(narrow), 164, "context"),
        word(x(wide), 180, f"{wide:.2f}", "ink"),
        word(x(narrow) - 4, 180, f"{narrow:.2f}", "muted"),
        word(x(2.0), 112, "ν = 4", "ink", "start"),
        word(x(0.9), 50, "ν = ∞, normal", "muted", "start"),
    )


def robust(m: Material) -> Picture:
    g = m.boys
    reach = 1.96 * max(g.plain, g.robust)
    x = scale(min(0, g.estimate - 1.25 * reach), g.estimate + 1.25 * reach, 40, 310)
    marks = []
    for y, name, se, meaning in (
        (76, "as if independent", g.plain, "context"),
        (136, "cluster-robust", g.robust, "ink"),
    ):
        marks += [
            *ruler(x(g.estimate - 1.96 * se), x(g.estimate + 1.96 * se), y, meaning),
            dot(x(g.estimate), y, "fixed", 5.5),
            word(
                40,
                y - 20,
                f"{name}, SE {se:.2f}",
                "muted" if meaning == "context" else "ink",
                "start",
            ),
        ]
    return picture(
        f"One coefficient, {g.estimate:.2f}, with two intervals: the standard error is "
        f"{g.plain:.2f} as if pupils were independent, {g.robust:.2f} cluster-robust.",
        line(x(g.estimate), 30, x(g.estimate), 160, "rule"),
        marks,
        word(310, 186, "boys’ school against mixed, exam points", anchor="end"),
    )


def hausman(_: Material) -> Picture:
    marks = []
    for y, at, reach, name, meaning in (
        (66, 214, 44, "within (FE)", "within"),
        (118, 132, 26, "random effects (RE)", "fixed"),
    ):
        marks += [*ruler(at - reach, at + reach, y, meaning), dot(at, y, meaning, 5.5)]
        marks.append(word(40, y - 16, name, meaning, "start"))
    return picture(
        "The within estimate with a wide interval and the random-effects estimate with a narrow "
        "one; the test asks whether the gap between them is more than chance.",
        marks,
        line(214, 66, 214, 152, "rule"),
        line(132, 118, 132, 152, "rule"),
        ruler(132, 214, 152, "ink"),
        word(173, 176, "more than chance?", "ink"),
    )


def power(_: Material) -> Picture:
    x, y = scale(-3.2, 6, 30, 314), scale(0, 0.42, 150, 34)
    grid = np.linspace(-3.2, 6, 140)
    places = np.array([x(v) for v in grid])
    effect, critical = 2.8, float(norm.ppf(0.975))
    null, true = norm.pdf(grid), norm.pdf(grid, effect)
    beyond = grid >= critical
    share = float(norm.sf(critical - effect))
    tops = np.array([y(v) for v in true])
    return picture(
        f"Two curves of an estimate in standard errors: without an effect, about 0, and with one "
        f"of {effect}; the power is the {share:.0%} of the second that lies beyond the limit.",
        line(30, 150, 314, 150, "context"),
        area(places[beyond], tops[beyond], 150, "truth"),
        curve(places, [y(v) for v in null], "context"),
        curve(places, tops, "truth"),
        line(x(critical), 24, x(critical), 156, "ink"),
        word(x(critical), 172, f"limit {critical:.2f}", "ink"),
        word(x(-0.2), 22, "no effect", "muted", "middle"),
        word(x(effect) + 8, 22, "true effect", "truth", "start"),
        word(x(effect) + 8, 120, f"power {share:.0%}".replace("%", " %"), "truth"),
        word(314, 192, "estimate, in standard errors", anchor="end"),
    )


def bootstrap(_: Material) -> Picture:
    marks = [box(16, 76, 74, 44, "outline", "ink"), word(53, 102, "fit", "ink")]
    heights = (26, 44, 62, 50, 30, 16)
    for i, y in enumerate((34, 98, 162)):
        marks += [*arrow(92, 98, 128, y, "ink"), box(132, y - 20, 52, 40, "outline", "context")]
        marks += [
            ring(142 + 11 * k, y + (5, -7, 8, -4)[(k + i) % 4], "within", 3) for k in range(4)
        ]
        marks += arrow(186, y, 220, 98 + 0.35 * (y - 98), "ink")
    marks += [box(226 + 16 * i, 140 - h, 14, h, "fill", "predicted") for i, h in enumerate(heights)]
    return picture(
        "From a fit, data sets are drawn; each is fitted, and the estimates make a histogram.",
        marks,
        line(222, 140, 326, 140, "context"),
        word(274, 160, "estimates", "predicted"),
        word(158, 198, "drawn data", "within"),
    )


def ar1(_: Material) -> Picture:
    phi = 0.7
    x, y = scale(0, 8, 50, 300), scale(0, 1, 158, 32)
    bars = []
    for k in range(9):
        bars += [
            line(x(k), 158, x(k), y(phi**k), "within heavy"),
            ring(x(k), y(phi**k), "within", 4),
        ]
    return picture(
        f"The correlation of residuals falls by the factor {phi} with each step apart: 1, {phi}, "
        f"{phi**2:.2f}, {phi**3:.2f} and on.",
        line(40, 158, 310, 158, "context"),
        bars,
        word(x(1) + 9, y(phi) - 2, f"φ = {phi}", "within", "start"),
        word(x(2) + 9, y(phi**2) - 2, f"φ² = {phi**2:.2f}", "within", "start"),
        [word(x(k), 176, str(k)) for k in (0, 2, 4, 6, 8)],
        word(310, 195, "steps apart", anchor="end"),
        word(40, 18, "correlation of residuals", "within", "start"),
    )


SPREAD = 2.0  # between groups, in the three pictures that follow
LOGIT_X, LOGIT_Y = scale(-6, 6, 30, 300), scale(0, 1, 168, 22)
GRID = np.linspace(-6, 6, 60)


def _logit_curve(height: Array, meaning: str) -> str:
    return curve([LOGIT_X(v) for v in GRID], [LOGIT_Y(v) for v in height], meaning)


def _groups(meaning: str) -> list[str]:
    """The curves of nine groups, at equal steps of probability."""
    at = SPREAD * norm.ppf((np.arange(9) + 0.5) / 9)
    return [_logit_curve(expit(GRID + u), meaning) for u in at]


def _average() -> str:
    """The mean curve over all groups, by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(31)
    height = (expit(GRID[:, None] + SPREAD * nodes) * weights).sum(axis=1) / weights.sum()
    return _logit_curve(height, "fixed")


def _unit_axes() -> list[str]:
    ends = [word(24, LOGIT_Y(v) + 4, str(v), anchor="end") for v in (0, 1)]
    return [line(30, 168, 300, 168, "context"), *ends, word(300, 186, "x", anchor="end")]


def conditional(_: Material) -> Picture:
    return picture(
        "Steep logit curves of nine groups side by side; the curve of the median group is heavy.",
        _unit_axes(),
        _groups("between thin"),
        _logit_curve(expit(GRID), "between heavy"),
        word(40, 40, "one curve a group", "between", "start"),
    )


def marginal(_: Material) -> Picture:
    return picture(
        "The average of the steep curves of nine groups is a flatter curve.",
        _unit_axes(),
        _groups("context"),
        _average(),
        word(40, 40, "their average", "fixed", "start"),
    )


def gee(_: Material) -> Picture:
    outcomes = [0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1]
    places = np.linspace(-5.4, 5.6, len(outcomes))
    return picture(
        "One flat curve, the average over groups, through outcomes of 0 and 1: no curve of a group "
        "is estimated.",
        _unit_axes(),
        _average(),
        [
            ring(LOGIT_X(x), LOGIT_Y(y), "within", 3.5)
            for x, y in zip(places, outcomes, strict=True)
        ],
        word(40, 56, "the average alone", "fixed", "start"),
    )


PICTURES = {
    "ml": ml,
    "reml": reml,
    "deviance": deviance,
    "lr-test": lr,
    "degrees-of-freedom": degrees,
    "cluster-robust": robust,
    "hausman": hausman,
    "power": power,
    "parametric-bootstrap": bootstrap,
    "ar1": ar1,
    "conditional-effect": conditional,
    "marginal-effect": marginal,
    "gee": gee,
}
