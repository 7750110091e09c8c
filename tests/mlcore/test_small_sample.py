"""Degrees of freedom: lmerTest's and pbkrtest's, exact ones, and the formulas row by row."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from mlcore import (
    DataError,
    Fit,
    UnsupportedError,
    degrees_of_freedom,
    growth,
    lmm,
    ols,
    simulate,
    small_sample,
)
from mlcore.inference.sensitivity import sensitivity
from mlcore.inference.small_sample import worth
from mlcore.inference.sums import ground
from tests.mlcore.oracle import CASES, LMM_CASES, TOLERANCE, expected, frame, mixed

SATTERTHWAITE = [n for n in LMM_CASES if "satterthwaite" in CASES[n]]
NUMERICAL = 1e-5  # lmerTest's derivatives are numerical: good to about 1e-6
KR = CASES["kr_ortho_ri"]
METHODS = ("satterthwaite", "kenward-roger")
WEEKS = pd.DataFrame({"person": np.repeat(range(12), 6), "week": np.tile(range(6), 12)})


@cache
def growth_curves() -> Fit:
    """Unbalanced: some weeks are missing. 12 people with slopes of their own."""
    data = WEEKS[np.random.default_rng(7).random(len(WEEKS)) < 0.8].copy()
    data["group"] = (data["person"] % 3 == 0).astype(int)
    data["y"] = simulate("y ~ week * group + (1 + week | person)", data, beta=[1, 1, 0, 0],
                         covariance=[[4, 0.5], [0.5, 1]], sigma=1.5, seed=7)  # fmt: skip
    return lmm("y ~ week * group + (1 + week | person)", data)


@pytest.mark.parametrize("name", SATTERTHWAITE)
def test_satterthwaite_against_lmertest(name: str) -> None:
    stored = CASES[name]["satterthwaite"]
    table = small_sample(mixed(name)).coefficients
    assert_allclose(table["df"], [s["df"] for s in stored.values()], rtol=NUMERICAL)
    assert_allclose(table["statistic"], [s["t"] for s in stored.values()], rtol=NUMERICAL)
    # of p's below 1e-30 the logarithm's last digits differ
    assert_allclose(table["p"], [s["p"] for s in stored.values()], rtol=1e-3, atol=1e-30)


def test_every_stored_case_is_here() -> None:
    assert len(SATTERTHWAITE) == 4
    assert [
        n
        for n, c in CASES.items()
        if "satterthwaite" in c and c["family"].startswith(("lmm", "cr"))
    ] == SATTERTHWAITE


@pytest.mark.case("kr_ortho_ri")
def test_kenward_roger_against_pbkrtest() -> None:
    fit = lmm(KR["formula"], frame(KR["dataset"]))
    rtol = TOLERANCE["kenward_roger"]
    assert_allclose(degrees_of_freedom(fit), expected(KR, "df_Satt"), rtol=rtol)
    table = small_sample(fit, "kenward-roger").coefficients
    for ours, theirs in [("se", "se_KR"), ("df", "df_KR"), ("statistic", "t_KR"), ("p", "p_KR")]:
        assert_allclose(table[ours], expected(KR, theirs), rtol=rtol)


def by_rows(fit: Fit, method: str) -> tuple[NDArray, NDArray]:
    """Degrees of freedom and covariance with n by n matrices, as the articles write them."""
    made, (effects,) = fit.design, fit.effects.values()
    X, e = made.X, made.y - made.X @ fit.beta
    same = effects.grouping.codes[:, None] == effects.grouping.codes
    Z = made.random[0].Z
    x, z = Z.T
    pairs = [np.outer(x, x), np.outer(z, z), np.outer(x, z) + np.outer(z, x)]
    G = [*(pair * same for pair in pairs), np.eye(fit.n)]
    S = effects.covariance
    V = S[0, 0] * G[0] + S[1, 1] * G[1] + S[0, 1] * G[2] + fit.sigma**2 * G[3]
    W = np.linalg.inv(V)
    Phi = np.linalg.inv(X.T @ W @ X)
    P = W - W @ X @ Phi @ X.T @ W
    trace = np.array([[np.trace(P @ g @ P @ h) for h in G] for g in G])
    score = np.array([[e @ W @ g @ P @ h @ W @ e for h in G] for g in G])
    spread = 2 * np.linalg.inv(trace if method == "kenward-roger" else 2 * score - trace)
    slopes = [X.T @ W @ g @ W @ X for g in G]
    change = np.array([np.diagonal(Phi @ s @ Phi) for s in slopes])
    df = 2 * np.diagonal(Phi) ** 2 / np.einsum("rk,rs,sk->k", change, spread, change)
    if method == "satterthwaite":
        return df, Phi
    bias = sum(
        spread[r, s] * (X.T @ W @ G[r] @ W @ G[s] @ W @ X - slopes[r] @ Phi @ slopes[s])
        for r in range(4)
        for s in range(4)
    )
    return df, Phi + 2 * Phi @ bias @ Phi


@pytest.mark.parametrize("method", METHODS)
def test_sums_over_groups_are_the_formulas_by_rows(method: str) -> None:
    df, covariance = by_rows(growth_curves(), method)
    found = small_sample(growth_curves(), method)
    assert_allclose(found.df, df, rtol=1e-6)  # two ways through matrices of condition 1e4
    assert_allclose(found.covariance, covariance, rtol=1e-6)


def test_kenward_and_roger_widen() -> None:
    plain, theirs = growth_curves(), small_sample(growth_curves(), "kenward-roger")
    assert (theirs.coefficients["se"] >= plain.coefficients["se"]).all()
    assert theirs.coefficients["se"].iloc[0] > 1.001 * plain.coefficients["se"].iloc[0]
    assert (theirs.beta == plain.beta).all()
    assert "Kenward and Roger" in theirs.messages[-1]


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(groups=st.integers(4, 30), size=st.integers(2, 9), seed=st.integers(0, 99))
def test_balanced_designs_have_whole_numbers(
    method: str, groups: int, size: int, seed: int
) -> None:
    """Between J groups J - 2 with a predictor of the groups, within them J (n - 1) - 1."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), size)
    x = rng.standard_normal(size)
    data = pd.DataFrame({"g": group, "x": np.tile(x - x.mean(), groups)})
    data["z"] = rng.standard_normal(groups)[group]
    data["y"] = 3 * rng.standard_normal(groups)[group] + rng.standard_normal(len(data))
    fit = lmm("y ~ x + z + (1 | g)", data)
    if not fit.boundary:
        df = degrees_of_freedom(fit, method)
        assert_allclose(df, [groups - 2, groups * (size - 1) - 1, groups - 2], rtol=1e-5)


@pytest.mark.parametrize("name", [*SATTERTHWAITE, "sleep_rs_ml"])
def test_differences_are_derivatives(name: str) -> None:
    """What serves several factors, on one: differences are good to about five digits."""
    fit = mixed(name)
    found = sensitivity(ground(fit), fit.sigma, reml=fit.method == "REML")
    assert_allclose(found.v, np.diagonal(fit.covariance), rtol=1e-9)
    df = worth(found.v, found.change, found.spread)
    assert_allclose(df, degrees_of_freedom(fit), rtol=1e-5)


def test_balanced_levels_have_whole_numbers() -> None:
    """Hospitals, wards and nurses: each predictor is tested where it varies, as in an ANOVA."""
    rng = np.random.default_rng(5)
    hospital, ward = np.repeat(np.arange(9), 20), np.repeat(np.arange(36), 5)
    data = pd.DataFrame({"hospital": hospital, "ward": ward})
    data["size"] = rng.standard_normal(9)[hospital]
    data["care"] = np.tile(np.repeat([-1.0, -1.0, 1.0, 1.0], 5), 9)
    data["age"] = np.tile([-2.0, -1.0, 0.0, 1.0, 2.0], 36)
    data["y"] = simulate("y ~ 1 + (1 | hospital/ward)", data, beta=[0.0], sigma=1.0, seed=5,
                         tau={"hospital": 2.0, "ward:hospital": 1.0})  # fmt: skip
    df = degrees_of_freedom(lmm("y ~ size + care + age + (1 | hospital/ward)", data))
    # 9 hospitals less 2; 36 wards less 9 less 1; 180 nurses less 36 less 1
    assert_allclose(df, [7, 7, 26, 143], rtol=1e-3)


def test_crossed_factors_know_where_a_predictor_varies() -> None:
    fit = small_sample(lmm("achiev ~ pupses + pdenom + (1 | pschool) + (1 | sschool)",
                           frame("pupcross")))  # fmt: skip
    assert fit.df[1] > 800
    assert 40 < fit.df[2] < 50  # 50 primary schools


@pytest.mark.parametrize("method", METHODS)
def test_without_a_variance_they_are_those_of_least_squares(method: str) -> None:
    data = WEEKS.assign(y=np.random.default_rng(3).standard_normal(len(WEEKS)))
    fit = lmm("y ~ week + (1 + week | person)", data)
    assert fit.effects["person"].covariance == pytest.approx(0.0)
    plain = ols("y ~ week", data).coefficients
    found = small_sample(fit, method).coefficients
    for column in ("se", "df", "p", "lower", "upper"):
        assert_allclose(found[column], plain[column], rtol=1e-6)


def test_origin_and_unit_do_not_matter() -> None:
    data = frame("gcse").assign(lrt=lambda d: (d["lrt"] - 300) * 1e-3)
    moved = lmm("gcse ~ lrt + girl + sch_2 + sch_3 + (1 + lrt | school)", data)
    ours, theirs = (degrees_of_freedom(f) for f in (moved, mixed("gcse_rs_full_reml")))
    assert_allclose(ours.iloc[1:], theirs.iloc[1:], rtol=1e-4)  # the intercept is another one


def test_maximum_likelihood_has_fewer() -> None:
    """Satterthwaite is open to ML, whose variances are smaller; Kenward and Roger are not."""
    assert (degrees_of_freedom(mixed("sleep_rs_ml")) > 17.5).all()  # REML: 17
    with pytest.raises(UnsupportedError, match="refit with reml=True"):
        small_sample(mixed("sleep_rs_ml"), "kenward-roger")


def test_refusals() -> None:
    with pytest.raises(DataError, match="one of satterthwaite, kenward-roger, not 'between'"):
        small_sample(growth_curves(), "between")
    with pytest.raises(UnsupportedError, match="OLS has no random effects"):
        small_sample(ols("Reaction ~ Days", frame("sleepstudy")))
    curves = growth("Reaction ~ Days + (1 | Subject)", frame("sleepstudy"), time="Days")
    with pytest.raises(UnsupportedError, match="worked out for linear mixed models"):
        small_sample(curves)
    crossed = lmm("achiev ~ 1 + (1 | pschool) + (1 | sschool)", frame("pupcross"))
    with pytest.raises(UnsupportedError, match="use 'satterthwaite' or a bootstrap"):
        small_sample(crossed, "kenward-roger")
