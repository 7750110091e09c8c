"""Questions at the end of a lesson: every option has its reason, right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ui import store


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
    """Ask once; the reason of the chosen option follows, the others open on request."""
    key = f"check.{name}"
    given = store.current().checks.get(name)
    if given is not None and given < len(options):
        st.session_state.setdefault(key, given)

    def remember() -> None:
        if st.session_state[key] is not None:
            store.check(name, st.session_state[key])

    chosen = st.radio(
        text,
        range(len(options)),
        format_func=lambda i: options[i].text,
        index=None,
        key=key,
        on_change=remember,
    )
    if chosen is None:
        return
    verdict = "Yes." if options[chosen].right else "Not so."
    st.markdown(f"**{verdict}** {options[chosen].reason}")
    with st.expander("The other answers"):
        for i, option in enumerate(options):
            if i != chosen:
                st.markdown(f"*{option.text}* {'Right: ' if option.right else ''}{option.reason}")
