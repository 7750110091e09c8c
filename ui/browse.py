"""The lessons by the questions that they ask."""

from __future__ import annotations

import streamlit as st

from ui import frame


def questions() -> None:
    """A line for each lesson, part by part: its question and its title."""
    parts = {
        part: [entry for entry in entries if entry.tasks]
        for part, entries in frame.contents().items()
    }
    taught = {part: lessons for part, lessons in parts.items() if lessons}
    for column, (part, lessons) in zip(st.columns(len(taught)), taught.items(), strict=True):
        with column:
            st.markdown(f"**{part}**")
            for entry in lessons:
                st.page_link(f"pages/{entry.file}.py", label=entry.question)
