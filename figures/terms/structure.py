"""Units in groups as trees and grids: level, group, nested, crossed, ID trap, stratum."""

from figures.terms.canvas import Picture, box, dot, line, picture, ring, word
from figures.terms.material import Material

SCHOOLS = (75, 180, 285)


def _tree(focus: int | None = None) -> list[str]:
    """Three groups with units of their own; one of them in focus, or all."""
    marks = []
    for j, (x, units) in enumerate(zip(SCHOOLS, (4, 3, 5), strict=True)):
        seen = focus in (None, j)
        feet = [x + 20 * (i - (units - 1) / 2) for i in range(units)]
        marks += [line(x, 62, foot, 138, "context") for foot in feet]
        marks += [ring(foot, 140, "within" if seen else "context", 5) for foot in feet]
        marks.append(dot(x, 58, "between" if seen else "context", 9))
    return marks


def level(_: Material) -> Picture:
    return picture(
        "Three schools on level 2, each joined to its own pupils on level 1.",
        _tree(),
        word(170, 32, "level 2: schools", "between"),
        word(170, 172, "level 1: pupils", "within"),
    )


def group(_: Material) -> Picture:
    return picture(
        "One of three schools with its four pupils is outlined: a group.",
        _tree(focus=0),
        '<rect class="outline between" x="28" y="36" width="94" height="122" rx="14"/>',
        word(75, 180, "one group, n_j = 4", "between"),
    )


def nested(_: Material) -> Picture:
    marks = []
    for x, name in ((95, "hospital A"), (245, "hospital B")):
        marks += [line(x, 54, x + dx, 140, "between") for dx in (-34, 34)]
        marks += [dot(x, 50, "between", 9), word(x, 30, name, "between")]
    for x, ward in zip((61, 129, 211, 279), (1, 2, 3, 4), strict=True):
        marks += [ring(x, 142, "within", 6), word(x, 170, f"ward {ward}", "within")]
    return picture("Four wards in two hospitals: every ward hangs on exactly one hospital.", marks)


def crossed(_: Material) -> Picture:
    primaries, secondaries = (60, 115, 170), (90, 170, 250)
    pupils = ((0, 0, 3), (0, 1, 1), (1, 0, 1), (1, 1, 3), (1, 2, 1), (2, 1, 1), (2, 2, 3))
    marks = [word(90 + 80 * j, 24, f"secondary {'ABC'[j]}", "between") for j in range(3)]
    for i, y in enumerate(primaries):
        marks += [
            word(14, y + 4, f"primary {i + 1}", "between", "start"),
            line(80, y, 290, y, "rule"),
        ]
    marks += [line(x + 0, 36, x, 190, "rule") for x in secondaries]
    for i, j, count in pupils:
        marks += [
            ring(secondaries[j] + 11 * (k - (count - 1) / 2), primaries[i], "within", 4.5)
            for k in range(count)
        ]
    return picture(
        "A grid of primary by secondary schools: pupils of one primary school are spread over "
        "several secondary schools.",
        marks,
    )


def id_trap(_: Material) -> Picture:
    marks = []
    for x, name in ((95, "hospital A"), (245, "hospital B")):
        marks += [dot(x, 46, "between", 9), word(x, 26, name, "between")]
        marks += [line(x, 52, ward, 132, "between") for ward in (125, 215)]
    for x, ward in ((125, 1), (215, 2)):
        marks += [ring(x, 136, "within", 7), word(x, 164, f"“ward {ward}”", "within")]
    return picture(
        "Each hospital has a ward 1 and a ward 2 of its own; read by number alone, both hospitals "
        "hang on the same two wards.",
        marks,
        word(170, 190, "four wards, taken for two", "ink"),
    )


def stratum(_: Material) -> Picture:
    rows, columns = ("women", "men"), ("low", "middle", "high")
    marks = [word(100 + 85 * c, 34, name, "muted") for c, name in enumerate(columns)]
    marks.append(word(185, 14, "education", "muted"))
    for r, name in enumerate(rows):
        marks.append(word(48, 86 + 70 * r, name, "muted", "end"))
        for c in range(len(columns)):
            x, y = 60 + 85 * c, 46 + 70 * r
            chosen = (r, c) == (0, 2)
            marks.append(
                box(x, y, 80, 64, "tint" if chosen else "outline", "between" if chosen else "rule")
            )
            if chosen:
                marks.append(box(x, y, 80, 64, "outline", "between"))
            marks += [
                ring(
                    x + 20 + 20 * (k % 3), y + 22 + 20 * (k // 3), "within" if chosen else "context"
                )
                for k in range((5, 6, 4, 6, 5, 3)[3 * r + c])
            ]
    return picture(
        "Women and men by three levels of education make six cells; one cell, women of high "
        "education, is a stratum.",
        marks,
        word(185, 197, "women of high education: one stratum of six", "between"),
    )


PICTURES = {
    "level": level,
    "group": group,
    "nested": nested,
    "crossed": crossed,
    "id-trap": id_trap,
    "maihda-stratum": stratum,
}
