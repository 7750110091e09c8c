"""Responses at a linear predictor eta: the distributions that are not normal.

binomial    y ~ B(m, h(eta)),  h logistic or the normal distribution function
Poisson     y ~ P(exp(eta))
ordered     y = 1 + the number of thresholds below eta + e,  e logistic
"""

from collections.abc import Callable

import numpy as np

from mlcore.arrays import Array
from mlcore.discrete.generalised import GlmFit, GlmmFit
from mlcore.discrete.ordinal import OrdinalFit
from mlcore.discrete.outcomes import Binomial, logistic
from mlcore.discrete.responses import chosen_link
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit

Mean = Callable[[Array], Array]
Distribution = Callable[[np.random.Generator, Array], Array]


def distribution(family: str, link: str | None) -> Distribution | None:
    """That of a family, for one trial a row; None for the Gaussian, which adds its own noise."""
    if family == "gaussian":
        return None
    means: dict[str, Mean] = {"logit": logistic, "probit": normal, "log": exponential}
    mean = means[chosen_link(family, link)]
    return poisson(mean) if family == "poisson" else binomial(mean, np.ones(1))


def of_fit(fit: Fit) -> Distribution | None:
    """That of a fit, with as many trials in every row as the data had."""
    if not isinstance(fit, GlmFit):
        return None
    if isinstance(fit, OrdinalFit):
        return ordered(fit.kappa)
    if type(fit) not in (GlmFit, GlmmFit):
        raise UnsupportedError(
            f"responses are not drawn from a fit by {fit.method}: fit a binary outcome or a count "
            "with glmm and draw from that"
        )
    if isinstance(fit.outcome, Binomial):
        return binomial(fit.mean, fit.outcome.trials)
    return poisson(fit.mean)


def binomial(mean: Mean, trials: Array) -> Distribution:
    """Successes in `trials` (n,), or (1,) if all rows have as many."""

    def draw(rng: np.random.Generator, eta: Array) -> Array:
        return rng.binomial(trials.astype(np.int64)[:, None], mean(eta)).astype(float)

    return draw


def poisson(mean: Mean) -> Distribution:
    def draw(rng: np.random.Generator, eta: Array) -> Array:
        return rng.poisson(mean(eta)).astype(float)

    return draw


def ordered(thresholds: Array) -> Distribution:
    """Ranks of the categories, from 1."""

    def draw(rng: np.random.Generator, eta: Array) -> Array:
        latent = eta + rng.logistic(size=eta.shape)
        return 1.0 + np.searchsorted(thresholds, latent).astype(float)

    return draw


def normal(eta: Array) -> Array:
    from scipy.special import ndtr

    mean: Array = ndtr(eta)
    return mean


def exponential(eta: Array) -> Array:
    mean: Array = np.exp(eta)
    return mean
