"""The terms of the course: complete, unambiguous, leading somewhere, and drawn."""

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from figures.style import COLOURS
from figures.terms import PICTURES
from figures.terms.canvas import HEIGHT, WIDTH
from tools.contents import entries
from tools.server import ROOT
from ui import glossary
from ui.glossary import finds
from ui.glossary.material import material
from ui.glossary.symbol import html, typed

TERMS = glossary.catalogue()
# Lessons of the plan: a term may name one before it is written, and shows it from then on.
PLANNED = {"welcome", "pooling", "icc", "slopes", "shrinkage", "five", "mundlak", "panel", "esres"}


@pytest.mark.parametrize("key", TERMS)
def test_every_entry_is_complete(key):
    term = TERMS[key]
    assert re.fullmatch(r"[a-z0-9-]+", key)
    assert re.fullmatch(r"[A-Z][^.\"]+\.", term.sentence), "one sentence, no double quotes"
    assert term.also
    assert all(term.also.values()), "each synonym names its tradition"
    assert term.picture in PICTURES
    assert term.meaning in COLOURS
    assert len(term.see) == len(set(term.see))


def test_see_also_leads_both_ways():
    one_way = [(key, to) for key in TERMS for to in TERMS[key].see if key not in TERMS[to].see]
    assert one_way == []


def test_no_name_or_synonym_stands_for_two_terms():
    names = Counter(name.casefold() for term in TERMS.values() for name in {term.name, *term.also})
    assert [name for name, count in names.items() if count > 1] == []


def test_the_lessons_named_exist_or_are_planned():
    written = {entry.path for entry in entries()}
    assert {path for term in TERMS.values() for path in term.lessons} <= written | PLANNED


def test_every_picture_belongs_to_one_term():
    assert Counter(term.picture for term in TERMS.values()) == Counter(list(PICTURES))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_sound_described_and_within_its_frame(name):
    drawn = PICTURES[name](material())
    root = ElementTree.fromstring(drawn.svg())
    assert root.get("role") == "img"
    assert re.fullmatch(r"[A-Z].+\.", root.get("aria-label"))
    for mark in root.iter():
        for side, most in (("x", WIDTH), ("cx", WIDTH), ("y", HEIGHT), ("cy", HEIGHT)):
            assert 0 <= float(mark.get(side, 0)) <= most
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", mark.get("d", "")):
            assert -1 <= float(x) <= WIDTH + 1
            assert -1 <= float(y) <= HEIGHT + 1
    assert [text for text in root.itertext() if "nan" in text] == []


@pytest.mark.parametrize("term", [term for term in TERMS.values() if term.symbol])
def test_every_symbol_can_be_shown_and_typed(term):
    assert not set(re.sub(r"<[^>]+>", "", html(term.symbol))) & set("\\{}_^")
    assert typed(term.symbol)


def test_symbols_are_set_as_in_equations():
    assert html(r"\rho") == "<i>ρ</i>"
    assert html(r"\sigma_u^2") == (
        '<i>σ</i><span class="both"><sup>2</sup><sub><i>u</i></sub></span>'
    )
    assert html(r"-2 \log L") == "−2 log <i>L</i>"
    assert "rho" in typed(r"\rho")
    assert "ρ" in typed(r"\rho")


def test_a_link_in_a_lesson_carries_the_sentence():
    said = glossary.term("icc", "ICC")
    assert said == f'[ICC](glossary?term=icc "{TERMS["icc"].sentence}")'


def test_pages_are_found_by_their_title_headings_and_steps():
    (pooling,) = (entry for entry in entries() if entry.path == "pooling")
    words = finds.spoken(pooling)
    assert "How far should you trust a group’s own mean?" in words
    assert "two springs, one weight" in words


def test_an_unknown_term_in_the_address_is_said_with_the_nearest():
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    test.query_params["term"] = "shrinkag`e"
    test.switch_page("pages/reference/glossary.py").run()
    assert not test.exception
    assert [said.value for said in test.info] == [
        "The address asks for term = `shrinkage`, which is not here. The nearest is shrinkage."
    ]
