"""Numbers and lists as a sentence writes them: true minus signs, words up to twelve, ordinals."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SMALL = tuple("no one two three four five six seven eight nine ten eleven twelve".split(" "))
_TENS = tuple("ten twenty thirty forty fifty sixty seventy eighty ninety".split(" "))
_ORDINAL = tuple("zeroth first second third fourth fifth sixth seventh eighth ninth".split(" "))
_GREEK = dict(
    zip(
        "alpha beta gamma delta theta lambda mu rho sigma tau infty times le ge".split(" "),
        "αβγδθλμρστ∞×≤≥",
        strict=True,
    )
)


def fixed(value: float, digits: int = 2) -> str:
    """`value` with `digits` decimals and a true minus sign, never "−0.00"."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def cell(value: object) -> str:
    """A cell of a small table: text as it is, numbers with two decimals."""
    return fixed(value) if isinstance(value, float) else str(value)


def share(value: float, digits: int = 2) -> str:
    """A number below one in size as tables print it: `.29`, `−.61`."""
    text = fixed(value, digits)
    return (
        text.replace("0.", ".", 1)
        if abs(value) < 1 and float(f"{abs(value):.{digits}f}") < 1
        else text
    )


def percent(value: float, digits: int = 0) -> str:
    return f"{fixed(100 * value, digits)} %"


def chance(p: float) -> str:
    """A p-value as a sentence has it: `p = .066`, `p < .001`."""
    return "p < .001" if p < 0.001 else f"p = {share(p, 3)}"


def words(number: int) -> str:
    """A count in words where prose would spell it: up to twelve, and round tens below 100."""
    if 0 <= number < len(_SMALL):
        return _SMALL[number]
    if number < 100 and number % 10 == 0:
        return _TENS[number // 10 - 1]
    return f"{number:,}"


def ordinal(number: int) -> str:
    return _ORDINAL[number] if number < len(_ORDINAL) else nth(number)


def nth(number: int) -> str:
    """An ordinal in figures, as beside others: `2nd`, `11th`."""
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def listing(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(number: int, noun: str) -> str:
    """`one hint`, `two hints`."""
    return f"{words(number)} {noun}{'' if number == 1 else 's'}"


def literal(text: str) -> str:
    """`text` that may hold anything, for Markdown: nothing in it is read as markup."""
    return re.sub(r"([\\`*_{}\[\]()<>#+.!|~$:&-])", r"\\\1", " ".join(text.split()))


def sentence(text: str) -> str:
    """`text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def plain(text: str) -> str:
    """Markdown and short formulas as plain text, σ for its TeX name: `**No** σ_u` as `No σ_u`."""
    text = re.sub(r"\$([^$]*)\$", lambda formula: _spoken(formula[1]), text)
    text = re.sub(r"</?[a-z][^>]*>", "", text)
    text = re.sub(r"(\*\*?)(\S(?:.*?\S)?)\1", r"\2", text)
    return " ".join(text.split())


def _spoken(formula: str) -> str:
    formula = re.sub(r"\\hat\s*\{?(\w)\}?", "\\1\u0302", formula)
    formula = re.sub(r"\\bar\s*\{?(\w)\}?", "\\1\u0304", formula)
    formula = re.sub(r"\\([a-z]+)", lambda name: _GREEK.get(name[1], name[1]), formula)
    return re.sub(r"\\.|[{}]", "", formula).replace("^2", "²")
