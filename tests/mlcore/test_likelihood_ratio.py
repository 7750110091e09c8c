"""Likelihood ratio tests: R's mixtures, what is refused, and what should not matter."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlcore import (
    DataError,
    Fit,
    UnsupportedError,
    gee,
    glm,
    glmm,
    growth,
    lmm,
    lr_test,
    moment_table,
    moments,
    ols,
    simulate,
)
from mlcore.aggregate.moments import Moments
from tests.mlcore.oracle import CASES, OLS_CASES, TOLERANCE, frame, ids, linear, mixed

LOGIT = "pop2 ~ sex + Cextrav + Ctexp"
MODELS = ("gcse ~ lrt", "gcse ~ lrt + (1 | school)", "gcse ~ lrt + girl + (1 | school)")
POPULAR = "popular ~ sex + Cextrav + Ctexp + Cextrav:Ctexp"
CASES_OF_R = ids({"lr_test"})
# two log-likelihoods, each within its tolerance, doubled
STATISTIC = 4 * TOLERANCE["logLik_abs"]


@cache
def pair(name: str) -> tuple[Fit, Fit]:
    """The smaller and the larger model of a case."""
    if name == "lrt_pop_slope_ml":
        data = frame("popular2")
        return lmm(f"{POPULAR} + (1 | class)", data, reml=False), mixed("pop_rs_full_centred_ml")
    if name == "lrt_sleep_ar1_ml":
        formula = "Reaction ~ Days + (1 | Subject)"
        return mixed("sleep_ri_ml"), growth(formula, frame("sleepstudy"), time="Days", reml=False)
    if name == "lrt_pop_logit_slope_laplace":
        data = frame("popular2").assign(pop2=lambda d: (d["popular"] > 5).astype(int))
        small, large = (f"{LOGIT} + ({slope} | class)" for slope in ("1", "1 + Cextrav"))
        return glmm(small, data), glmm(large, data)
    large, small = CASES[name]["formula"].split(" vs ")
    return (linear(small) if small in OLS_CASES else mixed(small)), mixed(large)


@pytest.mark.parametrize("name", CASES_OF_R)
def test_against_r(name: str) -> None:
    stored, found = CASES[name]["test"], lr_test(*pair(name))
    assert found.statistic == pytest.approx(stored["LR"], abs=STATISTIC)
    assert found.df == stored["naive_df"]
    assert {str(df): w for df, w in found.weights.items()} == stored["mixture_weights"]
    # d log p / d LR is about -1/2 in the tail
    assert np.log(found.p) == pytest.approx(np.log(stored["p_mixture"]), abs=STATISTIC)
    assert np.log(found.naive_p) == pytest.approx(np.log(stored["p_naive"]), abs=STATISTIC)
    assert found.exact


def test_every_case_is_here() -> None:
    assert len(CASES_OF_R) == 9


def test_a_boundary_halves_p() -> None:
    found = lr_test(*pair("lrt_gcse_ri_vs_ols"))
    assert found.p == pytest.approx(found.naive_p / 2)


def test_the_sentence() -> None:
    slope = lr_test(*pair("lrt_pop_slope_ml")).sentence
    assert slope == (
        "The larger model adds 2 parameters; LR = 1.84 against .5·χ²(1) + .5·χ²(2), since a "
        "variance cannot be negative: p = .287, so the smaller model could well have given data "
        "like these."
    )
    assert "1 parameter;" in lr_test(*pair("lrt_sleep_corr_ml")).sentence
    assert (
        "p < .001, so data like these would be rare" in lr_test(*pair("lrt_sleep_ar1_ml")).sentence
    )


def test_two_new_variances_are_bounded() -> None:
    slope = "gcse ~ lrt + girl + sch_2 + sch_3 + (1 + lrt | school)"
    found = lr_test(linear("gcse_ols_full"), lmm(slope, frame("gcse"), reml=False))
    assert not found.exact
    assert found.variances == 2
    assert found.weights == {2: 0.5, 3: 0.5}
    assert found.p < found.naive_p
    assert "at most p < .001" in found.sentence


def test_a_bound_is_a_bound() -> None:
    """No variance at all, two tested: at most 5 % of 200 nulls, and three standard errors."""
    data = frame("sleepstudy")
    small = ols("Reaction ~ Days", data)
    null = simulate(small.design, beta=small.beta, sigma=small.sigma, seed=4, size=200)
    rejected = 0
    for y in null.T:
        drawn = data.assign(Reaction=y)
        large = lmm("Reaction ~ Days + (1 + Days || Subject)", drawn, reml=False)
        rejected += lr_test(ols("Reaction ~ Days", drawn), large).p < 0.05
    assert rejected / 200 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_one_variance_is_tested_at_its_level() -> None:
    """Without a true variance 5 % of 400 tests reject, within three Monte Carlo errors."""
    data = frame("sleepstudy")
    small = ols("Reaction ~ Days", data)
    null = simulate(small.design, beta=small.beta, sigma=small.sigma, seed=5, size=400)
    tests = []
    for y in null.T:
        drawn = data.assign(Reaction=y)
        large = lmm("Reaction ~ Days + (1 | Subject)", drawn, reml=False)
        tests.append(lr_test(ols("Reaction ~ Days", drawn), large))
    error = 3 * np.sqrt(0.05 * 0.95 / 400)
    assert np.mean([t.p < 0.05 for t in tests]) == pytest.approx(0.05, abs=error)
    # half of the estimates would like to be negative, somewhat more with 18 groups
    assert 0.4 < np.mean([t.statistic < 1e-8 for t in tests]) < 0.7


@settings(max_examples=10, deadline=None)
@given(origin=st.floats(-1e3, 1e3), unit=st.floats(1e-2, 1e2))
def test_origin_and_unit_do_not_matter(origin: float, unit: float) -> None:
    moved = frame("gcse").assign(
        lrt=lambda d: (d["lrt"] - origin) * unit, gcse=lambda d: (d["gcse"] + origin) / unit
    )
    small, large = (
        lmm(f"gcse ~ lrt + ({slope} | school)", moved, reml=False) for slope in ("1", "1 + lrt")
    )
    expected = lr_test(
        mixed("gcse_ri_lrt_ml"), lmm("gcse ~ lrt + (1 + lrt | school)", frame("gcse"), reml=False)
    )
    assert_allclose(lr_test(small, large).statistic, expected.statistic, atol=1e-5)


def test_reml_may_compare_variances_only() -> None:
    data = frame("gcse")
    small = lmm("gcse ~ lrt + (1 | school)", data)
    assert lr_test(small, lmm("gcse ~ lrt + (1 + lrt | school)", data)).df == 2
    with pytest.raises(UnsupportedError, match=r"refit both by ML \(reml=False\)"):
        lr_test(small, lmm("gcse ~ lrt + girl + (1 | school)", data))
    with pytest.raises(UnsupportedError, match="ML and REML are two likelihoods: refit both by ML"):
        lr_test(mixed("gcse_ri_lrt_ml"), lmm("gcse ~ lrt + (1 + lrt | school)", data))


def test_refusals_say_what_to_do() -> None:
    data = frame("gcse")
    small, large = mixed("gcse_ri_lrt_ml"), mixed("gcse_rs_full_ml")
    with pytest.raises(DataError, match="comes second and needs more parameters"):
        lr_test(large, small)
    with pytest.raises(DataError, match="comes second"):
        lr_test(small, small)
    with pytest.raises(DataError, match="4059 and 4000 rows: drop the rows with missing values"):
        lr_test(small, lmm("gcse ~ lrt + girl + (1 | school)", data.iloc[:4000], reml=False))
    with pytest.raises(DataError, match="different responses or rows"):
        lr_test(small, lmm("lrt ~ gcse + girl + (1 | school)", data, reml=False))
    with pytest.raises(DataError, match="not nested: the larger one lacks lrt; compare AIC"):
        lr_test(small, lmm("gcse ~ girl + sch_2 + (1 | school)", data, reml=False))
    with pytest.raises(DataError, match="lacks the random effects of lrt over school"):
        lr_test(
            lmm("gcse ~ lrt + (1 + lrt | school)", data, reml=False),
            lmm("gcse ~ lrt + girl + sch_2 + sch_3 + (1 | school)", data, reml=False),
        )
    remembering = pair("lrt_sleep_ar1_ml")[1]
    slopes = lmm("Reaction ~ Days + I(Days^2) + (Days | Subject)", frame("sleepstudy"), reml=False)
    with pytest.raises(DataError, match=r"lacks the correlation of residuals of ML, AR\(1\)"):
        lr_test(remembering, slopes)
    marginal = gee("gcse ~ lrt", data, group="school", family="gaussian")
    with pytest.raises(UnsupportedError, match="has no likelihood: use a Wald test"):
        lr_test(marginal, large)


def test_without_random_effects_every_approximation_is_exact() -> None:
    data = frame("popular2").assign(pop2=lambda d: (d["popular"] > 5).astype(int))
    none, laplace = glm(LOGIT, data), pair("lrt_pop_logit_slope_laplace")[0]
    found = lr_test(none, laplace)
    assert found.weights == {0: 0.5, 1: 0.5}
    assert found.statistic == pytest.approx(2 * (laplace.loglik - none.loglik))
    seven = glmm(f"{LOGIT} + (1 + Cextrav | class)", data, n_quad=3)
    with pytest.raises(UnsupportedError, match="two likelihoods: fit both by one method"):
        lr_test(laplace, seven)


def test_other_names_for_the_same_columns_are_nested() -> None:
    """Deviations from the mean contain the raw predictor."""
    data = frame("gcse")
    large = lmm("gcse ~ lrt_dev + lrt_mean + (1 | school)", data, reml=False)
    assert lr_test(mixed("gcse_ri_lrt_ml"), large).statistic == pytest.approx(
        CASES["lrt_gcse_mundlak_ml"]["test"]["LR"], abs=STATISTIC
    )


def three(data: pd.DataFrame | Moments) -> list[Fit]:
    first, *others = MODELS
    return [ols(first, data), *(lmm(model, data, reml=False) for model in others)]


def in_moments(data: pd.DataFrame) -> Moments:
    variables = ["gcse", "lrt", "girl"]
    table = moment_table(data, group="school", variables=variables)
    return moments(table, group="school", variables=variables)


def test_moments_serve_as_well_as_rows() -> None:
    data = frame("gcse")
    rows, reduced = three(data), three(in_moments(data))
    for small, large in ((0, 1), (1, 2)):
        ours = lr_test(reduced[small], reduced[large])
        assert ours.statistic == pytest.approx(lr_test(rows[small], rows[large]).statistic)
    other = three(in_moments(data.assign(gcse=data["lrt"] ** 2)))
    with pytest.raises(DataError, match="different responses or rows"):
        lr_test(reduced[1], other[2])
