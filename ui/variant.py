"""Seeded variants: a code typed by the learner gives the same tasks with other numbers.

A draw depends on the code and on the name of the number alone, by SHA-256: the same on every
machine, so that a key can be made from the code. The code stands in the address, so that a link
carries it. What is answered under a code is a sheet of its own in the learner's record.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

import streamlit as st

from ui import address

T = TypeVar("T")
MOST = 24


class CodeError(ValueError):
    """A text that is no code, with what a code looks like."""


def normal(text: str) -> str:
    """`text` as a code: letters and digits, in lower case. Nothing typed is no code, ""."""
    found = text.strip().lower()
    if found and not (found.isascii() and found.isalnum() and len(found) <= MOST):
        raise CodeError(
            f"A code is made of letters a to z and digits, at most {MOST} of them, without spaces."
        )
    return found


def code() -> str:
    """The code in force; "" without one."""
    return str(st.session_state.get("code.now", ""))


def task(name: str) -> str:
    """The name under which the answer to a task is kept: `pooling.two@spring26` under a code."""
    return f"{name}@{code()}" if code() and "@" not in name else name


def number(name: str, default: int, among: Sequence[int]) -> int:
    """A whole number: `default` without a code, with one a number drawn from `among`."""
    return pick(name, default, among)


def pick(name: str, default: T, among: Sequence[T]) -> T:
    """`default` without a code; with one, what the code draws for `name` from `among`."""
    return draw(code(), name, among) if code() else default


def order(name: str, items: Sequence[T]) -> list[T]:
    """`items` as they are without a code; with one, in an order of the code's own."""
    return sorted(items, key=lambda item: _hash(code(), f"{name}:{item}")) if code() else [*items]


def draw(code: str, name: str, among: Sequence[T]) -> T:
    """One of `among`, each as likely over many codes, the same for the same code and name."""
    return among[_hash(code, name) % len(among)]


def _hash(code: str, name: str) -> int:
    return int.from_bytes(sha256(f"{code}\n{name}".encode()).digest())


def sync(*, keep: bool) -> None:
    """Take the code over from the address; with `keep`, also for the pages to come.

    A page that was opened without a code is given the one that was kept.
    """
    kept = str(st.session_state.get("code", ""))
    given = st.query_params.get("code")
    now = kept if keep else ""
    if given is not None:
        try:
            now = normal(given)
        except CodeError as error:
            address.say(f"The code in the address is none and is left aside. {error}")
    if keep:
        st.session_state["code"] = now
    st.session_state["code.now"] = now
    address.put(code=now or None)


def ask() -> None:
    """A line to type a code on, and what it means."""
    if "code.typed" not in st.session_state or st.session_state.get("code.shown") != code():
        st.session_state["code.shown"] = st.session_state["code.typed"] = code()
    st.text_input(
        "Code",
        key="code.typed",
        placeholder="such as spring26",
        on_change=_typed,
        width=320,
    )
    problem = st.session_state.pop("code.problem", "")
    if problem:
        st.error(problem)
    elif code():
        st.markdown(
            f"The code **{code()}** is in force: the tasks have its numbers, and your answers to "
            "them are kept apart. Empty the line to go back to the plain tasks."
        )


def _typed() -> None:
    try:
        st.session_state["code"] = normal(st.session_state["code.typed"])
    except CodeError as error:
        st.session_state["code.problem"] = str(error)
    else:
        address.put(code=st.session_state["code"] or None)
