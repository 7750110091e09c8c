"""Nested and crossed models as a user meets them: notation, invariance, boundaries, prediction."""

import sys

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
    cost,
    design,
    fit_design,
    lmm,
    refit,
    simulate,
)
from tests.mlcore.oracle import frame, mixed

CROSSED = "achiev ~ pupsex + pupses + (1 + pupses | pschool) + (1 | sschool)"
PUPILS = frame("pupcross")
NURSES = frame("nurses")
REFERENCE = lmm(CROSSED, PUPILS)
GRID = pd.DataFrame(
    {"a": np.repeat(range(12), 30), "b": np.tile(np.repeat(range(10), 3), 12),
     "x": np.random.default_rng(500).normal(size=360)}
)  # fmt: skip
# the optimiser's stopping rule, a millionth of a standard error, and the digits that a distant
# origin costs
CLOSE = 1e-5

few = settings(max_examples=25, deadline=None)


def components(fit: Fit) -> pd.Series:
    table = fit.variance_components
    return table.set_index(["group", "term1", "term2"])["variance"]


def same_model(one: Fit, other: Fit) -> None:
    assert other.loglik == pytest.approx(one.loglik, abs=1e-7)
    assert_allclose(other.beta, one.beta, rtol=CLOSE, atol=1e-7)
    assert_allclose(other.fitted.sort_index(), one.fitted.sort_index(), atol=CLOSE)


# notation and labels ------------------------------------------------------------------------------


def test_nesting_is_unique_labels_is_two_terms() -> None:
    slash = lmm("stress ~ age + (1 | hospital/ward)", NURSES)
    unique = lmm("stress ~ age + (1 | hospital) + (1 | wardid)", NURSES)
    colon = lmm("stress ~ age + (1 | ward:hospital) + (1 | hospital)", NURSES)
    same_model(slash, unique)
    same_model(slash, colon)
    assert slash.n_groups == {"ward:hospital": 100, "hospital": 25}


def test_slopes_at_both_levels_of_a_nesting() -> None:
    slash = lmm("stress ~ age + (1 + age | hospital/ward)", NURSES)
    terms = lmm("stress ~ age + (1 + age | hospital) + (1 + age | wardid)", NURSES)
    same_model(slash, terms)
    assert len(slash.theta) == 6


def test_labels_that_repeat_make_another_model() -> None:
    """The ID trap: ward 1 of every hospital taken for one ward."""
    trap = lmm("stress ~ age + (1 | hospital) + (1 | ward)", NURSES)
    assert trap.n_groups == {"hospital": 25, "ward": 4}
    assert trap.loglik < lmm("stress ~ age + (1 | hospital/ward)", NURSES).loglik - 100


def test_the_order_of_factors_and_terms_means_nothing() -> None:
    again = lmm("achiev ~ (1 | sschool) + pupses + (1 + pupses | pschool) + pupsex", PUPILS)
    assert again.loglik == pytest.approx(REFERENCE.loglik, abs=1e-7)
    assert_allclose(components(again)[components(REFERENCE).index], components(REFERENCE),
                    rtol=CLOSE)  # fmt: skip


def test_terms_of_one_factor_need_not_stand_together() -> None:
    apart = lmm("achiev ~ pupses + (1 | pschool) + (1 | sschool) + (0 + pupses | pschool)", PUPILS)
    together = lmm("achiev ~ pupses + (pupses || pschool) + (1 | sschool)", PUPILS)
    same_model(together, apart)
    assert list(apart.ranef["pschool"]) == list(together.ranef["pschool"])
    new = PUPILS.head(3)
    assert_allclose(apart.predict(new), together.predict(new), rtol=CLOSE)


@few
@given(st.randoms(use_true_random=False))
def test_labels_and_the_order_of_rows_mean_nothing(random: object) -> None:
    rng = np.random.default_rng(random.getrandbits(32))  # type: ignore[attr-defined]
    primary, secondary = rng.permutation(60), rng.permutation(60)
    data = PUPILS.assign(
        pschool=lambda d: [f"p{primary[k]}" for k in d["pschool"]],
        sschool=lambda d: secondary[d["sschool"]],
    ).sample(frac=1, random_state=int(rng.integers(1000)))
    fit = lmm(CROSSED, data)
    same_model(REFERENCE, fit)
    ours = fit.ranef["pschool"].loc[[f"p{primary[k]}" for k in REFERENCE.ranef["pschool"].index]]
    assert_allclose(ours, REFERENCE.ranef["pschool"], rtol=1e-4, atol=1e-6)


@few
@given(origin=st.floats(-1e4, 1e4), unit=st.floats(1e-3, 1e3))
def test_moving_and_stretching_a_predictor(origin: float, unit: float) -> None:
    fit = lmm(CROSSED, PUPILS.assign(pupses=lambda d: (d["pupses"] - origin) * unit))
    # REML's log|X'V^-1 X| knows the unit of x
    assert fit.deviance == pytest.approx(REFERENCE.deviance + 2 * np.log(unit), abs=1e-5)
    expected = REFERENCE.beta / [1, 1, unit] + [REFERENCE.beta[2] * origin, 0, 0]
    assert_allclose(fit.beta, expected, rtol=CLOSE, atol=1e-4)
    slope = ("pschool", "pupses", "")
    assert components(fit)[slope] * unit**2 == pytest.approx(components(REFERENCE)[slope], rel=1e-4)
    assert_allclose(fit.fitted, REFERENCE.fitted, atol=1e-4)


@few
@given(origin=st.floats(-1e4, 1e4), unit=st.floats(1e-8, 1e8))
def test_moving_and_stretching_the_response(origin: float, unit: float) -> None:
    fit = lmm(CROSSED, PUPILS.assign(achiev=lambda d: (d["achiev"] - origin) * unit))
    change = 2 * (fit.n - 3) * np.log(unit)
    assert fit.deviance == pytest.approx(REFERENCE.deviance + change, abs=1e-4)
    assert fit.sigma == pytest.approx(REFERENCE.sigma * unit, rel=CLOSE)
    assert_allclose(fit.icc_at(pupses=2.0), REFERENCE.icc_at(pupses=2.0), rtol=1e-4)


# boundaries and hard cases ------------------------------------------------------------------------


def test_a_factor_without_variance_leaves_the_fit_of_the_other() -> None:
    data = PUPILS.assign(nothing=np.arange(1000) % 7)
    effects = lmm("achiev ~ pupses + (1 | pschool)", PUPILS).fitted
    data["achiev"] -= (data["achiev"] - effects).groupby(data["nothing"]).transform("mean")
    both = lmm("achiev ~ pupses + (1 | pschool) + (1 | nothing)", data)
    one = lmm("achiev ~ pupses + (1 | pschool)", data)
    assert both.converged
    assert both.boundary
    assert both.messages == (
        "the variance of (Intercept) over nothing is estimated as zero: the groups differ no more "
        "than chance alone would make them (a valid fit, on the boundary)",
    )
    assert both.icc["nothing"] == 0
    assert (both.ranef["nothing"] == 0).all(axis=None)
    same_model(one, both)
    assert_allclose(both.ranef["pschool"], one.ranef["pschool"], rtol=CLOSE, atol=1e-7)


def test_a_slope_that_moves_with_the_intercept() -> None:
    """Where the truth is on the boundary, so is about every second estimate: this is one."""
    truth = {"a": [[1.0, 0.5], [0.5, 0.25]], "b": [[0.3]]}
    y = simulate("y ~ x + (1 + x | a) + (1 | b)", GRID, seed=4, beta=[0, 1], sigma=2.0,
                 covariance=truth)  # fmt: skip
    fit = lmm("y ~ x + (1 + x | a) + (1 | b)", GRID.assign(y=y))
    assert fit.converged
    assert fit.boundary
    assert fit.messages[0].startswith("the effects of (Intercept), x over a move together")
    assert np.isfinite(fit.ranef["a"]).all(axis=None)


def test_three_crossed_factors_come_back() -> None:
    rng = np.random.default_rng(8)
    data = pd.DataFrame(
        {name: rng.integers(0, J, 6000) for name, J in zip("abc", (80, 60, 50), strict=True)}
    )
    data["x"] = rng.normal(size=6000)
    tau = {"a": 1.0, "b": 0.6, "c": 0.3}
    formula = "y ~ x + (1 | a) + (1 | b) + (1 | c)"
    data["y"] = simulate(formula, data, beta=[1, 2], tau=tau, sigma=1.0, seed=3)
    fit = lmm(formula, data)
    for name, J in fit.n_groups.items():
        sd = np.sqrt(components(fit)[name, "(Intercept)", ""])
        # the SE of an SD is about itself / sqrt(2 J); four of them
        assert sd == pytest.approx(tau[name], rel=4 / np.sqrt(2 * J))
    assert fit.sigma == pytest.approx(1.0, rel=4 / np.sqrt(2 * 6000))
    assert fit.beta[1] == pytest.approx(2.0, abs=4 * fit.coefficients.loc["x", "se"])


@pytest.mark.parametrize("tau_b", [0.5, 30.0, 1000.0])
def test_groups_that_differ_a_thousand_times_more_than_rows(tau_b: float) -> None:
    truth = {"a": [1000.0, 1.0], "b": [tau_b, 0.3]}
    y = simulate("y ~ x + (1 + x | a) + (1 + x | b)", GRID, seed=2, beta=[0, 1], sigma=1.0,
                 tau=truth)  # fmt: skip
    fit = lmm("y ~ x + (1 + x | a) + (1 + x | b)", GRID.assign(y=y))
    assert fit.converged
    assert fit.sigma == pytest.approx(1.0, abs=4 / np.sqrt(2 * fit.n))
    assert np.sqrt(components(fit)["a", "(Intercept)", ""]) == pytest.approx(1000, rel=0.7)


def test_more_effects_than_rows() -> None:
    """200 groups of two, crossed with slopes over 150 others: 500 effects for 400 rows."""
    rng = np.random.default_rng(4)
    data = pd.DataFrame({"a": np.repeat(range(200), 2), "b": rng.permutation(400) % 80,
                         "c": rng.permutation(400) % 70, "x": rng.normal(size=400)})  # fmt: skip
    formula = "y ~ x + (1 | a) + (1 + x | b) + (1 + x | c)"
    truth = {"a": 1.0, "b": [0.5, 0.5], "c": [0.5, 0.5]}
    data["y"] = simulate(formula, data, beta=[0, 1], tau=truth, sigma=1.0, seed=1)
    fit = lmm(formula, data)
    assert sum(table.size // 2 for table in fit.ranef.values()) == 500
    assert fit.converged
    # about four standard errors: 200 differences within pairs, less what slopes take
    assert fit.sigma == pytest.approx(1.0, abs=0.3)


# what a fit tells ---------------------------------------------------------------------------------


def test_shares_of_variance() -> None:
    fit = mixed("pupx_null_crossed_ml")
    shares = fit.icc_at()
    assert_allclose(shares.iloc[0], fit.icc[shares.columns])
    assert REFERENCE.icc.isna().all()  # with a slope there is no one share
    at = REFERENCE.icc_at(pupses=[0, 5])
    assert list(at) == ["pschool", "sschool"]
    assert at["pschool"].iloc[0] != pytest.approx(at["pschool"].iloc[1], rel=0.01)


def test_predictions_for_known_and_unknown_groups() -> None:
    assert_allclose(REFERENCE.predict(PUPILS), REFERENCE.fitted, rtol=1e-12)
    marginal = REFERENCE.predict(PUPILS, conditional=False)
    assert_allclose(PUPILS["achiev"] - marginal, REFERENCE.residuals("marginal"))
    nowhere = PUPILS.head(4).assign(pschool=-1, sschool=-1)
    assert_allclose(REFERENCE.predict(nowhere), marginal.head(4))
    half = PUPILS.head(4).assign(sschool=-1)
    own = REFERENCE.ranef["sschool"]["(Intercept)"].loc[PUPILS["sschool"].head(4)].to_numpy()
    assert_allclose(REFERENCE.predict(half) + own, REFERENCE.fitted.head(4))


def test_the_path_is_kept() -> None:
    trace = REFERENCE.trace
    assert list(trace) == ["pschool.(Intercept)", "pschool.pupses.(Intercept)", "pschool.pupses",
                           "sschool.(Intercept)", "deviance"]  # fmt: skip
    assert trace["deviance"].iloc[-1] == pytest.approx(REFERENCE.deviance)
    assert trace["deviance"].iloc[-1] <= trace["deviance"].min() + 1e-6
    assert_allclose(trace.iloc[-1, :-1], REFERENCE.theta, atol=1e-8)
    assert len(trace) <= 8


def test_in_words() -> None:
    assert "1000 rows, 50 pschool, 30 sschool" in str(REFERENCE)


# simulation ---------------------------------------------------------------------------------------


def test_covariance_of_rows() -> None:
    """Over 4,000 draws; the SE of each correlation is about .016."""
    small = GRID.query("a < 3 and b < 2")
    Y = simulate("y ~ x + (1 + x | a) + (1 | b)", small, beta=[0, 0], sigma=1.0, seed=8, size=4000,
                 covariance={"a": [[4.0, 1.0], [1.0, 0.5]], "b": [[2.0]]})  # fmt: skip
    Z = np.column_stack([np.ones(len(small)), small["x"]])
    same = {g: np.equal.outer(small[g].to_numpy(), small[g].to_numpy()) for g in "ab"}
    expected = (Z @ [[4.0, 1.0], [1.0, 0.5]] @ Z.T) * same["a"] + 2.0 * same["b"]
    expected += np.eye(len(small))
    spread = np.sqrt(np.diagonal(expected))
    assert_allclose(np.cov(Y) / np.outer(spread, spread), expected / np.outer(spread, spread),
                    atol=5 / np.sqrt(4000))  # fmt: skip


def test_a_fit_is_the_truth_unless_told_otherwise() -> None:
    y = simulate(REFERENCE, seed=3, tau={"pschool": [0, 0], "sschool": 0}, sigma=0)
    assert_allclose(y, REFERENCE.design.X @ REFERENCE.beta)
    Y = simulate(REFERENCE, seed=3, size=300)
    assert Y.var(axis=0).mean() == pytest.approx(PUPILS["achiev"].var(), rel=0.1)


@pytest.mark.parametrize(
    ("tau", "message"),
    [(1.0, "tau has to say which grouping factor it is of: tau={'a': ..., 'b': ...}"),
     ({"a": 1.0, "c": 1.0}, "tau for c, which is no grouping factor: there are a, b"),
     ({"a": 1.0}, r"simulating from a formula needs covariance \(or tau\)")],
)  # fmt: skip
def test_whose_variance_is_meant(tau: object, message: str) -> None:
    with pytest.raises(DataError, match=message.replace("...", r"\.\.\.")):
        simulate("y ~ x + (1 | a) + (1 | b)", GRID, beta=[0, 0], sigma=1, seed=1, tau=tau)  # type: ignore[arg-type]


def test_refits_are_fits() -> None:
    Y = simulate(REFERENCE, seed=1, size=3)
    together = refit(REFERENCE, Y)
    for k in range(3):
        alone = lmm(CROSSED, PUPILS.assign(achiev=Y[:, k]))
        assert together.deviance[k] == pytest.approx(alone.deviance, abs=1e-8)
        assert_allclose(together.beta[k], alone.beta, rtol=CLOSE)
        assert_allclose(together.covariance[k, :2, :2], alone.random_covariance["pschool"],
                        rtol=1e-4)  # fmt: skip
        assert together.covariance[k, 2, 2] == pytest.approx(
            alone.random_covariance["sschool"].iloc[0, 0], rel=1e-4
        )
    assert together.converged.all()


# cost ---------------------------------------------------------------------------------------------


def test_small_designs_are_cheap_and_say_nothing() -> None:
    expected = cost(REFERENCE.design)
    assert expected.seconds < 0.1
    assert expected.megabytes < 1
    assert not expected.slow
    assert cost(design("achiev ~ 1 + (1 | pschool)", PUPILS)).seconds < 0.1
    assert not REFERENCE.messages


def test_nesting_costs_less_than_crossing() -> None:
    rng = np.random.default_rng(1)
    child = rng.integers(0, 5000, 20_000)
    data = pd.DataFrame({"y": rng.normal(size=20_000), "child": child, "parent": child // 10,
                         "other": rng.integers(0, 500, 20_000)})  # fmt: skip
    nested = cost(design("y ~ 1 + (1 | child) + (1 | parent)", data))
    crossed = cost(design("y ~ 1 + (1 | child) + (1 | other)", data))
    assert crossed.seconds > 5 * nested.seconds
    assert crossed.megabytes > 10 * nested.megabytes


def test_a_slow_fit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["mlcore.several.cost"], "SLOW", 0.0)
    made = REFERENCE.design
    assert cost(made).slow
    (message,) = fit_design(made).messages
    assert message == (
        f"a large crossed design (30 effects besides the largest factor's): {cost(made)}"
    )


def test_what_cannot_be_held_in_memory_is_refused() -> None:
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"y": rng.normal(size=200_000), "a": rng.integers(0, 40_000, 200_000),
                         "b": rng.integers(0, 30_000, 200_000)})  # fmt: skip
    with pytest.raises(UnsupportedError, match=r"crossed random effects .* would need \d+ GB"):
        lmm("y ~ 1 + (1 | a) + (1 | b)", data)
