"""What lessons share besides questions and pictures: steps, parts, the last lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from html import escape

import streamlit as st

from datasets import Case, Dataset
from ui import gap, store
from ui.pause import head_start
from ui.turns import turn


def step(title: str, heading: str = "") -> None:
    """Begin a step of the lesson: in presenter view each has the screen to itself.

    Its heading is the element that marks where it begins. Streamlit's own headings take four times
    as long as any other text whenever something on the page changes.
    """
    titles: list[str] = st.session_state.setdefault("steps", [])
    if titles:
        head_start("step")
    if title not in titles:  # it is there when its part is drawn again
        titles.append(title)
    mark = f'class="step step-{titles.index(title) + 1}"'
    st.html(f"<h2 {mark}>{escape(heading)}</h2>" if heading else f"<span {mark}></span>")


def part(draw: Callable[[], None]) -> None:
    """Draw a part of a page, here and again by itself whenever a control in it moves.

    For what nothing outside of it depends on: the rest of the page is then neither run nor sent.
    An answer that is given in a part shows elsewhere, too, and so runs the whole page.
    """

    @st.fragment
    @wraps(draw)
    def drawn() -> None:
        if store.changed():
            st.rerun()
        with turn(), st.container(key=f"part-{draw.__name__.replace('_', '-')}"):
            draw()

    drawn()


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
    step("take away", "Take away")
    kept = "\n".join(f"{i}. {line}" for i, line in enumerate(lines, 1))
    st.markdown(
        f"{kept}\n\n**What it cannot do.** {limits}\n\n**Where opinions differ.** {opinions}"
    )
    with st.expander("References"):
        st.markdown("\n".join(f"- {source}" for source in sources))
