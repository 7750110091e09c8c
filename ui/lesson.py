"""What lessons share besides questions and pictures: a place for the answer, the last lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from datasets import Case, Dataset
from ui import frame, gap


def step(title: str) -> None:
    """Begin a step of the lesson: in presenter view each has the screen to itself."""
    titles: list[str] = st.session_state.setdefault("steps", [])
    if titles:
        frame.head_start()
    titles.append(title)
    st.html(f'<span class="step step-{len(titles)}"></span>')


def suspect(guess: Sequence[str], *, orders: Mapping[str, Sequence[str]], right: str) -> str | None:
    """Return the misconception whose order a ranking follows most closely; None for `right`."""
    nearest = gap.strategy(guess, orders)
    return None if nearest == right else nearest


def story(data: Dataset | Case) -> None:
    """What the data are, and that they are simulated where they are."""
    simulated = " **Simulated for teaching:** nothing here is a finding about real people."
    st.markdown(data.story + (simulated if data.synthetic else ""))


def take_away(lines: Sequence[str], *, limits: str, opinions: str, sources: Sequence[str]) -> None:
    """Three lines to keep, what the method cannot do, where opinions differ, references."""
    st.header("Take away", anchor=False)
    st.markdown("\n".join(f"{i}. {line}" for i, line in enumerate(lines, 1)))
    st.markdown(f"**What it cannot do.** {limits}")
    st.markdown(f"**Where opinions differ.** {opinions}")
    with st.expander("References"):
        st.markdown("\n".join(f"- {source}" for source in sources))
