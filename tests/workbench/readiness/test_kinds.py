"""Which kind of outcome a column can be, and why."""

import numpy as np
import pandas as pd
import pytest

import datasets
from workbench.readiness import outcome_kind

COUNTS = np.random.default_rng(1).poisson(1.2, 500)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 1, 1], "binary"),
        (COUNTS, "count"),
        (np.arange(0, 30).repeat(10), "continuous"),
        ([1, 2, 3, 4, 2], "ordered"),
        ([1, 2, 3, 4, 5, 6, 7], "continuous"),
        ([1.5, 2.25, -3.0], "continuous"),
        (pd.Categorical(["low", "high", "mid"], ["low", "mid", "high"], ordered=True), "ordered"),
        ([1, 2, 2, 1], None),
        (["yes", "no"], None),
        ([3, 3, 3], None),
        (list(range(1000, 2000)), None),
        (pd.date_range("2020-01-01", periods=3), None),
        ([None, None], None),
    ],
)
def test_kinds_and_reasons(values, kind):
    found = outcome_kind(pd.Series(values, name="y"))
    assert found.kind == kind
    assert found.why


@pytest.mark.parametrize(
    ("name", "column", "kind"),
    [
        ("school", "gcse", "continuous"),
        ("nurses", "stress", "continuous"),
        ("ghq_panel", "ghq", "continuous"),
        ("london_nurses", "leave", "binary"),
        ("qualifications", "any_bet", "binary"),
        ("sleepstudy", "Reaction", "continuous"),
    ],
)
def test_the_outcomes_of_the_bundled_data(name, column, kind):
    assert outcome_kind(datasets.load(name).frame[column]).kind == kind


def test_two_values_that_are_not_0_and_1_say_what_to_do():
    assert "is 1 where this is 2" in outcome_kind(pd.Series([1, 2, 2])).why
