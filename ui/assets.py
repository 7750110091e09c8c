"""The browser's side of `ui`: style sheets and scripts beside this module, registered once.

The pictures' code is one script that is mounted once a page (`library`) and never changes,
so that Streamlit sends it once; each picture then mounts with three lines that wait for it,
and a changed control sends its numbers only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from ui import theme

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent
_PARTS = (
    *("base", "axis", "ranks", "dots", "words", "ruler", "springs", "panels"),
    *("packing", "minimum", "products", "refit", "operations", "program"),
    *("text", "marks", "handles", "scene", "chart", "lens"),
)
_FRAME = ("elements", "history", "link", "left", "header", "blank", "steps")
(_PLOTLY,) = (_HERE.parent / "static").glob("vendor/plotly-*/*.js")  # its folder has its version


def _read(path: str) -> str:
    return (_HERE / path).read_text(encoding="utf-8")


def _picture(name: str) -> ComponentRenderer:
    """Register a component drawn by `name` of the library."""
    return st.components.v2.component(
        f"lab_{name}",
        html='<div class="stage"></div>',
        js=_read("stage/mount.js").replace("PICTURE", name),
    )


def library_script() -> str:
    """The script of all pictures, with what it needs from here written in as constants."""
    constants = {
        "STYLE": _read("stage/stage.css"),
        "PLOTLY": f"app/{_PLOTLY.relative_to(_HERE.parent).as_posix()}",
        "SCHEMES": theme.schemes(),
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    return "\n".join([*lines, *(_read(f"stage/{part}.js") for part in (*_PARTS, "library"))])


library = st.components.v2.component("lab_library", js=library_script())
store = st.components.v2.component("lab_store", js=_read("store.js"))
frame = st.components.v2.component(
    "lab_frame",
    js="\n".join(_read(f"{part}.js") for part in _FRAME)
    + _read("frame.js").replace("STYLE", json.dumps(_read("frame.css"))),
)
header = st.components.v2.component(
    "lab_header", html="<nav></nav>", js=_read("mount.js").replace("PART", "header")
)
cards = st.components.v2.component("lab_cards", js=_read("glossary/cards.js"))
glossary = st.components.v2.component(
    "lab_glossary",
    html='<div class="glossary"></div>',
    css=_read("glossary/glossary.css"),
    js=_read("glossary/search.js") + _read("glossary/glossary.js"),
)
opened = st.components.v2.component("lab_opened", js=_read("glossary/open.js"))
steps = st.components.v2.component(
    "lab_steps",
    html='<div class="bar" hidden></div>',
    js=_read("mount.js").replace("PART", "steps"),
)
paper = st.components.v2.component(
    "lab_paper",
    html='<button type="button">Print this page</button>',
    css=_read("paper_button.css"),
    js=_read("paper.js").replace("STYLE", json.dumps(theme.paper_css())),
)
axis = _picture("axis")
ranks = _picture("ranks")
dots = _picture("dots")
springs = _picture("springs")
panels = _picture("panels")
scene = _picture("scene")
lens = _picture("lens")
chart = _picture("chart")
