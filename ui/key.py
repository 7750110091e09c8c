"""The key: each lesson with its answers, for a code. A view of its own, asked for by the address.

In this view every prediction is open to its end, and nothing is written to the record.
"""

from __future__ import annotations

import streamlit as st

from ui import variant

VIEW = "key"


def shown() -> bool:
    return st.query_params.get("view") == VIEW


def heading() -> None:
    """Say what this view is, above the lesson."""
    code = variant.code()
    which = f"for the code **{code}**" if code else "for the tasks without a code"
    st.markdown(
        f"> **The key** {which}. Anyone who knows the code can make it: it saves you marking, and "
        "keeps no secret. Nothing on this page is written to anybody’s record."
    )
    st.page_link("pages/reference/work.py", label="Leave the key")


def answer(text: str) -> None:
    """The answer to the task above; nothing outside this view."""
    if shown():
        st.markdown(f"> **Key.** {text}")
