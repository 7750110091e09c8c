"""Small tables of what is known of a learner's data; text is escaped here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


@dataclass(frozen=True)
class Column:
    """What stands over a column, and its `kind`: `num` for figures, `muted` for an aside."""

    head: str = ""
    kind: str = ""


def tag(name: str, *parts: str, kind: str = "", **attributes: object) -> Markup:
    """An element around text and markup, `tag("code", "lrt")`; its `kind` is its class."""
    given = {"class": kind, **attributes} if kind else attributes
    said = "".join(f' {key}="{escape(str(value))}"' for key, value in given.items())
    inner = "".join(part if isinstance(part, Markup) else escape(part) for part in parts)
    return Markup(f"<{name}{said}>{inner}</{name}>")


def ticked(text: str) -> Markup:
    """Text with `names` in it, which are set as code."""
    parts = text.split("`")
    return Markup(
        "".join(tag("code", part) if i % 2 else escape(part) for i, part in enumerate(parts))
    )


def show(columns: Sequence[Column], rows: Iterable[Sequence[str]], caption: str = "") -> None:
    """Show `html(columns, rows, caption)`; it scrolls where it is wider than the page."""
    table = html(columns, rows, caption)
    st.html(tag("div", table, kind="desk scroll", tabindex=0))


def html(columns: Sequence[Column], rows: Iterable[Sequence[str]], caption: str = "") -> Markup:
    """A table; a row's first cell is its head, and the only cell of a row spans all columns."""
    parts = [tag("caption", caption)] if caption else []
    if any(each.head for each in columns):
        heads = (tag("th", each.head, kind=each.kind) for each in columns)
        parts.append(tag("thead", tag("tr", *heads)))
    return tag("table", *parts, tag("tbody", *(_row(columns, row) for row in rows)))


def _row(columns: Sequence[Column], row: Sequence[str]) -> Markup:
    if len(row) == 1:
        return tag("tr", tag("th", row[0], kind="muted", colspan=len(columns)))
    head, *cells = row
    kinds = (each.kind for each in columns[1:])
    cells = [tag("td", cell, kind=kind) for cell, kind in zip(cells, kinds, strict=True)]
    return tag("tr", tag("th", head), *cells)
