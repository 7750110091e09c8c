"""A figure with its alternative text and its table twin; a table with aligned figures.

The only module of `ui` that knows plotly's figures; the browser draws them with `stage/chart.js`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from ui import assets
from ui.pause import head_start

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from figures.style import Scheme


@dataclass(frozen=True)
class Point:
    """A point of a figure: its trace and its place in it, where it lies, the text it carries."""

    trace: int
    index: int
    x: float | str
    y: float | str
    text: str | None = None


def scheme() -> Scheme:
    """Return "dark" or "light", as the reader sees the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def figure(
    fig: go.Figure,
    *,
    alt: str,
    table: pd.DataFrame,
    key: str,
    clicked: Callable[[Point], None] | None = None,
) -> None:
    """Show `fig` at the fixed height of its layout, which is in units of 1/16 rem.

    A figure of the same key is drawn in place of the one before: a zoom and hidden legend
    entries are kept unless the figure sets its own range or another `uirevision`, and what
    has moved moves in 300 ms. `alt` states the finding in a sentence, computed from the data;
    `table` holds what is drawn, for readers who cannot see or point: it opens below the
    figure and is sent then. `clicked` is called with each point that is clicked, before the
    page runs; what it does needs a control as well, for readers who cannot click.
    """
    if not alt.strip():
        raise ValueError(f"the figure {key!r} has no alternative text: say what it shows")

    def report() -> None:
        if clicked is not None:
            clicked(Point(**st.session_state[key]["click"]))

    assets.chart(
        key=key,
        data={"figure": fig.to_json(), "alt": alt, "clicks": clicked is not None},
        on_click_change=report,
    )
    head_start("picture")
    twin = st.expander("The same as a table", key=f"twin.{key}", on_change="rerun")
    if twin.open:  # a table brings a script of its own, and thousands of rows
        twin.dataframe(table, hide_index=True, key=f"{key}.table")


def code(text: str) -> None:
    """Show lines of code or of output, as plain text.

    `st.code` would bring half a megabyte of script for its colours, a third of a first visit.
    """
    st.html(f'<pre class="code" tabindex="0">{escape(text)}</pre>')


def table(frame: pd.DataFrame) -> None:
    """Show a small table as text: numbers already formatted, aligned to the right."""
    heads = [str(column) for column in frame.columns]
    align = [":--"] + ["--:"] * (len(heads) - 1)
    rows = [heads, align, *([str(cell) for cell in row] for row in frame.itertuples(index=False))]
    st.markdown("\n".join("| " + " | ".join(row) + " |" for row in rows))
