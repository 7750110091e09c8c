"""The learner's record, kept in the browser's own storage.

The server holds the record for as long as a session lives; a hidden component writes every
change to `localStorage` and hands the saved record back to a session that has none yet
(after a reload, a lost connection, a restart of the server). Records change in callbacks
only, which run before the page, so that `sync` always sees the newest one.

In presenter view, and with `answers=hidden` in the address, a page shows only what was answered
or opened in this visit, which is a record of its own (`shown`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from ui import address, assets
from ui.pause import pause
from ui.record import LARGEST, Check, Prediction, Puzzle, Record
from ui.saved import RecordError, parse

_KEY, _NEW, _OFFERED, _DRAWN = "record", "answered", "offered", "drawn"
_DRAFTS = (
    *("check.", "pick.", "placed.", "places.", "sure.", "why.", "missing.", "first."),
    "found.",  # what a lab shows of a step
)
COOKIE = "multilevel-lab"  # set by a browser that has a record
HAND_OVER = 5.0  # seconds that it has to hand it over


def current() -> Record:
    """Everything the learner has answered."""
    return _kept(_KEY)


def shown() -> Record:
    """What a page may show of it: all, or where answers are hidden, what belongs to this visit."""
    return _kept(_NEW if hidden() else _KEY)


def hidden() -> bool:
    """Whether answers wait to be asked for: in presenter view, or because the address says so."""
    asked = address.choice("answers", ("shown", "hidden"), "shown") == "hidden"
    return asked or bool(st.session_state.get("presenting"))


def covered(name: str) -> bool:
    """Whether `name` was answered before this visit, and the page does not show it."""
    return any(
        name in answered and name not in seen
        for answered, seen in zip(_sections(current()), _sections(shown()), strict=True)
    )


def cover() -> None:
    """Begin a visit: nothing of it is answered yet, and nothing lies half filled in."""
    st.session_state[_NEW] = Record()
    for key in [key for key in st.session_state if str(key).startswith(_DRAFTS)]:
        del st.session_state[key]


def uncover(name: str) -> None:
    """Show the answer to `name` for this visit."""
    one = Record(*({name: part[name]} if name in part else {} for part in _sections(current())))
    st.session_state[_NEW] = _kept(_NEW).merged(one)


def predict(name: str, prediction: Prediction) -> None:
    _change(lambda record: record.with_prediction(name, prediction))


def reconsider(name: str) -> None:
    _change(lambda record: record.without_prediction(name))


def check(name: str, given: Check) -> None:
    _change(lambda record: record.with_check(name, given))


def puzzle(name: str, state: Puzzle) -> None:
    """Keep how far a puzzle has come; what was reached in an earlier visit is not lost."""

    def further(record: Record) -> Record:
        before = record.puzzles.get(name, Puzzle())
        kept = before if before.solved else state
        return record.with_puzzle(name, replace(kept, hints=max(before.hints, state.hints)))

    _change(further)


def _kept(key: str) -> Record:
    record = st.session_state.get(key)
    return record if isinstance(record, Record) else Record()


def _sections(record: Record) -> tuple[dict[str, Any], ...]:
    return record.predictions, record.checks, record.puzzles


def _replace(record: Record) -> None:
    st.session_state[_KEY] = record


def _change(step: Callable[[Record], Record]) -> None:
    """Take a step both in the record and in what belongs to this visit."""
    for key in (_KEY, _NEW):
        st.session_state[key] = step(_kept(key))


def load(saved: object) -> None:
    """Take over a saved record; what was answered in this session is kept beside it.

    Raises `RecordError` for a damaged one, and then changes nothing.
    """
    both = current().merged(parse(saved))
    if len(json.dumps(both.dump())) > LARGEST:
        raise RecordError("together with what is here it would be more than a browser keeps")
    _replace(both)


def changed() -> bool:
    """Whether something was answered since the whole page was last drawn."""
    drawn = st.session_state.get(_DRAWN, ())
    return any(old is not new for old, new in zip(drawn, _state(), strict=False))


def _state() -> tuple[object, object]:
    return st.session_state.get(_KEY), st.session_state.get(_NEW)


def erase() -> None:
    _replace(Record())
    cover()


def sync() -> str | None:
    """Mount the hidden component; return a notice if the browser's copy was unreadable.

    What the browser handed over is not sent back to it before it changes. Where a cookie says that
    it has a record, nothing is drawn before that is here.
    """
    st.session_state[_DRAWN] = _state()
    record = st.session_state.get(_KEY)
    known = isinstance(record, Record)
    assets.store(
        key="storage",
        data={
            "known": known,
            "record": current().dump() if record is not st.session_state.get(_OFFERED) else None,
            "refused": bool(st.session_state.get("storage_refused")),
        },
        on_saved_change=_take_over,
    )
    announced = st.context.cookies.get(COOKIE) == "kept"
    if announced and not known and "awaited" not in st.session_state:
        st.session_state["awaited"] = True
        pause(HAND_OVER)
    notice = st.session_state.pop("storage_notice", None)
    return notice if isinstance(notice, str) else None


def _take_over() -> None:
    saved = st.session_state["storage"].get("saved")
    if saved is None:
        return
    first = _KEY not in st.session_state
    try:
        load(saved)
        if first:
            st.session_state[_OFFERED] = current()
    except RecordError as error:
        _replace(current())
        st.session_state["storage_refused"] = True
        st.session_state["storage_notice"] = (
            "The answers saved in this browser could not be read, so this visit starts afresh. "
            f"They are kept aside, not deleted ({error})."
        )
