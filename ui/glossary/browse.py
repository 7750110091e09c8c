"""The page Glossary: search, one entry at a time with its picture, all terms from A to Z."""

from __future__ import annotations

import streamlit as st

from ui import address, assets, frame
from ui.glossary import catalogue, finds


def browse() -> None:
    """Search and entries are the browser's; the server hears which entry is open, for the link.

    The terms are sent once: what changes, the open entry, goes to a component of its own.
    """
    contents = frame.contents()
    component = assets.glossary(
        key="glossary",
        data={
            "terms": finds.terms(contents),
            "pages": finds.pages(contents),
            "labs": finds.labs(),
            "data": finds.data(),
        },
        on_term_change=_keep,
        on_go_change=_nothing,
    )
    assets.opened(key="opened", data={"open": address.one_of("term", catalogue())})
    if component.go:
        frame.go(component.go["path"], component.go["query"])


def _keep() -> None:
    address.put(term=st.session_state["glossary"].get("term") or None)


def _nothing() -> None:
    """A change of page is made by the run that follows."""
