"""A target to reach on the stage: checked, naming what is still missing, with three hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from ui import store
from ui.record import Puzzle


@dataclass(frozen=True)
class Condition:
    """One part of the target: whether it is met, and what to say while it is not."""

    met: bool
    otherwise: str


def pose(
    name: str, goal: str, conditions: Sequence[Condition], hints: Sequence[str], done: str
) -> None:
    """Show the goal, the first unmet condition or `done`, and hints one at a time."""
    state = store.current().puzzles.get(name, Puzzle())
    unmet = next((condition for condition in conditions if not condition.met), None)
    if unmet is None and not state.solved:
        store.puzzle(name, replace(state, solved=True))
        st.rerun()
    st.markdown(f"**Make it so.** {goal}")
    with st.container(key=f"status-{name.replace('.', '-')}"):
        if unmet is None:
            st.markdown(f"**Done.** {done}")
        else:
            st.markdown(f"Not yet{' this time' if state.solved else ''}: {unmet.otherwise}")
    for i, hint in enumerate(hints[: state.hints], 1):
        st.markdown(f"Hint {i}. {hint}")
    if unmet is not None and state.hints < len(hints):
        st.button(
            f"Hint {state.hints + 1} of {len(hints)}",
            key=f"hint.{name}",
            type="tertiary",
            on_click=store.puzzle,
            args=(name, replace(state, hints=state.hints + 1)),
        )
