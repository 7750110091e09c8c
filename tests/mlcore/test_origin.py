"""Lines and likelihood stay when the origin moves; variances and correlation do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import datasets
from mlcore import (
    RandomLines,
    UnsupportedError,
    lmm,
    loglik_without_covariance,
    random_lines,
)

SCHOOL = datasets.load("school").frame
SLOPES = "gcse ~ lrt + (1 + lrt | school)"
FIT = lmm(SLOPES, SCHOOL, reml=False)
LINES = random_lines(FIT)

# the lesson's table: origin, variance of the intercepts, correlation with the slopes
MOVED = [(-29, 10.8, -0.61), (-12, 6.8, 0.02), (0, 9.0, 0.50), (30, 33.0, 0.89)]


@pytest.mark.parametrize(("origin", "variance", "correlation"), MOVED)
def test_the_school_lines_from_four_origins(origin, variance, correlation):
    there = LINES.at(origin)
    assert f"{there.tau00:.1f}" == f"{variance:.1f}"
    assert f"{there.correlation:.2f}" == f"{correlation:.2f}"
    assert f"{there.tau11:.4f}" == "0.0145"


@pytest.mark.parametrize("origin", [-29, 17.5])
def test_moving_the_origin_is_fitting_the_moved_data(origin):
    moved = lmm(SLOPES, SCHOOL.assign(lrt=SCHOOL["lrt"] - origin), reml=False)
    there, again = LINES.at(origin), random_lines(moved)
    assert_allclose([*vars(there).values()], [*vars(again).values()], rtol=1e-5)
    assert_allclose(moved.loglik, FIT.loglik, rtol=1e-10)
    assert f"{moved.loglik:.2f}" == "-14004.61"


def test_the_variance_is_that_of_the_fit():
    x = np.array([-20.0, 0.0, 25.0])
    assert_allclose(LINES.icc(x), FIT.icc_at(lrt=x)["school"], rtol=1e-10)


@given(st.floats(0.1, 9), st.floats(-0.99, 0.99), st.floats(0.1, 9), st.floats(-50, 50))
def test_lines_are_narrowest_where_the_correlation_is_zero(tau0, r, tau1, origin):
    lines = RandomLines(tau0**2, r * tau0 * tau1, tau1**2, 1.0)
    assert_allclose(lines.correlation_at(lines.narrowest), 0.0, atol=1e-6)
    assert lines.least <= lines.variance(lines.narrowest + origin) + 1e-9
    assert_allclose(lines.at(origin).narrowest, lines.narrowest - origin, atol=1e-8)
    assert_allclose(lines.at(origin).least, lines.least, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    ("lines", "pattern"),
    [
        (RandomLines(1, 0.5, 1, 1), "fan out"),
        (RandomLines(1, 0, 1, 1), "cross"),
        (RandomLines(1, -0.9, 1, 1), "fan in"),
        (RandomLines(1, 0, 0, 1), "parallel"),
    ],
)
def test_a_pattern_has_a_name(lines, pattern):
    assert lines.pattern(-1, 1) == pattern


def test_parallel_lines_differ_alike_everywhere():
    lines = random_lines(lmm("gcse ~ lrt + (1 | school)", SCHOOL))
    assert_allclose(lines.variance([-10, 0, 10]), lines.tau00)
    assert np.isnan(lines.correlation)
    assert lines.least == lines.tau00


def test_two_slopes_are_no_random_lines():
    fit = lmm("gcse ~ lrt + girl + (1 + lrt + girl | school)", SCHOOL)
    with pytest.raises(UnsupportedError, match="one slope"):
        random_lines(fit)


def test_two_slopes_of_popularity_are_singular_and_say_so():
    """The textbook's model with slopes of extraversion and sex: the slope of sex does not vary."""
    frame = datasets.load("popularity").frame
    fit = lmm("popular ~ sex + extrav + texp + (1 + sex + extrav | class)", frame)
    assert fit.boundary
    assert fit.converged
    (said,) = fit.messages
    assert "2 of their 3 directions" in said


def test_without_the_covariance_each_origin_is_another_model():
    origins = np.array([-29.0, 0.0, 30.0])
    found = loglik_without_covariance(FIT, origins)
    for origin, loglik in zip(origins, found, strict=True):
        moved = SCHOOL.assign(lrt=SCHOOL["lrt"] - origin)
        two = lmm("gcse ~ lrt + (1 | school) + (0 + lrt | school)", moved, reml=False)
        assert_allclose(loglik, two.loglik, atol=1e-6)  # two searches, each within 1e-12 or so
    assert (found < FIT.loglik - 3).all()


def test_it_costs_nothing_where_the_correlation_is_zero_anyway():
    there = loglik_without_covariance(FIT, LINES.narrowest)
    assert there.shape == ()
    assert_allclose(there, FIT.loglik, atol=1e-6)


def test_without_slopes_that_vary_there_is_no_covariance_to_leave_out():
    with pytest.raises(UnsupportedError, match="do not both vary"):
        loglik_without_covariance(lmm("gcse ~ lrt + (1 | school)", SCHOOL), 0)
