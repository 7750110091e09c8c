"""The marginal likelihood against brute force, and its gradient against differences."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from mlcore.discrete.marginal import Marginal, grid, marginal
from mlcore.discrete.ordered import Ordered
from mlcore.discrete.outcomes import Logit, Outcome, Poisson, Probit
from mlcore.discrete.predictor import Predictor, predictor
from mlcore.gaussian.scaling import standardise
from mlcore.language.design import design

RNG = np.random.default_rng(20_260_301)
N = 150
DATA = pd.DataFrame(
    {
        "g": RNG.integers(0, 12, N),
        "h": RNG.integers(0, 5, N),
        "x": RNG.standard_normal(N),
        "y": RNG.integers(0, 4, N),
        "m": 4.0,
    }
)
INTERCEPT, SLOPE = "y ~ x + (1 | g)", "y ~ x + (1 + x | g)"
CROSSED = "y ~ x + (1 + x | g) + (1 | h) + (0 + x | h)"


def made(formula: str, kind: type[Outcome]) -> tuple[Predictor, np.ndarray]:
    """The model and some parameters, away from any optimum."""
    model = design(formula, DATA, residual=False)
    scaled = standardise(model)
    X = scaled.X[:, 1:] if kind is Ordered else scaled.X
    y = model.y
    outcome = kind(y, DATA["m"].to_numpy()) if kind in (Logit, Probit) else kind(y)
    layout = predictor(model, scaled, X, outcome)
    phi = np.linspace(0.9, 0.3, layout.size - len(outcome.start))
    return layout, np.concatenate([phi, outcome.start])


def at(phi: np.ndarray, layout: Predictor, n_quad: int | None) -> Marginal:
    points = grid(n_quad, layout.factors[0].q) if n_quad else None
    found = marginal(phi, layout, points, tuple(np.zeros((f.q, f.J)) for f in layout.factors))
    assert found is not None
    return found


@pytest.mark.parametrize("kind", [Logit, Probit, Poisson, Ordered])
@pytest.mark.parametrize(
    ("formula", "n_quad"),
    [(INTERCEPT, None), (INTERCEPT, 5), (SLOPE, None), (SLOPE, 4), (CROSSED, None)],
)
def test_gradient(kind: type[Outcome], formula: str, n_quad: int | None) -> None:
    layout, phi = made(formula, kind)
    here, step = at(phi, layout, n_quad).gradient, 1e-5
    for k in range(layout.size):
        shift = step * (np.arange(layout.size) == k)
        up, down = (at(phi + s, layout, n_quad).deviance for s in (shift, -shift))
        # the deviance, near 1e3, is right to 1e-12 of itself; over the step that makes 1e-4
        assert (up - down) / (2 * step) == pytest.approx(here[k], rel=1e-6, abs=1e-4)


@pytest.mark.parametrize("kind", [Logit, Probit, Poisson, Ordered])
@pytest.mark.parametrize("formula", [INTERCEPT, SLOPE])
def test_laplace_is_quadrature_with_one_point(kind: type[Outcome], formula: str) -> None:
    layout, phi = made(formula, kind)
    laplace, point = at(phi, layout, None), at(phi, layout, 1)
    assert laplace.deviance == pytest.approx(point.deviance, rel=1e-12)
    assert_allclose(laplace.gradient, point.gradient, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", [Logit, Probit, Poisson, Ordered])
def test_many_points_are_the_integral(kind: type[Outcome]) -> None:
    """A fine sum over b, which knows nothing of modes and curvatures."""
    layout, phi = made(INTERCEPT, kind)
    (f,), (Lambda,) = layout.factors, layout.lambdas(phi)
    b = np.linspace(-9.0, 9.0, 2001)
    fixed = layout.X @ phi[layout.beta]
    total = np.zeros(f.J)
    for value in b:
        eta = fixed + Lambda[0, 0] * f.Z[0] * value
        loglik, _ = layout.outcome.slope(eta, layout.kappa(phi))
        height = np.bincount(f.codes, loglik, f.J) - 0.5 * value**2
        total += np.exp(height + 20.0)
    integral = total * (b[1] - b[0]) / np.sqrt(2 * np.pi)
    deviance = -2.0 * np.sum(np.log(integral) - 20.0)
    assert at(phi, layout, 30).deviance == pytest.approx(deviance, abs=1e-6)
    laplace, seven = (abs(at(phi, layout, k).deviance - deviance) for k in (1, 7))
    assert seven < laplace / 10


def test_the_order_of_factors_does_not_matter() -> None:
    """The arrow's head and its shaft change places."""
    one, phi = made("y ~ x + (1 | g) + (1 | h)", Poisson)
    swapped = Predictor(one.X, one.outcome, one.factors[::-1])
    back = np.concatenate([phi[[1, 0]], phi[2:]])
    here, there = at(phi, one, None), at(back, swapped, None)
    assert here.deviance == pytest.approx(there.deviance, rel=1e-12)
    assert_allclose(here.gradient[[1, 0, 2, 3]], there.gradient, rtol=1e-9)
    for mine, theirs in zip(here.modes.b, there.modes.b[::-1], strict=True):
        assert_allclose(mine, theirs, atol=1e-9)


def test_no_likelihood_no_number() -> None:
    layout, phi = made(INTERCEPT, Poisson)
    zeros = tuple(np.zeros((f.q, f.J)) for f in layout.factors)
    assert marginal(phi + 1e6, layout, None, zeros) is None
