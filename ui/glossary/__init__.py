"""The terms of the course: read from `terms.toml`, linked from lessons, found by their synonyms.

symbol     a term's symbol as it is shown and as it is typed
finds      everything the search can find
browse     the page
material   the fits that the pictures are drawn from
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

__all__ = ["Term", "catalogue", "term"]


@dataclass(frozen=True)
class Term:
    """One entry: a sentence, a symbol in the colour of `meaning`, names in other traditions.

    `also` gives each synonym the tradition that uses it; `see` names other entries, `lessons` the
    pages that use the term, `picture` one of `figures.terms`.
    """

    name: str
    sentence: str
    picture: str
    see: tuple[str, ...]
    lessons: tuple[str, ...]
    also: Mapping[str, str]
    symbol: str = ""
    meaning: str = field(default="context")


@cache
def catalogue() -> Mapping[str, Term]:
    text = (Path(__file__).parent / "terms.toml").read_text(encoding="utf-8")
    return {
        key: Term(**{**entry, "see": tuple(entry["see"]), "lessons": tuple(entry["lessons"])})
        for key, entry in tomllib.loads(text).items()
    }


def term(key: str, text: str = "") -> str:
    """A link in Markdown to the entry `key`, shown as `text`, with its sentence at hand."""
    entry = catalogue()[key]
    return f'[{text or entry.name}](glossary?term={key} "{entry.sentence}")'
