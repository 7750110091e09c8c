"""Columns that a formula names and that can be made of others."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from datasets import load
from workbench.plan import made


def test_a_deviation_and_its_mean_are_what_pandas_gives() -> None:
    data = made("gcse ~ lrt_within_school + (1 | school)", load("school"))
    frame = data.extended
    mean = frame.groupby("school")["lrt"].transform("mean")
    pd.testing.assert_series_equal(frame["lrt_mean_school"], mean, check_names=False)
    np.testing.assert_allclose(frame["lrt_within_school"], frame["lrt"] - mean)
    assert data.derived["lrt_mean_school"].level == "school"
    assert data.csv() == load("school").csv()


def test_groups_of_two_columns() -> None:
    data = made("stress ~ age_mean_hospital_ward + (1 | hospital:ward)", load("nurses"))
    frame = data.extended
    same = frame.groupby("wardid")["age"].transform("mean")
    np.testing.assert_allclose(frame["age_mean_hospital_ward"], same)
    assert data.derived["age_mean_hospital_ward"].over == ("hospital", "ward")
    again = made("stress ~ age_mean_hospital_ward", load("nurses"))  # no random term says so
    assert again.derived["age_mean_hospital_ward"].over == ("hospital", "ward")


def test_a_mean_of_a_mean_and_a_mean_of_a_deviation() -> None:
    formula = "stress ~ age_within_wardid + age_mean_wardid_within_hospital + (1 | hospital)"
    frame = made(formula, load("nurses")).extended
    outer = frame["age_mean_wardid"].groupby(frame["hospital"]).transform("mean")
    np.testing.assert_allclose(
        frame["age_mean_wardid_within_hospital"], frame["age_mean_wardid"] - outer
    )


@pytest.mark.parametrize(
    "formula",
    [
        "gcse ~ lrt + (1 | school)",
        "gcse ~ lrt_mean_street",
        "gcse ~ iq_within_school",
        "gcse ~ _mean_",
    ],
)
def test_nothing_else_is_made(formula: str) -> None:
    assert set(made(formula, load("school")).derived) == set(load("school").derived)


def test_some_columns_are_those_of_all() -> None:
    formula = "stress ~ age_within_wardid + age_mean_wardid_within_hospital + (1 | hospital)"
    data = made(formula, load("nurses"))
    whole = data.extended
    some = data.columns(["age_mean_wardid_within_hospital", "stress", "nothing"])
    assert {"age_mean_wardid_within_hospital", "stress"} < set(some.columns)
    assert "age_within_wardid" not in some
    pd.testing.assert_frame_equal(some, whole[list(some.columns)])
    some["stress"] = 0.0  # the caller's own
    assert data.columns(["stress"])["stress"].std() > 0.0


def test_names_in_any_script_can_be_centred() -> None:
    school = load("school")
    frame = school.frame.rename(columns={"lrt": "балл", "school": "école"})
    about = dict.fromkeys(frame, school.variables["gcse"])
    data = replace(school, _rows=frame, variables=about, derived={})
    formula = "gcse ~ балл_within_école + (1 | école)"
    found = made(formula, data).columns(["балл_within_école"])["балл_within_école"]
    mean = frame.groupby("école")["балл"].transform("mean")
    np.testing.assert_allclose(found, frame["балл"] - mean)
