"""Sentences whose numbers follow the controls: the same template filled in Python and JavaScript.

A template names its quantities in braces, with a format: `{c:1}` has one decimal, `{r:share}` is
written `.50`. `**bold**`, `[between|words]` in the colour of a meaning, and symbols such as `σ_u`,
`u_0` or `σ_e²` are set as such wherever the text appears, in the page or in the picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ui import prose

if TYPE_CHECKING:
    from ui.stage.quantity import Program, Quantity

_FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")
_MARKUP = re.compile(r"\*\*(.+?)\*\*|\[\w+\|(.+?)\]")

FORMATS: Mapping[str, Callable[[float], str]] = {
    **{str(digits): partial(prose.fixed, digits=digits) for digits in range(7)},
    "share": prose.share,
    **{f"share{digits}": partial(prose.share, digits=digits) for digits in range(3, 7)},
    "percent": prose.percent,
    "percent1": lambda v: prose.percent(v, 1),
    "signed": lambda v: ("+" if v > 0 else "") + prose.fixed(v, 0),
    "signed1": lambda v: ("+" if v > 0 else "") + prose.fixed(v, 1),
    "signed2": lambda v: ("+" if v > 0 else "") + prose.fixed(v, 2),
    "count": lambda v: f"{round(v):,}",
    "words": lambda v: prose.words(round(v)),
    "ordinal": lambda v: prose.ordinal(round(v)),
    "nth": lambda v: prose.nth(round(v)),
}


@dataclass(frozen=True)
class Choose:
    """One of several texts, by the whole number `index` (0 for the first)."""

    index: Quantity
    texts: Sequence[str | Text]

    def wire(self, program: Program) -> object:
        return {"pick": program.add(self.index), "of": [_wire(t, program) for t in self.texts]}

    def plain(self, values: Mapping[str, float]) -> str:
        at = int(np.clip(round(float(self.index.evaluate(values))), 0, len(self.texts) - 1))
        chosen = self.texts[at]
        return chosen.plain(values) if isinstance(chosen, Text) else _stripped(chosen)


@dataclass(frozen=True)
class Text:
    """A template and the quantities that it names."""

    template: str
    values: Mapping[str, Quantity | Choose]

    def wire(self, program: Program) -> list[object]:
        """What the browser fills: texts as they are, `{"value": node, "format": name}`."""
        parts: list[object] = []
        end = 0
        for field in _FIELD.finditer(self.template):
            parts.append(self.template[end : field.start()])
            value, form = self.values[field[1]], field[2] or "2"
            parts.append(
                value.wire(program)
                if isinstance(value, Choose)
                else {"value": program.add(value), "format": form}
            )
            end = field.end()
        return [part for part in [*parts, self.template[end:]] if part != ""]

    def plain(self, values: Mapping[str, float]) -> str:
        """The sentence at these controls, without markup, as a screen reader is told it."""

        def filled(field: re.Match[str]) -> str:
            value = self.values[field[1]]
            if isinstance(value, Choose):
                return value.plain(values)
            return FORMATS[field[2] or "2"](float(value.evaluate(values)))

        return _stripped(_FIELD.sub(filled, self.template))


def text(template: str, **values: Quantity | Choose) -> Text:
    """A template with its quantities by name; an unknown name or format is an error here."""
    for name, form in _FIELD.findall(template):
        if name not in values:
            raise ValueError(f"the text {template!r} names {name!r}: give it a quantity")
        if form and form not in FORMATS:
            raise ValueError(f"no format {form!r}; there are {', '.join(FORMATS)}")
    return Text(template, values)


def _wire(words: str | Text, program: Program) -> list[object]:
    return [words] if isinstance(words, str) else words.wire(program)


def _stripped(words: str) -> str:
    before = None
    while before != words:
        before, words = words, _MARKUP.sub(lambda m: m[1] or m[2], words)
    return words.replace("_", "")
