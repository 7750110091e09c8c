"""The picture of the levels shows every group, and its words say the same."""

from itertools import pairwise

import numpy as np
import pytest

import datasets
from figures import levels, style


def groups_of(name):
    return datasets.groups(datasets.load(name))


@pytest.fixture(params=datasets.names())
def groups(request):
    return groups_of(request.param)


def dots(groups, scheme="light"):
    """Each strip's trace of groups."""
    return [trace for trace in levels.picture(groups, scheme).data if trace.text is not None]


def texts(groups):
    return [label.text for label in levels.picture(groups).layout.annotations]


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
    assert levels.alt(groups_of(name)) == sentence


def test_every_group_is_on_the_picture(groups):
    drawn = dots(groups)
    assert [name for trace in drawn for name in trace.text] == list(groups["group"])
    assert [size for trace in drawn for size in trace.y] == list(groups.iloc[:, -1])


def test_groups_stand_in_order_of_size_each_on_its_stem(groups):
    figure = levels.picture(groups)
    stems = [trace for trace in figure.data if trace.mode == "lines"]
    for stem, dot in zip(stems, dots(groups), strict=True):
        assert np.all(np.diff(dot.y) >= 0)
        np.testing.assert_array_equal(np.reshape(stem.y, (-1, 3))[:, 1], dot.y)
        np.testing.assert_array_equal(np.reshape(stem.x, (-1, 3))[:, 1], dot.x)


def test_smallest_median_and_largest_are_labelled_on_the_picture():
    groups = groups_of("school")
    assert texts(groups)[1:] == ["median 60", "largest 198"]
    assert levels.picture(groups).layout.yaxis.ticktext == ("smallest<br>2",)


def test_groups_of_one_size_get_one_label():
    groups = groups_of("sleepstudy")
    assert texts(groups)[1:] == ["10 each"]
    assert levels.picture(groups).layout.yaxis.tickvals == ()


def test_strips_share_the_height_and_do_not_overlap(groups):
    layout = levels.picture(groups).layout
    rows = groups["level"].nunique()
    domains = [layout[f"yaxis{row + 1 if row else ''}"].domain for row in range(rows)]
    for upper, lower in pairwise(domains):
        assert upper[0] >= lower[1]
    assert layout.height == rows * levels.HEIGHT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_groups_have_the_colour_and_the_shape_of_between(scheme):
    (trace,) = dots(groups_of("school"), scheme)
    assert trace.marker.color == style.COLOURS["between"].on(scheme)
    assert trace.marker.symbol == style.COLOURS["between"].symbol
