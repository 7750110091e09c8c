"""Scores from samples of every size, with predictors held, against fits of the same rows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import DataError, effect_scores, lmm, ols, sample_scores, score_sweep

SCHOOL = datasets.load("school").frame
SHARES = (0.1, 0.3)


@pytest.fixture(scope="module")
def plain():
    return score_sweep("gcse", "school", SCHOOL, shares=SHARES, least=(1, 60), samples=2, seed=4)


@pytest.fixture(scope="module")
def held():
    return score_sweep(
        "gcse", "school", SCHOOL, shares=SHARES, controls="lrt + girl", samples=1, seed=4
    )


def test_without_controls_a_draw_is_the_sample_of_held_out(plain):
    one = sample_scores("gcse", "school", SCHOOL, share=0.3, seed=4)
    met = plain.levels.get_indexer(one.scores.index)
    for name in ("n", "raw", "esres", "rest"):
        # sums of products and sums of deviations differ in the last digits of the variances
        assert_allclose(getattr(plain, name)[1, met], one.scores[name], rtol=1e-6)
    mine = score_sweep("gcse", "school", SCHOOL, shares=[0.3], samples=1, seed=4)
    assert_allclose(mine.errors[0, 0], one.errors, rtol=1e-6)
    assert np.isnan(np.delete(plain.raw[1], met)).all()


def test_held_scores_are_those_of_the_mean_person(held):
    inside = np.random.default_rng(4).random(len(SCHOOL)) < SHARES[1]
    seen, rest = SCHOOL[inside], SCHOOL[~inside]
    seen = seen[seen.school.isin(rest.school)]  # a school of which all were drawn has no rest
    rest = rest[rest.school.isin(seen.school)]
    everyone = SCHOOL[["lrt", "girl"]].mean()
    where = SCHOOL.school.drop_duplicates().to_frame().assign(**everyone)
    fit = lmm("gcse ~ lrt + girl + (1 | school)", seen)
    u = effect_scores(fit).esres - fit.beta[0]
    level = fit.beta @ [1.0, *everyone]
    at = held.levels.get_indexer(u.index)
    assert_allclose(held.level[1], level, rtol=1e-6)
    assert_allclose(held.esres[1, at], level + u, rtol=1e-5)
    for rows, found in ((seen, held.raw[1]), (rest, held.rest[1])):
        dummies = ols("gcse ~ lrt + girl + C(school)", rows)
        known = where[where.school.isin(seen.school)]
        places = held.levels.get_indexer(known.school)
        assert_allclose(found[places], dummies.predict(known), rtol=1e-6)
    line = ols("gcse ~ lrt + girl", seen).beta @ [1.0, *everyone]
    apart = (line - held.rest[1])[np.isfinite(held.rest[1])]
    assert held.errors[1, 0, 1] == pytest.approx(np.sqrt(np.mean(apart**2)), rel=1e-6)


def test_errors_are_of_the_groups_that_are_large_enough(plain):
    large = plain.size >= 60
    one = score_sweep("gcse", "school", SCHOOL, shares=[0.3], least=[60], samples=1, seed=4)
    apart = (one.raw[0] - one.rest[0])[large]
    assert one.errors[0, 0, 0] == pytest.approx(np.sqrt(np.nanmean(apart**2)))
    assert (plain.errors[:, 1] < plain.errors[:, 0]).all()
    assert (plain.monte_carlo > 0).all()
    assert list(plain.table(60).columns) == ["raw", "none", "esres"]


def test_too_small_a_share_is_said():
    with pytest.raises(DataError, match="draw a larger one"):
        score_sweep("gcse", "school", SCHOOL, shares=[1e-4], seed=1)
