"""Colours and measures of the page as CSS, derived from `figures.style`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from figures.style import COLOURS, INK, MUTED, PAPER, RULE, Meaning

_NAMED = {**COLOURS, "paper": PAPER, "ink": INK, "muted": MUTED, "rule": RULE}


def _pair(meaning: Meaning) -> str:
    return f"light-dark({meaning.light}, {meaning.dark})"


@cache
def tokens() -> str:
    """CSS custom properties, one a meaning: `--between`, `--within`, … `--paper`.

    `light-dark()` follows the `color-scheme` that Streamlit sets with its theme, so one
    sheet serves both, inside a component's shadow root as well.
    """
    return ":root{" + "".join(f"--{name}:{_pair(m)};" for name, m in _NAMED.items()) + "}"


@cache
def page_css() -> str:
    """Return the style sheet of the page around Streamlit's own elements."""
    return tokens() + (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


@cache
def presenter_css() -> str:
    """Return the sheet of presenter view: no menu, and every rem grows with the wall.

    At 1920 pixels a rem is 28 px, so that the smallest label (0.875 rem) is 24 px.
    """
    return (Path(__file__).parent / "presenter.css").read_text(encoding="utf-8")
