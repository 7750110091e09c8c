"""What each variable holds, where it varies, and how its variance divides."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import mean_squares
from workbench.readiness import profiles

HOLDS = {"nurses": ["wardid", "hospital"], "school": ["school"], "popularity": ["class"]}


def profile(frame, group, column):
    return next(each for each in profiles(frame, group) if each.column == column)


@pytest.mark.parametrize("name", HOLDS)
def test_levels_are_those_of_the_card(name):
    dataset = datasets.load(name)
    columns = {level.name: level.column for level in dataset.levels[1:]}
    for each in profiles(dataset.frame, HOLDS[name]):
        expected = columns.get(dataset.variables[each.column].level, "row")
        if each.column != "ward":  # its card says it describes wards, by whatever number
            assert each.level == expected


def test_variances_are_those_of_the_analysis_of_variance():
    frame = datasets.load("school").frame
    table = mean_squares(frame["gcse"], frame["school"])
    found = profile(frame, "school", "gcse")
    assert_allclose(found.within, table.within, rtol=1e-10)  # rounding
    assert_allclose(found.icc, table.icc, rtol=1e-10)


def test_an_icc_does_not_depend_on_unit_and_origin():
    frame = datasets.load("hsb").frame
    moved = frame.assign(mathach=1e6 + 1e-3 * frame["mathach"])
    one, other = (profile(f, "schid", "mathach").icc for f in (frame, moved))
    assert_allclose(one, other, rtol=1e-6)  # ten digits are lost at an origin of a million


def test_a_variable_that_almost_never_varies_is_said_to():
    frame = datasets.load("school").frame
    frame.loc[[0, 4058], "schgend"] = 4 - frame["schgend"].iloc[[0, 4058]]
    found = profile(frame, "school", "schgend")
    assert (found.level, found.almost, found.varying, found.groups) == ("row", "school", 2, 65)
    assert "2 of 65 groups" in found.where


def test_missing_values_and_whole_groups_without_any():
    frame = datasets.load("school").frame
    frame.loc[frame["school"] == 1, "lrt"] = np.nan
    frame.loc[frame.index[-1], "lrt"] = np.nan
    found = profile(frame, "school", "lrt")
    gone = int((frame["school"] == 1).sum()) + 1
    assert (found.missing, found.blocks) == (gone, 1)
    assert found.share == gone / 4059
    assert profile(frame, "school", "gcse").absent == "none"


def test_missing_values_do_not_count_as_variation():
    frame = pd.DataFrame({"g": [1, 1, 2, 2, 3, 3], "x": [5.5, np.nan, 2.5, 2.5, np.nan, np.nan]})
    assert profile(frame, "g", "x").level == "g"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 1, 1, 0] * 5, "0/1"),
        ([True, False] * 10, "0/1"),
        ([1, 2, 3, 2] * 5, "codes"),
        ([0.5, 1.5] * 10, "number"),
        (list("abcd") * 5, "text"),
        ([7] * 20, "constant"),
        (list(range(101, 121)), "identifier"),
        ([None] * 20, "empty"),
        (pd.date_range("2020-01-01", periods=20), "date"),
    ],
)
def test_kinds(values, kind):
    frame = pd.DataFrame({"g": np.repeat(range(5), 4), "x": values})
    assert profile(frame, "g", "x").kind == kind


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_next_to_no_rows_are_no_trouble(rows):
    frame = datasets.load("school").frame.iloc[:rows]
    assert len(profiles(frame, "school")) == frame.shape[1]


def test_huge_numbers_have_no_icc_and_do_no_harm():
    frame = pd.DataFrame({"g": [1, 1, 2, 2], "x": [1e300, -1e300, 2e299, 1.5]})
    assert np.isnan(profile(frame, "g", "x").icc)


def test_a_factor_of_two_columns_has_profiles_too():
    frame = datasets.load("nurses").frame
    one = profiles(frame, "hospital:ward")
    other = profiles(frame, "wardid")
    assert [each.icc for each in one] == pytest.approx([e.icc for e in other], nan_ok=True)
