"""Controls bound to the address bar. The key is the name in the address; bad values are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from datasets import case
from ui import address
from ui.pause import hold_rest

_CHOSEN, _RUNNING, _MOVED = "chosen", "running", "moved"
FRAMES = 0.06  # seconds


def choose(
    key: str,
    label: str,
    options: Mapping[str, str],
    *,
    default: str | None = None,
    labelled: bool = True,
    leaves: Sequence[str] = (),
) -> str:
    """A choice between a few options, `{value: text}`; the value stands in the address.

    The label is for the ear only where it is not `labelled`. Names that it `leaves` are taken out
    of the address when another option is chosen: handles in the units of the data shown before.
    """
    values = list(options)
    first = default or values[0]
    # Said in every run: what one run says is lost if the next begins before it was sent.
    st.session_state[key] = st.session_state.get(key) or address.choice(key, values, first)
    seen: Literal["visible", "collapsed"] = "visible" if labelled else "collapsed"

    def leave() -> None:
        address.put(**dict.fromkeys(leaves))
        st.session_state[_MOVED] = key

    if len(values) <= 4:
        chosen = st.segmented_control(
            label,
            values,
            format_func=options.__getitem__,
            key=key,
            required=True,
            label_visibility=seen,
            on_change=leave,
        )
    else:
        chosen = st.selectbox(
            label,
            values,
            format_func=options.__getitem__,
            key=key,
            width=400,
            label_visibility=seen,
            on_change=leave,
        )
    _picture_first(key)
    address.put(**{key: None if chosen == first else chosen})
    return chosen or first


def _picture_first(key: str) -> None:
    """What follows the picture of the control that was just moved waits for two frames."""
    if st.session_state.get(_MOVED) == key:
        del st.session_state[_MOVED]
        hold_rest(FRAMES, after="picture")


def dataset(names: Sequence[str], *, leaves: Sequence[str] = ()) -> str:
    """Which of these cases, by title, under `data` in the address; `leaves` as in `choose`."""
    titles = {name: case(name).title for name in names}
    return choose("data", "Dataset", titles, leaves=leaves, labelled=False)


def slider(
    key: str, label: str, *, low: float, high: float, step: float, default: float, unit: str = ""
) -> float:
    """A number on a scale; a value from a link comes back to the nearest allowed one."""
    known = st.session_state.get(key)
    st.session_state[key] = (
        address.number(key, low=low, high=high, step=step, default=default)
        if known is None
        else known
    )

    def move() -> None:
        st.session_state[_MOVED] = key

    shown = f"%g {unit}".rstrip()
    chosen = float(st.slider(label, low, high, step=step, key=key, format=shown, on_change=move))
    _picture_first(key)
    address.put(**{key: None if chosen == default else chosen})
    return chosen


def hold(key: str, value: object) -> None:
    """Let a control show `value`, whatever it showed.

    What is set is sent to the browser. In a run that a choice began only what the choice changes
    is: the rest would undo another one that was made meanwhile. In any other run all is, since what
    the run before said may never have been sent.
    """
    known = key in st.session_state and st.session_state[key] == value
    if not (known and st.session_state.get(_CHOSEN)):
        st.session_state[key] = value


def chosen() -> None:
    """Say in a callback that a choice begins this run."""
    st.session_state[_CHOSEN] = True


def begin() -> None:
    """Begin a run of the page; of one that was cut short nobody knows what was sent."""
    if st.session_state.get(_RUNNING):
        st.session_state[_CHOSEN] = False
    st.session_state[_RUNNING] = True


def end() -> None:
    """A run has come to its end."""
    st.session_state[_RUNNING] = st.session_state[_CHOSEN] = False
