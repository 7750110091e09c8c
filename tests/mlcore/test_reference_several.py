"""Mixed models with several grouping factors against lme4: every case, every quantity."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlcore import lmm
from tests.mlcore.oracle import (
    CASES,
    SEVERAL_CASES,
    SEVERAL_FAMILIES,
    TOLERANCE,
    agrees_in_likelihood,
    expected,
    frame,
    mixed,
)

FIXED, VARIANCE = TOLERANCE["lmm_fixed"], TOLERANCE["lmm_variance"]

every_case = pytest.mark.parametrize("name", SEVERAL_CASES)


def test_no_case_is_left_out() -> None:
    assert len(SEVERAL_CASES) == sum(c["family"] in SEVERAL_FAMILIES for c in CASES.values())
    assert len(SEVERAL_CASES) == 9
    assert not any(CASES[name]["singular"] for name in SEVERAL_CASES)


@every_case
def test_fixed_effects(name: str) -> None:
    case, table = CASES[name], mixed(name).coefficients
    table = table.loc[list(case["coefficients"])]
    assert_allclose(table["estimate"], expected(case, "est"), rtol=FIXED)
    assert_allclose(table["se"], expected(case, "se"), rtol=FIXED)
    # a t near 0 has the precision of its numerator, in standard errors
    assert_allclose(table["statistic"], expected(case, "t"), rtol=2 * FIXED, atol=FIXED)


@every_case
def test_covariance_of_fixed_effects(name: str) -> None:
    terms = list(CASES[name]["coefficients"])
    stored, ours = np.array(CASES[name]["vcov_fixed"]), mixed(name).vcov.loc[terms, terms]
    spread = np.sqrt(np.diagonal(stored))
    assert_allclose(ours / np.outer(spread, spread), stored / np.outer(spread, spread),
                    atol=2 * FIXED)  # fmt: skip


@every_case
def test_variance_components(name: str) -> None:
    """By group and term: lme4 orders its factors by their number of levels."""
    case, table = CASES[name], mixed(name).variance_components
    ours = {(row.group, row.term1, row.term2): row for row in table.itertuples()}
    residual = ours.pop(("Residual", "", ""))
    assert residual.sd == pytest.approx(case["residual_sd"], rel=VARIANCE)
    for part in case["varcomp"].values():
        for term, sd in zip(part["terms"], part["sd"], strict=True):
            assert ours.pop((part["group"], term, "")).sd == pytest.approx(sd, rel=VARIANCE)
        for pair, r in part.get("corr", {}).items():
            row = ours.pop((part["group"], *pair.split(",")))
            assert row.correlation == pytest.approx(r, abs=VARIANCE)
            assert row.variance == pytest.approx(part["cov"][pair], rel=10 * VARIANCE)
    assert not ours


@every_case
def test_likelihood(name: str) -> None:
    case, fit = CASES[name], mixed(name)
    tolerance = TOLERANCE["logLik_abs"]
    assert fit.converged
    assert not fit.boundary
    agrees_in_likelihood(fit, case, tolerance)


@every_case
def test_theta(name: str) -> None:
    assert_allclose(np.sort(mixed(name).theta), np.sort(CASES[name]["theta"]),
                    rtol=VARIANCE, atol=VARIANCE)  # fmt: skip


@every_case
def test_random_effects_and_their_spread(name: str) -> None:
    for group, stored in CASES[name]["ranef"].items():
        ours = mixed(name).ranef[group]
        ours = ours.set_index(ours.index.astype(str)).loc[stored["levels"]]
        assert len(ours) == CASES[name]["groups"][group]
        for term in stored["columns"]:
            values = np.array(stored["values"][term])
            # effects near 0 have no relative precision: they are held to that of their spread
            assert_allclose(ours[term], values, rtol=VARIANCE, atol=VARIANCE * values.std())
            assert_allclose(ours[f"se_{term}"], stored["cond_sd"][term], rtol=VARIANCE)


@pytest.mark.parametrize("name", [n for n in SEVERAL_CASES if "VPC" in CASES[n].get("derived", {})])
def test_icc(name: str) -> None:
    """lme4's table has a row `<group> <term>` and one for the residual."""
    icc = mixed(name).icc
    shares = CASES[name]["derived"]["VPC"]
    assert {f"{group} (Intercept)" for group in icc.index} == {
        key for key in shares if not key.startswith("Residual")
    }
    for group, share in icc.items():
        assert share == pytest.approx(shares[f"{group} (Intercept)"], rel=VARIANCE)


@pytest.mark.parametrize("name", [n for n in SEVERAL_CASES if "wald_chi2" in CASES[n]])
def test_wald_statistic_of_all_slopes(name: str) -> None:
    fit, stored = mixed(name), CASES[name]["wald_chi2"]
    b, V = fit.beta[1:], fit.vcov.to_numpy()[1:, 1:]
    assert b @ np.linalg.solve(V, b) == pytest.approx(stored["chi2"], rel=VARIANCE)


@pytest.mark.parametrize("test", ["lrt_nurses_slope_ml", "lrt_pupx_sschool_ml"])
def test_likelihood_ratios(test: str) -> None:
    large, small = re.findall(r"(\w+) vs (\w+)", CASES[test]["formula"])[0]
    ratio = 2 * (mixed(large).loglik - mixed(small).loglik)
    assert ratio == pytest.approx(CASES[test]["test"]["LR"], abs=4 * TOLERANCE["logLik_abs"])


@pytest.mark.parametrize(("test", "data"), [("prof_nurses_l3am_ml", "nurses"),
                                            ("prof_pupx_null_ml", "pupcross")])  # fmt: skip
def test_estimates_beside_the_profile_intervals(test: str, data: str) -> None:
    """Found by another program again, which maximised the likelihood by itself."""
    case = CASES[test]
    fit = lmm(case["formula"], frame(data), reml=False)
    assert fit.loglik == pytest.approx(case["logLik"], abs=TOLERANCE["logLik_abs"])
    assert_allclose(fit.coefficients["estimate"], expected(case, "est"), rtol=FIXED)
