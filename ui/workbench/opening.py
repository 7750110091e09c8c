"""Opening data: a file of the learner's own, read in memory, or a dataset of the course."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import streamlit as st

import datasets
from ui.prose import literal
from ui.workbench import desk
from workbench.files import ENCODINGS, FileError, Options, Table, read
from workbench.files.kinds import ENDINGS

_FILE, _PROBLEM, _ROUND = "desk.file", "desk.problem", "desk.round"
DELIMITERS = {"": "found out", ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DECIMALS = {"": "found out", ".": "point", ",": "comma"}


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
        st.session_state["desk.bundled"] = None
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
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(literal(problem))
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
    name = st.session_state["desk.bundled"]
    if name:
        desk.open_bundled(name)


def _take(key: str) -> None:
    """Read the file that was chosen, and let go of the browser's copy."""
    file = st.session_state[key]
    if file is not None:
        st.session_state[_ROUND] += 1
        _read(file.name, file.getvalue(), Options())


def _read(name: str, content: bytes, options: Options) -> None:
    try:
        desk.open_own(read(name, content, options))
    except FileError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    st.session_state[_FILE] = (name, zlib.compress(content, 1))


def _read_as(table: Table) -> None:
    """How the file was understood, and other ways to read it."""
    with st.expander("How the file was read"):
        if table.notes:
            st.markdown("\n".join(f"- {literal(note)}" for note in table.notes))
        with st.container(horizontal=True, key="desk-options"):
            if table.sheets[1:]:
                _option("sheet", "Sheet", {name: name for name in table.sheets}, table)
            if table.options.delimiter:
                _option("delimiter", "Between columns", DELIMITERS, table)
                _option("decimal", "Decimal mark", DECIMALS, table)
                _option("encoding", "Encoding", {"": "found out", **ENCODINGS}, table)
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(literal(problem))


def _option(field: str, label: str, choices: dict[str, str], table: Table) -> None:
    key = f"desk.option.{field}"
    now = getattr(table.options, field)

    def reread() -> None:
        name, packed = st.session_state[_FILE]
        chosen: dict[str, Any] = {field: st.session_state[key] or ""}
        options = replace(table.options, **chosen)
        _read(name, zlib.decompress(packed), options)

    st.session_state[key] = now if now in choices else next(iter(choices))
    st.selectbox(
        label, list(choices), format_func=choices.__getitem__, key=key, on_change=reread, width=180
    )
