"""How much groups scatter: as much as chance allows, or more."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import levene

import datasets
from mlcore import DataError, lmm, ols, panel
from mlcore.inference.spreads import rows_by, spreads

SCHOOL = datasets.load("school").frame
FIT = lmm("gcse ~ lrt + (1 + lrt | school)", SCHOOL)
RNG = np.random.default_rng(8)


def test_each_group_has_the_sd_of_its_residuals():
    found = spreads(FIT, "school")
    rows = pd.DataFrame({"r": FIT.residuals(), "school": SCHOOL["school"]})
    own = rows.groupby("school")["r"].std()
    assert_allclose(found.table["sd"], own[found.table.index])
    assert 48 not in found.table.index  # the school of two


def test_the_test_is_brown_and_forsythes():
    found = spreads(FIT, "school")
    rows = pd.DataFrame({"r": FIT.residuals(), "school": SCHOOL["school"]})
    large = [r for _, r in rows.groupby("school")["r"] if len(r) >= 10]
    expected = levene(*large, center="median")
    assert_allclose((found.test.statistic, found.test.p), expected, rtol=1e-9)


def drawn(sd):
    """Eighty groups of 4 to 60 rows whose residuals have these SDs."""
    n = RNG.integers(4, 60, 80)
    g = np.repeat(np.arange(80), n)
    frame = pd.DataFrame({"g": g, "x": RNG.normal(size=len(g))})
    return frame.assign(y=frame["x"] + sd[g] * RNG.normal(size=len(g)))


def test_one_in_twenty_leaves_the_funnel_where_all_scatter_alike():
    frames = [drawn(np.ones(80)) for _ in range(20)]
    fits = [ols("y ~ x", frame, cluster="g") for frame in frames]
    share = np.mean([spreads(fit, "g").outside / 80 for fit in fits])
    assert abs(share - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 1600)  # four Monte Carlo errors


def test_groups_that_scatter_differently_are_found():
    frame = drawn(np.where(np.arange(80) < 40, 1.0, 2.0))
    found = spreads(lmm("y ~ x + (1 | g)", frame), "g")
    assert found.outside > 30
    assert found.test.p < 1e-6


def test_of_many_small_groups_there_is_no_test():
    frame = datasets.load("ghq_panel").frame.query("pid < 2000")
    found = spreads(lmm("ghq ~ 1 + (1 | pid)", frame), "pid")
    assert found.test is None


def test_any_grouping_of_the_rows_will_do():
    fit = ols("gcse ~ lrt", SCHOOL)
    found = spreads(fit, rows_by(fit, SCHOOL, "school"))
    assert found.group == "school"
    assert rows_by(fit, SCHOOL, "school:schgend").name == "school:schgend"


def test_what_cannot_be_looked_at_says_why():
    with pytest.raises(DataError, match="knows no groups called class"):
        spreads(FIT, "class")
    people = datasets.load("ghq_panel").frame.query("pid < 300")
    between = panel("ghq ~ lninc", people, entity="pid", estimator="between")
    with pytest.raises(DataError, match="three residuals or more"):
        spreads(between, "pid")
    change = panel("ghq ~ lninc", people, entity="pid", time="year", estimator="first_difference")
    assert spreads(change, "pid").table["n"].max() == people.groupby("pid").size().max() - 1
    with pytest.raises(DataError, match="no column class"):
        rows_by(FIT, SCHOOL, "class")
