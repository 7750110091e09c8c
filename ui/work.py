"""The learner's record shown, taken over from a file, erased."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ui import prose, show, store
from ui.record import RecordError


def summary() -> None:
    """A row for each lesson that has been touched."""
    record = store.current()
    lessons = sorted(
        {name.partition(".")[0] for name in (*record.predictions, *record.checks, *record.puzzles)}
    )
    if not lessons:
        st.markdown("So far there is nothing here: your first prediction will be.")
        return

    def count(names: object, lesson: str) -> int:
        return sum(str(name).startswith(f"{lesson}.") for name in names)  # type: ignore[attr-defined]

    locked = [name for name, each in record.predictions.items() if not each.skipped]
    solved = [name for name, each in record.puzzles.items() if each.solved]
    show.table(
        pd.DataFrame(
            {
                "lesson": [prose.sentence(lesson) for lesson in lessons],
                "predictions locked": [count(locked, lesson) for lesson in lessons],
                "questions answered": [count(record.checks, lesson) for lesson in lessons],
                "puzzles solved": [count(solved, lesson) for lesson in lessons],
            }
        )
    )


def upload() -> None:
    """Take over a saved file; a damaged one is named and changes nothing."""
    st.file_uploader(
        "Load work saved here before", type="json", key="work.file", on_change=_take_over
    )
    problem = st.session_state.pop("work.problem", None)
    if problem:
        st.error(f"Nothing was changed: {problem}.")
    elif st.session_state.get("work.file") is not None:
        st.success("Loaded. What you had answered in this visit was kept.")


def _take_over() -> None:
    file = st.session_state["work.file"]
    if file is None:
        return
    try:
        store.load(file.getvalue().decode("utf-8"))
    except RecordError as error:
        st.session_state["work.problem"] = str(error)
    except UnicodeDecodeError:
        st.session_state["work.problem"] = "the file is not one that was saved here: it is not text"


def erase() -> None:
    """Erase everything, after a second click."""
    if st.checkbox("I want to erase all my answers in this browser", key="work.sure"):
        st.button("Erase them", on_click=store.erase, key="work.erase")
