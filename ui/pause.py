"""A run of the page that waits for the browser."""

from __future__ import annotations

from time import monotonic, sleep

import streamlit as st

from ui.turns import aside

_HELD = "held"


def pause(seconds: float) -> None:
    """Hold this run; one that the browser asks for meanwhile begins at once in its place."""
    end = monotonic() + seconds
    with aside():
        while (left := end - monotonic()) > 0:
            sleep(min(left, 0.05))
            _ = st.session_state["visit"]  # where Streamlit turns to the run that was asked for


def hold_rest(seconds: float) -> None:
    """Have what follows the next picture wait: see `head_start`."""
    st.session_state[_HELD] = seconds


def head_start() -> None:
    """Let the browser draw what came so far before the rest is sent, where that was asked for.

    It draws in one piece what it is sent at once, and the seventy elements of a lesson take it
    several times as long as the picture that somebody waits for.
    """
    if seconds := st.session_state.pop(_HELD, 0.0):
        pause(seconds)
