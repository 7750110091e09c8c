"""How grouping factors lie in each other, and numbers that start again in each group."""

import numpy as np
import pandas as pd
import pytest

import datasets
from workbench.readiness import relation


def between(name, a, b):
    return relation(datasets.load(name).frame, a, b)


@pytest.mark.parametrize(
    ("name", "a", "b", "kind"),
    [
        ("nurses", "wardid", "hospital", "nested"),
        ("nurses", "hospital", "wardid", "nested"),
        ("nurses", "hospital:ward", "wardid", "same"),
        ("issp", "cnt", "country", "same"),
        ("pupils", "pschool", "sschool", "crossed"),
        ("ghq_panel", "pid", "year", "crossed"),
    ],
)
def test_kinds(name, a, b, kind):
    assert between(name, a, b).kind == kind


def test_the_inner_factor_of_a_nest_is_named_whichever_comes_first():
    for pair in (("wardid", "hospital"), ("hospital", "wardid")):
        found = between("nurses", *pair)
        assert (found.inner, found.outer, found.strays) == ("wardid", "hospital", 0)


def test_crossed_cells_are_counted():
    frame = datasets.load("pupils").frame
    found = between("pupils", "pschool", "sschool")
    cells = len(frame[["pschool", "sschool"]].drop_duplicates())
    assert (found.groups_a, found.groups_b, found.cells) == (50, 30, cells)
    assert found.filled == cells / 1500
    assert not found.single
    assert between("ghq_panel", "pid", "year").single


def test_the_ward_that_occurs_in_every_hospital():
    for pair in (("ward", "hospital"), ("hospital", "ward")):
        trap = between("nurses", *pair).trap
        assert (trap.inner, trap.outer, trap.code) == ("ward", "hospital", "1")
        assert (trap.occurs, trap.codes, trap.cells) == (25, 4, 100)
        assert trap.factor == "hospital:ward"
        assert trap.question.endswith("?")
        assert "100 groups and not 4" in trap.sentence


def test_it_is_seen_without_the_column_that_numbers_wards_throughout():
    frame = datasets.load("nurses").frame.drop(columns="wardid")
    assert relation(frame, "ward", "hospital").trap is not None


def units(together=True):
    """Twenty firms with three teams each of ten rows; a column describes teams, anew in each."""
    rng = np.random.default_rng(1)
    firm, team = np.repeat(np.arange(20), 30), np.tile(np.repeat([1, 2, 3], 10), 20)
    leader = rng.integers(0, 2, 60)[firm * 3 + team - 1]
    frame = pd.DataFrame({"f": firm, "t": team, "leader": leader, "y": rng.normal(size=600)})
    return frame if together else frame.sample(frac=1.0, random_state=2)


@pytest.mark.parametrize("together", [True, False])
def test_a_column_that_describes_cells_is_a_sign_in_any_order_of_rows(together):
    trap = relation(units(together), "t", "f").trap
    assert trap.cells == 60
    assert "`leader`" in trap.sign


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("pupils", "pschool", "sschool"),
        ("ghq_panel", "pid", "year"),
        ("sleepstudy", "Subject", "Days"),
        ("school", "vrband", "school"),
        ("nurses", "gender", "hospital"),
        ("nurses", "stress", "wardid"),
        ("popularity", "pupil", "class"),
        ("census", "occupat1t", "indus1ts"),
        ("london_nurses", "fam", "hospital"),
    ],
)
def test_truly_crossed_columns_raise_no_question(name, a, b):
    assert between(name, a, b).trap is None


def test_a_few_who_moved_do_not_make_a_crossing():
    frame = datasets.load("nurses").frame
    frame.loc[0, "hospital"] = 25
    found = relation(frame, "wardid", "hospital")
    assert (found.kind, found.strays) == ("nested", 1)
    assert "but for 1" in found.sentence


def test_factors_that_share_no_row():
    frame = pd.DataFrame({"a": [1.0, 1.0, np.nan], "b": [np.nan, np.nan, 2.0]})
    assert relation(frame, "a", "b").kind == "apart"


def test_relabelling_and_reordering_change_nothing_but_labels():
    frame = datasets.load("pupils").frame
    other = frame.assign(pschool=frame["pschool"].map(lambda k: f"school {k}"))
    found = relation(other.sample(frac=1.0, random_state=1), "pschool", "sschool")
    assert found == between("pupils", "pschool", "sschool")
