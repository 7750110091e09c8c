"""The columns that could be groups: on the bundled data the true ones come first."""

import numpy as np
import pandas as pd
import pytest

import datasets
from workbench.readiness import candidates

# what a card says of them cannot be seen in the rows: a row is a country, or codes of categories
NEED_THE_CARD = {"issp", "census", "qualifications"}


def levels(name):
    """The card's grouping columns that put several rows in a group."""
    dataset = datasets.load(name)
    frame = dataset.frame
    columns = {level.column for level in dataset.levels[1:]}
    return {column for column in columns if frame[column].nunique() < len(frame)}


def first(name, number, dataset=None):
    found = [each for each in candidates(datasets.load(name).frame, dataset) if each.plausible]
    return {each.column for each in found[:number]}


@pytest.mark.parametrize("name", datasets.names())
def test_with_the_card_the_true_groups_come_first(name):
    true = levels(name)
    assert first(name, len(true), datasets.load(name)) == true


@pytest.mark.parametrize("name", sorted({*datasets.names()} - NEED_THE_CARD))
def test_without_the_card_too_and_nothing_else_is_offered(name):
    assert first(name, None) == levels(name)


@pytest.mark.parametrize("name", sorted(NEED_THE_CARD))
def test_where_nothing_tells_groups_none_is_offered(name):
    assert first(name, None) == set()


def test_names_are_not_needed():
    frame = datasets.load("nurses").frame
    plain = frame.set_axis([f"v{k}" for k in range(frame.shape[1])], axis=1)
    found = [each.column for each in candidates(plain) if each.plausible]
    assert found == ["v2", "v0"]  # wardid, hospital


def test_sizes_are_counted():
    frame = pd.DataFrame({"team": list("aaabbc") * 3 + [None], "y": np.arange(19) / 7})
    frame.loc[17, "team"] = "lonely"
    (team,) = candidates(frame)
    assert (team.groups, team.smallest, team.largest, team.median) == (4, 1, 9, 4.0)
    assert (team.singletons, team.absent, team.few) == (1, 1, True)


def why(name, column):
    found = candidates(datasets.load(name).frame)
    return next(each.why for each in found if each.column == column)


@pytest.mark.parametrize(
    ("name", "column", "words"),
    [
        ("nurses", "nurse", "every row has its own value"),
        ("school", "schgend", "only 3 different values: rather a predictor"),
        ("school", "student", "no value twice within one of `school`"),
        ("sleepstudy", "Days", "no value twice within one of `Subject`"),
        ("popularity", "texp", "never varies within `class`: a characteristic"),
        ("ghq_panel", "ghq", "rather a measurement"),
        ("states", "division", "9 groups are few"),
        ("hsb", "schid", "its rows stand together in the file"),
        ("pupils", "pschool", "`pdenom` never varies within it"),
    ],
)
def test_each_says_why(name, column, words):
    assert words in why(name, column)


def test_the_order_of_rows_does_not_decide_alone():
    frame = datasets.load("hsb").frame.sample(frac=1.0, random_state=1)
    assert candidates(frame)[0].column == "schid"


def test_measurements_are_no_candidates():
    assert all(each.column != "gcse" for each in candidates(datasets.load("school").frame))


def test_odd_tables_are_no_trouble():
    assert candidates(pd.DataFrame({"a": [], "b": []})) == ()
    assert candidates(pd.DataFrame({"a": [None, None], "b": [1, 1]})) == ()
    mixed = pd.DataFrame({"group": [1, "one", None, 1, "one", 2.5] * 4, "y": range(24)})
    assert candidates(mixed)[0].column in {"group", "y"}
