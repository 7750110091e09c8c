"""Columns of numbers, and tables of coefficients, as R prints them.

What `format`, `format.pval` and `printCoefmat` do, at the four figures of a summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite

import pandas as pd

from ui.lens.runs import Line, Run, line

LEGEND = "Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1"
CUTS = ((0.001, "***"), (0.01, "**"), (0.05, "*"), (0.1, "."))
SMALL, SMALLEST = 1e-4, 2.220446e-16


def column(values: Sequence[float], figures: int = 4) -> list[str]:
    """As many decimals as the one needs that needs most for `figures`, or powers of ten."""
    if not all(map(isfinite, values)):
        known = iter(column([value for value in values if isfinite(value)], figures))
        return [next(known) if isfinite(value) else "NA" for value in values]
    shown = [Decimal(f"{value:.{figures}g}").normalize() for value in values]
    decimals = max([0, *(len(f"{value:f}".partition(".")[2]) for value in shown)])
    plain = [f"{value:.{decimals}f}" for value in values]
    mantissa = max([0, *(len(value.as_tuple().digits) - 1 for value in shown)])
    powers = [f"{value:.{mantissa}e}" for value in values]
    wide, narrow = (max(map(len, texts), default=0) for texts in (plain, powers))
    return plain if wide <= narrow else powers


def padded(texts: Sequence[str]) -> list[str]:
    width = max(map(len, texts))
    return [text.rjust(width) for text in texts]


def chances(values: Sequence[float], figures: int = 3) -> list[str]:
    """P-values: those from 0.0001 on together, smaller ones together, the smallest as `<2e-16`."""
    groups: tuple[list[int], list[int]] = ([], [])
    for i, p in enumerate(values):
        if p >= SMALLEST:
            groups[p < SMALL].append(i)
    found: dict[int, str] = {}
    for places in groups:
        found.update(zip(places, column([values[i] for i in places], figures), strict=True))
    wide = max(map(len, found.values()), default=99)
    kept = figures - 2 if figures - 2 + 6 <= wide else max(1, wide - 7)
    joint = "" if kept == 1 and (wide <= 6 or not found) else " "
    least = f"<{joint}{SMALLEST:.{kept - 1}e}"
    return [found.get(i, least if isfinite(p) else "NA") for i, p in enumerate(values)]


def stars(values: Sequence[float]) -> list[str]:
    return [next((mark for cut, mark in CUTS if p < cut), "") for p in values]


def coefficients(
    table: pd.DataFrame,
    names: Sequence[str],
    letter: str = "z",
    *,
    tests: bool = True,
    figures: int = 4,
    joint: str = " ",
) -> list[Line]:
    """Estimate, standard error, statistic and p of each row, its numbers tied to its label.

    With the letter W the statistic is Wald's chi-square, as geepack has it. Some packages print
    five `figures`, and write `t-value` with a `joint` of their own.
    """
    numbers = column([*table["estimate"], *table["se"]], figures)
    statistics = column([float(round(z, figures - 1)) for z in table["statistic"]], figures)
    k = len(table)
    wald = letter == "W"
    cells = {
        "Estimate": numbers[:k],
        "Std.err" if wald else "Std. Error": numbers[k:],
        "Wald" if wald else f"{letter}{joint}value": statistics,
    }
    marks = [""] * k
    if tests:
        p = table["p"].tolist()
        cells[f"Pr(>|{letter}|)"], marks = chances(p, figures - 1), stars(p)
    name = max(map(len, names))
    wide = {head: max(len(head), *map(len, texts)) for head, texts in cells.items()}
    star = max(map(len, marks))
    heads = " ".join(head.rjust(wide[head]) for head in cells)
    found = [line(f"{'':{name}} {heads}{' ' * (star + bool(star))}")]
    for i, term in enumerate(map(str, table.index)):
        estimate, se, *rest = (texts[i].rjust(wide[head]) for head, texts in cells.items())
        end = f" {marks[i]:{star}}" if star else ""
        runs = Run(estimate, term), " ", Run(se, term)
        found.append(line(f"{names[i]:{name}} ", *runs, f" {' '.join(rest)}{end}"))
    return [*found, line("---"), line(LEGEND)] if star else found
