"""Colours and measures of the page as CSS, derived from `figures.style`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from figures.style import CATEGORIES, COLOURS, INK, MUTED, PAPER, RULE, Meaning, Scheme

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
def schemes() -> dict[Scheme, dict[str, str]]:
    """For each scheme, every colour of the other one and what it becomes.

    A chart holds colours as text; so it follows the page without the server.
    """
    every = (*_NAMED.values(), *CATEGORIES)
    return {
        "light": {meaning.dark: meaning.light for meaning in every},
        "dark": {meaning.light: meaning.dark for meaning in every},
    }


@cache
def page_css() -> str:
    """Return the style sheet of the page around Streamlit's own elements."""
    return tokens() + (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


@cache
def presenter_css() -> str:
    """Return the sheet of presenter view: no menu, and every rem grows with the wall.

    At 1920 pixels a rem is 28 px, so that the smallest label (0.875 rem) is 24 px.
    """
    sheet = (Path(__file__).parent / "presenter.css").read_text(encoding="utf-8")
    return f"@media screen{{{sheet}}}"


@cache
def paper_css() -> str:
    """Return the sheet of the printed page, in light colours whatever the theme on screen.

    Formulas carry the colours of the theme they were made for; each dark one is printed as its
    light partner.
    """
    sheet = (Path(__file__).parent / "paper.css").read_text(encoding="utf-8")
    return sheet + "".join(_lit(m) for m in dict.fromkeys((*_NAMED.values(), *CATEGORIES)))


def _lit(meaning: Meaning) -> str:
    rgb = ", ".join(str(int(meaning.dark[i : i + 2], 16)) for i in (1, 3, 5))
    light = "#FFFFFF" if meaning is PAPER else meaning.light
    return f'[style*="color: rgb({rgb})"]{{color:{light}!important}}'
