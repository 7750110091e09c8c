"""The hundred studies of the panel lesson: their rows, fitted, say what the closed forms say."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import kstest, norm

from mlcore import TrendStudy, lmm, rejection_rates
from ui.pictures import studies

AT = {"sigma_u1": 0.4, "persons": 50.0, "waves": 6.0, "seed": 5.0}


@pytest.mark.parametrize(("persons", "waves", "sd"), [(50, 6, 0.4), (100, 10, 0.6), (20, 3, 0.5)])
def test_the_study_that_is_drawn_is_the_first_of_the_hundred(persons, waves, sd):
    at = {"sigma_u1": sd, "persons": persons, "waves": waves, "seed": 3.0}
    one, hundred = studies.sums(1), studies.sums()
    for few, many in zip(one.found, hundred.found, strict=True):
        assert few.evaluate(at)[0] == many.evaluate(at)[0]
    for slopes, variance in ((False, one.intercept_only), (True, one.with_slope)):
        fit = studies.fitted(sd, persons, waves, 3.0, slopes=slopes)
        assert fit.trend == pytest.approx(one.slope.evaluate(at)[0], abs=1e-9)
        # heights and slopes that correlate by chance move the error by less than one part in 1,000
        assert fit.se == pytest.approx(np.sqrt(variance.evaluate(at)[0]), rel=1e-3)


@pytest.mark.parametrize("waves", [3, 6, 10])
def test_residuals_about_the_own_line_are_white_noise_less_a_line(waves):
    basis = studies.bases()[waves - 3, :waves, : waves - 2]
    t = np.arange(waves) - (waves - 1) / 2
    line = np.column_stack([np.ones(waves), t])
    assert_allclose(basis.T @ line, 0, atol=1e-12)
    projection = np.eye(waves) - line @ np.linalg.solve(line.T @ line, line.T)
    assert_allclose(basis @ basis.T, projection, atol=1e-12)


def test_rows_have_the_lines_that_they_were_made_from():
    it = studies.rows()
    person, time, score = (q.evaluate(AT) for q in (it.person, it.time, it.score))
    slopes = np.bincount(person.astype(int), time * score) / (6 * 35 / 12)
    assert_allclose(slopes, it.slope.evaluate(AT), atol=1e-12)
    assert_allclose(np.bincount(person.astype(int), score) / 6, it.height.evaluate(AT), atol=1e-12)
    assert_allclose(it.wave.evaluate(AT).reshape(50, 6), np.tile(np.arange(1.0, 7.0), (50, 1)))


def test_trends_of_many_studies_are_normal_about_zero():
    found = np.concatenate(
        [studies.sums().slope.evaluate({**AT, "seed": float(seed)}) for seed in range(1, 11)]
    )
    spread = np.sqrt((0.16 + 12 / (6 * 35)) / 50)
    assert kstest(found, norm(0, spread).cdf).pvalue > 0.01


def test_the_hundreds_find_as_many_trends_as_the_rates_say():
    counts = np.array(
        [
            [each.evaluate({**AT, "seed": float(seed)}).sum() for each in studies.sums().found]
            for seed in range(1, 21)
        ]
    )
    share = counts.sum(axis=0) / 2000
    rates = np.array([studies.rate(k) for k in (0, 1)])
    assert (abs(share - rates) < 4 * np.sqrt(rates * (1 - rates) / 2000)).all()


def test_the_grid_holds_what_the_core_computes():
    found, error = rejection_rates(TrendStudy(30, 7, 0.0), [0.26], studies.DRAWS, seed=1)
    # the table travels in single precision
    assert studies.rate(0, sd=0.26, persons=30, times=7) == pytest.approx(found[0, 2], abs=1e-6)
    assert studies.rate(1, sd=0.26, persons=30, times=7) == pytest.approx(found[0, 4], abs=1e-6)
    assert error.max() <= studies.error() < 0.005


def test_more_waves_make_it_worse_and_more_people_change_nothing():
    by_waves = [studies.rate(0, times=times) for times in range(3, 11)]
    assert (np.diff(by_waves) > 0.02).all()
    by_people = [studies.rate(0, persons=persons) for persons in range(20, 101, 10)]
    assert np.ptp(by_people) < 0.015


def test_what_the_page_fits_is_what_lmm_fits():
    it = studies.rows()
    import pandas as pd

    frame = pd.DataFrame(
        {n: q.evaluate(AT) for n, q in {"y": it.score, "t": it.time, "p": it.person}.items()}
    )
    fit = lmm("y ~ t + (1 + t | p)", frame)
    mine = studies.fitted(0.4, 50.0, 6.0, 5.0, slopes=True)
    assert mine.slope_sd == pytest.approx(np.sqrt(np.diagonal(fit.random_covariance["p"])[1]))
    assert mine.sigma == pytest.approx(fit.sigma)
