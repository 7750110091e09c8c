"""Columns as grouping factors: counted or sorted, the groups are those of pandas."""

import numpy as np
import pandas as pd
import pytest

from workbench.readiness.factors import grouped

RNG = np.random.default_rng(2)
COLUMNS = {
    "narrow": RNG.integers(-5, 40, 300),
    "wide": RNG.integers(0, 2**50, 300) // 2**45 * 2**45,
    "fractions": RNG.integers(0, 9, 300) / 4,
    "missing": np.where(RNG.random(300) < 0.2, np.nan, RNG.integers(0, 9, 300)),
    "text": RNG.choice(["b", "a", "c"], 300),
    "yes": RNG.random(300) < 0.5,
    "nullable": pd.array(RNG.integers(0, 4, 300), dtype="Int64"),
    "category": pd.Categorical(RNG.choice(["low", "high"], 300)),
}
FRAME = pd.DataFrame(COLUMNS)


@pytest.mark.parametrize("column", COLUMNS)
def test_groups_are_those_of_pandas(column):
    found = grouped(FRAME, column)
    expected = FRAME[column].value_counts().sort_index()
    assert list(found.labels) == list(expected.index)
    assert list(found.sizes) == list(expected)
    known = FRAME[column].notna().to_numpy()
    assert list(found.labels[found.codes[known]]) == list(FRAME[column][known])
    assert (found.codes[~known] == -1).all()


def test_crossed_columns_are_their_pairs():
    found = grouped(FRAME, "text:missing")
    expected = FRAME.groupby(["text", "missing"]).size()
    assert found.count == len(expected)
    assert found.rows == FRAME["missing"].notna().sum()
    row = FRAME.index[FRAME["missing"].notna()][5]
    assert found.labels[found.codes[row]] == f"{FRAME['text'][row]}:{FRAME['missing'][row]:.0f}"


def test_runs_are_unbroken_stretches():
    frame = pd.DataFrame({"g": [1, 1, 2, 2, 1, np.nan, 1]})
    assert grouped(frame, "g").runs == 3


def test_a_column_that_is_not_there():
    with pytest.raises(KeyError, match="no column nothing"):
        grouped(FRAME, "text:nothing")
