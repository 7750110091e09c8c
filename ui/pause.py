"""A run of the page that waits for the browser."""

from __future__ import annotations

from time import monotonic, sleep

import streamlit as st


def pause(seconds: float) -> None:
    """Hold this run; one that the browser asks for meanwhile begins at once in its place."""
    end = monotonic() + seconds
    while monotonic() < end:
        sleep(0.05)
        _ = st.session_state["visit"]  # where Streamlit turns to the run that was asked for
