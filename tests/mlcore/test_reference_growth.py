"""Growth curves with AR(1) residuals against exact likelihoods, which nlme confirmed."""

from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import chi2

from mlcore import GrowthFit, growth
from tests.mlcore.oracle import CASES, TOLERANCE, expected, frame, ids, mixed

GROWTH = ids({"longitudinal_ar1"})
FIXED, VARIANCE, LOGLIK = (TOLERANCE[k] for k in ("lmm_fixed", "lmm_variance", "logLik_abs"))
# the likelihood is flat along a correlation of random effects that has reached 1
SINGULAR = 1e-4

every_case = pytest.mark.parametrize("name", GROWTH)


@cache
def fit(name: str) -> GrowthFit:
    """`y ~ x ; random = ~x | group ; correlation = ar1 within group ordered by time`."""
    case = CASES[name]
    fixed, random, correlation = case["formula"].split(" ; ")
    time = correlation.partition("ordered by ")[2]
    effects = random.removeprefix("random = ").removeprefix("~")
    (person,) = case["groups"]
    return growth(
        fixed if effects == "none" else f"{fixed} + ({effects})",
        frame(case["dataset"]),
        time=time,
        within=person,
        reml=case["estimator"] == "REML",
    )


def test_no_case_is_left_out() -> None:
    assert len(GROWTH) == 5


@every_case
def test_likelihood(name: str) -> None:
    case, ours = CASES[name], fit(name)
    assert ours.converged
    assert ours.loglik == pytest.approx(case["logLik"], abs=LOGLIK)
    assert ours.deviance == pytest.approx(case["criterion_minus2ll"], abs=2 * LOGLIK)
    assert ours.aic == pytest.approx(case["AIC"], abs=2 * LOGLIK)
    assert ours.bic == pytest.approx(case["BIC"], abs=2 * LOGLIK)
    assert ours.df_model == case["npar"]
    assert ours.boundary == case["singular"]


@every_case
def test_coefficients(name: str) -> None:
    case, table = CASES[name], fit(name).coefficients
    assert list(table.index) == list(case["coefficients"])
    assert_allclose(table["estimate"], expected(case, "est"), rtol=FIXED)
    assert_allclose(table["se"], expected(case, "se"), rtol=FIXED)


@every_case
def test_correlation(name: str) -> None:
    stored, ours = CASES[name]["correlation_parameter"], fit(name)
    assert ours.phi == pytest.approx(stored["est"], rel=VARIANCE)
    assert ours.phi_se == pytest.approx(stored["se"], rel=VARIANCE)


@every_case
def test_variances(name: str) -> None:
    case, ours = CASES[name], fit(name)
    assert ours.sigma == pytest.approx(case["residual_sd"], rel=VARIANCE)
    for group, stored in (case["varcomp"] or {}).items():
        covariance = ours.random_covariance[group].to_numpy()
        assert_allclose(np.sqrt(np.diagonal(covariance)), stored["sd"], rtol=VARIANCE)
        if "cov" in stored:
            (shared,) = stored["cov"].values()
            assert covariance[0, 1] == pytest.approx(shared, rel=SINGULAR)


@pytest.mark.parametrize("name", [n for n in GROWTH if CASES[n]["varcomp"]])
def test_random_effects(name: str) -> None:
    ((group, stored),) = CASES[name]["ranef"].items()
    table = fit(name).ranef[group]
    assert list(table.index.astype(str)) == stored["levels"]
    tolerance = SINGULAR if CASES[name]["singular"] else VARIANCE
    for term, values in stored["values"].items():
        assert_allclose(table[term], values, rtol=tolerance)
        assert_allclose(table[f"se_{term}"], stored["cond_sd"][term], rtol=tolerance)


def test_likelihood_ratio_of_the_correlation() -> None:
    stored = CASES["lrt_sleep_ar1_ml"]["test"]
    ratio = 2 * (fit("sleep_ri_ar1_ml").loglik - mixed("sleep_ri_ml").loglik)
    assert ratio == pytest.approx(stored["LR"], abs=2 * LOGLIK)
    assert chi2.sf(ratio, 1) == pytest.approx(stored["p_mixture"], rel=1e-4)
