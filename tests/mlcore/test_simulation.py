"""Responses drawn from a model, and the model fitted to them again."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from mlcore import Refits, design, lmm, refit, simulate
from tests.mlcore.oracle import frame, mixed

GCSE = frame("gcse")
INTERCEPT = mixed("gcse_ri_full_reml")
SLOPE = mixed("gcse_rs_full_ml")
PEOPLE = pd.DataFrame({"person": np.repeat(range(40), 5), "wave": np.tile(range(5), 40)})


def test_a_seed_repeats_and_another_does_not() -> None:
    first, again, other = (simulate(SLOPE, seed=s) for s in (1, 1, 2))
    assert first.shape == (4059,)
    assert_array_equal(first, again)
    assert (first != other).all()


def test_one_response_or_many() -> None:
    assert simulate(SLOPE, seed=1, size=3).shape == (4059, 3)
    assert simulate(SLOPE.design, beta=np.zeros(5), tau=[1, 0], sigma=1, seed=1).shape == (4059,)


def test_without_variances_only_the_line_is_left() -> None:
    y = simulate("y ~ wave + (1 | person)", PEOPLE, beta=[2, 3], tau=0, sigma=0, seed=1)
    assert_allclose(y, 2 + 3 * PEOPLE["wave"])


def test_a_fit_is_the_truth_unless_told_otherwise() -> None:
    y = simulate(SLOPE, seed=3, tau=[0, 0], sigma=0)
    assert_allclose(y, SLOPE.design.X @ SLOPE.beta)


def test_covariance_of_rows() -> None:
    """Over 4,000 draws: z_i' Psi z_j within a person, nothing between; SE of each about .1."""
    covariance = np.array([[4.0, 1.0], [1.0, 0.5]])
    Y = simulate("y ~ wave + (1 + wave | person)", PEOPLE.iloc[:15], beta=[0, 0],
                 covariance=covariance, sigma=1, seed=8, size=4000)  # fmt: skip
    Z = np.column_stack([np.ones(5), np.arange(5)])
    expected = np.kron(np.eye(3), Z @ covariance @ Z.T + np.eye(5))
    spread = np.sqrt(np.diagonal(expected))
    assert_allclose(
        np.cov(Y) / np.outer(spread, spread),
        expected / np.outer(spread, spread),
        atol=5 / np.sqrt(4000),
    )  # five standard errors of a correlation


def test_estimates_recover_the_truth() -> None:
    """Means of 400 refits within five standard errors of what was put in."""
    truth = np.array([[9.0, 0.15], [0.15, 0.02]])
    beta = np.array([1.0, 0.5])
    made = design("y ~ lrt + (1 + lrt | school)", GCSE, response=False)
    Y = simulate(made, beta=beta, covariance=truth, sigma=7.5, seed=5, size=400)
    found = refit(made, Y)
    assert found.converged.all()
    for estimates, target in [(found.beta, beta), (found.covariance.reshape(400, 4), truth.ravel()),
                              (found.sigma[:, None], 7.5)]:  # fmt: skip
        error = estimates.std(axis=0, ddof=1) / np.sqrt(400)
        assert (np.abs(estimates.mean(axis=0) - target) < 5 * error).all()


@pytest.mark.parametrize("reml", [False, True])
@pytest.mark.parametrize(
    ("formula", "data", "tau"),
    [
        ("y ~ wave + (1 | person)", PEOPLE, [0.2]),
        ("y ~ wave + (1 + wave | person)", PEOPLE[PEOPLE.index % 7 > 0], [0.3, 0.3]),
        ("y ~ wave + (1 + wave || person)", PEOPLE, [0.3, 0.3]),
        ("y ~ 0 + wave + (0 + wave | person)", PEOPLE, [0.05]),
    ],
)
def test_refits_are_fits(formula: str, data: pd.DataFrame, tau: list[float], reml: bool) -> None:
    """One at a time or all together: the same estimates, singular ones included."""
    made = design(formula, data, response=False)
    beta = np.arange(1.0, made.X.shape[1] + 1)
    Y = simulate(made, beta=beta, tau=tau, sigma=1, seed=6, size=40)
    together = refit(made, Y, reml=reml)
    assert together.converged.all()
    singular = 0
    for k, y in enumerate(Y.T):
        fit = lmm(formula, data.assign(y=y), reml=reml)
        singular += fit.boundary
        assert together.deviance[k] == pytest.approx(fit.deviance, abs=1e-7)
        # both stop within a millionth of a standard error, where a variance is 0 of its size
        assert_allclose(together.beta[k], fit.beta, rtol=1e-5, atol=1e-5)
        assert together.sigma[k] == pytest.approx(fit.sigma, rel=1e-5)
        assert_allclose(together.covariance[k], fit.random_covariance["person"], atol=1e-4)
    assert 0 < singular < 40


def test_refitting_the_data_gives_the_fit() -> None:
    for fit in (INTERCEPT, SLOPE):
        found = refit(fit, fit.design.y[:, None])
        assert isinstance(found, Refits)
        assert_allclose(found.beta[0], fit.beta, rtol=1e-6)
        assert_allclose(found.covariance[0], fit.random_covariance["school"], rtol=1e-5)
        assert found.deviance[0] == pytest.approx(fit.deviance, abs=1e-7)


def test_the_method_of_the_fit_is_kept() -> None:
    y = SLOPE.design.y[:, None]
    assert refit(SLOPE, y).deviance == refit(SLOPE, y, reml=False).deviance
    assert refit(SLOPE.design, y).deviance == refit(SLOPE, y, reml=True).deviance
