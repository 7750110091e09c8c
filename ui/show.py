"""A figure with its alternative text and its table twin; a table with aligned figures.

The only module of `ui` that hands plotly figures to Streamlit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from figures.style import Scheme

_CONFIG = {"displayModeBar": False, "scrollZoom": False}
_WALL = 1.75


def scheme() -> Scheme:
    """Return "dark" or "light", as the reader sees the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def figure(fig: go.Figure, *, alt: str, table: pd.DataFrame, key: str) -> None:
    """Show `fig` at the fixed height of its layout.

    `alt` states the finding in a sentence, computed from the data; `table` holds what is
    drawn, for readers who cannot see or point, and opens below the figure.
    """
    if not alt.strip():
        raise ValueError(f"the figure {key!r} has no alternative text: say what it shows")
    if st.session_state.get("presenting"):
        fig = _enlarged(fig)
    st.plotly_chart(fig, key=key, theme=None, config=_CONFIG, alt=alt)
    with st.expander("The same as a table"):
        st.dataframe(table, hide_index=True, key=f"{key}.table")


def _enlarged(fig: go.Figure) -> go.Figure:
    """A copy for the wall: type and height grow as a rem does in presenter view."""
    size = fig.layout.template.layout.font.size
    return type(fig)(fig).update_layout(font_size=_WALL * size, height=_WALL * fig.layout.height)


def table(frame: pd.DataFrame) -> None:
    """Show a small table as text: numbers already formatted, aligned to the right."""
    heads = [str(column) for column in frame.columns]
    align = [":--"] + ["--:"] * (len(heads) - 1)
    rows = [heads, align, *([str(cell) for cell in row] for row in frame.itertuples(index=False))]
    st.markdown("\n".join("| " + " | ".join(row) + " |" for row in rows))
