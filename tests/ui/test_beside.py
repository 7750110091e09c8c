"""A printed table on a page: digit under digit, with a badge that is computed."""

import re

import pytest

import datasets
from ui import beside
from ui.reproduced import reproduced


def cells(html: str, kind: str) -> list[str]:
    """The text of all cells of the printed or of the computed lines."""
    lines = re.findall(rf"<tr class={kind}>(.*?)</tr>", html)
    return [text for line in lines for text in re.findall(r"<td>(.*?)</td>", line) if text]


@pytest.mark.parametrize("name", ["school-ols", "ghq_panel", "hsb-crosslevel"])
def test_every_figure_is_shown_twice(name):
    html, found = beside.html(name), reproduced(name)
    omitted = len(found.table.omitted)
    assert len(cells(html, "printed")) == len(found.figures) + omitted
    assert len(cells(html, "here")) == len(found.figures)
    assert html.count("<u>") == len(found.missed)


def test_the_badge_has_a_tick_only_where_all_agree():
    assert "✓</span>Agrees with the lecture to every printed digit." in beside.html("school-ols")
    some = beside.html("school-slope")
    assert "✓" not in some
    assert "○</span>18 of 49 figures agree with the lecture to every printed digit." in some
    assert "Where they differ: Stata&#x27;s mixed stopped" in some


def test_synthetic_data_are_marked_where_they_are_shown():
    for name in datasets.printed_names():
        synthetic = datasets.load(datasets.printed(name).dataset).synthetic
        assert (beside.SYNTHETIC in beside.html(name)) == synthetic


@pytest.mark.parametrize(
    ("mine", "printed", "shown"),
    [
        ("1.326415", "1.326415", "1.326415"),
        ("2.305420", "2.305428", "2.30542<u>0</u>"),
        (".000298**", ".000299*", ".00029<u>8**</u>"),
        ("1679.0", "1678.9", "167<u>9.0</u>"),
    ],
)
def test_digits_are_marked_from_the_first_that_differs(mine, printed, shown):
    assert beside.marked(mine, printed) == shown
