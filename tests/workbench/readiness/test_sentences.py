"""The sentences of readiness: numbers computed, warnings where something has to be decided."""

import numpy as np
import pytest

import datasets
from workbench.readiness import sentences


def said(name, **asked):
    dataset = datasets.load(name)
    return sentences(dataset.frame, dataset, **asked)


def warned(name, **asked):
    return " ".join(each.text for each in said(name, **asked) if each.warning)


def test_rows_and_groups():
    first = said("school")[0]
    assert first.text == (
        "4,059 rows and 10 columns. `school` could be the groups: 65 groups of 2 to 198 rows, "
        "median 60."
    )
    assert not first.warning


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nurses", "`ward` 1 occurs in 25 groups of `hospital`"),
        ("states", "9 groups of `division` are few"),
        ("ghq_households", "3,464 of 7,893 groups of `ohid` have one row"),
        ("census", "14,435 rows have no `indus1ts`"),
    ],
)
def test_warnings(name, words):
    assert words in warned(name)


@pytest.mark.parametrize("name", ["school", "hsb", "pupils", "sleepstudy", "popularity"])
def test_nothing_to_warn_of(name):
    assert warned(name) == ""


def test_an_outcome_that_describes_groups():
    assert "never varies within `class`" in warned("popularity", outcome="texp")


def test_an_outcome_in_which_groups_do_not_differ():
    dataset = datasets.load("school")
    rng = np.random.default_rng(3)
    frame = dataset.frame.assign(y=rng.normal(size=4059))
    frame["y"] -= frame.groupby("school")["y"].transform("mean")
    text = " ".join(each.text for each in sentences(frame, dataset, outcome="y"))
    assert "no more than chance" in text


def test_missing_values_of_the_columns_in_use():
    assert "would leave out 740 rows" in warned("qualifications", used=["fimngrs_dv", "fem"])
    assert warned("qualifications", used=["any_bet", "fem"]) == ""


def test_a_table_whose_rows_are_the_groups():
    assert "Each row is a group of its own" in said("issp")[0].text
