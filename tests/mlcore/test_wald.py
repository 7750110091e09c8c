"""Wald intervals of all parameters against the stored ones in Stata's style."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from mlcore import DataError, glmm, lmm, ordinal, parameters, wald_intervals
from mlcore.discrete.uncertainty import changes, component_errors, spread_errors
from mlcore.inference.differences import hessian, step_sizes
from tests.mlcore.oracle import CASES, frame, ids, mixed
from tests.mlcore.test_reference_glmm import fit as generalised

DIFFERENCES = 1e-5  # five digits of second differences


@pytest.mark.parametrize("name", ids({"profile_ci"}))
def test_against_the_stored_ones(name: str) -> None:
    case = CASES[name]
    fit = lmm(case["formula"], frame(case["dataset"]), reml=False)
    stored, table = case["wald_ci_stata_style"], wald_intervals(fit)
    assert list(table.index) == list(parameters(fit).index)
    ours = table.loc[list(stored)]
    assert_allclose(ours["se"], [s["se_natural"] for s in stored.values()], rtol=DIFFERENCES)
    assert_allclose(
        ours[["lower", "upper"]], [s["ci95"] for s in stored.values()], rtol=DIFFERENCES
    )
    fixed = fit.coefficients[["estimate", "se", "lower", "upper"]]
    assert_allclose(table.iloc[: len(fixed)], fixed)


def test_reml_has_its_own() -> None:
    """Balanced: sigma^2 is a chi-square with 18 (10 - 2) df, so that log sigma has 1 / (2 df)."""
    fit = lmm("Reaction ~ Days + (Days | Subject)", frame("sleepstudy"))
    row = wald_intervals(fit).loc["sigma"]
    assert row["se"] == pytest.approx(fit.sigma / np.sqrt(2 * 18 * 8), rel=DIFFERENCES)


def test_on_the_boundary_there_are_none() -> None:
    fit = mixed("gcse_rs2_singular_reml")
    table = wald_intervals(fit)
    p = len(fit.beta)
    assert table.iloc[:p].notna().all().all()
    assert table[["se", "lower", "upper"]].iloc[p:].isna().all().all()


def test_second_differences() -> None:
    """Of x^4 + x y + exp(y), on two scales."""

    def function(at: np.ndarray) -> float:
        x, y = at[0] * 1e3, at[1]
        return float(1e2 * (x**4 + x * y + np.exp(y)))

    at = np.array([2e-3, 0.5])
    expected = 1e2 * np.array([[12 * 4e6, 1e3], [1e3, np.exp(0.5)]])
    found = hessian(function, at, step_sizes(function, at))
    assert_allclose(found, expected, rtol=1e-4)


def test_refusal() -> None:
    with pytest.raises(DataError, match="level is between 0 and 1"):
        wald_intervals(mixed("sleep_rs_ml"), 95)


ONE_SPREAD = [
    name
    for name in ids({"glmm_logit", "glmm_poisson"})
    if any("se_sd" in part for part in CASES[name]["varcomp"].values())
]


@pytest.mark.parametrize("name", ONE_SPREAD)
def test_the_spread_of_a_generalised_model(name: str) -> None:
    """On the log scale; the stored standard errors are off by 1.5e-5 as differences are."""
    fit, (part,) = generalised(name), CASES[name]["varcomp"].values()
    row = wald_intervals(fit).iloc[-1]
    sd, se = part["sd"][0], part["se_sd"]
    ends = sd * np.exp(np.array([-1.0, 1.0]) * 1.959963985 * se / sd)
    assert_allclose(row, [sd, se, *ends], rtol=4e-5)
    (variance,) = component_errors(fit).values()
    assert_allclose(variance, [2 * sd * se], rtol=4e-5)


def test_correlated_spreads_of_a_generalised_model() -> None:
    """From lme4's own Hessian in theta and beta, at a point a little before the maximum.

    lme4 1.1-31 stops at a spread of .9455, the maximum is at .9467; the slope's spread is near 0.
    """
    fit = generalised("gcse_logit_rs_laplace")
    (found,) = spread_errors(fit).values()
    assert_allclose(found, [0.1413742, 0.7966705, 1.0651377], rtol=0.02)
    table = wald_intervals(fit)
    rho = table.loc["corr(school,(Intercept),lrt)"]
    assert rho["se"] == pytest.approx(found[1] * (1 - rho["estimate"] ** 2))
    assert -1 < rho["lower"] < rho["upper"] < 1


def test_a_generalised_model_on_the_boundary_has_no_interval_for_its_spread() -> None:
    data = frame("popular2").assign(y=np.arange(2000) % 2)
    table = wald_intervals(glmm("y ~ sex + (1 | class)", data))
    assert table.loc["sd(class,(Intercept))", ["se", "lower", "upper"]].isna().all()
    assert table.loc["sex"].notna().all()


def test_ordered_categories_without_groups_have_fixed_effects_only() -> None:
    fit = ordinal("pop3 ~ sex", frame("popular2"))
    assert_allclose(wald_intervals(fit), fit.coefficients[["estimate", "se", "lower", "upper"]])


def test_how_covariances_answer_to_theta() -> None:
    """By central differences of T Lambda Lambda' T', whose third derivatives are 0."""
    fit = generalised("gcse_logit_rs_laplace")
    (f,), (theta,) = fit.predictor.factors, fit.predictor.thetas
    at = fit.maximum.at.phi[theta]

    def covariance(theta: np.ndarray) -> np.ndarray:
        root = f.back @ f.pattern.matrix(theta)
        return root @ root.T

    for k, change in enumerate(changes(f, f.pattern.matrix(at))):
        step = 1e-3 * np.eye(len(at))[k]
        by_difference = (covariance(at + step) - covariance(at - step)) / 2e-3
        assert_allclose(change, by_difference, rtol=1e-9, atol=1e-12)


def test_a_factor_that_is_a_predictor_too_has_no_interval() -> None:
    """Under REML its variance has no bearing on the deviance, which is flat in it."""
    rng = np.random.default_rng(0)
    school, region = rng.integers(0, 40, 900), rng.integers(0, 12, 900)
    rows = pd.DataFrame({"school": school, "region": region})
    rows["y"] = rng.normal(size=40)[school] + rng.normal(size=900)
    found = wald_intervals(lmm("y ~ C(region) + (1 | school) + (1 | region)", rows))
    assert np.isfinite(found["estimate"]).all()
    assert np.isfinite(found.loc["C(region)1", "se"])
    assert np.isnan(found.loc["sd(region,(Intercept))", "lower"])
