"""A printed table beside its reproduction, digit under digit, with a badge that is computed.

    beside.show("school-ols")

Every row is two lines, what the lecture printed and what the data on this page give; digits that
differ are underlined. What is refitted, and why some figures may not agree, is in
`ui.reproduced` and `datasets.tables`.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

import streamlit as st

from datasets import Comparison, load
from datasets.tables import minus
from ui.reproduced import reproduced

SYNTHETIC = "The data are synthetic, calibrated to this table: nothing in them is a finding."


def show(name: str) -> None:
    """Show the printed table called `name` and what its dataset gives."""
    st.html(html(name))


@lru_cache(maxsize=32)
def html(name: str) -> str:
    """The badge, the table, what printed it, and why some figures do not agree."""
    found = reproduced(name)
    table = found.table
    heads = "".join(f"<th scope=col>{escape(each.label)}</th>" for each in table.columns.values())
    lines = "".join(row(found, key) for key in table.rows)
    notes = [f"Where they differ: {found.why.rstrip('.')}."] if found.why else []
    notes += [SYNTHETIC] if load(table.dataset).synthetic else []
    said = "".join(f"<p class=note>{escape(note)}</p>" for note in notes)
    return (
        f'<div class="beside"><p class=title>{escape(table.title)}</p>{badge(found)}'
        f'<div class=scroll tabindex=0 role=region aria-label="{escape(table.title)}"><table>'
        f"<thead><tr><td></td><td></td>{heads}</tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
        f"<p class=note>Printed by <code>{escape(table.command)}</code>. "
        f"{escape(table.source)}.</p>{said}</div>"
    )


def badge(found: Comparison) -> str:
    """A tick where every figure agrees, an open ring where some do not."""
    sign, kind = ("✓", "all") if found.agrees else ("○", "some")
    text = escape(f"{found.badge[:1].upper()}{found.badge[1:]}.")
    return f'<p class="badge {kind}"><span aria-hidden=true>{sign}</span>{text}</p>'


def row(found: Comparison, key: str) -> str:
    """Two lines of the table: printed above, computed below."""
    table = found.table
    line = table.rows[key]
    names = {place: name for name, place in table.cells.items()}
    above, below = "", ""
    for column in table.columns:
        text, name = minus(table.text(key, column)), names.get((key, column))
        mine = minus(found.figures[name].text) if name else ""
        above += f"<td>{escape(text)}</td>"
        below += f"<td>{marked(mine, text)}</td>"
    head = f"<th scope=row rowspan=2>{escape(line.label)}</th>"
    return (
        f"<tr class=printed>{head}<td class=which>printed</td>{above}</tr>"
        f"<tr class=here><td class=which>here</td>{below}</tr>"
    )


def marked(mine: str, printed: str) -> str:
    """The computed digits; from the first that differs from the printed one, underlined."""
    if not mine or mine == printed:
        return escape(mine)
    same = next(
        (k for k, (a, b) in enumerate(zip(mine, printed, strict=False)) if a != b),
        min(len(mine), len(printed)),
    )
    return f"{escape(mine[:same])}<u>{escape(mine[same:])}</u>"
