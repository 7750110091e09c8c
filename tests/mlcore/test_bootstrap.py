"""The parametric bootstrap: reproducible, and right where the answer is known."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pandas.testing import assert_frame_equal
from scipy.stats import chi2

from mlcore import (
    DataError,
    UnsupportedError,
    bootstrap,
    bootstrapping,
    glmm,
    growth,
    lmm,
    ols,
    ordinal,
    parameters,
    refit,
    simulate,
)
from tests.mlcore.oracle import frame, mixed

SLEEP = mixed("sleep_rs_ml")


def test_a_seed_repeats_and_a_longer_run_goes_on() -> None:
    short, again, long = (bootstrap(SLEEP, n, seed=2) for n in (120, 120, 210))
    assert_frame_equal(short.draws, again.draws)
    assert_frame_equal(short.draws, long.draws.iloc[:120])
    assert not short.draws.equals(bootstrap(SLEEP, 120, seed=3).draws)


def test_it_can_be_watched() -> None:
    assert [found.n for found in bootstrapping(SLEEP, 250, seed=1)] == [100, 200, 250]


def test_known_distributions() -> None:
    """Balanced, within groups: sigma^2 is a chi-square, the slope a normal; three MC errors."""
    group = np.repeat(range(30), 8)
    data = pd.DataFrame({"g": group, "x": np.tile(np.arange(8.0) - 3.5, 30)})
    data["y"] = simulate("y ~ x + (1 | g)", data, beta=[1, 0.2], tau=3, sigma=1, seed=4)
    fit, n = lmm("y ~ x + (1 | g)", data), 2000
    table = bootstrap(fit, n, seed=5).intervals()
    se = fit.coefficients.loc["x", "se"]
    assert table.loc["x", "se"] == pytest.approx(se, rel=3 / np.sqrt(2 * n))
    df = 30 * 7 - 1
    limits = fit.sigma * np.sqrt(chi2.ppf([0.025, 0.975], df) / df)
    # the error of a 2.5 % point of a normal is 2.7 SD / sqrt(n)
    tolerance = 3 * 2.7 / np.sqrt(n) * fit.sigma / np.sqrt(2 * df)
    assert_allclose(table.loc["sigma", ["lower", "upper"]], limits, atol=tolerance)


def test_intervals_by_their_definition() -> None:
    found = bootstrap(SLEEP, 300, seed=6)
    table = found.intervals(0.9)
    assert list(table.index) == list(parameters(SLEEP).index)
    assert_allclose(table["estimate"], parameters(SLEEP))
    days = found.draws["Days"]
    assert_allclose(table.loc["Days", ["lower", "upper"]], np.quantile(days, [0.05, 0.95]))
    assert table.loc["Days", "bias"] == pytest.approx(days.mean() - SLEEP.beta[1])
    assert (table["lower"] < table["estimate"]).all()
    assert (table["estimate"] < table["upper"]).all()


def test_the_boundary_is_a_draw_like_any_other() -> None:
    rng = np.random.default_rng(7)
    data = frame("sleepstudy").assign(y=rng.standard_normal(180))
    found = bootstrap(lmm("y ~ Days + (1 + Days | Subject)", data), 200, seed=8)
    sd = found.draws.filter(like="sd(")
    assert (sd.min() < 1e-6).all()
    correlation = found.draws["corr(Subject,(Intercept),Days)"]
    assert correlation.dropna().abs().max() <= 1 + 1e-9
    assert found.intervals().drop("corr(Subject,(Intercept),Days)").notna().all().all()


def test_crossed_factors() -> None:
    fit = lmm("achiev ~ 1 + (1 | pschool) + (1 | sschool)", frame("pupcross"), reml=False)
    table = bootstrap(fit, 60, seed=9).intervals()
    assert list(table.index) == list(parameters(fit).index)
    assert (table["lower"] < table["estimate"]).all()
    assert (table["estimate"] < table["upper"]).all()
    # a standard error from 60 draws has one of 9 % itself
    assert table.loc["(Intercept)", "se"] == pytest.approx(
        fit.coefficients["se"].iloc[0], rel=3 / np.sqrt(120)
    )


def test_binary_outcomes() -> None:
    """The bootstrap's standard errors are those of the likelihood, within their own error."""
    data = frame("popular2").assign(high=lambda d: (d["popular"] > 5).astype(int))
    fit = glmm("high ~ Cextrav + (1 | class)", data)
    found = bootstrap(fit, 120, seed=11)
    assert list(found.draws) == ["(Intercept)", "Cextrav", "sd(class,(Intercept))"]
    spread = found.intervals().loc[["(Intercept)", "Cextrav"], "se"]
    assert_allclose(spread, fit.coefficients["se"], rtol=3 / np.sqrt(240))


def test_what_cannot_be_fitted_is_nan() -> None:
    """Half of such draws have zeros only; the rest goes on."""
    data = pd.DataFrame({"g": np.repeat(range(10), 6)})
    fit = glmm("y ~ 1 + (1 | g)", data.assign(y=(data.index % 20 == 0).astype(int)))
    Y = np.column_stack([np.zeros(60), fit.observed])
    found = refit(fit, Y)
    assert np.isnan(found.beta[0]).all()
    assert_array_equal(found.converged, [False, True])
    assert found.beta[1] == pytest.approx(fit.beta)


def test_refusals() -> None:
    with pytest.raises(DataError, match="2 draws or more"):
        bootstrap(SLEEP, 1, seed=1)
    with pytest.raises(DataError, match="level is between 0 and 1"):
        bootstrap(SLEEP, 10, seed=1).intervals(95)
    with pytest.raises(UnsupportedError, match="OLS has no random effects"):
        bootstrap(ols("Reaction ~ Days", frame("sleepstudy")), seed=1)
    curves = growth("Reaction ~ Days + (1 | Subject)", frame("sleepstudy"), time="Days")
    with pytest.raises(UnsupportedError, match="takes residuals to be independent"):
        bootstrap(curves, seed=1)
    ranks = frame("popular2").assign(rank=lambda d: d["popular"] // 3)
    with pytest.raises(UnsupportedError, match="fits by lmm and glmm are refitted"):
        refit(ordinal("rank ~ sex + (1 | class)", ranks), np.ones((2000, 2)))
