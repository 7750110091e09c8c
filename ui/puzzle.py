"""A target to reach on the stage: checked, naming what is still missing, with three hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from ui import address, key, store, variant
from ui.prose import plain
from ui.record import Puzzle, short


@dataclass(frozen=True)
class Condition:
    """One part of the target: whether it is met, and what to say while it is not."""

    met: bool
    otherwise: str


def pose(
    name: str,
    goal: str,
    conditions: Sequence[Condition],
    hints: Sequence[str],
    done: str,
    *,
    answer: str = "",
) -> None:
    """Show the goal, the first unmet condition or `done`, and hints one at a time.

    `answer` says in the key where the handles have to go; the settings that solve the puzzle
    are remembered. Where answers are hidden, the picture that a link brought does not count: it
    must be moved.
    """
    st.markdown(f"**Make it so.** {goal}")
    if key.shown():
        st.markdown("\n".join(f"{i}. {hint}" for i, hint in enumerate(hints, 1)))
        key.answer(answer or hints[-1])
        return
    task = variant.task(name)
    state = store.shown().puzzles.get(task, Puzzle())
    asked = replace(state, goal=short(plain(goal)))
    unmet = next((condition for condition in conditions if not condition.met), None)
    untouched = not state.solved and _untouched(f"first.{task}", conditions)
    if unmet is None and not state.solved and not untouched:
        settings = address.settings()
        kept = settings if short(settings) == settings else ""
        store.puzzle(task, replace(asked, solved=True, settings=kept))
        st.rerun()
    with st.container(key=f"status-{name.replace('.', '-')}"):
        if untouched:
            st.markdown("Not tried yet: move the picture above.")
        elif unmet is None:
            st.markdown(f"**Done.** {done}")
        else:
            st.markdown(f"Not yet{' this time' if state.solved else ''}: {unmet.otherwise}")
    for i, hint in enumerate(hints[: state.hints], 1):
        st.markdown(f"Hint {i}. {hint}")
    if (unmet is not None or untouched) and state.hints < len(hints):
        st.button(
            f"Hint {state.hints + 1} of {len(hints)}",
            key=f"hint.{task}",
            type="tertiary",
            on_click=store.puzzle,
            args=(task, replace(asked, hints=state.hints + 1)),
        )


def _untouched(name: str, conditions: Sequence[Condition]) -> bool:
    """Whether answers are hidden and nothing has changed since the puzzle was first seen."""
    if not store.hidden() or st.session_state.setdefault(name, conditions) == conditions:
        return store.hidden()
    st.session_state[name] = None
    return False
