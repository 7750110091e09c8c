"""The learner's record shown, saved, taken over from a file, erased; the key made from a code."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import urljoin

import streamlit as st

from ui import frame, key, report, store, variant
from ui.report import Lesson
from ui.saved import RecordError


def _lessons() -> list[Lesson]:
    return [Lesson(entry.path, entry.title, entry.tasks) for entry in frame.lessons()]


def shown() -> None:
    """Everything answered so far, lesson by lesson."""
    if not store.current().lessons:
        st.markdown("So far there is nothing here: your first prediction will be.")
        return
    st.html(f"<style>{report.css()}</style>")
    st.html(report.body(store.current(), _lessons()))


def save() -> None:
    """Two files: one to read and print, one to load again."""
    record = store.current()
    now = datetime.now(UTC)
    home = urljoin(st.context.url or "", ".")
    with st.container(horizontal=True, key="work-save"):
        st.download_button(
            "Save as a page",
            report.page(record, _lessons(), home, f"{now.day} {now:%B %Y}"),
            file_name="multilevel-lab-work.html",
            mime="text/html",
            help="To read, to print, to hand in. It opens in any browser, without a network.",
        )
        st.download_button(
            "Save as a file",
            json.dumps(record.dump(), indent=1),
            file_name="multilevel-lab-work.json",
            mime="application/json",
            help="To load again here or on another machine.",
        )


def upload() -> None:
    """Take over a saved file; a damaged one is named and changes nothing."""
    st.file_uploader(
        "Load work that was saved as a file",
        type="json",
        key="work.file",
        on_change=_take_over,
        width=640,
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


def make_key() -> None:
    """Links to every lesson with its answers, for the code that is typed here."""
    typed = st.text_input(
        "Make the key for a code", key="key.typed", placeholder="such as spring26", width=320
    )
    try:
        code = variant.normal(typed)
    except variant.CodeError as error:
        st.error(str(error))
        return
    query = {"view": key.VIEW, **({"code": code} if code else {})}
    for entry in frame.lessons():
        st.page_link(
            f"pages/{entry.file}.py",
            label=f"{entry.title}, the key" + (f" for {code}" if code else " without a code"),
            query_params=query,
        )
