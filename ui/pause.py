"""A run of the page that waits for the browser."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Literal

import streamlit as st

from ui.turns import aside

Place = Literal["picture", "step"]
_HELD = "held"


def pause(seconds: float) -> None:
    """Hold this run; one that the browser asks for meanwhile begins at once in its place."""
    end = monotonic() + seconds
    with aside():
        while (left := end - monotonic()) > 0:
            sleep(min(left, 0.05))
            st.session_state.get("visit")  # where Streamlit turns to the run that was asked for


def hold_rest(seconds: float, *, after: Place) -> None:
    """Have the rest of the page wait after its next picture, or after its first step."""
    st.session_state[_HELD] = (after, seconds)


def head_start(here: Place) -> None:
    """Let the browser draw what came so far before the rest is sent, if that was asked for here.

    It draws in one piece what it is sent at once, and the seventy elements of a lesson take it
    several times as long as the picture that somebody waits for.
    """
    after, seconds = st.session_state.get(_HELD, ("step", 0.0))
    if seconds and here in (after, "step"):
        st.session_state[_HELD] = ("step", 0.0)
        pause(seconds)
