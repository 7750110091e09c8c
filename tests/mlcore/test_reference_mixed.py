"""Mixed models against lme4: every one-factor case, every quantity."""

from collections import Counter

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.mlcore.oracle import (
    CASES,
    GROWTH,
    LMM_CASES,
    LMM_FAMILIES,
    TOLERANCE,
    agrees_in_likelihood,
    expected,
    mixed,
)

SINGULAR = [name for name in LMM_CASES if CASES[name]["singular"]]
FIXED = TOLERANCE["lmm_fixed"]
VARIANCE = TOLERANCE["lmm_variance"]
# The file has the rule for singular cases in words.
SINGULAR_FIXED, SINGULAR_SD, SINGULAR_LOGLIK = 1e-4, 1e-3, 1e-4

every_case = pytest.mark.parametrize("name", LMM_CASES)
regular_case = pytest.mark.parametrize("name", [n for n in LMM_CASES if n not in SINGULAR])


def test_no_case_is_left_out() -> None:
    families = Counter(case["family"] for case in CASES.values())
    assert len(LMM_CASES) == sum(families[f] for f in LMM_FAMILIES) + len(GROWTH)
    assert len(LMM_CASES) == 31
    assert len(SINGULAR) == 2


@every_case
def test_fixed_effects(name: str) -> None:
    case, table = CASES[name], mixed(name).coefficients
    tolerance = SINGULAR_FIXED if name in SINGULAR else FIXED
    assert list(table.index) == list(case["coefficients"])
    assert_allclose(table["estimate"], expected(case, "est"), rtol=tolerance)
    assert_allclose(table["se"], expected(case, "se"), rtol=tolerance)
    assert_allclose(table["statistic"], expected(case, "t"), rtol=2 * tolerance, atol=tolerance)
    assert np.isinf(table["df"]).all()


@every_case
def test_covariance_of_fixed_effects(name: str) -> None:
    stored = np.array(CASES[name]["vcov_fixed"])
    spread = np.sqrt(np.diagonal(stored))
    tolerance = SINGULAR_FIXED if name in SINGULAR else FIXED
    ours = mixed(name).vcov.to_numpy()
    assert_allclose(
        ours / np.outer(spread, spread), stored / np.outer(spread, spread), atol=2 * tolerance
    )


@every_case
def test_variance_components(name: str) -> None:
    case, table = CASES[name], mixed(name).variance_components
    tolerance = SINGULAR_SD if name in SINGULAR else VARIANCE
    variances = table[table["term2"] == ""]
    stored = [sd for part in case["varcomp"].values() for sd in part["sd"]]
    assert_allclose(variances["sd"], [*stored, case["residual_sd"]], rtol=tolerance)
    assert_allclose(variances["variance"].iloc[-1], case["residual_var"], rtol=tolerance)
    assert list(variances["term1"])[:-1] == [
        term for part in case["varcomp"].values() for term in part["terms"]
    ]


@regular_case
def test_correlations(name: str) -> None:
    table = mixed(name).variance_components
    pairs = table[table["term2"] != ""]
    stored = {
        pair: (part["corr"][pair], part["cov"][pair])
        for part in CASES[name]["varcomp"].values()
        for pair in part.get("corr", {})
    }
    assert [f"{a},{b}" for a, b in zip(pairs["term1"], pairs["term2"], strict=True)] == list(stored)
    for (_, row), (r, covariance) in zip(pairs.iterrows(), stored.values(), strict=True):
        assert row["correlation"] == pytest.approx(r, abs=VARIANCE)
        assert row["variance"] == pytest.approx(covariance, rel=10 * VARIANCE)


@every_case
def test_likelihood(name: str) -> None:
    case, fit = CASES[name], mixed(name)
    tolerance = SINGULAR_LOGLIK if name in SINGULAR else TOLERANCE["logLik_abs"]
    agrees_in_likelihood(fit, case, tolerance)


@every_case
def test_boundary_is_seen_and_said(name: str) -> None:
    fit = mixed(name)
    assert fit.converged
    assert fit.boundary == (name in SINGULAR)
    assert any("boundary" in message for message in fit.messages) == fit.boundary


@regular_case
def test_theta(name: str) -> None:
    assert_allclose(mixed(name).theta, CASES[name]["theta"], rtol=VARIANCE, atol=VARIANCE)


@regular_case
def test_random_effects_and_their_spread(name: str) -> None:
    (group,) = CASES[name]["groups"]
    stored, ours = CASES[name]["ranef"][group], mixed(name).ranef[group]
    ours = ours.set_index(ours.index.astype(str)).loc[stored["levels"]]
    for term in stored["columns"]:
        values = np.array(stored["values"][term])
        # effects near 0 have no relative precision: they are held to that of their spread
        assert_allclose(ours[term], values, rtol=VARIANCE, atol=VARIANCE * values.std())
        assert_allclose(ours[f"se_{term}"], stored["cond_sd"][term], rtol=VARIANCE)


@pytest.mark.parametrize("name", [n for n in LMM_CASES if "ICC" in CASES[n].get("derived", {})])
def test_icc(name: str) -> None:
    (icc,) = mixed(name).icc
    assert icc == pytest.approx(CASES[name]["derived"]["ICC"], rel=VARIANCE)


@pytest.mark.parametrize("name", [n for n in LMM_CASES if "wald_chi2" in CASES[n]])
def test_wald_statistic_of_all_slopes(name: str) -> None:
    fit, stored = mixed(name), CASES[name]["wald_chi2"]
    b, V = fit.beta[1:], fit.vcov.to_numpy()[1:, 1:]
    tolerance = SINGULAR_FIXED if name in SINGULAR else VARIANCE
    assert b @ np.linalg.solve(V, b) == pytest.approx(stored["chi2"], rel=tolerance)
    assert len(b) == stored["df"]
