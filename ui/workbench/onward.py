"""What is usually done next, in words; one click takes the step."""

from __future__ import annotations

import streamlit as st

from ui.prose import literal
from ui.workbench import desk, kept, survey
from workbench.files import Table
from workbench.plan import Request, Suggestion, suggest


def show(table: Table, request: Request) -> None:
    found = _of(table, request)
    st.markdown(f"**Next, usually.** {literal(found.words)}")
    if found.request is not None and found.request != request:
        st.button(
            "Take this step",
            on_click=desk.put,
            args=(found.request,),
            key="desk.next",
            type="tertiary",
        )


def _of(table: Table, request: Request) -> Suggestion:
    """The suggestion, worked out again when the model or the models fitted so far are others."""
    models = desk.models(table.digest)
    fits = [each.fit for each in models]
    return kept.last(
        "desk.suggestion",
        (table.digest, request, [each.name for each in models]),
        lambda: suggest(table.dataset, request, fits, survey.of(table).candidates),
    )
