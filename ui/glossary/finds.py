"""Everything the search can find: terms, pages with their questions and steps, labs, datasets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import datasets
from figures.terms import PICTURES
from ui.frame import Contents, Entry
from ui.glossary import Term, catalogue
from ui.glossary.material import material
from ui.glossary.symbol import html, typed
from ui.labs import LABS

Find = dict[str, object]
_PAGES = Path(__file__).parents[2] / "pages"
_SPOKEN = {"title", "header", "subheader", "step"}


def terms(contents: Contents) -> list[Find]:
    """Every term by name, with its picture, and the lessons among `contents` that use it."""
    titles = {entry.path: entry.title for group in contents.values() for entry in group}
    by_name = sorted(catalogue().items(), key=lambda item: item[1].name.lower())
    return [_term(key, term, titles) for key, term in by_name]


def _term(key: str, term: Term, titles: dict[str, str]) -> Find:
    return {
        "key": key,
        "name": term.name,
        "symbol": html(term.symbol),
        "typed": typed(term.symbol),
        "meaning": term.meaning,
        "sentence": term.sentence,
        "also": [[name, tradition] for name, tradition in term.also.items()],
        "see": list(term.see),
        "lessons": [[path, titles[path]] for path in term.lessons if path in titles],
        "picture": _drawn(term.picture),
    }


@cache
def _drawn(picture: str) -> str:
    return PICTURES[picture](material()).svg()


def pages(contents: Contents) -> list[Find]:
    """Every page of the course with what it is and the words it is divided by."""
    return [
        {
            "path": entry.path,
            "name": entry.title,
            "kind": f"lesson in {part}" if entry.tasks else "page",
            "words": spoken(entry),
        }
        for part, group in contents.items()
        for entry in group
    ]


@cache
def spoken(entry: Entry) -> tuple[str, ...]:
    """Titles, headings and steps of a page as its file has them."""
    source = (_PAGES / f"{entry.file}.py").read_text(encoding="utf-8")
    return tuple(_headings(ast.parse(source)))


def _headings(page: ast.Module) -> Iterator[str]:
    for node in ast.walk(page):
        match node:
            case ast.Call(
                func=ast.Attribute(attr=name), args=[ast.Constant(value=str(text)), *_]
            ) if name in _SPOKEN:
                yield unescape(text)


@cache
def data() -> list[Find]:
    """Every bundled dataset."""
    shelf = [datasets.load(name) for name in datasets.names()]
    return [{"key": one.name, "name": one.title, "story": one.story} for one in shelf]


def labs() -> list[Find]:
    """Every lab with what it is for and its steps."""
    return [
        {
            "key": lab.name,
            "name": lab.title,
            "purpose": lab.purpose,
            "steps": [step.title for step in lab.steps],
        }
        for lab in LABS.values()
    ]
