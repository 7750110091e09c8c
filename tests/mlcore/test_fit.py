"""What a fit tells: tables, predictions, words; and that it does so only when asked."""

import dataclasses
import pickle

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from mlcore import Fit, lmm, ols
from tests.mlcore.oracle import frame, mixed

GCSE = frame("gcse")
SLOPE = lmm("gcse ~ lrt + C(schgend) + (1 + lrt | school)", GCSE)
NULL = mixed("gcse_null_reml")


def test_tables_are_worked_out_when_asked() -> None:
    fit = lmm("gcse ~ lrt + (1 | school)", GCSE)
    stored = {field.name for field in dataclasses.fields(Fit)}
    assert set(vars(fit)) == stored
    assert "values" not in vars(fit.effects["school"])
    assert fit.ranef["school"] is fit.ranef["school"]


def test_a_fit_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        NULL.sigma = 1.0  # type: ignore[misc]


def test_as_asked() -> None:
    assert SLOPE.formula == "gcse ~ lrt + C(schgend) + (1 + lrt | school)"
    assert (SLOPE.method, SLOPE.family) == ("REML", "gaussian")
    assert lmm("gcse ~ 1 + (1 | school)", GCSE, reml=False).method == "ML"
    assert ols("gcse ~ lrt", GCSE).method == "OLS"
    assert ols("gcse ~ lrt", GCSE, cluster="school").method == "OLS, CR1 by school"


def test_coefficients() -> None:
    table = SLOPE.coefficients
    assert list(table.columns) == ["estimate", "se", "statistic", "df", "p", "lower", "upper"]
    assert list(table.index) == ["(Intercept)", "lrt", "C(schgend)2", "C(schgend)3"]
    assert_allclose(table["statistic"], table["estimate"] / table["se"])
    assert_allclose(table["upper"] - table["lower"], 2 * 1.959963985 * table["se"], rtol=1e-8)
    assert_allclose(np.diagonal(SLOPE.vcov), table["se"] ** 2)


def test_variance_components() -> None:
    table = SLOPE.variance_components
    assert list(table.columns) == ["group", "term1", "term2", "variance", "sd", "correlation"]
    assert list(table["group"]) == ["school", "school", "school", "Residual"]
    assert list(table["term2"]) == ["", "", "lrt", ""]
    covariance = SLOPE.random_covariance["school"]
    assert_allclose(
        table["variance"][:3], [covariance.iloc[0, 0], covariance.iloc[1, 1], covariance.iloc[0, 1]]
    )
    assert np.isnan(table["sd"][2])
    assert table["sd"][3] == SLOPE.sigma


def test_uncorrelated_terms_have_no_row_for_a_correlation() -> None:
    fit = mixed("gcse_rs_uncorr_reml")
    assert list(fit.variance_components["term1"]) == ["(Intercept)", "lrt", ""]
    assert fit.random_covariance["school"].iloc[0, 1] == 0
    assert list(fit.ranef["school"].columns) == [
        "(Intercept)", "lrt", "se_(Intercept)", "se_lrt"
    ]  # fmt: skip


def test_icc_of_slopes_depends_on_x() -> None:
    assert np.isnan(SLOPE.icc["school"])
    shares = SLOPE.icc_at(lrt=[-10, 0, 10])
    (t00, t01), (_, t11) = SLOPE.random_covariance["school"].to_numpy()
    x = np.array([-10, 0, 10])
    between = t00 + 2 * x * t01 + x**2 * t11
    assert_allclose(shares["school"], between / (between + SLOPE.sigma**2))
    assert list(shares.index) == [-10, 0, 10]
    assert SLOPE.icc_at(lrt=0)["school"].item() == pytest.approx(shares["school"][0])


def test_icc_at_needs_no_value_where_only_intercepts_vary() -> None:
    assert NULL.icc_at()["school"].item() == pytest.approx(NULL.icc["school"])


def test_fitted_and_residuals_add_up() -> None:
    assert_allclose(SLOPE.fitted + SLOPE.residuals(), GCSE["gcse"])
    fixed = SLOPE.design.X @ SLOPE.beta
    assert_allclose(SLOPE.residuals("marginal"), GCSE["gcse"] - fixed)
    effects = SLOPE.ranef["school"].loc[GCSE["school"]]
    by_hand = fixed + effects["(Intercept)"].to_numpy() + effects["lrt"].to_numpy() * GCSE["lrt"]
    assert_allclose(SLOPE.fitted, by_hand)


def test_predictions_for_the_same_rows_are_the_fitted_values() -> None:
    assert_allclose(SLOPE.predict(GCSE), SLOPE.fitted)
    assert_allclose(SLOPE.predict(GCSE, conditional=False), SLOPE.design.X @ SLOPE.beta)
    assert_allclose(ols("gcse ~ lrt", GCSE).predict(GCSE), ols("gcse ~ lrt", GCSE).fitted)


def test_a_new_group_has_no_random_effect() -> None:
    rows = GCSE.iloc[:3].assign(school=[1, 999, None], lrt=[1.0, 2.0, 3.0])
    predicted, marginal = SLOPE.predict(rows), SLOPE.predict(rows, conditional=False)
    assert_array_equal(predicted == marginal, [False, True, True])


def test_a_missing_predictor_predicts_nothing() -> None:
    rows = GCSE.iloc[:3].assign(lrt=[1.0, np.nan, 3.0])
    assert_array_equal(SLOPE.predict(rows).isna(), [False, True, False])
    assert list(SLOPE.predict(rows).index) == list(rows.index)


def test_predicting_does_not_need_the_response() -> None:
    rows = GCSE[["lrt", "schgend", "school"]].tail(5)
    assert_allclose(SLOPE.predict(rows), SLOPE.fitted.tail(5))


def test_rows_that_were_dropped_stay_out() -> None:
    holes = GCSE.assign(lrt=GCSE["lrt"].where(GCSE.index % 10 > 0))
    fit = lmm("gcse ~ lrt + (1 | school)", holes)
    assert fit.messages == (f"{4059 - fit.n} of 4059 rows dropped for missing values (lrt 406)",)
    assert len(fit.residuals()) == fit.n == 3653
    assert 0 not in fit.fitted.index


def test_conditional_covariance_by_hand() -> None:
    """(Z'Z / sigma^2 + Psi^-1)^-1 for one school, and the effects from it."""
    effects = SLOPE.effects["school"]
    rows = (GCSE["school"] == 17).to_numpy()
    Z = SLOPE.design.random[0].Z[rows]
    inverse = np.linalg.inv(effects.covariance)
    V = np.linalg.inv(Z.T @ Z / SLOPE.sigma**2 + inverse)
    e = SLOPE.residuals("marginal")[rows]
    assert_allclose(effects.conditional[16], V, rtol=1e-8)
    assert_allclose(effects.values[16], V @ Z.T @ e / SLOPE.sigma**2, rtol=1e-7)


def test_in_words() -> None:
    words = str(SLOPE)
    assert words.startswith("REML: gcse ~ lrt + C(schgend) + (1 + lrt | school)\n4059 rows, 65")
    assert "C(schgend)3" in words
    assert "Residual" in words
    assert "boundary" in str(mixed("gcse_rs2_singular_reml"))
    assert repr(NULL) == "<Fit REML 'gcse ~ 1 + (1 | school)', 4059 rows>"


def test_fits_can_be_stored() -> None:
    again = pickle.loads(pickle.dumps(SLOPE))
    assert_allclose(again.ranef["school"], SLOPE.ranef["school"])
    pd.testing.assert_frame_equal(again.coefficients, SLOPE.coefficients)
