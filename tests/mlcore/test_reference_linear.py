"""Least squares against R's lm, sandwich and clubSandwich, and against statsmodels."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlcore import ols
from tests.mlcore.oracle import CASES, OLS_CASES, TOLERANCE, expected, frame, linear

EXACT = TOLERANCE["ols"]
CLASSICAL = [name for name in OLS_CASES if CASES[name]["family"] == "ols"]
CLUSTERED = [name for name in OLS_CASES if "cluster" in CASES[name]]
CR2 = [name for name in CLUSTERED if "CR2" in CASES[name]["estimator"]]

every_case = pytest.mark.parametrize("name", OLS_CASES)


def finite_sample_factor(name: str) -> float:
    """The stored CR1 leaves out Stata's (N-1)/(N-K), which ours has."""
    case = CASES[name]
    n, k = case["n"], len(case["coefficients"])
    return (n - 1) / (n - k) if "CR1 " in case["estimator"] else 1.0


def test_no_case_is_left_out() -> None:
    assert len(OLS_CASES) == 14
    assert (len(CLASSICAL), len(CLUSTERED), len(CR2)) == (4, 9, 2)


@every_case
def test_coefficients(name: str) -> None:
    case, table = CASES[name], linear(name).coefficients
    assert list(table.index) == list(case["coefficients"])
    assert_allclose(table["estimate"], expected(case, "est"), rtol=EXACT)
    factor = np.sqrt(finite_sample_factor(name))
    assert_allclose(table["se"], factor * expected(case, "se"), rtol=EXACT)
    assert_allclose(table["statistic"], expected(case, "t") / factor, rtol=EXACT)


@pytest.mark.parametrize("name", [n for n in OLS_CASES if "vcov" in CASES[n]])
def test_covariance(name: str) -> None:
    stored = finite_sample_factor(name) * np.array(CASES[name]["vcov"])
    spread = np.sqrt(np.diagonal(stored))
    ours = linear(name).vcov.to_numpy()
    assert_allclose(ours / np.outer(spread, spread), stored / np.outer(spread, spread), atol=EXACT)


@pytest.mark.parametrize("name", CLASSICAL)
def test_analysis_of_variance(name: str) -> None:
    case, fit = CASES[name], linear(name)
    table = fit.coefficients
    assert_allclose(table["df"], expected(case, "df"))
    assert_allclose(table["p"], expected(case, "p"), rtol=1e-6, atol=1e-300)  # R stores 0 below
    assert_allclose(table[["lower", "upper"]], list(case["conf_int_95"].values()), rtol=EXACT)
    assert fit.r2 == pytest.approx(case["R2"], rel=EXACT)
    assert fit.r2_adjusted == pytest.approx(case["adjR2"], rel=EXACT)
    assert fit.sigma == pytest.approx(case["residual_sd"], rel=EXACT)
    assert fit.ss_model == pytest.approx(case["SS"]["model"], rel=EXACT)
    assert fit.ss_residual == pytest.approx(case["SS"]["resid"], rel=EXACT)
    assert fit.ss_total == pytest.approx(case["SS"]["total"], rel=EXACT)
    f = case["F"]
    assert fit.f_test.statistic == pytest.approx(f["F"], rel=EXACT)
    assert (fit.f_test.df1, fit.f_test.df2) == (f["df1"], f["df2"])
    assert fit.df_model == case["npar"]
    assert [fit.loglik, fit.aic, fit.bic, fit.deviance] == pytest.approx(
        [case["logLik"], case["AIC"], case["BIC"], case["deviance"]], rel=EXACT
    )


@pytest.mark.parametrize("name", [n for n in CLUSTERED if n not in CR2])
def test_t_with_clusters_minus_one(name: str) -> None:
    case, table = CASES[name], linear(name).coefficients
    assert_allclose(table["df"], expected(case, "df"))
    if finite_sample_factor(name) == 1.0:
        assert_allclose(table["p"], expected(case, "p"), rtol=1e-6)
        stored = list(case["conf_int_95_tG1"].values())
        assert_allclose(table[["lower", "upper"]], stored, rtol=10 * EXACT)


@pytest.mark.parametrize("name", CR2)
def test_satterthwaite(name: str) -> None:
    case, table = CASES[name], linear(name).coefficients
    assert_allclose(table["df"], expected(case, "df_satterthwaite"), rtol=EXACT)
    assert_allclose(table["p"], expected(case, "p_satterthwaite"), rtol=1e-6)


@pytest.mark.parametrize("name", CLUSTERED)
def test_robust_f(name: str) -> None:
    stored, ours = CASES[name]["F_robust"], linear(name).f_test
    factor = finite_sample_factor(name)
    assert ours.statistic == pytest.approx(stored["F"] / factor, rel=EXACT)
    assert (ours.df1, ours.df2) == (stored["df1"], stored["df2"])


@pytest.mark.parametrize("cluster", [None, "school"])
@pytest.mark.parametrize(
    "formula",
    [
        "gcse ~ lrt",
        "gcse ~ lrt - 1",
        "gcse ~ 0 + C(schgend) + lrt",
        "gcse ~ lrt * C(schgend)",
        "gcse ~ C(schgend):lrt + girl",
        "gcse ~ girl * C(vrband) + I(lrt**2)",
    ],
)
def test_formulas_as_statsmodels_fits_them(formula: str, cluster: str | None) -> None:
    """The same columns, perhaps in another order: compared by their sorted estimates."""
    import statsmodels.formula.api as smf

    data = frame("gcse")
    asked = smf.ols(formula, data)
    if cluster:
        theirs = asked.fit(cov_type="cluster", cov_kwds={"groups": data["school"]}, use_t=True)
    else:
        theirs = asked.fit()
    ours = ols(formula, data, cluster=cluster)
    order, theirs_order = np.argsort(ours.beta), np.argsort(theirs.params.to_numpy())
    assert_allclose(ours.beta[order], theirs.params.iloc[theirs_order], rtol=1e-7, atol=1e-10)
    se, p = ours.coefficients["se"].to_numpy(), ours.coefficients["p"].to_numpy()
    assert_allclose(se[order], theirs.bse.iloc[theirs_order], rtol=1e-7)
    assert_allclose(p[order], theirs.pvalues.iloc[theirs_order], rtol=1e-5, atol=1e-12)
    if "0 + C" not in formula:  # about the mean in statsmodels, which sees one in the indicators
        assert ours.r2 == pytest.approx(theirs.rsquared, rel=1e-9)
        assert ours.r2_adjusted == pytest.approx(theirs.rsquared_adj, rel=1e-9)
    assert_allclose(ours.fitted, theirs.fittedvalues, atol=1e-8)
