"""What surrounds every page: the menu, the header, presenter view, notices, the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from ui import address, assets, changes, controls, key, store, theme, variant
from ui.labs import LABS
from ui.pause import hold_rest
from ui.turns import turn

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

OPENING = 0.3  # seconds that a browser needs for the beginning of a lesson


@dataclass(frozen=True)
class Entry:
    """One line of the contents: the file `pages/<file>.py`, its title, its tasks, its question.

    `tasks` is how many predictions, checks and puzzles a lesson has; 0 for other pages. How a
    `private` page looked is not kept in the browser.
    """

    file: str
    title: str
    tasks: int = 0
    question: str = ""
    private: bool = False

    @property
    def path(self) -> str:
        return self.file.rpartition("/")[2]


Contents = Mapping[str, Sequence[Entry]]


def around(contents: Contents) -> None:
    """Run the page that the address names, inside the frame. The first entry is the home page."""
    with turn():
        _run(contents)


def _run(contents: Contents) -> None:
    entries = {entry.path: (part, entry) for part, group in contents.items() for entry in group}
    home = next(iter(entries))
    st.session_state["contents"] = contents
    controls.begin()
    page = st.navigation(_menu(contents, home))
    part, entry = entries[page.url_path or home]
    arrived = _arrive(entry.path)
    variant.sync(keep=not key.shown())
    presenting = not key.shown() and _presenting(arrived)
    with st.container(key="hidden"):
        presenter = theme.presenter_css() if presenting else ""
        st.html(f"<style>{theme.page_css()}{_progress_css()}{presenter}</style>")
        assets.library(key="library")
        assets.frame(key="frame")
        assets.cards(key="cards")
        notice = store.sync()
    header = assets.header(
        key="header",
        data={
            "trail": [text for text in (part, entry.title, _with_code()) if text],
            "presenting": presenting,
            "kept": not entry.private and not presenting,
            "version": changes.VERSION,
            "paths": ["/", *(f"/{path}" for path in entries)],
        },
        on_present_change=_toggle_presenter,
        on_glossary_change=lambda: None,
    )
    if header.glossary:
        go("glossary")
    notices = st.empty()
    st.session_state["steps"] = []
    try:
        if key.shown():
            key.heading()
        page.run()
        _onward(entry)
        if len(st.session_state["steps"]) > 1:
            _steps(entry.title, st.session_state["steps"], presenting)
        title = " / ".join(filter(None, ("Multilevel Lab", part, entry.title)))
        assets.paper(key="paper", data={"title": title, "lesson": entry.tasks > 0})
        address.depart()
        controls.end()
    finally:
        said = [*([notice] if notice else []), *address.notices()]
        if said:
            notices.info("  \n".join(said))


def _arrive(path: str) -> bool:
    """Return whether a page was just opened; count them, so that a picture knows it is new.

    Its beginning comes first, unless a link leads further down.
    """
    arrived = address.arrive(path)
    st.session_state["visit"] = st.session_state.get("visit", 0) + arrived
    hold_rest(OPENING if arrived and "step" not in st.query_params else 0, after="step")
    return arrived


def contents() -> Contents:
    """The table of contents of the course that runs."""
    given: Contents = st.session_state["contents"]
    return given


def go(path: str, query: Mapping[str, str] | None = None) -> NoReturn:
    """Change to another page of the course."""
    file = next(e.file for group in contents().values() for e in group if e.path == path)
    st.switch_page(f"pages/{file}.py", query_params=query)


def lessons() -> list[Entry]:
    """The lessons of the course that is being shown, in order."""
    return [entry for group in contents().values() for entry in group if entry.tasks]


def _onward(entry: Entry) -> None:
    """At the end of a lesson, the way to its exercise and to the next one."""
    for lab in LABS.values():
        if entry.path in lab.lessons:
            label = f"Do it with the data: {lab.title}"
            st.page_link("pages/yours/labs.py", label=label, query_params={"lab": lab.name})
    order = lessons()
    if entry in order[:-1]:
        following = order[order.index(entry) + 1]
        st.page_link(f"pages/{following.file}.py", label=f"Next lesson: {following.title}")


def _with_code() -> str:
    return f"code {variant.code()}" if variant.code() else ""


def _menu(contents: Contents, home: str) -> dict[str, list[StreamlitPage]]:
    """Streamlit's menu; the parts of the course, those with tasks, carry their number."""
    course = [part for part, entries in contents.items() if any(entry.tasks for entry in entries)]
    return {
        f"{course.index(part) + 1}\u2002{part}" if part in course else part: [
            copy(_page(entry, home=entry.path == home)) for entry in entries
        ]
        for part, entries in contents.items()
    }


@cache
def _page(entry: Entry, *, home: bool) -> StreamlitPage:
    """Streamlit's page: its file is looked up once; which one may run is noted on a copy."""
    return st.Page(f"pages/{entry.file}.py", title=entry.title, url_path=entry.path, default=home)


def _presenting(arrived: bool) -> bool:
    """Whether presenter view is on; a link turns it on, and it is kept across a change of page."""
    on = bool(st.session_state.get("presenting"))
    asked = address.choice("view", ("page", "presenter", key.VIEW), "page") == "presenter"
    if arrived and asked and not on:
        _toggle_presenter()
        on = True
    if arrived and store.hidden():
        store.cover()
    if on != asked:
        address.put(view="presenter" if on else None)
    return on


def _toggle_presenter() -> None:
    """Turn presenter view on or off; on the wall every answer starts hidden."""
    st.session_state["presenting"] = not st.session_state.get("presenting", False)
    if st.session_state["presenting"]:
        store.cover()


def _steps(lesson: str, titles: Sequence[str], presenting: bool) -> None:
    """The step that the address names: a screen of its own in presenter view, else scrolled to.

    The line at the foot of presenter view tells it; keys go through the steps.
    """
    at = address.number("step", low=1, high=len(titles), step=1, default=1)

    def keep() -> None:
        reported = st.session_state["steps_bar"].get("at")
        address.put(step=None if reported in (None, 1) else float(reported))

    assets.steps(
        key="steps_bar",
        data={
            "lesson": lesson,
            "titles": list(titles),
            "at": int(at),
            "presenting": presenting,
        },
        on_at_change=keep,
    )


def _progress_css() -> str:
    """A mark before each lesson in the menu: ring, half disc, disc, as far as one has come."""
    record = store.current().sheet(variant.code())
    rules = []
    for entry in lessons():
        done = record.done(entry.path)
        state = "none" if done == 0 else "half" if done < entry.tasks else "full"
        rules.append(
            f"[data-testid=stSidebarNavLink][href$='/{entry.path}']::before"
            f"{{background:var(--mark-{state});border-color:var(--edge-{state})}}"
        )
    return "".join(rules)
