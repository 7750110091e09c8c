"""Serial correlation beside random effects: by the definition, at its limits, and bad requests."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlcore import GrowthFit, MultilevelError, growth, lmm, refit, shrinkage, simulate
from mlcore.longitudinal.scalar_minimum import deepest
from tests.mlcore.oracle import frame

few = settings(max_examples=10, deadline=None)
SLOPE = "y ~ day + girl + (1 + day | person)"


def visits(seed: int = 1, people: int = 40, most: int = 8, phi: float = 0.6) -> pd.DataFrame:
    """People visited at days of their own, whose residuals remember phi of themselves a day."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        days = np.sort(rng.choice(np.arange(4 * most), most, replace=False)) / 4.0
        C = phi ** np.abs(days[:, None] - days)
        e = np.linalg.cholesky(C) @ rng.standard_normal(most)
        u = rng.multivariate_normal([0, 0], [[1.0, 0.1], [0.1, 0.1]])
        girl = person % 2
        y = 10 + 0.5 * days + girl + u[0] + u[1] * days + e
        rows.append(pd.DataFrame({"person": person, "day": days, "girl": girl, "y": y}))
    data = pd.concat(rows, ignore_index=True).sample(frac=0.8, random_state=seed)
    return data.reset_index(drop=True)


DATA = visits()
REFERENCE = growth(SLOPE, DATA, time="day", correlation="exponential")


def criterion(fit: GrowthFit, psi: np.ndarray, phi: float, sigma: float, *, reml: bool) -> float:
    """-2 log-likelihood by its definition, with V (n, n) written out."""
    made, data = fit.design, DATA.loc[fit.design.index]
    person, day = data["person"].to_numpy(), data["day"].to_numpy()
    same = person[:, None] == person
    Z = made.random[0].Z if made.random else np.zeros((len(day), len(psi)))
    V = sigma**2 * same * phi ** np.abs(day[:, None] - day) + same * (Z @ psi @ Z.T)
    X, y = made.X, made.y
    W = np.linalg.solve(V, X)
    beta = np.linalg.solve(X.T @ W, W.T @ y)
    r = y - X @ beta
    value = np.linalg.slogdet(V)[1] + r @ np.linalg.solve(V, r)
    n, p = X.shape
    if reml:
        return value + np.linalg.slogdet(X.T @ W)[1] + (n - p) * np.log(2 * np.pi)
    return value + n * np.log(2 * np.pi)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("random", [" + (1 + day | person)", ""])
def test_the_likelihood_is_that_of_the_definition_and_is_at_its_top(
    random: str, *, reml: bool
) -> None:
    fit = growth(f"y ~ day + girl{random}", DATA, time="day", within="person",
                 correlation="exponential", reml=reml)  # fmt: skip
    psi = fit.random_covariance["person"].to_numpy() if random else np.zeros((1, 1))
    best = criterion(fit, psi, fit.phi, fit.sigma, reml=reml)
    assert fit.deviance == pytest.approx(best, abs=1e-7)  # a determinant of 256 rows
    for step in (0.99, 1.01):
        assert criterion(fit, psi, fit.phi * step, fit.sigma, reml=reml) > best
        assert criterion(fit, psi, fit.phi, fit.sigma * step, reml=reml) > best
        if random:
            assert criterion(fit, psi * step, fit.phi, fit.sigma, reml=reml) > best
    # Newton's next step from there, slope / curvature, in standard errors
    h = 1e-4
    up, down = (criterion(fit, psi, fit.phi + d, fit.sigma, reml=reml) for d in (h, -h))
    assert abs(up - down) / (2 * h) * fit.phi_se / 2 < 1e-4


def test_what_was_put_in_comes_out() -> None:
    fit = growth(SLOPE, visits(2, people=300), time="day", correlation="exponential")
    assert abs(fit.phi - 0.6) < 3 * fit.phi_se < 0.2
    assert fit.sigma == pytest.approx(1.0, rel=0.1)
    assert (np.abs(fit.beta - [10, 0.5, 1]) < 3 * fit.coefficients["se"]).all()


def test_on_even_times_both_correlations_are_one() -> None:
    data = frame("sleepstudy")
    counted = growth("Reaction ~ Days + (1 | Subject)", data, time="Days")
    timed = growth("Reaction ~ Days + (1 | Subject)", data, time="Days", correlation="exponential")
    assert timed.loglik == pytest.approx(counted.loglik, abs=1e-8)
    assert timed.phi == pytest.approx(counted.phi, rel=1e-6)
    assert timed.phi_se == pytest.approx(counted.phi_se, rel=1e-4)
    assert counted.messages == ()


def test_correlation_after_half_a_unit() -> None:
    """Time in half units: the correlation over one of them is the root of that over a whole."""
    halves = growth(SLOPE, DATA.assign(day=DATA["day"] * 2), time="day", correlation="exponential")
    assert halves.phi == pytest.approx(np.sqrt(REFERENCE.phi), rel=1e-6)
    # phi^(1/2) has the derivative phi^(-1/2) / 2
    assert halves.phi_se == pytest.approx(REFERENCE.phi_se / 2 / halves.phi, rel=1e-4)


@few
@given(origin=st.floats(-1e4, 1e4), unit=st.floats(1e-3, 1e3), seed=st.integers(0, 9))
def test_origins_units_order_and_labels(origin: float, unit: float, seed: int) -> None:
    moved = DATA.sample(frac=1, random_state=seed).assign(
        day=lambda d: d["day"] * unit, y=lambda d: d["y"] - origin,
        person=lambda d: "p" + (d["person"] * 7 % 40).astype(str),
    )  # fmt: skip
    fit = growth(SLOPE, moved, time="day", correlation="exponential")
    # REML knows the unit of the predictor, as lme4's does
    assert fit.deviance == pytest.approx(REFERENCE.deviance + 2 * np.log(unit), abs=1e-6)
    assert fit.phi**unit == pytest.approx(REFERENCE.phi, rel=1e-5)
    assert_allclose(fit.beta, (REFERENCE.beta - [origin, 0, 0]) / [1, unit, 1], rtol=1e-5)
    assert fit.sigma == pytest.approx(REFERENCE.sigma, rel=1e-5)
    assert_allclose(fit.fitted.sort_index() + origin, REFERENCE.fitted, atol=1e-4)


@pytest.mark.parametrize("size", [1e-8, 1e8])
def test_tiny_and_huge_units(size: float) -> None:
    changed = DATA.assign(day=DATA["day"] * size, y=DATA["y"] / size)
    fit = growth(SLOPE, changed, time="day", correlation="exponential")
    # (n - p) changes of y's unit, and one of day's
    shift = 2 * (np.log(size) - (fit.n - 3) * np.log(size))
    assert fit.deviance == pytest.approx(REFERENCE.deviance + shift, abs=1e-6)
    assert_allclose(fit.beta, REFERENCE.beta / [size, size**2, size], rtol=1e-5)
    assert fit.sigma == pytest.approx(REFERENCE.sigma / size, rel=1e-5)


def test_without_memory_it_is_lmm() -> None:
    """Residuals that alternate: a correlation in continuous time cannot be negative."""
    rng = np.random.default_rng(5)
    data = DATA.sort_values(["person", "day"]).assign(
        y=lambda d: d["girl"] + rng.standard_normal(40)[d["person"]]
        + np.where(np.arange(len(d)) % 2, 1.0, -1.0) + 0.3 * rng.standard_normal(len(d)),
    )  # fmt: skip
    fit = growth("y ~ day + (1 | person)", data, time="day", correlation="exponential")
    plain = lmm("y ~ day + (1 | person)", data)
    assert fit.phi == pytest.approx(0.0, abs=1e-3)
    assert fit.boundary
    assert np.isnan(fit.phi_se)
    assert any("at the end of its range" in message for message in fit.messages)
    assert fit.loglik == pytest.approx(plain.loglik, abs=1e-3)
    turning = growth("y ~ day + (1 | person)", data, time="day")
    assert turning.phi < -0.5


def test_two_measurements_cannot_tell_memory_from_people() -> None:
    data = DATA.sort_values(["person", "day"]).groupby("person").head(2)
    fit = growth("y ~ day + (1 | person)", data, time="day")
    assert any("cannot tell the correlation of residuals" in message for message in fit.messages)
    assert np.isnan(fit.phi_se)
    alone = growth("y ~ day", data, time="day", within="person")
    assert fit.loglik == pytest.approx(alone.loglik, abs=1e-6)
    assert alone.phi_se > 0


def test_it_is_said_in_print() -> None:
    text = str(REFERENCE)
    assert text.startswith("REML, exponential: y ~ day + girl + (1 + day | person)")
    assert f"correlation one unit of time apart: {REFERENCE.phi:.4g} (se" in text


def test_residuals_may_be_correlated_within_parts_of_groups() -> None:
    data = DATA.assign(clinic=DATA["person"] % 8)
    fit = growth("y ~ day + (1 | clinic)", data, time="day", within="person",
                 correlation="exponential")  # fmt: skip
    assert fit.n_groups == {"clinic": 8, "person": 40}
    assert list(fit.ranef) == ["clinic"]
    assert fit.phi > 0.5  # with the people's own levels in it


def test_correlating_undoes_whitening() -> None:
    noise = np.random.default_rng(3).standard_normal((len(DATA), 2))
    links = REFERENCE.chains
    white, _ = links.whiten(links.colour(noise, 0.7)[links.order], 0.7)
    assert_allclose(white, noise[links.order], atol=1e-12)


def test_responses_drawn_from_a_fit_remember() -> None:
    """Residuals of successive visits: half a day to a few days apart."""
    fit = growth("y ~ 1", DATA, time="day", within="person", correlation="exponential")
    drawn = simulate(fit, seed=4, size=400)
    residuals = (drawn - fit.beta[0])[fit.chains.order] / fit.sigma
    lag = fit.chains.steps[fit.chains.kinds]
    products = (residuals[1:] * residuals[:-1]).mean(axis=1)
    near = np.isfinite(lag[1:])
    # 400 draws: a Monte Carlo error of .07 for each pair, of .01 for the mean of 200
    expected = fit.phi ** (fit.chains.unit * lag[1:][near])
    assert products[near].mean() == pytest.approx(expected.mean(), abs=0.03)
    assert products[~near].mean() == pytest.approx(0.0, abs=0.05)


def test_what_takes_residuals_to_be_independent_refuses() -> None:
    fit = growth("y ~ day + (1 | person)", DATA, time="day")
    with pytest.raises(MultilevelError, match="shrinkage is for lmm"):
        shrinkage(fit)
    with pytest.raises(MultilevelError, match="growth"):
        refit(fit, simulate(fit, seed=1, size=2))


def test_the_search_is_kept() -> None:
    assert list(REFERENCE.search.columns) == ["phi", "deviance"]
    assert REFERENCE.search["deviance"].min() == pytest.approx(REFERENCE.deviance, abs=1e-6)
    assert REFERENCE.search["phi"].between(0.0, 1.0).all()
    assert REFERENCE.method == "REML, exponential"


@few
@given(floor=st.floats(-2, 2), depth=st.floats(0.1, 100.0))
def test_the_floor_of_a_valley(floor: float, depth: float) -> None:
    """To more digits than values near it could tell apart."""
    found = deepest(lambda x: 1000.0 + depth * np.cosh(x - floor), -3, 3)
    assert found.place == pytest.approx(floor, abs=1e-6)
    assert found.curvature == pytest.approx(depth, rel=1e-4, abs=1e-4)


def test_of_two_valleys_the_deeper() -> None:
    found = deepest(lambda x: (x**2 - 1) ** 2 - 0.1 * x, -2, 2)
    assert found.place == pytest.approx(1.0123, abs=1e-3)


BAD = [
    ({"correlation": "ar2"}, "correlation is one of ar1, exponential, not 'ar2'"),
    ({"formula": "y ~ day"}, "residuals are correlated within what"),
    ({"formula": "y ~ day + (1 | person) + (1 | girl)"}, "person and girl are 2 grouping factors"),
    ({"formula": "y ~ day + (1 | person) + (1 | girl)", "within": "person"}, "2 grouping factors"),
    ({"formula": "y ~ day + (1 | person:girl)"}, "residuals are correlated within what"),
    ({"time": "dya"}, "no column dya in the data: did you mean day"),
    ({"within": "girl", "time": "row"}, "girl is not nested in person"),
    ({"within": "row"}, "every row is measured once"),
    ({"time": "girl"}, "person 0 has . rows at girl 0: keep one row"),
    ({"time": "name", "correlation": "exponential"}, "name holds no numbers"),
    ({"formula": "day ~ girl + twice + (1 | person)"}, "reproduces the response exactly"),
    ({"formula": "day ~ twice", "within": "person"}, "reproduces the response exactly"),
]


@pytest.mark.parametrize(("request_", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_requests_are_told_what_to_do(request_: dict[str, str], message: str) -> None:
    data = DATA.assign(
        row=range(len(DATA)), name=lambda d: d["row"].astype(str), twice=lambda d: d["day"] * 2
    )
    asked = {"formula": "y ~ day + (1 | person)", "time": "day"} | request_
    with pytest.raises(MultilevelError, match=message):
        growth(asked.pop("formula"), data, **asked)
