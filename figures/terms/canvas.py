"""A small picture in the margin, drawn as SVG: marks in the colour of what they mean, and words.

A mark is a kind (stroke, fill, tint, ring, word) and a meaning (`figures.style`, or ink, muted,
rule); both are CSS classes, so that one drawing serves light and dark. `x_j` in a word is set as
a symbol with an index. Lengths are in units of the view box, 340 by 200.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike

WIDTH, HEIGHT = 340, 200
_SYMBOL = re.compile(r"([A-Za-zα-ω])_(\w+?)(?=[²\W]|$)|([α-ω])")


@dataclass(frozen=True)
class Picture:
    """Marks in the order in which they are drawn, and what they show in a sentence."""

    marks: tuple[str, ...]
    alt: str

    def svg(self) -> str:
        return (
            f'<svg class="fig" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-label="{escape(self.alt)}">{"".join(self.marks)}</svg>'
        )


def picture(alt: str, *marks: str | Iterable[str]) -> Picture:
    """A picture of single marks and groups of marks."""
    flat = [m for mark in marks for m in ([mark] if isinstance(mark, str) else mark)]
    return Picture(tuple(flat), alt)


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Data from `low` to `high` to places from `start` to `end`."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def line(x1: float, y1: float, x2: float, y2: float, meaning: str = "rule") -> str:
    return f'<path class="stroke {meaning}" d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}"/>'


def curve(x: ArrayLike, y: ArrayLike, meaning: str) -> str:
    """A line through many points."""
    return f'<path class="stroke {meaning}" d="{_through(x, y)}"/>'


def area(x: ArrayLike, y: ArrayLike, base: float, meaning: str) -> str:
    """The tinted area between a curve and a level line."""
    x = np.asarray(x, dtype=float)
    ends = f"L{_n(x[-1])} {_n(base)}L{_n(x[0])} {_n(base)}Z"
    return f'<path class="tint {meaning}" d="{_through(x, y)}{ends}"/>'


def band(x: ArrayLike, low: ArrayLike, high: ArrayLike, meaning: str) -> str:
    """The tinted area between two curves."""
    back = _through(np.asarray(x)[::-1], np.asarray(high)[::-1]).replace("M", "L", 1)
    return f'<path class="tint {meaning}" d="{_through(x, low)}{back}Z"/>'


def box(x: float, y: float, width: float, height: float, kind: str, meaning: str) -> str:
    size = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
    return f'<rect class="{kind} {meaning}" {size}/>'


def hatched(x: float, y: float, width: float, height: float, meaning: str = "within") -> list[str]:
    """A bar of slanted strokes: what lies within groups."""
    strokes = []
    for start in np.arange(x - height, x + width, 6.0):
        left, right = max(start, x), min(start + height, x + width)
        if right - left > 0.5:
            strokes.append(
                line(left, y + height - (left - start), right, y + start + height - right, meaning)
            )
    return [*strokes, box(x, y, width, height, "outline", meaning)]


def dot(x: float, y: float, meaning: str = "between", r: float = 4.5) -> str:
    return f'<circle class="fill {meaning}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}"/>'


def ring(x: float, y: float, meaning: str = "within", r: float = 3.5) -> str:
    return f'<circle class="ring {meaning}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}"/>'


def ellipse(x: float, y: float, rx: float, ry: float, turn: float, kind: str, meaning: str) -> str:
    place = f'rx="{_n(rx)}" ry="{_n(ry)}" transform="translate({_n(x)} {_n(y)}) rotate({_n(turn)})"'
    return f'<ellipse class="{kind} {meaning}" {place}/>'


def diamond(x: float, y: float, meaning: str = "predicted", r: float = 5.5) -> str:
    path = f"M{_n(x)} {_n(y - r)}L{_n(x + r)} {_n(y)}L{_n(x)} {_n(y + r)}L{_n(x - r)} {_n(y)}Z"
    return f'<path class="fill {meaning}" d="{path}"/>'


def arrow(x1: float, y1: float, x2: float, y2: float, meaning: str = "ink") -> list[str]:
    """A line with a head at its second end."""
    along = np.array([x2 - x1, y2 - y1]) / np.hypot(x2 - x1, y2 - y1)
    aside = np.array([-along[1], along[0]])
    corners = [np.array([x2, y2]) - 7 * along + side * 3.2 * aside for side in (-1, 1)]
    head = "".join(f"L{_n(px)} {_n(py)}" for px, py in corners)
    shaft = line(x1, y1, x2 - 4 * along[0], y2 - 4 * along[1], meaning)
    return [shaft, f'<path class="fill {meaning}" d="M{_n(x2)} {_n(y2)}{head}Z"/>']


def ruler(x1: float, x2: float, y: float, meaning: str) -> list[str]:
    """A measured length with a tick at each end."""
    ends = [line(x, y - 5, x, y + 5, meaning) for x in (x1, x2)]
    return [line(x1, y, x2, y, f"{meaning} heavy"), *ends]


def word(x: float, y: float, text: str, meaning: str = "muted", anchor: str = "middle") -> str:
    """Text with its base line at `y`; `σ_u` is a symbol with an index."""
    place = f'x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"'
    return f'<text class="word {meaning}" {place}>{_SYMBOL.sub(_set, escape(text))}</text>'


def signed(value: float, digits: int = 1) -> str:
    """A number with a true minus sign."""
    return f"{value:.{digits}f}".replace("-", "−")


def _set(symbol: re.Match[str]) -> str:
    letter, index, alone = symbol.groups()
    if alone:
        return f'<tspan class="symbol">{alone}</tspan>'
    return (
        f'<tspan class="symbol">{letter}</tspan><tspan class="index" dy="3">{index}</tspan>'
        '<tspan dy="-3">&#8203;</tspan>'
    )


def _through(x: ArrayLike, y: ArrayLike) -> str:
    points = zip(np.asarray(x, dtype=float), np.asarray(y, dtype=float), strict=True)
    return "M" + "L".join(f"{_n(px)} {_n(py)}" for px, py in points)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
