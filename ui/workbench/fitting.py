"""The fit: begun by a button, its progress shown if it takes a while, stopped by another."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from mlcore import MultilevelError
from ui.prose import sentence
from ui.turns import aside
from ui.workbench import desk, fitted, trouble
from ui.workbench.desk import Model
from ui.workbench.draft import Draft
from workbench.files import Table
from workbench.plan import Request

_ASKED = "desk.asked"
PATIENCE = 0.4  # seconds before progress is shown
BREATH = 0.15  # seconds between two reports
SLOW = 2.0  # seconds worth saying beforehand


def show(table: Table, draft: Draft) -> Model | None:
    """The button, and the model on the desk once it is fitted."""
    request = desk.request()
    if request is None:
        return None
    known = desk.model(table.digest, request)
    if known is not None:
        return known
    if st.session_state.get(_ASKED) == request:
        return _fit(table, request)
    if draft.error is not None:
        return None
    st.button("Fit this model", type="primary", on_click=_ask, args=(request,), key="desk.fit")
    for remark in draft.remarks:
        st.caption(f"{sentence(remark).rstrip('.')}.")
    if draft.seconds > SLOW:
        st.caption(f"It will take about {draft.seconds:,.0f} seconds. You can stop it.")
    return None


def _ask(request: Request) -> None:
    st.session_state[_ASKED] = request


def _stop() -> None:
    """The click itself ends the run that fits: nothing of it is kept."""
    st.session_state[_ASKED] = None


def _fit(table: Table, request: Request) -> Model | None:
    place = st.empty()
    begun = told = monotonic()
    bar = None

    def watch(evaluations: int, deviance: float) -> None:
        nonlocal bar, told
        now = monotonic()
        if now - begun < PATIENCE or now - told < BREATH:
            return
        told = now
        text = f"{evaluations:,} evaluations, deviance {deviance:,.2f}"
        if bar is None:
            with place.container():
                bar = st.empty()
                st.button("Stop", on_click=_stop, key="desk.stop")
        bar.progress(1.0 - 0.9 ** (now - begun), text)

    try:
        with aside():
            found = fitted.fit(table, request, watch)
    except MultilevelError as error:
        st.session_state[_ASKED] = None
        place.empty()
        trouble.refusal(error, request, table)
        return None
    st.session_state[_ASKED] = None
    place.empty()
    return desk.keep(table.digest, found)
