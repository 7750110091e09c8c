"""The profiled deviance against the full covariance matrix, its derivatives against differences."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from mlcore import design
from mlcore.gaussian.blocks import blocks, compress
from mlcore.gaussian.profile import profile
from mlcore.gaussian.scaling import standardise
from tests.mlcore.oracle import frame

FORMULAS = [
    "Reaction ~ Days + (1 | Subject)",
    "Reaction ~ Days + (0 + Days | Subject)",
    "Reaction ~ Days + (Days | Subject)",
    "Reaction ~ Days + (Days || Subject)",
    "Reaction ~ 0 + Days + (Days | Subject)",
    "Reaction ~ Days + (late | Subject)",
    "Reaction ~ Days + (0 + late | Subject)",
    "Reaction ~ Days + (Days + late | Subject)",
]
RNG = np.random.default_rng(3)


def unbalanced() -> pd.DataFrame:
    """With a person seen once and one seen twice; `late` is a factor of two levels."""
    data = frame("sleepstudy").assign(late=lambda d: np.where(d["Days"] < 5, "no", "yes"))
    kept = np.random.default_rng(5).random(len(data)) < 0.7
    kept[:20] = False
    kept[[0, 10, 16]] = True
    return data[kept]


def some_theta(size: int) -> np.ndarray:
    return RNG.uniform(0.2, 1.5, size)


@pytest.mark.parametrize("reml", [False, True])
@pytest.mark.parametrize("formula", FORMULAS)
def test_deviance_is_that_of_the_full_matrix(formula: str, reml: bool) -> None:
    """log|V|, log|X'V^-1 X| and the residual form, all worked out on n x n matrices."""
    made = design(formula, unbalanced())
    products = blocks(made)
    theta = some_theta(len(products.pattern.diagonal))
    at = profile(theta, products, reml=reml)

    root = products.scaling.random @ at.Lambda
    Z = np.hstack([part.Z for part in made.random])
    same = made.groupings["Subject"].codes[:, None] == made.groupings["Subject"].codes
    V = np.eye(made.n) + (Z @ root @ root.T @ Z.T) * same
    X, y = made.X, made.y
    information = X.T @ np.linalg.solve(V, X)
    beta = np.linalg.solve(information, X.T @ np.linalg.solve(V, y))
    e = y - X @ beta
    nu = made.n - X.shape[1] if reml else made.n
    variance = e @ np.linalg.solve(V, e) / nu
    deviance = np.linalg.slogdet(V)[1] + nu * (1 + np.log(2 * np.pi * variance))
    deviance += np.linalg.slogdet(information)[1] if reml else 0.0

    assert at.deviance == pytest.approx(deviance, abs=1e-8)
    assert at.variance == pytest.approx(variance, rel=1e-10)
    assert_allclose(products.scaling.beta(at.beta), beta, rtol=1e-9)


@pytest.mark.parametrize("reml", [False, True])
@pytest.mark.parametrize("formula", FORMULAS)
def test_slope_is_the_derivative(formula: str, reml: bool) -> None:
    products = blocks(design(formula, unbalanced()))
    pattern = products.pattern
    theta = some_theta(len(pattern.diagonal))
    at = profile(theta, products, reml=reml)
    gradient = 2 * (at.slope @ at.Lambda)[pattern.places]
    assert_allclose(at.gradient @ pattern.jacobian(at.Lambda), gradient, rtol=1e-9, atol=1e-9)
    step = 1e-5
    for k, direction in enumerate(step * np.eye(len(theta))):
        ahead, behind = (profile(theta + s * direction, products, reml=reml) for s in (1, -1))
        # central differences: the error is of the order of step^2, rounding of 1e-12 / step
        difference = (ahead.deviance - behind.deviance) / (2 * step)
        assert gradient[k] == pytest.approx(difference, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("formula", FORMULAS)
def test_information_is_the_expected_second_derivative(formula: str) -> None:
    """By ML, averaged over responses drawn from the model at this theta."""
    made = design(formula, unbalanced())
    products = blocks(made)
    at = profile(some_theta(len(products.pattern.diagonal)), products, reml=False)
    root = products.scaling.random @ at.Lambda
    Z = np.hstack([part.Z for part in made.random])
    codes = made.groupings["Subject"].codes
    V = np.eye(made.n) + (Z @ root @ root.T @ Z.T) * (codes[:, None] == codes)
    columns = standardise(made)
    scaled = np.column_stack([columns.column(k) for k in columns.random])
    q = scaled.shape[1]
    # tr(V^-1 dV_ab V^-1 dV_cd) - tr(V^-1 dV_ab) tr(V^-1 dV_cd) / n, with dV_ab = z_a z_b' in groups
    same = codes[:, None] == codes
    parts = [np.linalg.solve(V, np.outer(scaled[:, a], scaled[:, b]) * same)
             for a in range(q) for b in range(q)]  # fmt: skip
    traces = np.array([np.trace(part) for part in parts])
    second = np.array([[np.sum(left * right.T) for right in parts] for left in parts])
    symmetric = products.pattern.duplication
    expected = symmetric.T @ (second - np.outer(traces, traces) / made.n) @ symmetric
    assert_allclose(at.information, expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("formula", ["Reaction ~ Days + (1 | Subject)",
                                     "Reaction ~ Days + (Days | Subject)"])  # fmt: skip
@pytest.mark.parametrize("reml", [False, True])
def test_compressed_blocks_have_the_same_profile(formula: str, reml: bool) -> None:
    """Many people with few patterns of days: the patterns' moments stand for the people."""
    people = pd.concat(
        [frame("sleepstudy").assign(Subject=lambda d, k=k: d["Subject"] + 1000 * k,
                                    Reaction=lambda d, k=k: d["Reaction"] * (1 + k / 10))
         for k in range(8)]
    )  # fmt: skip
    people = people[(people["Days"] < 6) | (people["Subject"] % 3 > 0)]
    full = blocks(design(formula, people))
    few = compress(full)
    assert few.stack.shape[-1] < full.stack.shape[-1] / 2
    assert few.weights.sum() == pytest.approx(full.weights.sum())
    theta = some_theta(len(full.pattern.diagonal))
    a, b = (profile(theta, each, reml=reml) for each in (full, few))
    assert b.deviance == pytest.approx(a.deviance, abs=1e-8)
    assert_allclose(b.slope, a.slope, rtol=1e-9, atol=1e-9)
    assert_allclose(b.information, a.information, rtol=1e-9, atol=1e-9)
    assert_allclose(b.beta, a.beta, rtol=1e-9, atol=1e-12)


def test_many_thetas_at_once() -> None:
    products = blocks(design("Reaction ~ Days + (Days | Subject)", unbalanced()))
    thetas = RNG.uniform(0.1, 1.0, (4, 3))
    together = profile(thetas, products, reml=True)
    for k, theta in enumerate(thetas):
        alone = profile(theta, products, reml=True)
        for name, array in vars(alone).items():
            assert_allclose(getattr(together, name)[k], array, rtol=1e-12, atol=1e-12)


def test_without_variance_between_groups_it_is_least_squares() -> None:
    made = design("gcse ~ lrt + girl + (1 | school)", frame("gcse"))
    at = profile(np.array([0.0]), products := blocks(made), reml=False)
    b, rss, *_ = np.linalg.lstsq(made.X, made.y)
    assert_allclose(products.scaling.beta(at.beta), b, rtol=1e-10)
    assert at.variance * made.n == pytest.approx(rss[0], rel=1e-10)


def test_with_boundless_variance_between_groups_it_is_the_within_estimator() -> None:
    data = frame("gcse")
    made = design("gcse ~ lrt + girl + (1 | school)", data)
    at = profile(np.array([1e6]), products := blocks(made), reml=False)
    within = data[["gcse", "lrt", "girl"]] - data.groupby("school")[
        ["gcse", "lrt", "girl"]
    ].transform("mean")
    b, *_ = np.linalg.lstsq(within[["lrt", "girl"]].to_numpy(), within["gcse"].to_numpy())
    ours = products.scaling.beta(at.beta)[1:]
    assert_allclose(ours, b, rtol=1e-8)  # what is left is of the order of 1 / theta^2
