"""Opening data: a file of the learner's own, read in memory, or a dataset of the course."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

import streamlit as st

import datasets
from ui import controls
from ui.prose import literal
from ui.turns import aside
from ui.workbench import desk
from workbench.files import ENCODINGS, FileError, Options, Table, read
from workbench.files.kinds import ENDINGS

_FILE, _WAITING, _FAILED, _ROUND = "desk.file", "desk.waiting", desk.FAILED, "desk.round"
DELIMITERS = {"": "found out", ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DECIMALS = {"": "found out", ".": "point", ",": "comma"}
HEADERS = {"": "found out", "True": "names of columns", "False": "values"}
HEADER = {"": None, "True": True, "False": False}
TEXTS = {ending for ending, kind in ENDINGS.items() if kind == "text"}


@dataclass(frozen=True)
class File:
    """A file as it was chosen, its content compressed, and how it is to be read."""

    name: str
    packed: bytes
    options: Options = field(default_factory=Options)


def choose() -> None:
    """Two ways in, side by side; a file that cannot be read says why and changes nothing."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        turn = st.session_state.setdefault(_ROUND, 0)
        key = f"desk.upload.{turn}"
        st.file_uploader(
            "A file of your own",
            type=[ending.removeprefix(".") for ending in ENDINGS],
            key=key,
            on_change=_take,
            args=(key,),
        )
        st.caption(
            "CSV, Stata, SPSS, Excel or Parquet, up to 20 MB and 200,000 rows, a row for each "
            "pupil, nurse or interview. The file is read in the server’s memory while the page is "
            "open. It is not stored, and nobody else sees it."
        )
    with right:
        titles = {name: datasets.load(name).title for name in datasets.names()}
        controls.hold("desk.bundled", None)
        st.selectbox(
            "Or a dataset of the course",
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            placeholder="Choose one",
            key="desk.bundled",
            on_change=_choose,
        )
        own = desk.own()
        if own is not None:
            st.button(f"Back to {literal(own.dataset.title)}", on_click=desk.back, key="desk.back")
    _failed()
    waiting = desk.request()
    if waiting is not None:
        st.info(f"The model {literal(waiting.formula)} waits for its file: open it again.")
    st.markdown(
        """
1. See how the rows are grouped, and what a model could trip over.
2. Build a model by choosing, or type its formula: its equations grow along.
3. Fit it and read it: as picture, equations, sentences, the output of Stata, R or SPSS, and code.
4. Look for what is wrong with it, compare it with others, take scores and predictions home.
"""
    )


def opened(table: Table) -> None:
    """What lies on the desk, in a line, with the ways to another table."""
    data = table.dataset
    with st.container(horizontal=True, key="desk-open", vertical_alignment="center"):
        st.markdown(f"**{literal(data.title)}**")
        st.button("Open other data", on_click=desk.close, key="desk.close", type="tertiary")
    if data.synthetic:
        st.markdown("**Simulated for teaching.** Nothing here is a finding about real people.")
    if table is desk.own():
        _read_as(table)


def _choose() -> None:
    controls.chosen()
    name = st.session_state["desk.bundled"]
    if name:
        desk.open_bundled(name)


def _take(key: str) -> None:
    """Take the file that was chosen, and let go of the browser's copy."""
    file = st.session_state[key]
    if file is not None:
        st.session_state[_ROUND] += 1
        st.session_state[_WAITING] = File(file.name, zlib.compress(file.getvalue(), 1))


def read_waiting() -> None:
    """Read the file that was chosen and put it on the desk, or keep it to be read another way."""
    file: File | None = st.session_state.pop(_WAITING, None)
    if file is None:
        return
    with st.spinner(f"Reading {literal(file.name)}"), aside():
        try:
            table = read(file.name, zlib.decompress(file.packed), file.options)
        except FileError as error:
            st.session_state[_FAILED] = (file, str(error))
            return
    st.session_state[_FILE] = file
    st.session_state[_FAILED] = None
    desk.open_own(table)


def _failed() -> None:
    """Why the last file was not read, and other ways to read it."""
    failed: tuple[File, str] | None = st.session_state.get(_FAILED)
    if failed is None:
        return
    file, problem = failed
    st.error(literal(problem))
    if PurePath(file.name).suffix.lower() in TEXTS:
        _ways(file, file.options, ())


def _read_as(table: Table) -> None:
    """How the file was understood, and other ways to read it."""
    failed = st.session_state.get(_FAILED)
    with st.expander("How the file was read", expanded=failed is not None):
        if table.notes:
            st.markdown("\n".join(f"- {literal(note)}" for note in table.notes))
        if failed is not None:
            st.error(literal(failed[1]))
        _ways(st.session_state[_FILE], table.options, table.sheets)


def _ways(file: File, options: Options, sheets: Sequence[str]) -> None:
    with st.container(horizontal=True, key="desk-options"):
        if sheets[1:]:
            _option("sheet", "Sheet", {name: name for name in sheets}, file, options)
        if PurePath(file.name).suffix.lower() in TEXTS:
            _option("delimiter", "Between columns", DELIMITERS, file, options)
            _option("decimal", "Decimal mark", DECIMALS, file, options)
            _option("encoding", "Encoding", {"": "found out", **ENCODINGS}, file, options)
        if sheets or PurePath(file.name).suffix.lower() in TEXTS:
            _option("header", "The first row holds", HEADERS, file, options)


def _option(name: str, label: str, choices: dict[str, str], file: File, options: Options) -> None:
    key = f"desk.option.{name}"
    now = getattr(options, name)

    def again() -> None:
        controls.chosen()
        given: str = st.session_state[key] or ""
        changed: dict[str, Any] = {"header": None, name: given}  # the header is found out again
        if name == "header":
            changed = {name: HEADER[given]}
        st.session_state[_WAITING] = replace(file, options=replace(options, **changed))

    controls.hold(key, str(now) if str(now) in choices else next(iter(choices)))
    st.selectbox(
        label, list(choices), format_func=choices.__getitem__, key=key, on_change=again, width=180
    )
