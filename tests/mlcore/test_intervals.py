"""Profile-likelihood intervals against R's, and by their definition."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import approx_fprime

from mlcore import (
    DataError,
    UnsupportedError,
    growth,
    lmm,
    moment_table,
    moments,
    ols,
    parameters,
    profile_intervals,
    separate_lines,
    simulate,
)
from mlcore.inference.sums import ground
from mlcore.inference.surface import Surface
from tests.mlcore.oracle import CASES, LMM_CASES, frame, ids, mixed

PROFILED = ids({"profile_ci"})
SINGULAR = [n for n in LMM_CASES if CASES[n]["singular"]]
LIMIT = 1e-5  # where the deviance is lowest to 1e-9, a limit is to about 1e-6 of the SD


@pytest.mark.parametrize("name", PROFILED)
def test_against_r(name: str) -> None:
    case = CASES[name]
    fit = lmm(case["formula"], frame(case["dataset"]), reml=False)
    table, stored = profile_intervals(fit), case["profile_ci"]
    assert list(table.index) == list(parameters(fit).index)
    ours = table.loc[list(stored)]
    assert_allclose(ours["estimate"], [s["est"] for s in stored.values()], rtol=LIMIT)
    assert_allclose(ours[["lower", "upper"]], [s["ci95"] for s in stored.values()], rtol=LIMIT)


def test_every_case_is_here() -> None:
    assert Counter(len(CASES[name]["groups"]) for name in PROFILED) == {1: 3, 2: 2}


def test_reml_is_refitted() -> None:
    data = frame("sleepstudy")
    by_reml = profile_intervals(lmm("Reaction ~ Days + (Days | Subject)", data))
    by_ml = profile_intervals(mixed("sleep_rs_ml"))
    assert_allclose(by_reml, by_ml, rtol=LIMIT)


def test_moments_serve_as_well_as_rows() -> None:
    data, variables = frame("gcse"), ["gcse", "lrt"]
    table = moment_table(data, group="school", variables=variables)
    reduced = moments(table, group="school", variables=variables)
    found = profile_intervals(lmm("gcse ~ lrt + (1 | school)", reduced))
    assert_allclose(found, profile_intervals(mixed("gcse_ri_lrt_ml")), rtol=LIMIT)


@pytest.mark.parametrize("name", SINGULAR)
def test_at_the_boundary(name: str) -> None:
    """An interval begins at 0 or ends at 1 where the data allow it, and holds the estimate."""
    table = profile_intervals(mixed(name))
    inside = table["lower"] <= table["estimate"] + 1e-9
    assert (inside & (table["estimate"] <= table["upper"] + 1e-9)).all()
    assert (table.filter(like="sd(", axis=0)["lower"] == 0.0).any()
    assert (table.filter(like="corr(", axis=0)["upper"] == 1.0).any()


def test_an_effect_that_does_not_vary() -> None:
    """Everybody's own line is taken from y: what is left does not differ between people."""
    data = frame("sleepstudy")
    lines = separate_lines("Reaction ~ Days", data, "Subject").loc[data["Subject"]]
    own = lines["intercept"].to_numpy() + lines["slope"].to_numpy() * data["Days"]
    data = data.assign(y=data["Reaction"] - own)
    fit = lmm("y ~ Days + (1 + Days | Subject)", data, reml=False)
    table = profile_intervals(fit)
    sd = table.loc[["sd(Subject,(Intercept))", "sd(Subject,Days)"]]
    assert (sd["estimate"] == 0.0).all()
    assert (sd["lower"] == 0.0).all()
    assert (sd["upper"] > 0.0).all()
    rho = table.loc["corr(Subject,(Intercept),Days)"]
    assert rho.isna().all()


@settings(max_examples=5, deadline=None)
@given(origin=st.floats(-50, 50), unit=st.floats(1e-2, 1e2))
def test_intervals_follow_the_unit(origin: float, unit: float) -> None:
    data = frame("sleepstudy").assign(Days=lambda d: (d["Days"] - origin) * unit)
    moved = profile_intervals(lmm("Reaction ~ Days + (Days | Subject)", data, reml=False))
    plain = profile_intervals(mixed("sleep_rs_ml"))
    for name in ("Days", "sd(Subject,Days)"):
        assert_allclose(moved.loc[name] * unit, plain.loc[name], rtol=1e-4)
    assert_allclose(moved.loc["sigma"], plain.loc["sigma"], rtol=1e-5)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 999), tau=st.sampled_from([0.0, 0.3, 2.0]))
def test_an_interval_holds_its_estimate(seed: int, tau: float) -> None:
    data = frame("sleepstudy")
    y = simulate("y ~ Days + (1 | Subject)", data, beta=[0, 1], tau=tau, sigma=1, seed=seed)
    table = profile_intervals(lmm("y ~ Days + (1 | Subject)", data.assign(y=y), reml=False))
    assert (table["lower"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["upper"]).all()
    assert (table["lower"] < table["upper"]).all()


def test_a_wider_level_holds_a_narrower_one() -> None:
    narrow, wide = (profile_intervals(mixed("sleep_rs_ml"), level) for level in (0.5, 0.99))
    assert (wide["lower"] < narrow["lower"]).all()
    assert (wide["upper"] > narrow["upper"]).all()


def test_limits_of_a_coefficient_by_definition() -> None:
    """Taking the limit's share of x from y costs exactly 3.84 of deviance."""
    fit = mixed("gcse_ri_lrt_ml")
    lower, upper = profile_intervals(fit).loc["lrt", ["lower", "upper"]]
    for b in (lower, upper):
        data = frame("gcse").assign(rest=lambda d, b=b: d["gcse"] - b * d["lrt"])
        cost = lmm("rest ~ 1 + (1 | school)", data, reml=False).deviance - fit.deviance
        assert cost == pytest.approx(3.841459, abs=1e-5)


def agrees_with_differences(surface: Surface, x: np.ndarray) -> None:
    differences = approx_fprime(x, lambda at: surface.deviance(at)[0], 1e-6)
    assert_allclose(surface.deviance(x)[1], differences, rtol=1e-4, atol=1e-3)


def test_gradient_of_the_surface() -> None:
    """Analytic against differences, effects in another order and far from the estimates."""
    fit = mixed("sleep_rs_ml")
    surface = Surface(ground(fit), np.array([1, 0]), np.array([20.0, 5.0]))
    agrees_with_differences(surface, surface.at(np.array([[500.0, 40.0], [40.0, 60.0]]), 30.0))
    at_estimates = surface.at(fit.effects["Subject"].covariance, fit.sigma)
    assert surface.deviance(at_estimates)[0] == pytest.approx(fit.deviance, abs=1e-8)


def test_gradient_of_the_surface_with_crossed_factors() -> None:
    formula = "achiev ~ pupses + (1 + pupses | pschool) + (1 | sschool)"
    fit = lmm(formula, frame("pupcross"), reml=False)
    surface = Surface(ground(fit), np.array([1, 0, 2]), np.array([0.5, 0.1, 0.3]))
    agrees_with_differences(
        surface, surface.at(np.array([[0.2, 0.01, 0], [0.01, 0.02, 0], [0, 0, 0.1]]), 0.8)
    )
    estimates = np.zeros((3, 3))
    estimates[:2, :2] = fit.effects["pschool"].covariance
    estimates[2, 2] = fit.effects["sschool"].covariance[0, 0]
    at_estimates = surface.at(estimates, fit.sigma)
    assert surface.deviance(at_estimates)[0] == pytest.approx(fit.deviance, abs=1e-8)


def test_refusals() -> None:
    with pytest.raises(DataError, match="level is between 0 and 1"):
        profile_intervals(mixed("sleep_rs_ml"), 95)
    with pytest.raises(UnsupportedError, match="OLS has no random effects"):
        profile_intervals(ols("Reaction ~ Days", frame("sleepstudy")))
    curves = growth("Reaction ~ Days + (1 | Subject)", frame("sleepstudy"), time="Days")
    with pytest.raises(UnsupportedError, match=r"linear mixed models, not for REML, AR\(1\)"):
        profile_intervals(curves)
