"""The minimum is found from anywhere, on the boundary too, and the path is kept."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlcore import design, lmm, simulate
from mlcore.gaussian.blocks import Blocks, blocks
from mlcore.gaussian.optimise import Minimum, minimise, newton
from mlcore.gaussian.profile import profile
from tests.mlcore.oracle import CASES, frame, mixed

SLOPE = "gcse ~ lrt + girl + (1 + lrt | school)"


def from_start(products: Blocks, start: np.ndarray) -> Minimum:
    return minimise(lambda t: profile(t, products, reml=True), start, products.pattern)


@pytest.mark.parametrize(
    "start",
    [[0.0, 0.0, 0.0], [1e-6, 0, 1e-6], [50.0, 0, 50.0], [1.0, -5.0, 0.1], [-0.3, 0.2, -0.1],
     [0.5, 0.5, 0.0]],
)  # fmt: skip
def test_every_start_leads_to_the_minimum(start: list[float]) -> None:
    products = blocks(design(SLOPE, frame("gcse")))
    usual = from_start(products, np.array([0.5, 0.0, 0.5]))
    found = from_start(products, np.array(start))
    assert found.converged
    assert found.profile.deviance == pytest.approx(usual.profile.deviance, abs=1e-8)
    assert_allclose(found.profile.theta, usual.profile.theta, atol=1e-6)


@pytest.mark.parametrize("start", [0.0, 1e-9, 1e-3, 0.5, -0.5, 30.0, 1e4])
def test_every_start_leads_to_the_minimum_of_an_intercept(start: float) -> None:
    products = blocks(design("gcse ~ 1 + (1 | school)", frame("gcse")))
    found = from_start(products, np.array([start]))
    assert found.converged
    assert_allclose(found.profile.theta, CASES["gcse_null_reml"]["theta"], rtol=1e-6)


def test_few_evaluations() -> None:
    assert len(mixed("gcse_null_reml").path) <= 6
    assert len(mixed("gcse_rs_full_reml").path) <= 8


@pytest.mark.parametrize("name", ["gcse_rs2_singular_reml", "pop_rs2_nointer_ml", "hsb_rs_reml"])
def test_conditions_of_a_minimum(name: str) -> None:
    """D Lambda = 0, and D has no negative eigenvalue: on the boundary this needs both."""
    fit = mixed(name)
    last = fit.path[-1]
    scale = np.abs(np.diagonal(last.information)).max() ** 0.5
    assert np.abs(last.slope @ last.Lambda).max() < 1e-4 * scale
    assert np.linalg.eigvalsh(last.slope)[0] > -1e-4 * scale


def test_no_variance_is_exactly_none() -> None:
    """Groups more alike than chance: the estimate is 0, flagged, and least squares is left."""
    data = frame("gcse").iloc[:400].assign(g=np.arange(400) % 20)
    data["y"] = data["gcse"] - data.groupby("g")["gcse"].transform("mean")
    fit = lmm("y ~ lrt + (1 | g)", data)
    assert fit.converged
    assert fit.boundary
    assert fit.icc["g"] == 0
    assert (fit.ranef["g"] == 0).all(axis=None)
    assert "the variance of (Intercept) over g is estimated as zero" in fit.messages[0]
    b, *_ = np.linalg.lstsq(np.column_stack([np.ones(400), data["lrt"]]), data["y"])
    assert_allclose(fit.beta, b, rtol=1e-9, atol=1e-12)


def test_one_of_two_variances_may_be_zero() -> None:
    data = frame("gcse")
    y = simulate(
        "gcse ~ lrt + (1 + lrt || school)", data, beta=[0, 0.5], tau=[3, 0], sigma=7, seed=4
    )
    fit = lmm("y ~ lrt + (1 + lrt || school)", data.assign(y=y))
    assert fit.boundary
    assert fit.random_covariance["school"].loc["lrt", "lrt"] == 0
    assert fit.random_covariance["school"].loc["(Intercept)", "(Intercept)"] > 4
    assert fit.messages == (
        "the variance of lrt over school is estimated as zero: the groups differ no more than "
        "chance alone would make them (a valid fit, on the boundary)",
    )


def test_a_rank_that_is_lost_is_said() -> None:
    (message,) = mixed("gcse_rs2_singular_reml").messages
    assert message.startswith("the effects of (Intercept), lrt, girl over school move together")


def test_the_path_ends_at_its_lowest_point() -> None:
    for name in ("gcse_null_reml", "gcse_rs_full_ml", "gcse_rs2_singular_reml"):
        trace = mixed(name).trace
        assert trace["deviance"].iloc[-1] <= trace["deviance"].min() + 1e-6
        assert_allclose(trace.iloc[-1, :-1], mixed(name).theta, atol=1e-8)
    assert list(trace.columns)[:3] == [
        "school.(Intercept)", "school.lrt.(Intercept)", "school.girl.(Intercept)"
    ]  # fmt: skip


def test_where_nothing_curves_the_step_is_the_gradients() -> None:
    gradient, flat = np.array([[3.0, -4.0]]), np.zeros((1, 2, 2))
    step, gain = newton(gradient, flat)
    assert_allclose(step, -gradient)
    assert gain == pytest.approx(25.0 / 2.0)
    # one flat direction beside a curved one: downhill in both
    step, gain = newton(gradient, np.array([[[2.0, 0.0], [0.0, 0.0]]]))
    assert np.isfinite(step).all()
    assert (step * gradient < 0.0).all()
    assert gain > 0.0
