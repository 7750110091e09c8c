"""What is kept: for all learners, or the last of one learner."""

from dataclasses import replace

import streamlit as st

from ui.workbench import desk, kept


def test_only_the_course_s_data_are_for_all():
    table = desk.bundled("school")
    assert kept.for_all(table)
    assert not kept.for_all(replace(table, digest="5e" * 32))  # a learner's copy, of the same name


def test_the_last_is_made_again_when_it_is_about_something_else(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    made = iter(range(9))

    def of(about: object, name: str = "a") -> int:
        return kept.last(name, about, lambda: next(made))

    assert [of(1), of(1), of(2), of(2)] == [0, 0, 1, 1]
    assert of(1) == 2  # one is kept under a name, not all
    assert [of(1, "b"), of(1), of(1, "b")] == [3, 2, 3]
