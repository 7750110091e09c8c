"""Questions at the end of a lesson: every option has its reason, right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ui import key, store, variant
from ui.prose import plain
from ui.record import Check, short


@dataclass(frozen=True)
class Option:
    """An answer, why it is right or why it tempts, and the misconception behind a wrong one."""

    text: str
    reason: str
    misconception: str | None = None

    @property
    def right(self) -> bool:
        return self.misconception is None


def question(name: str, text: str, options: Sequence[Option]) -> None:
    """Ask once; the reason of the chosen option follows, the others open on request.

    Under a code the options stand in an order of the code's own.
    """
    shown = variant.order(name, range(len(options)))
    if key.shown():
        _answered(text, [options[i] for i in shown])
        return
    task = variant.task(name)
    widget = f"check.{task}"
    given = store.shown().checks.get(task)
    if given is not None and given.option < len(options) and st.session_state.get(widget) is None:
        st.session_state[widget] = given.option

    def remember() -> None:
        picked = st.session_state[widget]
        if picked is not None:
            store.check(task, _kept(text, options, picked))

    chosen = st.radio(
        text,
        shown,
        format_func=lambda i: options[i].text,
        index=None,
        key=widget,
        on_change=remember,
    )
    if chosen is None:
        if store.covered(task):
            st.button(
                "Show the answer",
                key=f"show.{task}",
                type="tertiary",
                on_click=store.uncover,
                args=(task,),
            )
        return
    verdict = "Yes." if options[chosen].right else "Not so."
    st.markdown(f"**{verdict}** {options[chosen].reason}")
    with st.expander("The other answers"):
        for i in shown:
            if i != chosen:
                st.markdown(_with_reason(options[i]))


def _with_reason(option: Option) -> str:
    return f"*{option.text}.* {'Right: ' if option.right else ''}{option.reason}"


def _answered(text: str, options: Sequence[Option]) -> None:
    """The question as the key has it."""
    st.markdown(text)
    st.markdown("\n".join(f"- {_with_reason(each)}" for each in options if not each.right))
    for each in options:
        if each.right:
            key.answer(f"*{each.text}.* {each.reason}")


def _kept(text: str, options: Sequence[Option], picked: int) -> Check:
    chosen = options[picked]
    return Check(
        picked,
        question=short(plain(text)),
        said=short(plain(chosen.text)),
        right=chosen.right,
        truth=short(plain(next((each.text for each in options if each.right), ""))),
        reason=short(plain(chosen.reason)),
        misconception=chosen.misconception,
    )
