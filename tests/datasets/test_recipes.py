"""The corrections that recipes are made of do what they say, and do it again the same way."""

import numpy as np
import pandas as pd
import pytest

import datasets
from datasets.recipes import households
from datasets.recipes.calibration import correct, exchange, rounded, tilt


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def test_tilted_weights_have_the_sums_asked_for_and_stay_positive(rng):
    prior, rows = rng.uniform(1, 2, 200), rng.normal(size=(3, 200))
    target = rows @ (prior * np.exp(0.3 * rows[0]))
    weights = tilt(prior, rows, target, np.zeros((3, 3)))
    assert rows @ weights == pytest.approx(target, rel=1e-6)  # Newton stops at a decrease of 1e-12
    assert (weights > 0).all()


def test_slack_leaves_weights_nearer_to_where_they_were(rng):
    prior, rows = np.ones(200), rng.normal(size=(1, 200))
    target = rows @ prior + 20.0
    tight, loose = (tilt(prior, rows, target, np.array([[s]])) for s in (0.0, 100.0))
    assert np.abs(loose - prior).max() < np.abs(tight - prior).max()


def test_a_corrected_response_satisfies_the_equations_and_moves_along_them_only(rng):
    y, rows, target = rng.normal(size=50), rng.normal(size=(4, 50)), rng.normal(size=4)
    better = correct(y, rows, target)
    assert rows @ better == pytest.approx(target, abs=1e-10)  # a solve of four equations
    aside = np.linalg.svd(rows)[2][4:]
    assert aside @ (better - y) == pytest.approx(np.zeros(46), abs=1e-10)


@pytest.mark.parametrize("blocks", [None, np.repeat([0, 1, 2], 40)])
def test_exchange_comes_near_keeps_to_bounds_and_blocks_and_repeats(rng, blocks):
    start, rows = rng.integers(0, 5, 120), rng.normal(size=(4, 120))
    target = rows @ start + rng.normal(scale=3.0, size=4)

    def run():
        again = np.random.default_rng(1)
        return exchange(start, rows, target, lower=0, upper=5, steps=300, rng=again, blocks=blocks)

    counts = run()
    assert np.linalg.norm(rows @ counts - target) < 0.1 * np.linalg.norm(rows @ start - target)
    assert counts.min() >= 0
    assert counts.max() <= 5
    if blocks is not None:
        assert (np.bincount(blocks, counts) == np.bincount(blocks, start)).all()
    assert (run() == counts).all()


def test_rounding_keeps_the_sum_of_each_block():
    whole = rounded(np.array([0.5, 0.25, 0.25, 1.4, 1.6]), np.array([0, 0, 0, 1, 1]))
    assert list(whole) == [1, 0, 0, 1, 2]


def test_a_recipe_run_again_starts_with_the_people_of_its_file():
    frame = datasets.load("ghq_households").frame
    again = households.households(np.random.default_rng(households.SEED))
    columns = {name: getattr(again, name) for name in ("fem", "age", "cohab", "gdn")}
    made = pd.DataFrame({"ohid": again.home + 1, **columns})
    pd.testing.assert_frame_equal(frame[list(made)], made)
