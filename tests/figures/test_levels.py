"""The picture of the levels shows every group, and its words and its table say the same."""

from itertools import pairwise

import numpy as np
import pytest

import datasets
from figures import levels, style


@pytest.fixture(params=datasets.names())
def dataset(request):
    return datasets.load(request.param)


def dots(dataset, scheme="light"):
    """Each strip's trace of groups."""
    return [trace for trace in levels.picture(dataset, scheme).data if trace.text is not None]


def texts(dataset):
    return [label.text for label in levels.picture(dataset).layout.annotations]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("school", "65 schools of 2 to 198 pupils, median 60."),
        ("sleepstudy", "18 people of 10 days each."),
        (
            "nurses",
            "25 hospitals of 36 to 52 nurses, median 40; 100 wards of 9 to 13 nurses, median 10.",
        ),
        (
            "pupils",
            "30 secondary schools of 20 to 48 pupils, median 33; "
            "50 primary schools of 10 to 31 pupils, median 19.5.",
        ),
    ],
)
def test_the_alternative_text_states_the_sizes(name, sentence):
    assert levels.alt(datasets.load(name)) == sentence


def test_the_table_holds_what_the_picture_shows(dataset):
    units = dataset.levels[0].plural
    table = levels.table(dataset)
    assert list(table) == ["level", "group", units]
    drawn = dots(dataset)
    assert [name for trace in drawn for name in trace.text] == list(table["group"])
    assert [size for trace in drawn for size in trace.y] == list(table[units])


def test_groups_stand_in_order_of_size_each_on_its_stem(dataset):
    figure = levels.picture(dataset)
    stems = [trace for trace in figure.data if trace.mode == "lines"]
    for stem, dot in zip(stems, dots(dataset), strict=True):
        assert np.all(np.diff(dot.y) >= 0)
        np.testing.assert_array_equal(np.reshape(stem.y, (-1, 3))[:, 1], dot.y)
        np.testing.assert_array_equal(np.reshape(stem.x, (-1, 3))[:, 1], dot.x)


def test_smallest_median_and_largest_are_labelled_on_the_picture():
    dataset = datasets.load("school")
    assert texts(dataset)[1:] == ["median 60", "largest 198"]
    assert levels.picture(dataset).layout.yaxis.ticktext == ("smallest<br>2",)


def test_groups_of_one_size_get_one_label():
    dataset = datasets.load("sleepstudy")
    assert texts(dataset)[1:] == ["10 each"]
    assert levels.picture(dataset).layout.yaxis.tickvals == ()


def test_strips_share_the_height_and_do_not_overlap(dataset):
    layout = levels.picture(dataset).layout
    rows = len(dataset.levels) - 1
    domains = [layout[f"yaxis{row + 1 if row else ''}"].domain for row in range(rows)]
    for upper, lower in pairwise(domains):
        assert upper[0] >= lower[1]
    assert layout.height == rows * levels.HEIGHT


def test_groups_are_named_by_label_name_or_number():
    named = {name: dots(datasets.load(name))[0].text for name in ("census", "states", "school")}
    assert "construction" in named["census"]
    assert "Mountain" in named["states"]
    assert named["school"][0] == "school 48"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_groups_have_the_colour_and_the_shape_of_between(scheme):
    (trace,) = dots(datasets.load("school"), scheme)
    assert trace.marker.color == style.COLOURS["between"].on(scheme)
    assert trace.marker.symbol == style.COLOURS["between"].symbol
