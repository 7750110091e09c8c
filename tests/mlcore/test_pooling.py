"""Shrinkage against lme4, its limits, and lines that borrow nothing."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from mlcore import lmm, ols, pooling_weight, separate_lines, shrinkage
from tests.mlcore.oracle import CASES, frame, mixed

NULL = mixed("gcse_null_reml")
STORED = CASES["gcse_null_reml"]["derived"]["shrinkage"]


def test_every_school_as_lme4_has_it() -> None:
    table = shrinkage(NULL)
    assert list(table.columns) == ["n", "mean", "lambda", "estimate", "se", "movement"]
    assert list(table.index.astype(str)) == STORED["levels"]
    assert list(table["n"]) == STORED["n_j"]
    for ours, theirs in [("mean", "raw_mean_resid"), ("lambda", "lambda"), ("estimate", "eb")]:
        assert_allclose(table[ours], STORED[theirs], rtol=1e-5)


def test_the_closed_form_is_the_blup() -> None:
    for fit in (NULL, mixed("gcse_ri_full_reml")):
        table = shrinkage(fit)
        assert_allclose(table["lambda"] * table["mean"], table["estimate"], rtol=1e-9)
        assert_allclose(table["movement"], (1 - table["lambda"]) * table["mean"].abs(), rtol=1e-9)


def test_the_school_of_two() -> None:
    school = shrinkage(NULL).loc[48]
    assert school["n"] == 2
    assert school[["mean", "lambda", "estimate"]].round(2).tolist() == [-4.01, 0.29, -1.16]
    assert shrinkage(NULL)["movement"].idxmax() == 48


def test_weights_between_the_limits() -> None:
    assert_allclose(pooling_weight([0, 1, 4, 99], 2, 4), [0, 1 / 5, 1 / 2, 99 / 103])
    assert_allclose(pooling_weight([0, 1, 50], 0, 3), [0, 0, 0])
    assert_allclose(pooling_weight([1, 50], np.inf, 3), [1, 1])
    assert pooling_weight(10, 1e-200, 1) == 0
    assert pooling_weight(10, 1e200, 1) == 1


def test_weights_of_many_taus_at_once() -> None:
    grid = pooling_weight(np.array([2, 20])[:, None], np.array([0.5, 1, 2]), 1)
    assert grid.shape == (2, 3)
    assert (np.diff(grid, axis=0) > 0).all()
    assert (np.diff(grid, axis=1) > 0).all()


def test_no_variance_between_groups_pools_completely() -> None:
    data = frame("gcse").iloc[:400].assign(g=np.arange(400) % 20)
    data["y"] = data["gcse"] - data.groupby("g")["gcse"].transform("mean")
    table = shrinkage(lmm("y ~ 1 + (1 | g)", data))
    assert (table[["lambda", "estimate", "se"]] == 0).all(axis=None)


def test_separate_lines_are_least_squares_in_each_group() -> None:
    data = frame("gcse")
    table = separate_lines("gcse ~ lrt", data, "school")
    assert list(table.columns) == ["intercept", "slope", "n"]
    for school in (1, 17, 54):
        alone = ols("gcse ~ lrt", data[data["school"] == school])
        assert_allclose(table.loc[school, ["intercept", "slope"]], alone.beta, rtol=1e-9)
    two = data[data["school"] == 48]
    assert table.loc[48, "slope"] == pytest.approx(np.diff(two["gcse"])[0] / np.diff(two["lrt"])[0])


def test_groups_without_a_line() -> None:
    data = pd.DataFrame(
        {"y": [1.0, 2, 3, 4, 5, 6], "x": [1, 2, 5, 0.1, 0.1, 0.1], "g": [1, 1, 2, 3, 3, 3]}
    )
    table = separate_lines("y ~ x", data, "g")
    assert table.loc[1].tolist() == [0, 1, 2]
    assert table.loc[[2, 3], ["intercept", "slope"]].isna().all(axis=None)
    assert table["n"].tolist() == [2, 1, 3]
