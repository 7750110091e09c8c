"""Responses drawn from a model.

eta = X beta + Z u,      u_j ~ N(0, covariance),

y = eta + e,  e ~ N(0, sigma^2),      or a binomial or Poisson draw with the mean h(eta).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mlcore.arrays import Array
from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.language.design import Design, design
from mlcore.several.factors import Factor, by_factor, factors
from mlcore.study.draws import distribution, of_fit


def simulate(
    model: Fit | Design | str,
    data: pd.DataFrame | None = None,
    *,
    seed: int | np.random.Generator,
    size: int | None = None,
    beta: ArrayLike | None = None,
    tau: ArrayLike | Mapping[str, ArrayLike] | None = None,
    covariance: ArrayLike | Mapping[str, ArrayLike] | None = None,
    sigma: float | None = None,
    family: str = "gaussian",
    link: str | None = None,
) -> Array:
    """Draw responses, shape (n,), or (n, size) with one in each column.

    The model is a fit, whose estimates are the truth unless others are given, or a formula with
    data, which need not hold the response, and with a family: "gaussian", "binomial" (0 and 1),
    "poisson". Of the random effects give either `tau`, their SDs, or their `covariance`; with
    several grouping factors by name, `tau={"school": 0.4, "area": 0.2}`.
    """
    made = _design(model, data)
    fit = model if isinstance(model, Fit) else None
    kind = distribution(family, link) if fit is None else of_fit(fit)
    b = _parameter("beta", beta, None if fit is None else fit.beta, (made.X.shape[1],))
    rng = np.random.default_rng(seed)
    eta = np.repeat((made.X @ b)[:, None], 1 if size is None else size, axis=1)
    if kind is None:
        sd = _parameter("sigma", sigma, None if fit is None else fit.sigma, ())
        noise = float(sd) * rng.standard_normal(eta.shape)
        eta += noise if fit is None else fit.correlate(noise)
    elif sigma is not None:
        raise DataError(
            "sigma is a Gaussian model's: the scatter of others follows from their mean"
        )
    known = {} if fit is None else {name: e.covariance for name, e in fit.effects.items()}
    add_effects(eta, by_factor(made), tau, covariance, known, rng)
    y = eta if kind is None else kind(rng, eta)
    return y[:, 0] if size is None else y


def add_effects(
    eta: Array,
    made: Design,
    tau: ArrayLike | Mapping[str, ArrayLike] | None,
    covariance: ArrayLike | Mapping[str, ArrayLike] | None,
    known: Mapping[str, Array],
    rng: np.random.Generator,
) -> None:
    """Draw the random effects of every factor and add them to eta (n, draws)."""
    found = factors(made)
    spread = by_name("tau", tau, found), by_name("covariance", covariance, found)
    Z = np.hstack([part.Z for part in made.random]) if found else np.empty((made.n, 0))
    for factor in found:
        name, group = factor.grouping.name, factor.grouping
        root = _root(spread[0].get(name), spread[1].get(name), known.get(name), factor.q)
        u = root @ rng.standard_normal((len(group.levels), factor.q, eta.shape[1]))
        for a, z in enumerate(Z[:, factor.place].T):
            eta += z[:, None] * u[group.codes, a]


def by_name(
    what: str, given: ArrayLike | Mapping[str, ArrayLike] | None, found: tuple[Factor, ...]
) -> Mapping[str, ArrayLike]:
    """What was given for each grouping factor; of a single one the name may be left out."""
    names = [factor.grouping.name for factor in found]
    if given is None:
        return {}
    if isinstance(given, Mapping):
        if unknown := [name for name in given if name not in names]:
            raise DataError(
                f"{what} for {unknown[0]}, which is no grouping factor: there are "
                f"{', '.join(names)}"
            )
        return given
    if len(names) > 1:
        raise DataError(
            f"{what} has to say which grouping factor it is of: "
            f"{what}={{{', '.join(f'{name!r}: ...' for name in names)}}}"
        )
    return dict.fromkeys(names, given)


def _design(model: Fit | Design | str, data: pd.DataFrame | None) -> Design:
    if isinstance(model, Fit):
        return model.design
    if isinstance(model, Design):
        return model
    if data is None:
        raise DataError("simulating from a formula needs data for its predictors and groups")
    return design(model, data, response=False)


def _parameter(
    name: str, given: ArrayLike | None, known: ArrayLike | None, shape: tuple[int, ...]
) -> Array:
    value = known if given is None else given
    if value is None:
        raise DataError(f"simulating from a formula needs {name}")
    array = np.asarray(value, dtype=float)
    if array.shape != shape or not np.isfinite(array).all():
        wanted = f"{shape[0]} finite numbers" if shape else "a finite number"
        raise DataError(f"{name} has to be {wanted} here, not {value!r}")
    if name == "sigma" and array < 0:
        raise DataError("sigma is a standard deviation: it cannot be negative")
    return array


def _root(
    tau: ArrayLike | None, covariance: ArrayLike | None, known: Array | None, q: int
) -> Array:
    """A square root of the random effects' covariance matrix, shape (q, q)."""
    if tau is not None and covariance is not None:
        raise DataError("give tau or covariance, not both")
    if tau is not None:
        sd = np.atleast_1d(_parameter("tau", tau, None, (q,) if np.ndim(tau) else ()))
        if len(sd) != q or (sd < 0).any():
            raise DataError(f"tau has to be {q} standard deviations of at least 0 here")
        return np.diag(sd)
    matrix = _parameter("covariance (or tau)", covariance, known, (q, q))
    values, axes = np.linalg.eigh(matrix)
    if not np.allclose(matrix, matrix.T) or values[0] < -1e-10 * max(values[-1], 1e-300):
        raise DataError("covariance is not one: it has to be symmetric, without negative variances")
    root: Array = axes * np.sqrt(np.maximum(values, 0.0))
    return root
