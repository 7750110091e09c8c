"""What the name of a column suggests."""

import pytest

from workbench.readiness.names import says_group, says_measure, says_time, words


def test_words_of_a_name():
    assert words("classSize_2") == ["class", "size"]
    assert words("HHID") == ["hhid"]


@pytest.mark.parametrize(
    "name",
    [
        "school",
        "pschool",
        "schid",
        "HHID",
        "ward_id",
        "Subject",
        "hospitals",
        "primary_school",
        "village",
    ],
)
def test_groups(name):
    assert says_group(name)


@pytest.mark.parametrize(
    "name", ["class_size", "schoolmean", "paid", "covid", "hospsize", "x", "gcse", "year", "texp"]
)
def test_not_groups(name):
    assert not says_group(name)


def test_times_and_measures():
    assert says_time("year")
    assert says_time("Days")
    assert says_time("wave_2")
    assert not says_time("yearning")
    assert says_measure("dvage")
    assert says_measure("test_score")
