"""Binary outcomes, counts, ordered categories and marginal models against R."""

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlcore import GeeFit, GlmmFit, OrdinalFit, gee, glm, glmm, ordinal
from tests.mlcore.oracle import CASES, TOLERANCE, expected, frame, ids

GLMM = TOLERANCE["glmm"]
LOGLIK = TOLERANCE["logLik_abs"]
GLMM_CASES = ids({"glmm_logit", "glmm_poisson"})
ONE_FACTOR = [name for name in GLMM_CASES if len(CASES[name]["groups"]) == 1]
GLM_CASES = ids({"glm", "glm_cluster_robust"})
GEE_CASES = ids({"gee"})
ORDINAL_CASES = ids({"ordinal"})

each_glmm = pytest.mark.parametrize("name", GLMM_CASES)
one_factor = pytest.mark.parametrize("name", ONE_FACTOR)


def points(case: dict[str, Any]) -> int:
    _, quadrature, number = case["estimator"].partition("AGQ nAGQ=")
    return int(number) if quadrature else 1


@cache
def fit(name: str) -> GlmmFit:
    case = CASES[name]
    return glmm(
        case["formula"],
        frame(case["dataset"]),
        family="poisson" if case["family"] == "glmm_poisson" else "binomial",
        n_quad=points(case),
        trials="size" if case["dataset"] == "cbpp" else None,
    )


@cache
def ordered(name: str) -> OrdinalFit:
    return ordinal(CASES[name]["formula"], frame(CASES[name]["dataset"]))


@cache
def marginal(name: str) -> GeeFit:
    case = CASES[name]
    (group,) = case["groups"]
    family = next(f for f in ("gaussian", "binomial", "poisson") if f in case["description"])
    correlation = "exchangeable" if "exch" in name else "independence"
    data = frame(case["dataset"])
    return gee(case["formula"], data, group=group, family=family, correlation=correlation)


def test_no_case_is_left_out() -> None:
    families = Counter(case["family"] for case in CASES.values())
    wanted = ("glmm_logit", "glmm_poisson", "glm", "glm_cluster_robust", "gee", "ordinal")
    tested = [*GLMM_CASES, *GLM_CASES, *GEE_CASES, *ORDINAL_CASES]
    assert len(tested) == sum(families[f] for f in wanted) == 19


@each_glmm
def test_fixed_effects(name: str) -> None:
    case, ours = CASES[name], fit(name)
    table = ours.coefficients
    assert ours.converged
    assert not ours.boundary
    assert len(table) == len(case["coefficients"])
    assert_allclose(table["estimate"], expected(case, "est"), rtol=GLMM)
    assert_allclose(table["se"], expected(case, "se"), rtol=GLMM)


@each_glmm
def test_variance_components(name: str) -> None:
    case, table = CASES[name], fit(name).variance_components
    stored = [sd for part in case["varcomp"].values() for sd in part["sd"]]
    assert_allclose(table["sd"].dropna(), stored, rtol=GLMM)
    assert list(fit(name).effects) == list(case["varcomp"])
    assert "Residual" not in set(table["group"])
    for part in case["varcomp"].values():
        for correlation in part.get("corr", {}).values():
            assert_allclose(table["correlation"].dropna(), correlation, rtol=GLMM)


@each_glmm
def test_likelihood_and_counts(name: str) -> None:
    case, ours = CASES[name], fit(name)
    assert ours.loglik == pytest.approx(case["logLik"], abs=LOGLIK)
    assert ours.aic == pytest.approx(case["AIC"], abs=2 * LOGLIK)
    assert ours.bic == pytest.approx(case["BIC"], abs=2 * LOGLIK)
    assert ours.deviance == pytest.approx(case["deviance"], abs=2 * LOGLIK)
    assert ours.df_model == case["npar"]
    assert ours.n == case["n"]
    assert ours.n_groups == case["groups"]


@one_factor
def test_modes_and_their_spread(name: str) -> None:
    (group,) = CASES[name]["groups"]
    stored, ours = CASES[name]["ranef"][group], fit(name).ranef[group]
    ours = ours.set_index(ours.index.astype(str)).loc[stored["levels"]]
    for term in stored["columns"]:
        values = np.array(stored["mode"][term])
        # effects near 0 have no relative precision: they are held to that of their spread
        assert_allclose(ours[term], values, rtol=GLMM, atol=GLMM * values.std())
        assert_allclose(ours[f"se_{term}"], stored["mode_cond_sd"][term], rtol=GLMM)


@one_factor
def test_posterior_means(name: str) -> None:
    (group,) = CASES[name]["groups"]
    stored, ours = CASES[name]["ranef"][group], fit(name).posterior_means
    ours = ours.set_index(ours.index.astype(str)).loc[stored["levels"]]
    for term in stored["columns"]:
        values = np.array(stored["posterior_mean"][term])
        assert_allclose(ours[term], values, rtol=GLMM, atol=GLMM * values.std())
        if stored.get("posterior_sd"):
            assert_allclose(ours[f"sd_{term}"], stored["posterior_sd"][term], rtol=GLMM)


@pytest.mark.parametrize("name", [n for n in GLMM_CASES if "latent_ICC" in CASES[n]])
def test_latent_icc(name: str) -> None:
    (icc,) = fit(name).icc
    assert icc == pytest.approx(CASES[name]["latent_ICC"], rel=GLMM)


@pytest.mark.parametrize(
    "name", [n for n in ONE_FACTOR if "se_sd" in next(iter(CASES[n]["varcomp"].values()))]
)
def test_standard_error_of_the_standard_deviation(name: str) -> None:
    """A random intercept's theta is its SD: the joint information has its standard error.

    The stored ones are off by up to 1.5e-5, as second differences of a likelihood are; ours, first
    differences of an exact gradient, change by less than 1e-6 with the step.
    """
    (stored,) = CASES[name]["varcomp"].values()
    covariance = 2.0 * np.linalg.inv(fit(name).maximum.hessian)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(stored["se_sd"], rel=2 * GLMM)


@pytest.mark.parametrize("name", [n for n in ONE_FACTOR if "se_RX_only" in CASES[n]])
def test_standard_errors_are_not_those_at_known_variances(name: str) -> None:
    """lme4's RX alternative leaves the variances' uncertainty out; ours is the default, Stata's."""
    known = np.array(list(CASES[name]["se_RX_only"].values()))
    assert not np.allclose(fit(name).coefficients["se"], known, rtol=GLMM)


def test_likelihood_of_several_trials_by_quadrature() -> None:
    """What lme4 prints for `glmer(cbind(incidence, size - incidence) ~ ..., nAGQ = 9)`, -50.0050.

    With nAGQ > 1 lme4 measures from the saturated model, whose log-likelihood is left out.
    """
    data = frame("cbpp")
    ours = glmm("incidence ~ period + (1 | herd)", data, trials="size", n_quad=9)
    outcome = ours.outcome
    y, m = data["incidence"].to_numpy(float), data["size"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(y > 0, y * np.log(y / m), 0) + np.where(
            y < m, (m - y) * np.log1p(-y / m), 0
        )
    saturated = parts.sum() + outcome.constant
    assert ours.loglik - saturated == pytest.approx(-50.0050, abs=5e-5)
    # the estimates beside it, in the documentation of lme4
    assert_allclose(ours.beta, [-1.3992, -0.9914, -1.1278, -1.5795], atol=5e-5)


@pytest.mark.parametrize("name", GLM_CASES)
def test_without_random_effects(name: str) -> None:
    case = CASES[name]
    ours = glm(case["formula"], frame(case["dataset"]), cluster=next(iter(case["groups"]), None))
    assert_allclose(ours.beta, expected(case, "est"), rtol=TOLERANCE["ols"])
    assert_allclose(ours.coefficients["se"], expected(case, "se"), rtol=TOLERANCE["ols"])
    assert_allclose(ours.coefficients["statistic"], expected(case, "z"), rtol=TOLERANCE["ols"])
    assert ours.loglik == pytest.approx(case["logLik"], abs=LOGLIK)
    if "vcov" in case:
        assert_allclose(ours.vcov, case["vcov"], rtol=1e-7)  # entries much below the variances
    if "AIC" in case:
        assert ours.aic == pytest.approx(case["AIC"])
        assert ours.bic == pytest.approx(case["BIC"])


@pytest.mark.parametrize("name", GEE_CASES)
def test_marginal_models(name: str) -> None:
    """Alpha and phi are estimated as geepack does, so that the tight tolerance applies."""
    case, ours = CASES[name], marginal(name)
    assert_allclose(ours.beta, expected(case, "est"), rtol=GLMM)
    assert_allclose(ours.coefficients["se"], expected(case, "se"), rtol=GLMM)
    assert_allclose(ours.naive_se, list(case["naive_se"].values()), rtol=GLMM)
    assert ours.scale == pytest.approx(case["scale_phi"], rel=GLMM)
    assert ours.alpha == pytest.approx(case.get("working_correlation_alpha", 0.0), rel=GLMM)


@pytest.mark.parametrize("name", ORDINAL_CASES)
def test_ordered_categories(name: str) -> None:
    case, ours = CASES[name], ordered(name)
    tolerance = TOLERANCE["ordinal"]
    assert_allclose(ours.beta, expected(case, "est"), rtol=tolerance)
    assert_allclose(ours.coefficients["se"], expected(case, "se"), rtol=tolerance)
    thresholds = case["thresholds"]
    assert list(ours.thresholds.index) == list(thresholds)
    for key, column in [("est", "estimate"), ("se", "se")]:
        stored = [threshold[key] for threshold in thresholds.values()]
        assert_allclose(ours.thresholds[column], stored, rtol=tolerance)
    assert ours.loglik == pytest.approx(case["logLik"], abs=LOGLIK)
    assert ours.aic == pytest.approx(case["AIC"])
    assert ours.bic == pytest.approx(case["BIC"])
    assert ours.df_model == case["npar"]
    if "varcomp" in case:
        (stored,) = case["varcomp"].values()
        assert_allclose(ours.variance_components["sd"], stored["sd"], rtol=tolerance)


def test_modes_of_ordered_categories() -> None:
    (stored,) = CASES["pop_ologit_ri_laplace"]["ranef"].values()
    ours = ordered("pop_ologit_ri_laplace").ranef["class"]
    assert list(ours.index.astype(str)) == stored["levels"]
    assert_allclose(ours["(Intercept)"], stored["mode"], rtol=GLMM, atol=GLMM)
    assert_allclose(ours["se_(Intercept)"], stored["mode_cond_sd"], rtol=GLMM)


def test_likelihood_ratio_of_a_slope() -> None:
    stored = CASES["lrt_pop_logit_slope_laplace"]["test"]
    small, large = fit("pop_logit_ri_laplace"), fit("pop_logit_rs_laplace")
    assert 2 * (large.loglik - small.loglik) == pytest.approx(stored["LR"], abs=2 * LOGLIK)
