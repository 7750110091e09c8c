"""Which score predicts the people one did not see?"""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import DataError, effect_scores, lmm, sample_scores, score_errors, smoothed_table

CENSUS = datasets.load("census").extended


def test_the_lessons_order_of_errors_in_the_census():
    """From 5 % of the people, groups of 100 and more: the leads are .245, .222 and .160."""
    table = score_errors("health1", "cell", CENSUS, shares=[0.05], least=100, samples=10, seed=1)
    found = table.loc[0.05]
    assert found["raw"] > found["none"] > found["esres"]
    for name, lead in [("raw", 0.245), ("none", 0.222), ("esres", 0.160)]:
        # four Monte Carlo errors, and half a digit of a lead that is one sample's or a few
        assert_allclose(found[name], lead, atol=4 * found[f"{name}_error"] + 0.0005)


def test_scores_of_a_sample_are_those_of_its_rows():
    school = datasets.load("school").frame
    found = sample_scores("gcse", "school", school, share=0.3, seed=4).scores
    inside = np.random.default_rng(4).random(len(school)) < 0.3
    seen, rest = school[inside], school[~inside]
    fit = lmm("gcse ~ 1 + (1 | school)", seen)
    mine = effect_scores(fit).loc[found.index]
    assert_allclose(found["raw"], mine["eps"], rtol=1e-10)
    assert_allclose(found["esres"], mine["esres"], rtol=1e-6)
    assert_allclose(found["none"], seen["gcse"].mean())
    assert_allclose(found["rest"], rest.groupby("school")["gcse"].mean()[found.index])
    assert (found["n"] == seen.groupby("school").size()[found.index]).all()


def test_errors_are_means_of_samples():
    frame = datasets.load("school").frame
    table = score_errors("gcse", "school", frame, shares=[0.3], samples=1, seed=4)
    one = sample_scores("gcse", "school", frame, share=0.3, seed=4).errors
    assert_allclose(table.loc[0.3, ["raw", "none", "esres"]].astype(float), one.to_numpy())


def test_larger_samples_help_the_raw_means_most():
    frame = datasets.load("school").frame
    table = score_errors("gcse", "school", frame, shares=[0.05, 0.5], samples=5, seed=1)
    gained = table.loc[0.05] - table.loc[0.5]
    assert gained["raw"] > gained["esres"] > 0


def test_a_two_way_table_is_smoothed():
    cells = smoothed_table("health1", "occupat1t", "indus1ts", CENSUS)
    assert len(cells) == 117
    small = cells["n"] < 20
    moved = (cells["smooth"] - cells["raw"]).abs()
    assert moved[small].mean() > 5 * moved[~small].mean()
    apart = (cells["smooth"] - cells["additive"]).abs()
    assert apart[small].mean() < apart[~small].mean()
    fit = lmm("health1 ~ 1 + (1 | occupat1t) + (1 | indus1ts) + (1 | cell)", CENSUS)
    rows = CENSUS.dropna(subset=["cell"]).drop_duplicates("cell")
    said = cells["smooth"][pd.MultiIndex.from_frame(rows[["occupat1t", "indus1ts"]])]
    assert_allclose(said, fit.predict(rows), rtol=1e-8)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"share": 1.0}, "between 0 and 1"),
        ({"share": 0.1, "least": 10**6}, "lower the smallest size"),
        ({"share": 1e-9}, "draw a larger one"),
    ],
)
def test_what_cannot_be_drawn_is_said(asked, answer):
    with pytest.raises(DataError, match=answer):
        sample_scores("health1", "cell", CENSUS, seed=1, **asked)
