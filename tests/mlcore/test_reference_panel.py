"""Panel estimators against R's plm, and against Stata's forms where the two differ."""

from functools import cache
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from mlcore import PanelFit, hausman, mundlak, panel
from tests.mlcore.oracle import CASES, TOLERANCE, expected, frame, ids

EXACT = TOLERANCE["ols"]  # least squares throughout
WITHIN, BETWEEN = ids({"fixed_effects"}), ids({"between_effects"})
RANDOM = [n for n in ids({"re_swamy_arora"}) if "stata_xtreg_re" in CASES[n]]
HAUSMAN = ids({"hausman"})
DIFFERENCES = CASES["grunfeld_fd"]
TWO_WAY = CASES["grunfeld_re_twoway"]


@cache
def fit(name: str, estimator: str, form: str = "stata", *, clustered: bool = False) -> PanelFit:
    case = CASES[name]
    formula = case["formula"].partition("|")[0].partition(",")[0].partition(";")[0]
    (entity,) = case["groups"]
    return panel(
        formula,
        frame(case["dataset"]),
        entity=entity,
        estimator=estimator,
        form=form,
        cluster=entity if clustered else None,
    )


def agree(ours: PanelFit, coefficients: dict[str, Any]) -> None:
    """Stata's constant of a within fit is called `_cons(Stata)`."""
    terms = ["(Intercept)" if term.startswith("_cons") else term for term in coefficients]
    table = ours.coefficients.loc[terms]
    assert len(ours.coefficients) == len(terms)
    stored = {"coefficients": coefficients}
    assert_allclose(table["estimate"], expected(stored, "est"), rtol=EXACT)
    assert_allclose(table["se"], expected(stored, "se"), rtol=EXACT)
    if "df" in next(iter(coefficients.values())):
        assert_allclose(table["df"], expected(stored, "df"))
    else:
        assert np.isinf(table["df"]).all()  # z, with random effects


def test_no_case_is_left_out() -> None:
    assert (len(WITHIN), len(BETWEEN), len(RANDOM), len(HAUSMAN)) == (3, 2, 3, 2)


@pytest.mark.parametrize("name", WITHIN)
def test_within(name: str) -> None:
    case, ours = CASES[name], fit(name, "within")
    agree(ours, case["coefficients"])
    assert ours.sigma_e == pytest.approx(case["sigma_e"], rel=EXACT)
    assert ours.sigma_u == pytest.approx(case["sigma_u_stata"], rel=EXACT)
    assert ours.rho == pytest.approx(case["rho"], rel=EXACT)
    assert ours.loglik == pytest.approx(case["logLik_stata"], rel=EXACT)
    r2 = {key: np.nan if value is None else value for key, value in case["R2"].items()}
    assert ours.r2.to_dict() == pytest.approx(r2, rel=EXACT, nan_ok=True)
    test, stored = ours.effects_test, case["F_all_u0"]
    assert test.statistic == pytest.approx(stored["F"], rel=EXACT)
    assert (test.df1, test.df2) == (stored["df1"], stored["df2"])
    effects = case["fixed_effects"]
    assert list(ours.entity_effects.index.astype(str)) == effects["levels"]
    assert_allclose(ours.entity_effects, effects["u_i_centred"], rtol=EXACT, atol=EXACT)
    assert_allclose(ours.entity_effects + ours.beta[0], effects["alpha_i"], rtol=EXACT, atol=EXACT)


@pytest.mark.parametrize("name", WITHIN)
def test_within_clustered_as_stata(name: str) -> None:
    stored = CASES[name]["cluster_robust_se"]["stata_xtreg_fe_vce_cluster"]
    table = fit(name, "within", clustered=True).coefficients
    assert_allclose(table["se"][list(stored)], list(stored.values()), rtol=EXACT)
    assert (table["df"] == next(iter(CASES[name]["groups"].values())) - 1).all()


@pytest.mark.parametrize("name", BETWEEN)
def test_between(name: str) -> None:
    case, ours = CASES[name], fit(name, "between")
    agree(ours, case["coefficients"])
    assert ours.r2["between"] == pytest.approx(case["R2_between"], rel=EXACT)
    assert ours.sigma == pytest.approx(case["rmse"], rel=EXACT)
    assert ours.loglik == pytest.approx(case["logLik"], rel=EXACT)


@pytest.mark.parametrize("form", ["plm", "stata"])
@pytest.mark.parametrize("name", RANDOM)
def test_random(name: str, form: str) -> None:
    case, ours = CASES[name], fit(name, "random", form)
    stored = case if form == "plm" else case["stata_xtreg_re"]
    agree(ours, stored["coefficients"])
    assert ours.sigma_e == pytest.approx(stored["sigma_e"], rel=EXACT)
    assert ours.sigma_u == pytest.approx(stored["sigma_u"], rel=EXACT)
    assert_allclose([ours.theta.min(), ours.theta.max()], stored["theta_range"], rtol=EXACT)
    if form == "stata":
        assert ours.rho == pytest.approx(stored["rho"], rel=EXACT)


@pytest.mark.case("grunfeld_re_twoway")
def test_two_way_random() -> None:
    ours = panel("inv ~ value + capital", frame("grunfeld"), entity="firm", time="year",
                 estimator="random", effects="twoways")  # fmt: skip
    agree(ours, TWO_WAY["coefficients"])
    assert ours.sigma_e == pytest.approx(TWO_WAY["sigma"]["idios"], rel=EXACT)
    assert ours.sigma_u == pytest.approx(TWO_WAY["sigma"]["id"], rel=EXACT)
    assert TWO_WAY["sigma"]["time"] == 0
    assert any("levels of year is estimated as zero" in message for message in ours.messages)


def test_two_ways_within_as_printed() -> None:
    """Grunfeld's firms in Baltagi (2021), Econometric Analysis of Panel Data, chapter 3."""
    fit = panel("inv ~ value + capital", frame("grunfeld"), entity="firm", time="year",
                estimator="within", effects="twoways")  # fmt: skip
    table = fit.coefficients.loc[["value", "capital"]]
    assert [f"{b:.3f}" for b in table["estimate"]] == ["0.118", "0.358"]
    assert [f"{se:.3f}" for se in table["se"]] == ["0.014", "0.023"]


@pytest.mark.parametrize("form", ["plm", "stata"])
def test_random_clustered(form: str) -> None:
    """Statsmodels' sandwich on rows that have lost their share of the mean."""
    data = frame("gcse")
    ours = panel("gcse ~ lrt + girl + sch_3", data, entity="school", estimator="random",
                 form=form, cluster="school")  # fmt: skip
    columns = data[["gcse", "lrt", "girl", "sch_3"]].assign(one=1.0)
    lost = data["school"].map(dict(enumerate(ours.theta, start=1)))
    left = columns - columns.groupby(data["school"]).transform("mean").mul(lost, axis=0)
    theirs = sm.OLS(left["gcse"], left[["one", "lrt", "girl", "sch_3"]]).fit(
        cov_type="cluster", cov_kwds={"groups": data["school"]}
    )
    assert_allclose(ours.beta, theirs.params, rtol=EXACT)
    assert_allclose(ours.coefficients["se"], theirs.bse, rtol=EXACT)


def difference(formula: str, cluster: str | None = None) -> PanelFit:
    return panel(formula, frame("grunfeld"), entity="firm", time="year",
                 estimator="first_difference", cluster=cluster)  # fmt: skip


@pytest.mark.case("grunfeld_fd")
def test_first_difference() -> None:
    ours = difference("inv ~ value + capital")
    agree(ours, DIFFERENCES["coefficients"])
    assert len(ours.rows.y) == DIFFERENCES["n"]
    agree(difference("inv ~ 0 + value + capital"), DIFFERENCES["no_constant"])
    clustered = difference("inv ~ value + capital", "firm").coefficients["se"]
    assert clustered.to_dict() == pytest.approx(DIFFERENCES["cluster_CR1S_se"], rel=EXACT)


@pytest.mark.parametrize("name", HAUSMAN)
def test_hausman(name: str) -> None:
    stored = CASES[name]["test"]
    ours = hausman(fit(name, "within"), fit(name, "random", "plm"))
    # a small difference of coefficients loses four digits, and of variances two
    assert ours.statistic == pytest.approx(stored["chi2"], rel=100 * EXACT)
    assert ours.df == stored["df"]
    assert ours.p == pytest.approx(stored["p"], rel=1e-5)
    assert ours.difference.to_dict() == pytest.approx(stored["diff"], rel=100 * EXACT)


@pytest.mark.parametrize("name", HAUSMAN)
def test_mundlak_has_the_within_coefficients(name: str) -> None:
    (entity,) = CASES[name]["groups"]
    formula = CASES[name]["formula"].partition(";")[0]
    test = mundlak(formula, frame(CASES[name]["dataset"]), entity=entity)
    within = fit(name, "within").coefficients["estimate"].iloc[1:]
    assert_allclose(test.fit.coefficients["estimate"][within.index], within, rtol=EXACT)
    assert test.df == len(within)
    assert list(test.difference.index) == [f"{term}_mean" for term in within.index]
