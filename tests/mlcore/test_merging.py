"""Rows that say the same are added up, and nothing else changes."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from mlcore.discrete import merging
from mlcore.discrete.marginal import grid, marginal
from mlcore.discrete.merging import alike, merge
from mlcore.discrete.outcomes import Logit, Outcome, Poisson, Probit
from mlcore.discrete.predictor import Predictor, predictor
from mlcore.gaussian.scaling import standardise
from mlcore.language.design import design


def people(*, measured: bool) -> pd.DataFrame:
    """Coded in three ages, or with an age that was measured."""
    rng = np.random.default_rng(20_260_303)
    n = 900
    age = rng.standard_normal(n) if measured else rng.integers(1, 4, n).astype(float)
    return pd.DataFrame({"g": rng.integers(0, 9, n), "age": age, "y": rng.integers(0, 2, n)})


def made(kind: type[Outcome], *, measured: bool) -> Predictor:
    model = design("y ~ age + (1 + age | g)", people(measured=measured), residual=False)
    scaled = standardise(model)
    outcome = Poisson(model.y) if kind is Poisson else kind(model.y, np.ones(model.n))
    return predictor(model, scaled, scaled.X, outcome)


@pytest.mark.parametrize("kind", [Logit, Probit, Poisson])
@pytest.mark.parametrize("n_quad", [None, 3])
def test_the_likelihood_stays(kind: type[Outcome], n_quad: int | None) -> None:
    long = made(kind, measured=False)
    short = merge(long)
    assert len(short.X) == 27
    phi = np.linspace(0.3, 0.8, long.size)
    points = grid(n_quad, 2) if n_quad else None
    zeros = tuple(np.zeros((f.q, f.J)) for f in long.factors)
    one, other = (marginal(phi, model, points, zeros) for model in (long, short))
    assert one is not None
    assert other is not None
    assert other.deviance == pytest.approx(one.deviance, rel=1e-12)
    assert_allclose(other.gradient, one.gradient, rtol=1e-9, atol=1e-9)
    assert_allclose(other.modes.b[0], one.modes.b[0], atol=1e-10)


def test_measurements_are_left_alone() -> None:
    model = made(Logit, measured=True)
    assert merge(model) is model


def test_distinct_rows_are_numbered() -> None:
    kinds, first = alike([np.array([1.0, 2, 1, 1]), np.array([0.0, 0, 0, 5])])
    assert list(kinds) == [0, 1, 0, 2]
    assert list(first) == [0, 1, 3]


def test_a_shared_fingerprint_merges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "fingerprints", lambda columns: np.zeros(len(columns[0])))
    kinds, first = alike([np.array([1.0, 2.0])])
    assert list(kinds) == list(first) == [0, 1]
