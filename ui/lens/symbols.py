"""Pieces of an equation as HTML: symbols in their colours, columns upright, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import isfinite

from ui.lens.parameters import LETTERS, Parameter
from ui.prose import fixed, share


def symbol(text: str, of: str, role: str) -> str:
    """A symbol such as `σ_u0²`, tied to its parameter."""
    letter, _, index = text.rstrip("²").partition("_")
    square = "<sup>2</sup>" if text.endswith("²") else ""
    inner = (
        f'<span class="both">{square}<sub>{index}</sub></span>' if square else f"<sub>{index}</sub>"
    )
    return f'<span data-p="{escape(of)}" class="math {role}"><i>{letter}</i>{inner}</span>'


def of(p: Parameter) -> str:
    return symbol(p.symbol, p.name, p.role)


def number(p: Parameter) -> str:
    text = share(p.estimate) if p.symbol.startswith("ρ") else fixed(p.estimate, digits(p.estimate))
    return f'<span data-p="{escape(p.name)}" class="{p.role}">{text}</span>'


def values(found: Sequence[Parameter]) -> str:
    known = [
        f'<span class="pair">{of(p)} = {number(p)}</span>' for p in found if isfinite(p.estimate)
    ]
    return f' <span class="values">{", ".join(known)}</span>' if known else ""


def digits(value: float) -> int:
    """Decimals that show three figures of it, no more than four."""
    size = abs(value)
    return 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.1 else 4


def column(text: str) -> str:
    """A predictor upright, as in the formula."""
    return f'<span class="column">{escape(text)}</span>'


def indexed(text: str, index: str) -> str:
    return f"{column(text)}<sub>{index}</sub>"


def effect(factor: int, place: int, among: int, index: str) -> str:
    """A group's effect, the first `place` of `among` on this factor."""
    letter = LETTERS[min(factor, len(LETTERS) - 1)]
    place_of = str(place) if among > 1 else ""
    comma = "," if place_of and len(index) > 1 else ""
    both = f"{place_of}{comma}{escape(index)}"
    return f'<span class="math between"><i>{letter}</i><sub>{both}</sub></span>'


def residual(index: str) -> str:
    return hued("e", index, "within")


def hued(letter: str, index: str, role: str) -> str:
    return f'<span class="math {role}"><i>{letter}</i><sub>{index}</sub></span>'


def bar(text: str, index: str) -> str:
    """The mean of a column over the rows of a group."""
    return f'<span class="column mean">{escape(text)}</span><sub>{index}</sub>'


def plain(letter: str, index: str = "") -> str:
    return f'<span class="math"><i>{letter}</i><sub>{index}</sub></span>'
