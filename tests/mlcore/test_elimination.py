"""Several factors: the profile against the full covariance matrix, by whatever road it is found."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import mlcore.several.islands
import mlcore.several.system
from mlcore import Design, design, lmm
from mlcore.gaussian.blocks import blocks
from mlcore.gaussian.profile import Profile, profile, profiled
from mlcore.several.elimination import sums_over_islands
from mlcore.several.factors import by_factor, factors
from mlcore.several.islands import components
from mlcore.several.rows import DenseRows, SparseRows
from mlcore.several.system import System, layout, system
from tests.mlcore.oracle import frame

PUPILS = frame("pupcross").sample(300, random_state=2)
PUPILS["area"] = (PUPILS["pschool"] + PUPILS["sschool"]) % 7
PUPILS["sex"] = PUPILS["pupsex"].map({0: "boy", 1: "girl"})
# hospitals with one ward to four
NURSES = frame("nurses").query("wardid % 10 <= hospital % 5 + 1").iloc[:400]
FORMULAS = {
    "achiev ~ pupsex + (1 | pschool) + (1 | sschool)": PUPILS,
    "achiev ~ pupsex + (1 + pupses | pschool) + (1 | sschool)": PUPILS,
    "achiev ~ pupses + (1 | sschool) + (0 + pupses | pschool) + (pupses | sschool:area)": PUPILS,
    "achiev ~ 0 + pupses + (sex | pschool) + (1 | area) + (0 + pupses | area)": PUPILS,
    "achiev ~ 1 + (1 | pschool) + (1 | sschool) + (1 | area)": PUPILS,
    "stress ~ age + (1 | hospital/ward)": NURSES,
    "stress ~ age + (1 + age | hospital) + (1 | wardid)": NURSES,
    "stress ~ age + (1 | hospital) + (1 + age || wardid)": NURSES,
    "stress ~ 1 + (1 | hospital) + (1 | wardid) + (1 | hospsize)": NURSES,
}  # fmt: skip
every_formula = pytest.mark.parametrize("formula", FORMULAS)
by_ml_and_reml = pytest.mark.parametrize("reml", [False, True])


def made_system(formula: str) -> tuple[Design, System]:
    made = by_factor(design(formula, FORMULAS[formula]))
    return made, system(made, layout(factors(made)))


def at(theta: np.ndarray, data: System, *, reml: bool) -> Profile:
    return profiled(theta, sums_over_islands(data.pattern.matrix(theta), data), data, reml=reml)


def some_theta(data: System) -> np.ndarray:
    return np.random.default_rng(3).uniform(0.2, 1.5, len(data.pattern.diagonal))


def same_group(data: System) -> np.ndarray:
    """(Q, n, n): 1 where two rows are in one group of the factor that the effect varies over."""
    codes = [f.grouping.codes for f in data.factors for _ in f.names]
    return np.array([np.equal.outer(c, c) for c in codes], dtype=float)


def full_V(made: Design, data: System, root: np.ndarray) -> np.ndarray:
    Z = np.hstack([part.Z for part in made.random])
    V, same = np.eye(made.n), same_group(data)
    for factor in data.factors:
        z, r = Z[:, factor.place], root[factor.place, factor.place]
        V += (z @ r @ r.T @ z.T) * same[factor.place.start]
    return V


@by_ml_and_reml
@every_formula
def test_deviance_is_that_of_the_full_matrix(formula: str, reml: bool) -> None:
    made, data = made_system(formula)
    found = at(some_theta(data), data, reml=reml)
    V = full_V(made, data, data.scaling.random @ found.Lambda)
    X, y = made.X, made.y
    information = X.T @ np.linalg.solve(V, X)
    beta = np.linalg.solve(information, X.T @ np.linalg.solve(V, y))
    e = y - X @ beta
    nu = made.n - X.shape[1] if reml else made.n
    variance = e @ np.linalg.solve(V, e) / nu
    deviance = np.linalg.slogdet(V)[1] + nu * (1 + np.log(2 * np.pi * variance))
    deviance += np.linalg.slogdet(information)[1] if reml else 0.0
    assert found.deviance == pytest.approx(deviance, abs=1e-8)
    assert found.variance == pytest.approx(variance, rel=1e-10)
    assert_allclose(data.scaling.beta(found.beta), beta, rtol=1e-9)


@by_ml_and_reml
@every_formula
def test_slope_is_the_derivative(formula: str, reml: bool) -> None:
    _, data = made_system(formula)
    theta = some_theta(data)
    found = at(theta, data, reml=reml)
    gradient = 2 * (found.slope @ found.Lambda)[data.pattern.places]
    assert_allclose(found.gradient @ data.pattern.jacobian(found.Lambda), gradient,
                    rtol=1e-9, atol=1e-9)  # fmt: skip
    step = 1e-5
    for k, direction in enumerate(step * np.eye(len(theta))):
        ahead, behind = (at(theta + s * direction, data, reml=reml) for s in (1, -1))
        # central differences: the error is of the order of step^2, rounding of 1e-12 / step
        difference = (ahead.deviance - behind.deviance) / (2 * step)
        assert gradient[k] == pytest.approx(difference, rel=1e-5, abs=1e-5)


@every_formula
def test_information_is_the_expected_second_derivative(formula: str) -> None:
    """tr(V^-1 dV V^-1 dV) - tr(V^-1 dV) tr(V^-1 dV) / n, for every pair of elements of Psi."""
    made, data = made_system(formula)
    found = at(some_theta(data), data, reml=False)
    V = full_V(made, data, data.scaling.random @ found.Lambda)
    # the columns of Z on the scale of the system
    Z = np.hstack([part.Z for part in made.random]) @ data.scaling.random
    same = same_group(data)
    parts = []
    for r, c in zip(*data.pattern.places, strict=True):
        dV = np.outer(Z[:, r], Z[:, c]) * same[r]
        parts.append(np.linalg.solve(V, dV + dV.T if r != c else dV))
    traces = np.array([np.trace(part) for part in parts])
    second = np.array([[np.sum(left * right.T) for right in parts] for left in parts])
    expected = second - np.outer(traces, traces) / made.n
    assert_allclose(found.information, expected, rtol=1e-8, atol=1e-8)


@every_formula
def test_effects_given_the_data(formula: str) -> None:
    """Psi Z'V^-1 (y - X beta), and sigma^2 (Psi - Psi Z'V^-1 Z Psi), on n x n matrices."""
    fit = lmm(formula, FORMULAS[formula])
    made, (_, data) = fit.design, made_system(formula)
    root = data.scaling.random @ fit.path[-1].Lambda
    inverse = np.linalg.inv(full_V(made, data, root))
    e = made.y - made.X @ fit.beta
    Z = np.hstack([part.Z for part in made.random])
    for factor, effects in zip(data.factors, fit.effects.values(), strict=True):
        r = root[factor.place, factor.place]
        for j in range(len(factor.grouping.levels)):
            z = Z[:, factor.place] * (factor.grouping.codes == j)[:, None]
            assert_allclose(effects.values[j], r @ r.T @ z.T @ inverse @ e, rtol=1e-7, atol=1e-9)
            spread = r @ (np.eye(len(r)) - r.T @ z.T @ inverse @ z @ r) @ r.T
            assert_allclose(effects.conditional[j], fit.sigma**2 * spread, rtol=1e-7, atol=1e-9)


@by_ml_and_reml
@pytest.mark.parametrize("alone", ["pschool", "sschool"])
def test_without_the_other_variance_it_is_the_profile_of_one_factor(alone: str, reml: bool) -> None:
    both = "achiev ~ pupsex + (1 + pupses | pschool) + (1 + pupses | sschool)"
    made = by_factor(design(both, PUPILS))
    data = system(made, layout(factors(made)))
    (place,) = (f.place for f in data.factors if f.grouping.name == alone)
    theta = np.zeros(6)
    theta[:3] = theta[3:] = [0.5, -0.1, 0.3]
    theta[slice(3, 6) if alone == "pschool" else slice(0, 3)] = 0.0
    ours = at(theta, data, reml=reml)
    single = blocks(design(f"achiev ~ pupsex + (1 + pupses | {alone})", PUPILS))
    one = profile(np.array([0.5, -0.1, 0.3]), single, reml=reml)
    assert ours.deviance == pytest.approx(one.deviance, abs=1e-9)
    assert_allclose(ours.slope[place, place], one.slope, rtol=1e-9, atol=1e-9)
    assert_allclose(ours.beta, one.beta, rtol=1e-9)
    rows = np.flatnonzero(np.isin(data.pattern.places[0], range(place.start, place.stop)))
    assert_allclose(ours.information[np.ix_(rows, rows)], one.information, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("theta", [0.0, 1e-9])
def test_without_variances_it_is_least_squares(theta: float) -> None:
    made, data = made_system("achiev ~ pupsex + (1 | pschool) + (1 | sschool)")
    found = at(np.full(2, theta), data, reml=False)
    b, rss, *_ = np.linalg.lstsq(made.X, made.y)
    assert_allclose(data.scaling.beta(found.beta), b, rtol=1e-10)
    assert found.variance * made.n == pytest.approx(rss[0], rel=1e-10)


def test_with_boundless_variances_it_is_least_squares_with_a_dummy_for_every_group() -> None:
    made, data = made_system("achiev ~ pupsex + (1 | pschool) + (1 | sschool)")
    found = at(np.full(2, 1e5), data, reml=True)
    dummies = pd.get_dummies(PUPILS[["pschool", "sschool"]].astype(str)).to_numpy(float)
    X = np.column_stack([PUPILS["pupsex"], dummies])
    b, _, rank, _ = np.linalg.lstsq(X, made.y)
    e = made.y - X @ b
    # what is left is of the order of 1 / theta^2
    assert data.scaling.beta(found.beta)[1] == pytest.approx(b[0], rel=1e-8)
    # REML's divisor is n - p: the dummies are random effects to it
    assert found.variance * (made.n - 2) == pytest.approx(e @ e, rel=1e-8)
    assert data.rank == rank - 1  # all but the predictor


@every_formula
def test_sparse_rows_are_dense_rows(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, dense = made_system(formula)
    monkeypatch.setattr(mlcore.several.islands, "LARGE", 0)
    monkeypatch.setattr(mlcore.several.system, "LARGE", 0)
    monkeypatch.setattr(mlcore.several.system, "SPARSE", np.inf)
    monkeypatch.setattr("mlcore.several.rows.SLAB", 100)
    _, sparse = made_system(formula)
    assert all(isinstance(batch.rows, DenseRows) for batch in dense.batches)
    assert all(isinstance(batch.rows, SparseRows) for batch in sparse.batches)
    theta = some_theta(dense)
    left, right = (at(theta, data, reml=True) for data in (dense, sparse))
    for name in ("deviance", "slope", "information", "beta", "variance"):
        assert_allclose(getattr(left, name), getattr(right, name), rtol=1e-9, atol=1e-9)


@every_formula
def test_islands_are_the_sets_that_share_rows(formula: str) -> None:
    """Every group is in one place only, and the islands are found again by walking along rows."""
    _, data = made_system(formula)
    made = factors(by_factor(design(formula, FORMULAS[formula])))
    sea = layout(made)
    seen: list[set[tuple[str, int]]] = []
    for shape in sea.shapes:
        for c in range(shape.size):
            here = {(data.first.grouping.name, int(j)) for j in shape.groups[c] if j >= 0}
            for factor, levels in zip(data.others, shape.levels, strict=True):
                here |= {(factor.grouping.name, int(k)) for k in levels[c]}
            seen.append(here)
    assert sum(map(len, seen)) == sum(len(f.grouping.levels) for f in made)
    walked: list[set[tuple[str, int]]] = []
    for row in set(zip(*(f.grouping.codes.tolist() for f in made), strict=True)):
        met = {(f.grouping.name, k) for f, k in zip(made, row, strict=True)}
        touched = [island for island in walked if island & met]
        walked = [island for island in walked if not island & met] + [met.union(*touched)]
    assert {frozenset(island) for island in seen} == {frozenset(island) for island in walked}


def test_nested_groups_make_an_island_of_each_highest_unit() -> None:
    made = design("stress ~ 1 + (1 | hospital/ward)", frame("nurses"))
    home, homes = components(made.groupings["ward:hospital"], [made.groupings["hospital"]])
    assert len(set(home)) == 25
    assert sorted(homes[0]) == list(range(25))


@pytest.mark.parametrize(
    "change",
    [lambda d: d.sample(frac=1, random_state=1), lambda d: d.assign(pschool=-d["pschool"])],
)
def test_rows_and_labels_do_not_move_the_profile(
    change: Callable[[pd.DataFrame], pd.DataFrame],
) -> None:
    formula = "achiev ~ pupses + (1 + pupses | pschool) + (1 | sschool)"
    here, there = (by_factor(design(formula, d)) for d in (PUPILS, change(PUPILS)))
    systems = [system(m, layout(factors(m))) for m in (here, there)]
    left, right = (at(some_theta(s), s, reml=True) for s in systems)
    assert right.deviance == pytest.approx(left.deviance, abs=1e-9)
    assert_allclose(right.slope, left.slope, rtol=1e-9, atol=1e-9)
