"""What is worked out from the data, kept so that it is not worked out again in every run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

import datasets
from workbench.files import Table

T = TypeVar("T")


def for_all(table: Table) -> bool:
    """Whether a table is the course's, so that what it gives may be kept for all learners."""
    return table.digest in datasets.names()


def last(name: str, about: object, make: Callable[[], T]) -> T:
    """What was made last under a name, in this session; made again if `about` something else."""
    known: tuple[object, T] | None = st.session_state.get(name)
    if known is None or known[0] != about:
        known = (about, make())
        st.session_state[name] = known
    return known[1]
