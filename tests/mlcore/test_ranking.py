"""League tables: intervals, ranks and who is above whom."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import ndtr

import datasets
from mlcore import (
    DataError,
    UnsupportedError,
    caterpillar,
    least_size,
    lmm,
    pairs_apart,
    pooling_weight,
    probability_above,
    rank_draws,
)
from mlcore.inference.ranking import comparison_factor

SCHOOL = datasets.load("school").frame
NULL = lmm("gcse ~ 1 + (1 | school)", SCHOOL)
ADDED = lmm("gcse ~ lrt + (1 | school)", SCHOOL)  # what schools add to the reading score
DRAWS = rank_draws(ADDED, 10_000, seed=1)


def test_36_of_65_intervals_exclude_zero():
    table = caterpillar(NULL)
    assert len(table) == 65
    assert table["excludes"].sum() == 36
    assert table["estimate"].is_monotonic_increasing


def test_the_school_of_two_is_drawn_from_11th_to_27th():
    table = caterpillar(NULL)
    raw = SCHOOL.groupby("school")["gcse"].mean().rank()
    assert (raw[48], table.loc[48, "rank"], table.loc[48, "n"]) == (11, 27, 2)
    assert f"{table.loc[48, 'estimate']:.2f}" == "-1.16"


def test_slopes_have_an_order_too():
    fit = lmm("gcse ~ lrt + (1 + lrt | school)", SCHOOL)
    table, effects = caterpillar(fit, term="lrt"), fit.ranef["school"]
    assert_allclose(table["estimate"], effects["lrt"].sort_values())
    assert_allclose(table["se"], effects["se_lrt"][table.index])
    with pytest.raises(UnsupportedError, match=r"needs a random slope \(1 \+ lrt"):
        caterpillar(NULL, term="lrt")


def test_intervals_are_the_fits_own():
    table, ranef = caterpillar(NULL, level=0.9), NULL.ranef["school"]
    assert_allclose(table["upper"] - table["lower"],
                    2 * 1.6448536269514722 * ranef["se_(Intercept)"][table.index])  # fmt: skip


def test_the_comparison_factor_is_goldstein_and_healys():
    """1.39 where all standard errors are equal: z / sqrt(2)."""
    assert_allclose(comparison_factor(np.ones(10)), 1.959964 / np.sqrt(2), rtol=1e-6)
    assert f"{comparison_factor(np.ones(10)):.2f}" == "1.39"


def test_intervals_for_comparison_fail_to_overlap_as_often_as_they_should():
    se = np.array([0.5, 1.0, 1.0, 3.0])
    c = comparison_factor(se)
    noise = np.random.default_rng(1).standard_normal((100_000, 4)) * se
    i, j = np.triu_indices(4, 1)
    apart = np.abs(noise[:, i] - noise[:, j]) > c * (se[i] + se[j])
    assert_allclose(apart.mean(), 0.05, atol=0.002)  # four Monte Carlo errors


def test_neighbours_in_the_middle_are_a_toss_up():
    """The 32nd from the top is above the 33rd with probability .54."""
    order = caterpillar(ADDED).index
    assert f"{probability_above(ADDED, order[-32], order[-33]):.2f}" == "0.54"


def test_who_is_above_whom_is_what_draws_say():
    order = DRAWS.groups
    for a, b in [(33, 32), (60, 20), (3, 50)]:
        said = probability_above(ADDED, order[a], order[b])
        drawn = np.mean(DRAWS.values[:, a] > DRAWS.values[:, b])
        assert_allclose(drawn, said, atol=0.02)  # four Monte Carlo errors
    assert_allclose(
        probability_above(ADDED, order[3], order[50]),
        1 - probability_above(ADDED, order[50], order[3]),
    )


def test_the_median_school_has_an_interval_of_25_places():
    table = DRAWS.intervals()
    assert table["width"].median() in (25, 26)  # 25 from most seeds
    assert (table["lower"] <= table["median"]).all()
    assert (table["median"] <= table["upper"]).all()


def test_the_top_school_is_really_top_with_probability_78():
    assert_allclose(DRAWS.top().iloc[-1], 0.78, atol=0.015)
    assert_allclose(DRAWS.top().sum(), 1.0)
    assert_allclose(DRAWS.top(10).sum(), 10.0)


def test_of_two_groups_the_top_one_is_a_normal_probability():
    data = SCHOOL[SCHOOL["school"].isin([1, 2])]
    fit = lmm("gcse ~ 1 + (1 | school)", data)
    draws = rank_draws(fit, 20_000, seed=2)
    table = caterpillar(fit)
    z = np.diff(table["estimate"])[0] / np.hypot(*table["se"])
    assert_allclose(draws.top().iloc[-1], ndtr(z), atol=0.015)


def test_ranks_are_one_to_all_in_every_draw():
    assert (np.sort(DRAWS.ranks[:50], axis=1) == np.arange(1, 66)).all()


def test_the_seed_decides():
    assert (rank_draws(ADDED, 5, seed=3).values == rank_draws(ADDED, 5, seed=3).values).all()
    assert (rank_draws(ADDED, 5, seed=3).values != rank_draws(ADDED, 5, seed=4).values).all()


def test_more_draws_than_can_be_kept_are_refused():
    with pytest.raises(DataError, match="draw 76,923 at most"):
        rank_draws(NULL, 80_000, seed=1)


def test_an_unknown_group_is_said():
    with pytest.raises(DataError, match="no group 99"):
        probability_above(ADDED, 99, 1)


def test_a_league_among_some_groups_keeps_the_estimates_of_all():
    some = [48, 53, 59, 14, 1]
    table, every = caterpillar(NULL, among=some), caterpillar(NULL)
    assert set(table.index) == set(some)
    assert list(table["rank"]) == [1, 2, 3, 4, 5]
    assert_allclose(table["estimate"], every.loc[table.index, "estimate"])
    assert_allclose(table["lower"], every.loc[table.index, "lower"])
    draws = rank_draws(NULL, 50, seed=1, among=some)
    assert draws.values.shape == (50, 5)
    assert list(draws.groups) == list(table.index)
    with pytest.raises(DataError, match="no group 99"):
        caterpillar(NULL, among=[1, 99])


def test_pairs_differ_more_often_than_their_intervals_part():
    table = caterpillar(NULL)
    found = pairs_apart(table)
    assert found.pairs == 65 * 64 / 2
    z = [
        (b.estimate - a.estimate) / np.hypot(a.se, b.se)
        for i, a in enumerate(table.itertuples())
        for b in list(table.itertuples())[i + 1 :]
    ]
    assert found.tested == (np.array(z) > 1.959964).sum()
    # where intervals part, the difference is tested to be there: se + se > sqrt(se^2 + se^2)
    assert found.separate < found.tested
    assert abs(found.compared - found.tested) < abs(found.separate - found.tested)


@pytest.mark.parametrize("mean", [-4.01, 0.7, 12.0])
def test_the_least_size_is_the_first_whose_interval_leaves_out_the_mean(mean):
    tau, sigma = NULL.variance_components["sd"]

    def clear(n: int) -> bool:
        weight = float(pooling_weight(n, tau, sigma))
        return abs(weight * mean) > 1.959964 * tau * np.sqrt(1 - weight)

    n = least_size(mean, tau, sigma)
    assert clear(n)
    assert n == 1 or not clear(n - 1)
    with pytest.raises(DataError, match="never"):
        least_size(0.0, tau, sigma)
