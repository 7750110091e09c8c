"""What is usually done next, in words; one click takes the step."""

from __future__ import annotations

import streamlit as st

from ui.prose import literal
from ui.workbench import desk, survey
from workbench.files import Table
from workbench.plan import Request, Suggestion, suggest

_LAST = "desk.suggestion"


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
    kept = desk.models(table.digest)
    key = (table.digest, request, tuple(each.name for each in kept))
    last: tuple[tuple[object, ...], Suggestion] | None = st.session_state.get(_LAST)
    if last is None or last[0] != key:
        last = (
            key,
            suggest(
                table.dataset, request, [each.fit for each in kept], survey.of(table).candidates
            ),
        )
        st.session_state[_LAST] = last
    return last[1]
