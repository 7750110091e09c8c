"""Fits to moments are fits to the rows that they were taken from."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlcore import (
    Moments,
    MultilevelError,
    UnsupportedError,
    lmm,
    moment_table,
    moments,
    ols,
)
from tests.mlcore.oracle import frame

few = settings(max_examples=15, deadline=None)
VARIABLES = ["gcse", "lrt", "girl"]
# Rows are summed in another order, and variances by another formula: rounding, nothing else.
SAME = 1e-8
FOUND = 1e-6  # two descents of the optimiser, each within a millionth of a standard error


def rows() -> pd.DataFrame:
    """Schools of 2 to 198 pupils, one of them cut down to a single pupil."""
    data = frame("gcse")[["school", "gcse", "lrt", "girl", "schgend", "sch_2"]]
    single = (data["school"] == 7) & (data.groupby("school").cumcount() > 0)
    data = data[~single].assign(
        kind=lambda d: d["schgend"].map({1: "mixed", 2: "boys", 3: "girls"})
    )
    return data.reset_index(drop=True)


DATA = rows()
TABLE = moment_table(DATA, group="school", variables=VARIABLES)
MOMENTS = moments(TABLE, group="school", variables=VARIABLES)

FIXED = [
    "gcse ~ 1",
    "gcse ~ lrt + girl",
    "gcse ~ lrt + girl + kind",
    "gcse ~ girl + kind * lrt",
    "gcse ~ 0 + lrt + kind",
    "lrt ~ girl + gcse + log(schgend)",
]
RANDOM = ["(1 | school)", "(1 + lrt | school)", "(1 + lrt || school)", "(0 + girl | school)"]
MIXED = [f"{fixed} + {term}" for fixed in FIXED[:5] for term in RANDOM[:2]] + [
    f"gcse ~ lrt + girl + {term}" for term in RANDOM[2:]
]


@pytest.mark.parametrize("formula", FIXED)
@pytest.mark.parametrize("correction", [None, "CR0", "CR1", "CR2"])
def test_least_squares(formula: str, correction: str | None) -> None:
    asked = {} if correction is None else {"cluster": "school", "correction": correction}
    ours, theirs = ols(formula, MOMENTS, **asked), ols(formula, DATA, **asked)
    assert_allclose(ours.coefficients, theirs.coefficients, rtol=1e-6, atol=1e-12)
    assert list(ours.coefficients.index) == list(theirs.coefficients.index)
    for number in ("loglik", "sigma", "ss_total", "ss_residual", "aic", "bic", "n", "r2_adjusted"):
        assert getattr(ours, number) == pytest.approx(getattr(theirs, number), rel=SAME, abs=SAME)
    if formula != "gcse ~ 1":
        assert ours.f_test.statistic == pytest.approx(theirs.f_test.statistic, rel=FOUND)
        assert ours.f_test.df2 == theirs.f_test.df2


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("formula", MIXED)
def test_mixed_models(formula: str, *, reml: bool) -> None:
    ours, theirs = lmm(formula, MOMENTS, reml=reml), lmm(formula, DATA, reml=reml)
    assert ours.deviance == pytest.approx(theirs.deviance, rel=1e-10)
    assert ours.boundary == theirs.boundary
    assert_allclose(ours.beta, theirs.beta, rtol=FOUND, atol=FOUND)
    assert_allclose(ours.covariance, theirs.covariance, rtol=1e-4, atol=FOUND)
    assert ours.sigma == pytest.approx(theirs.sigma, rel=FOUND)
    spread = theirs.random_covariance["school"].to_numpy()
    assert_allclose(
        ours.random_covariance["school"], spread, rtol=1e-4, atol=1e-5 * np.abs(spread).max()
    )
    assert_allclose(ours.ranef["school"], theirs.ranef["school"], rtol=1e-4, atol=1e-4)
    assert (ours.n, ours.n_groups, ours.df_model) == (theirs.n, theirs.n_groups, theirs.df_model)


def test_what_is_said_and_predicted_is_the_same() -> None:
    formula = "gcse ~ lrt + kind + (1 + lrt | school)"
    ours, theirs = lmm(formula, MOMENTS), lmm(formula, DATA)
    new = DATA.iloc[:50].assign(school=lambda d: d["school"].where(d.index > 10, 99))
    for conditional in (True, False):
        assert_allclose(
            ours.predict(new, conditional=conditional),
            theirs.predict(new, conditional=conditional),
            rtol=1e-4, atol=1e-4,
        )  # fmt: skip
    assert_allclose(ours.icc_at(lrt=[-10, 0, 10]), theirs.icc_at(lrt=[-10, 0, 10]), rtol=1e-4)
    assert str(ours).splitlines()[:4] == str(theirs).splitlines()[:4]
    assert list(ours.trace.columns) == list(theirs.trace.columns)


def test_there_are_no_rows() -> None:
    fit = lmm("gcse ~ lrt + (1 | school)", MOMENTS)
    with pytest.raises(UnsupportedError, match="a fit to moments has no rows, which fitted values"):
        _ = fit.fitted
    with pytest.raises(UnsupportedError, match="no rows"):
        fit.residuals("marginal")
    for twin in (copy.copy(fit), pickle.loads(pickle.dumps(fit))):
        assert twin.deviance == fit.deviance


@few
@given(
    origin=st.floats(-1e4, 1e4),
    unit=st.floats(1e-3, 1e3).flatmap(lambda u: st.sampled_from([u, -u])),
)
def test_rescaled_moments_are_those_of_rescaled_rows(origin: float, unit: float) -> None:
    ours = MOMENTS.rescale("lrt", origin=origin, unit=unit)
    changed = DATA.assign(lrt=(DATA["lrt"] - origin) / unit)
    theirs = moments(
        moment_table(changed, group="school", variables=VARIABLES),
        group="school", variables=VARIABLES,
    )  # fmt: skip
    assert_allclose(ours.means, theirs.means, rtol=1e-9, atol=1e-9 * abs(origin / unit) + 1e-12)
    size = np.abs(theirs.products).max(axis=0)
    # an origin of 1e4 costs four digits of each deviation
    assert_allclose(ours.products / size, theirs.products / size, atol=1e-9)
    assert ols("gcse ~ lrt", ours).r2 == pytest.approx(ols("gcse ~ lrt", DATA).r2, rel=1e-8)


@pytest.mark.parametrize("size", [1e-8, 1e8])
def test_tiny_and_huge_units(size: float) -> None:
    """And the origin 10,000 SDs away, in the moments of which it leaves no trace."""
    moved = MOMENTS.rescale("lrt", origin=1e5, unit=1 / size).rescale("gcse", unit=size)
    formula = "gcse ~ lrt + girl + (1 | school)"
    ours, same = lmm(formula, moved), lmm(formula, MOMENTS)
    assert_allclose(ours.beta[1:], same.beta[1:] / [size**2, size], rtol=FOUND)
    columns = ["statistic", "p"]
    assert_allclose(
        ours.coefficients[columns].iloc[1:], same.coefficients[columns].iloc[1:], rtol=1e-5
    )


def test_centring_within_groups() -> None:
    deviations = DATA.assign(lrt=DATA["lrt"] - DATA.groupby("school")["lrt"].transform("mean"))
    centred = MOMENTS.rescale("lrt", origin=MOMENTS.mean("lrt"))
    ours, theirs = (lmm("gcse ~ lrt + (1 | school)", d) for d in (centred, deviations))
    assert_allclose(ours.coefficients, theirs.coefficients, rtol=FOUND, atol=1e-12)
    by = DATA.groupby("school")["lrt"]
    assert_allclose(MOMENTS.sd("lrt"), by.std(), rtol=SAME)
    assert_allclose(MOMENTS.mean("lrt"), by.mean(), rtol=SAME)
    assert np.isnan(MOMENTS.sd("lrt")[7])


def test_the_order_of_groups_and_of_names_means_nothing() -> None:
    shuffled = TABLE.sample(frac=1, random_state=1)
    again = moments(shuffled, group="school", variables=["girl", "lrt", "gcse"])
    ours, theirs = (lmm("gcse ~ lrt + girl + (1 | school)", m) for m in (again, MOMENTS))
    assert_allclose(ours.coefficients, theirs.coefficients, rtol=FOUND)
    assert_allclose(ours.ranef["school"], theirs.ranef["school"], rtol=FOUND, atol=FOUND)


def test_groups_without_moments_are_dropped_and_named() -> None:
    holes = TABLE.assign(
        mean_lrt=TABLE["mean_lrt"].where(TABLE["school"] != 3),
        sch_2=TABLE["sch_2"].where(TABLE["school"] != 5),
    )
    fit = lmm("gcse ~ lrt + sch_2 + (1 | school)",
              moments(holes, group="school", variables=["gcse", "lrt"]))  # fmt: skip
    assert fit.messages == (
        "1 of 65 groups dropped for missing moments (3)",
        "1 of 64 groups dropped for missing values",
    )
    left = DATA[~DATA["school"].isin([3, 5])]
    assert fit.loglik == pytest.approx(lmm("gcse ~ lrt + sch_2 + (1 | school)", left).loglik)


def test_a_table_keeps_what_describes_groups_and_nothing_of_rows() -> None:
    assert list(TABLE.columns) == [
        "school", "schgend", "sch_2", "kind", "n", "mean_gcse", "mean_lrt", "mean_girl",
        "css_gcse_gcse", "css_gcse_lrt", "css_gcse_girl", "css_lrt_lrt", "css_lrt_girl",
        "css_girl_girl",
    ]  # fmt: skip
    assert TABLE["n"].sum() == len(DATA)


def made(table: pd.DataFrame = TABLE, **more: object) -> Moments:
    asked = {"group": "school", "variables": VARIABLES} | more
    return moments(table, **asked)  # type: ignore[arg-type]


BAD_TABLES = [
    ({"variables": ["gcse", "lrtt"]}, "no column mean_lrtt in the table: did you mean mean_lrt"),
    ({"group": "scool"}, "no column scool in the table: did you mean school"),
    ({"product": "ss_{}_{}"}, "no column ss_gcse_gcse in the table"),
    ({"product": "css_{}_{}_null"}, "no column css_gcse_gcse_null in the table: did you mean"),
    ({"variables": []}, "variables have to be named, each once"),
    ({"variables": ["gcse", "gcse"]}, "variables have to be named, each once"),
    ({"table": pd.concat([TABLE, TABLE[:1]])}, "school 1 has several rows"),
    ({"table": TABLE.assign(n=TABLE["n"] + 0.5)}, "school 1 has 73.5 rows: numbers of rows are"),
    ({"table": TABLE.assign(n=0)}, "school 1 has 0 rows"),
    ({"table": TABLE.assign(mean_lrt=np.inf)}, "a mean or a cross-product is infinite"),
    ({"table": TABLE.assign(mean_lrt=np.nan)}, "no school has all moments"),
    ({"table": TABLE.assign(css_lrt_lrt=-1.0)}, "no rows have the cross-products of school 1"),
    ({"table": TABLE.assign(css_gcse_lrt=1e6)}, "no rows have the cross-products of school 1"),
]


@pytest.mark.parametrize(("asked", "message"), BAD_TABLES, ids=[m for _, m in BAD_TABLES])
def test_bad_tables_are_told_what_to_do(asked: dict[str, object], message: str) -> None:
    with pytest.raises(MultilevelError, match=message):
        made(**asked)  # type: ignore[arg-type]


BAD_FORMULAS = [
    ("gcse ~ lrtt + (1 | school)", "no column lrtt in the data: did you mean lrt"),
    ("gcse ~ lrt + (1 | kind)", "the moments are by school: effects can vary over nothing else"),
    (
        "log(gcse) ~ lrt + (1 | school)",
        "the response has to be one of the variables gcse, lrt, girl",
    ),
    ("sch_2 ~ lrt + (1 | school)", "the response has to be one of the variables"),
    ("gcse ~ lrt:girl + (1 | school)", "moments do not tell what lrt:girl is in each row"),
    ("gcse ~ I(lrt^2) + (1 | school)", r"moments do not tell what I\(lrt\^2\) is in each row"),
    ("gcse ~ C(girl) + (1 | school)", r"moments do not tell what C\(girl\) is in each row"),
    ("gcse ~ lrt", "no random effects in"),
    ("gcse ~ schgend + I(2 * schgend) + (1 | school)", "collinear predictors"),
    ("gcse ~ lrt + (1 + schgend + I(3 - schgend) | school)", "collinear predictors"),
    ("gcse ~ lrt + (1 | school) + (1 | school)", "varies over school in two random terms"),
]


@pytest.mark.parametrize(("formula", "message"), BAD_FORMULAS)
def test_bad_formulas_are_told_what_to_do(formula: str, message: str) -> None:
    with pytest.raises(MultilevelError, match=message):
        lmm(formula, MOMENTS)


def test_bad_requests_are_told_what_to_do() -> None:
    with pytest.raises(MultilevelError, match="ols has no random effects"):
        ols("gcse ~ lrt + (1 | school)", MOMENTS)
    with pytest.raises(MultilevelError, match="can be clustered by school only"):
        ols("gcse ~ lrt", MOMENTS, cluster="kind")
    with pytest.raises(MultilevelError, match="no moments of lrtt: there are gcse, lrt, girl"):
        MOMENTS.rescale("lrtt")
    with pytest.raises(MultilevelError, match="origin and unit of lrt have to be numbers"):
        MOMENTS.rescale("lrt", unit=0.0)
    one = made(TABLE.iloc[:1])
    with pytest.raises(MultilevelError, match="too few, or too small, for 1 random effects"):
        lmm("gcse ~ lrt + (1 | school)", one)
    with pytest.raises(MultilevelError, match="school has one level only"):
        ols("gcse ~ lrt", one, cluster="school")
    assert ols("gcse ~ lrt", one).n == 73  # a group by itself: no pooling
    still = TABLE.assign(css_lrt_lrt=0.0, css_gcse_lrt=0.0, css_lrt_girl=0.0, mean_lrt=2.0)
    with pytest.raises(MultilevelError, match="lrt has the same value in every row"):
        ols("gcse ~ lrt", made(still))
    with pytest.raises(MultilevelError, match="reproduces the response exactly"):
        lmm("lrt ~ gcse + (1 | school)", made(still.assign(css_lrt_lrt=TABLE["css_gcse_gcse"],
            css_gcse_lrt=TABLE["css_gcse_gcse"], css_lrt_girl=TABLE["css_gcse_girl"],
            mean_lrt=TABLE["mean_gcse"])))  # fmt: skip
