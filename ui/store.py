"""The learner's record, kept in the browser's own storage.

The server holds the record for as long as a session lives; a hidden component writes every
change to `localStorage` and hands the saved record back to a session that has none yet
(after a reload, a lost connection, a restart of the server). Records change in callbacks
only, which run before the page, so that `sync` always sees the newest one.
"""

from __future__ import annotations

import json

import streamlit as st

from ui import assets
from ui.record import LARGEST, Check, Prediction, Puzzle, Record
from ui.saved import RecordError, parse

_KEY = "record"


def current() -> Record:
    record = st.session_state.get(_KEY)
    return record if isinstance(record, Record) else Record()


def _replace(record: Record) -> None:
    st.session_state[_KEY] = record


def predict(name: str, prediction: Prediction) -> None:
    _replace(current().with_prediction(name, prediction))


def reconsider(name: str) -> None:
    _replace(current().without_prediction(name))


def check(name: str, given: Check) -> None:
    _replace(current().with_check(name, given))


def puzzle(name: str, state: Puzzle) -> None:
    _replace(current().with_puzzle(name, state))


def load(saved: object) -> None:
    """Take over a saved record; what was answered in this session is kept beside it.

    Raises `RecordError` for a damaged one, and then changes nothing.
    """
    both = current().merged(parse(saved))
    if len(json.dumps(both.dump())) > LARGEST:
        raise RecordError("together with what is here it would be more than a browser keeps")
    _replace(both)


def erase() -> None:
    _replace(Record())


def sync() -> str | None:
    """Mount the hidden component; return a notice if the browser's copy was unreadable."""
    known = isinstance(st.session_state.get(_KEY), Record)
    assets.store(
        key="storage",
        data={
            "record": current().dump() if known else None,
            "refused": bool(st.session_state.get("storage_refused")),
        },
        on_saved_change=_take_over,
    )
    notice = st.session_state.pop("storage_notice", None)
    return notice if isinstance(notice, str) else None


def _take_over() -> None:
    saved = st.session_state["storage"].get("saved")
    if saved is None:
        return
    try:
        load(saved)
    except RecordError as error:
        _replace(current())
        st.session_state["storage_refused"] = True
        st.session_state["storage_notice"] = (
            "The answers saved in this browser could not be read, so this visit starts afresh. "
            f"They are kept aside, not deleted ({error})."
        )
