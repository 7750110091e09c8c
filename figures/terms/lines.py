"""Lines of an outcome on a predictor: in groups, within and between them, over time."""

import numpy as np

from figures.terms.canvas import (
    Picture,
    curve,
    diamond,
    dot,
    ellipse,
    line,
    picture,
    ring,
    scale,
    word,
)
from figures.terms.material import Material

X = scale(-30, 30, 30, 290)
Y = scale(-26, 30, 176, 16)
LOW, HIGH = -29.0, 29.0


def _straight(a: float, b: float, meaning: str) -> str:
    """The line a + b x over the reading scores."""
    return line(X(LOW), Y(a + b * LOW), X(HIGH), Y(a + b * HIGH), meaning)


def _schools(m: Material, family: str, every: int = 4, meaning: str = "between thin") -> list[str]:
    return [_straight(a, b, meaning) for a, b in m.lines(family)[::every]]


def _mean(m: Material, family: str) -> tuple[float, float]:
    estimate = getattr(m.families, family).coefficients["estimate"]
    return float(estimate.iloc[0]), float(estimate.iloc[1])


def _axes() -> list[str]:
    return [
        line(30, 180, 290, 180, "context"),
        word(290, 196, "reading score at 11", anchor="end"),
        word(30, 14, "exam score at 16", anchor="start"),
    ]


def multilevel(m: Material) -> Picture:
    a, b = _mean(m, "coefficients")
    return picture(
        "Pupils as rings, lines of schools, and the thick line of all schools.",
        _axes(),
        [ring(X(u), Y(v), "within", 2.6) for u, v in m.pupils],
        _schools(m, "coefficients", 8),
        _straight(a, b, "fixed"),
        word(294, Y(a + b * 29) + 4, "all", "fixed", "start"),
        word(340, 30, "schools", "between", "end"),
        word(200, 168, "pupils", "within", "start"),
    )


def fixed_part(m: Material) -> Picture:
    a, b = _mean(m, "coefficients")
    return picture(
        "The grey lines of schools and the thick line that is the same for all of them.",
        _axes(),
        _schools(m, "coefficients", meaning="context"),
        _straight(a, b, "fixed"),
        word(X(4), Y(-19), f"β_0 + β_1 x, slope {b:.2f}", "fixed", "start"),
    )


def intercept(m: Material) -> Picture:
    a, b = _mean(m, "intercepts")
    return picture(
        "Parallel lines of schools above and below the thick line: only their heights differ.",
        _axes(),
        _schools(m, "intercepts"),
        _straight(a, b, "fixed"),
        word(X(6), Y(-19), "different heights, one slope", "between", "start"),
    )


def slope(m: Material) -> Picture:
    a, b = _mean(m, "coefficients")
    return picture(
        "Lines of schools that differ in height and in slope about the thick line of all.",
        _axes(),
        _schools(m, "coefficients"),
        _straight(a, b, "fixed"),
        word(X(2), Y(-19), "different heights and slopes", "between", "start"),
    )


def covariance(m: Material) -> Picture:
    effects = next(iter(m.families.coefficients.ranef.values())).iloc[:, :2].to_numpy()
    x, y = scale(-9, 9, 50, 310), scale(-0.36, 0.36, 176, 20)
    unit = np.array([x(1) - x(0), y(1) - y(0)])
    spread = np.diag(unit) @ m.covariance @ np.diag(unit)
    values, vectors = np.linalg.eigh(spread)
    turn = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
    r = m.covariance[0, 1] / np.sqrt(m.covariance[0, 0] * m.covariance[1, 1])
    return picture(
        "The schools’ intercepts and slopes as a cloud in a tilted ellipse: at this origin higher "
        f"schools are steeper, with a correlation of {r:.2f}.",
        line(50, y(0), 310, y(0), "rule"),
        line(x(0), 20, x(0), 176, "rule"),
        [
            ellipse(
                x(0), y(0), k * values[1] ** 0.5, k * values[0] ** 0.5, turn, "stroke", "between"
            )
            for k in (1, 2)
        ],
        [diamond(x(u), y(v), r=3) for u, v in effects],
        word(x(0) + 4, 16, "steeper", "muted", "start"),
        word(310, y(0) - 6, "higher", "muted", "end"),
        word(52, 34, "1 SD and 2 SD", "between", "start"),
    )


def variance_function(m: Material) -> Picture:
    x = np.linspace(-29, 29, 60)
    v = m.covariance
    sd2 = v[0, 0] + 2 * v[0, 1] * x + v[1, 1] * x**2
    y = scale(0, 36, 168, 24)
    low = int(np.argmin(sd2))
    return picture(
        f"The variance between schools over the reading score is a parabola: {sd2[0]:.0f} at the "
        f"left, {sd2[low]:.1f} at its lowest, {sd2[-1]:.0f} at the right.",
        line(30, 168, 290, 168, "context"),
        curve([X(u) for u in x], [y(u) for u in sd2], "between"),
        dot(X(x[low]), y(sd2[low]), "between"),
        word(X(x[low]), y(sd2[low]) + 18, f"{sd2[low]:.1f}", "between"),
        word(X(-29), y(sd2[0]) - 8, f"{sd2[0]:.0f}", "between", "start"),
        word(294, y(sd2[-1]) + 4, f"{sd2[-1]:.0f}", "between", "start"),
        word(30, 30, "variance between schools", "between", "start"),
        [word(X(t), 184, f"{t:+d}".replace("-", "−")) for t in (-20, 20)],
        word(290, 198, "reading score", anchor="end"),
    )


def _centring(own: bool) -> list[str]:
    """Three groups of units about lines of one slope; origins at their own means, or at one."""
    centres = ((85, 128), (160, 98), (240, 66))
    marks = []
    for cx, cy in centres:
        marks.append(line(cx - 42, cy + 22, cx + 42, cy - 22, "within" if own else "context"))
        marks += [
            ring(cx + dx, cy - 0.52 * dx + dy, "within" if own else "context", 3)
            for dx, dy in ((-34, -7), (-20, 10), (-6, -9), (8, 7), (22, -8), (35, 8))
        ]
        if own:
            marks += [line(cx, 30, cx, 168, "ink dotted"), word(cx, 184, "0", "ink")]
    if not own:
        middle = sum(cx for cx, _ in centres) / 3
        marks += [line(middle, 30, middle, 168, "ink dotted"), word(middle, 184, "0", "ink")]
    return [line(30, 168, 310, 168, "context"), *marks, word(310, 197, "x", anchor="end")]


def grand_centring(_: Material) -> Picture:
    return picture(
        "Three groups of units with one origin, at the mean of all units.",
        _centring(own=False),
        word(34, 18, "one origin for all", "ink", "start"),
    )


def group_centring(_: Material) -> Picture:
    return picture(
        "Three groups of units, each with an origin of its own at the mean of the group.",
        _centring(own=True),
        word(34, 18, "each group its own origin", "within", "start"),
    )


def cross_level(_: Material) -> Picture:
    left, right = 40, 270
    marks = []
    for w, start, end in ((1, 150, 44), (0, 158, 126)):
        marks += [line(left, start + d / 3, right, end + d, "context") for d in (-12, 10)]
        marks += [
            line(left, start, right, end, "fixed"),
            word(right + 8, end + 4, f"w = {w}", "fixed", "start"),
        ]
    return picture(
        "Two thick lines: the slope on x is steep for groups with w = 1 and gentle for groups with "
        "w = 0.",
        line(left, 176, right, 176, "context"),
        marks,
        word(right, 194, "x, of units", anchor="end"),
        word(left, 24, "w, of groups, changes the slope", "ink", "start"),
    )


CENTRES = (-8.0, 0.0, 8.0)


def _split(within: float, between: float, focus: str) -> list[str]:
    """Three groups: lines within, the line through their means, and the contextual step."""
    x, y = scale(-16, 16, 34, 300), scale(-14, 14, 178, 18)
    inside = "within" if focus in ("within", "both") else "context"
    across = "between" if focus in ("between", "both") else "context"
    marks = [line(34, 182, 300, 182, "rule")]
    for c in CENTRES:
        marks.append(
            line(
                x(c - 5), y(between * c - 5 * within), x(c + 5), y(between * c + 5 * within), inside
            )
        )
        marks += [
            ring(x(c + dx), y(between * c + within * dx + dy), inside, 2.8)
            for dx, dy in (
                (-4, 1.5),
                (-2.2, -1.6),
                (-0.8, 1.9),
                (1.4, -1.7),
                (2.6, 1.6),
                (4.2, -1.2),
            )
        ]
    marks.append(line(x(-14), y(-14 * between), x(14), y(14 * between), across))
    marks += [dot(x(c), y(between * c), across, 5.5) for c in CENTRES]
    return marks


def within(m: Material) -> Picture:
    return picture(
        f"Three groups with lines of their own slope, {m.within:.2f} exam points per reading point "
        "within schools; the line through the group means is grey.",
        _split(m.within, m.between, "within"),
        word(196, 160, f"within: {m.within:.2f}", "within", "start"),
    )


def between(m: Material) -> Picture:
    return picture(
        f"A line through the means of three groups, {m.between:.2f} exam points per reading point "
        "between schools; the lines within groups are grey.",
        _split(m.within, m.between, "between"),
        word(196, 160, f"between: {m.between:.2f}", "between", "start"),
    )


def rewb(m: Material) -> Picture:
    return picture(
        f"Lines within three groups with slope {m.within:.2f}, and the line through the group "
        f"means with slope {m.between:.2f}: two coefficients of one model.",
        _split(m.within, m.between, "both"),
        word(40, 34, f"between: {m.between:.2f}", "between", "start"),
        word(40, 52, f"within: {m.within:.2f}", "within", "start"),
    )


def contextual(m: Material) -> Picture:
    x, y = scale(-12, 12, 34, 300), scale(-10, 10, 178, 18)
    w, b = m.within, 2 * m.between  # drawn steeper, so that the step can be seen
    at, start = 6.0, -6.0
    marks = []
    for c, name in ((start, "group A"), (at, "group B")):
        marks.append(line(x(c - 6), y(b * c / 2 - 6 * w), x(c + 6), y(b * c / 2 + 6 * w), "within"))
        marks.append(dot(x(c), y(b * c / 2), "between", 5.5))
        marks.append(word(x(c), y(b * c / 2) + (26 if c > 0 else -16), name, "between"))
    low, high = y(b * start / 2 + w * (0 - start)), y(b * at / 2 + w * (0 - at))
    return picture(
        "Two pupils with the same reading score, one in a school with a lower and one in a school "
        "with a higher mean: the step between their lines is the contextual effect.",
        line(34, 182, 300, 182, "rule"),
        marks,
        line(x(0), low, x(0), high, "fixed"),
        ring(x(0), low, "within", 4.5),
        ring(x(0), high, "within", 4.5),
        word(x(0) + 9, (low + high) / 2 + 4, "same x, another group", "fixed", "start"),
        word(300, 197, "x", anchor="end"),
    )


def ecological(_: Material) -> Picture:
    return picture(
        "The line through three group means rises, and within every group the line falls.",
        _split(-0.7, 0.85, "between"),
        word(40, 34, "means rise", "between", "start"),
        word(300, 168, "people fall", "muted", "end"),
    )


def atomistic(_: Material) -> Picture:
    return picture(
        "Within every group the line falls, and the line through the three group means rises.",
        _split(-0.7, 0.85, "within"),
        word(300, 168, "people fall", "within", "end"),
        word(40, 34, "means rise", "muted", "start"),
    )


def growth(m: Material) -> Picture:
    x, y = scale(0, 9, 40, 290), scale(200, 440, 168, 22)
    a, b = (float(v) for v in m.days.coefficients["estimate"])
    people = next(iter(m.days.ranef.values())).iloc[:, :2].to_numpy()
    return picture(
        f"The lines of {len(people)} people over ten days of short sleep, spreading out, and the "
        f"mean line, which rises by {b:.0f} milliseconds a day.",
        line(40, 168, 290, 168, "context"),
        [line(x(0), y(a + u), x(9), y(a + u + 9 * (b + v)), "between thin") for u, v in people],
        line(x(0), y(a), x(9), y(a + 9 * b), "fixed"),
        [word(x(t), 185, str(t)) for t in (0, 3, 6, 9)],
        word(40, 16, "reaction time, ms", anchor="start"),
        word(290, 199, "days", anchor="end"),
        word(294, y(a + 9 * b) + 4, "mean", "fixed", "start"),
    )


def singular(_: Material) -> Picture:
    along = np.array([-1.7, -1.2, -0.7, -0.4, -0.1, 0.2, 0.5, 0.9, 1.3, 1.8])
    return picture(
        "The ellipse of intercepts and slopes has collapsed to a line: a correlation of exactly 1.",
        line(30, 100, 310, 100, "rule"),
        line(170, 16, 170, 184, "rule"),
        ellipse(170, 100, 130, 44, -28, "dashed", "context"),
        line(170 - 118, 100 + 63, 170 + 118, 100 - 63, "between"),
        [diamond(170 + 58 * t, 100 - 31 * t, r=4) for t in along],
        word(310, 94, "intercepts", "muted", "end"),
        word(176, 26, "slopes", "muted", "start"),
        word(200, 176, "correlation 1, no width left", "between", "middle"),
    )


PICTURES = {
    "multilevel": multilevel,
    "fixed-part": fixed_part,
    "random-intercept": intercept,
    "random-slope": slope,
    "intercept-slope-covariance": covariance,
    "variance-function": variance_function,
    "grand-mean-centring": grand_centring,
    "group-mean-centring": group_centring,
    "cross-level-interaction": cross_level,
    "within-effect": within,
    "between-effect": between,
    "rewb": rewb,
    "contextual-effect": contextual,
    "ecological-fallacy": ecological,
    "atomistic-fallacy": atomistic,
    "growth-curve": growth,
    "singular-fit": singular,
}
