"""The pictures of the lesson Mundlak: their closed forms against the core's fits."""

import numpy as np
import pytest

from datasets import case
from mlcore import lmm, mixture, ols, panel
from ui.pictures import demeaning, mundlak
from ui.stage.quantity import control, data

NAMES = ("b_w", "b_b", "n", "sigma_u")
CASES = ("school", "ghq_households", "hsb", "nurses", "popularity")
FOUND = mundlak.slopes(*(control(name) for name in NAMES))


@pytest.mark.parametrize("n", [2, 3, 10, 60])
@pytest.mark.parametrize("sigma_u", [0.0, 0.3, 0.7, 1.5])
@pytest.mark.parametrize(("b_w", "b_b"), [(0.5, 1.5), (2.0, -1.0), (-1.0, 2.0), (0.3, 0.3)])
def test_the_estimators_are_the_cores(b_w, b_b, n, sigma_u):
    """Twenty rounds of weighting leave 1e-5; what is shown has two decimals."""
    values = {"b_w": b_w, "b_b": b_b, "n": n, "sigma_u": sigma_u}
    core = mixture(b_w, b_b, n, tau=sigma_u)
    for name in ("means", "pooled", "random", "correlation"):
        shown = float(getattr(FOUND, name).evaluate(values))
        assert shown == pytest.approx(getattr(core, name), abs=1e-4), name


@pytest.mark.parametrize(("b_b", "n"), [(1.5, 3), (1.5, 60), (-1.0, 5)])
def test_theta_says_the_same(b_b, n):
    values = {"b_w": 0.5, "b_b": b_b, "n": n, "sigma_u": 0.7}
    theta = float(FOUND.theta.evaluate(values))
    means = FOUND.means.evaluate(values)
    at = [
        float(mundlak.by_theta(data(t), data(0.5), data(means), data(n)).evaluate({}))
        for t in (0.0, theta, 1.0)
    ]
    wanted = [float(FOUND.pooled.evaluate(values)), float(FOUND.random.evaluate(values)), 0.5]
    assert at == pytest.approx(wanted, abs=1e-4)


def test_the_lessons_three_answers():
    assert [f"{mundlak.truth(k):.2f}" for k in range(3)] == ["0.51", "0.75", "1.25"]


def test_a_question_sends_the_answers_before_it_and_no_other():
    for which in range(3):
        sent = str(mundlak.question(which, (None,) * which).asking)
        shown = [str(mundlak.truth(k)) in sent for k in range(3)]
        assert shown == [k < which for k in range(3)]


def test_what_is_drawn_of_a_class_has_the_mean_that_is_drawn():
    made = mundlak.drawn()
    assert np.abs(made.u @ made.m) < 1e-9
    assert made.u.std() == pytest.approx(1)
    assert {array.shape for array in (made.d, made.e)} == {(mundlak.CLASSES, mundlak.MOST)}


@pytest.mark.parametrize("name", CASES)
def test_one_slider_goes_from_pooled_over_random_to_fixed(name):
    """The three are least squares on the same numbers: they agree to rounding, 1e-8.

    Where the variances were estimated, REML's own slope is met to the precision of its optimum.
    """
    it, of = case(name), demeaning.levels(name)
    y, x, group = it.model.outcome, it.compared, it.model.group
    slope, between, share = of.weighed(control("rho"))
    rows = it.frame

    def at(rho):
        return float(slope.evaluate({"rho": rho}))

    pooled = ols(f"{y} ~ {x}", rows).coefficients["estimate"][x]
    within = panel(f"{y} ~ {x}", rows, entity=group, estimator="within").coefficients
    random = lmm(f"{y} ~ {x} + (1 | {group})", rows).coefficients["estimate"][x]
    assert at(0.0) == pytest.approx(pooled, rel=1e-8)
    assert at(1.0) == pytest.approx(within["estimate"][x], rel=1e-8)
    assert at(of.rho) == pytest.approx(random, rel=1e-6)
    means = panel(f"{y} ~ {x}", rows, entity=group, estimator="between").coefficients
    assert float(between.evaluate({"rho": 1.0})) == pytest.approx(means["estimate"][x], rel=1e-8)
    assert float(share.evaluate({"rho": 1.0})) == 0.0


def test_a_group_loses_the_share_of_swamy_and_arora():
    """θ = 1 − sqrt(σ²/(σ² + n τ²)), from the variances of the random effects themselves."""
    of = demeaning.levels("school")
    tau2, sigma2 = of.found.fits["random effects"].variance_components["variance"]
    n = of.groups["n"].to_numpy(dtype=float)
    lost = demeaning.lost(data(of.rho), data(n)).evaluate({})
    np.testing.assert_allclose(lost, 1 - np.sqrt(sigma2 / (sigma2 + n * tau2)), rtol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_a_stage_starts_at_the_estimates(name):
    stage = demeaning.stage(name)
    values = {"rho": demeaning.levels(name).rho, "revealed": 1.0}
    slopes, digits = demeaning.levels(name).slopes, demeaning.levels(name).digits
    said = stage.finding.plain(values).replace("−", "-")
    for key in ("random", "within"):
        assert f"{slopes['estimate'][key]:.{digits}f}" in said
    assert len(demeaning.seen(demeaning.levels(name))) <= 3 * demeaning.GROUPS
