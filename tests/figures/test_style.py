"""The colours: readable on their paper, told apart by the colour-blind, the same in the docs."""

import itertools
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from figures import style

MARKS = {name: meaning for name, meaning in style.COLOURS.items() if name != "context"}
# Machado, Oliveira & Fernandes (2009), severity 1: what is left of linear RGB
BLINDNESS = {
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def linear(colour: str) -> np.ndarray:
    """Linear RGB of `#rrggbb` (the sRGB transfer function)."""
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """WCAG 2.1's contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", MARKS)
def test_colours_that_carry_meaning_can_be_read_as_text(name, scheme):
    assert contrast(style.COLOURS[name].on(scheme), style.PAPER.on(scheme)) >= 4.5  # WCAG AA


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_context_is_for_marks_and_muted_for_text(scheme):
    assert contrast(style.COLOURS["context"].on(scheme), style.PAPER.on(scheme)) >= 3  # AA, marks
    assert contrast(style.MUTED.on(scheme), style.PAPER.on(scheme)) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_no_two_meanings_share_colour_and_shape_for_the_colour_blind(kind, scheme):
    seen = np.array(BLINDNESS[kind])
    for (_, one), (_, other) in itertools.combinations(MARKS.items(), 2):
        apart = np.abs(seen @ (linear(one.on(scheme)) - linear(other.on(scheme)))).max()
        # 0.02 of linear light is about where neighbouring marks stop looking alike
        assert apart > 0.02 or one.symbol != other.symbol


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ten_categories_differ_in_symbol_and_can_be_seen(scheme):
    assert len({category.symbol for category in style.CATEGORIES}) == 10
    assert len({category.on(scheme) for category in style.CATEGORIES}) == 10
    for category in style.CATEGORIES:
        assert contrast(category.on(scheme), style.PAPER.on(scheme)) >= 3  # AA, marks


@pytest.mark.parametrize("kind", BLINDNESS)
def test_neighbouring_categories_are_told_apart_by_the_colour_blind(kind):
    seen = np.array(BLINDNESS[kind])
    for scheme in ("light", "dark"):
        for one, other in itertools.pairwise(style.CATEGORIES):
            apart = np.abs(seen @ (linear(one.on(scheme)) - linear(other.on(scheme)))).max()
            assert apart > 0.02  # as above


def test_streamlits_own_charts_use_the_same_ten():
    config = (Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    chosen = tomllib.loads(config)["theme"]["chartCategoricalColors"]
    assert chosen == [category.light for category in style.CATEGORIES]


def test_the_document_of_notation_has_these_colours():
    text = (Path(__file__).parents[2] / "docs" / "notation.md").read_text(encoding="utf-8")
    listed = re.findall(r"\| `(#\w{6})` \| `(#\w{6})` \|", text)
    assert listed == [(m.light, m.dark) for m in style.COLOURS.values()]


def test_the_template_sets_paper_type_and_no_legend():
    for scheme in ("light", "dark"):
        layout = style.figure(scheme, 200).layout.template.layout
        assert layout.paper_bgcolor == style.PAPER.on(scheme)
        assert layout.font.color == style.MUTED.on(scheme)
        assert layout.colorway == tuple(each.on(scheme) for each in style.CATEGORIES)
        assert layout.showlegend is False
    assert style.figure(height=210).layout.height == 210
