"""What a row's outcome may be, given its linear predictor eta: log p(y | eta) and its slopes.

    binomial, logit     y eta - m log(1 + exp(eta))
    binomial, probit    y log Phi(eta) + (m - y) log Phi(-eta)
    Poisson, log        y eta - exp(eta)

m is the number of trials, 1 for an outcome of 0 and 1. Ordered categories: `discrete.ordered`.
What does not depend on the parameters is added once, by `constant`, so that log-likelihoods are
complete. With respect to eta,

    score = d log p,      weight = -d score,      third = d weight.

All of it is elementwise: eta has the shape (..., n). Weights are observed, not expected, curvature;
the two differ for the probit.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

import numpy as np

from mlcore.arrays import Array, Indices, sums_by

LOG_ROOT_2PI = 0.5 * float(np.log(2.0 * np.pi))
NO_KAPPA = np.empty(0)


class Local(NamedTuple):
    """Of every row: log p without its constant, and its derivatives."""

    loglik: Array
    score: Array
    weight: Array
    third: Array


@dataclass(frozen=True, eq=False)
class Outcome:
    """A response `y` (n,) and its distribution.

    `kappa` are parameters of the distribution's own, of which only ordered outcomes have any.
    """

    y: Array
    family: ClassVar[str]
    link: ClassVar[str]
    residual: ClassVar[float] = np.nan  # variance of the latent response around eta

    @property
    def single(self) -> bool:
        """Whether one row alone says nothing of how much rows vary."""
        return True

    @property
    def constant(self) -> float:
        return 0.0

    @property
    def start(self) -> Array:
        """Where the search for kappa begins."""
        return NO_KAPPA

    def merged(self, kinds: Indices, size: int) -> "Outcome | None":
        """The same likelihood, but for its constant, with one row for each of `size` kinds (n,).

        Rows of a kind have the same eta. None if rows cannot be merged.
        """
        return None

    def local(self, eta: Array, kappa: Array) -> Local:
        raise NotImplementedError

    def slope(self, eta: Array, kappa: Array) -> tuple[Array, Array]:
        """The first two of `local`, where the others are not needed."""
        local = self.local(eta, kappa)
        return local.loglik, local.score

    def mean(self, eta: Array) -> Array:
        """The expected response h(eta): of one trial, if there are several."""
        raise NotImplementedError

    def steepness(self, eta: Array) -> Array:
        """The derivative of `mean`."""
        raise NotImplementedError

    def linked(self, mean: Array) -> Array:
        """The eta that has this mean."""
        raise NotImplementedError

    def kappa_slope(self, eta: Array, kappa: Array, share: Array) -> Array:
        """Sum over rows of share_i d log p_i / d kappa."""
        return NO_KAPPA

    def kappa_curvature(self, eta: Array, kappa: Array, f: Array, g: Array) -> Array:
        """Sum over rows of (f_i d weight_i + g_i d score_i) / d kappa."""
        return NO_KAPPA


@dataclass(frozen=True, eq=False)
class Binomial(Outcome):
    """`y` successes in `trials` (n,), which the data have in `column`, if they have several."""

    trials: Array
    column: str = ""
    family = "binomial"

    @property
    def single(self) -> bool:
        return bool((self.trials == 1.0).all())

    def merged(self, kinds: Indices, size: int) -> "Binomial":
        return type(self)(sums_by(kinds, self.y, size), sums_by(kinds, self.trials, size))

    @cached_property
    def constant(self) -> float:
        """Log of the number of orders in which y of m trials can succeed."""
        from scipy.special import gammaln

        m, y = self.trials, self.y
        return float(np.sum(gammaln(m + 1.0) - gammaln(y + 1.0) - gammaln(m - y + 1.0)))


class Logit(Binomial):
    """Exp(eta) are the odds of success."""

    link = "logit"
    residual = np.pi**2 / 3.0

    def local(self, eta: Array, kappa: Array) -> Local:
        loglik, mean = self._loglik(eta)
        expected = self.trials * mean
        weight = expected * (1.0 - mean)
        return Local(loglik, self.y - expected, weight, weight * (1.0 - 2.0 * mean))

    def slope(self, eta: Array, kappa: Array) -> tuple[Array, Array]:
        loglik, mean = self._loglik(eta)
        return loglik, self.y - self.trials * mean

    def mean(self, eta: Array) -> Array:
        return logistic(eta)

    def steepness(self, eta: Array) -> Array:
        return logistic(eta) * logistic(-eta)

    def linked(self, mean: Array) -> Array:
        return np.log(mean / (1.0 - mean))

    def _loglik(self, eta: Array) -> tuple[Array, Array]:
        tail = np.exp(-np.abs(eta))
        whole = 1.0 + tail
        loglik = self.y * eta - self.trials * (np.maximum(eta, 0.0) + np.log(whole))
        return loglik, np.where(eta < 0.0, tail, 1.0) / whole


class Probit(Binomial):
    """A normal variable with mean eta and variance 1 exceeds zero: a success."""

    link = "probit"
    residual = 1.0

    def local(self, eta: Array, kappa: Array) -> Local:
        from scipy.special import log_ndtr

        hits, misses = self.y, self.trials - self.y
        above, below = log_ndtr(eta), log_ndtr(-eta)
        density = -0.5 * eta**2 - LOG_ROOT_2PI
        up, down = np.exp(density - above), np.exp(density - below)  # inverse Mills ratios
        over, under = up + eta, down - eta
        return Local(
            hits * above + misses * below,
            hits * up - misses * down,
            hits * up * over + misses * down * under,
            misses * down * (under * (down + under) - 1.0) - hits * up * (over * (up + over) - 1.0),
        )

    def mean(self, eta: Array) -> Array:
        from scipy.special import ndtr

        mean: Array = ndtr(eta)
        return mean

    def steepness(self, eta: Array) -> Array:
        return np.exp(-0.5 * eta**2 - LOG_ROOT_2PI)

    def linked(self, mean: Array) -> Array:
        from scipy.special import ndtri

        eta: Array = ndtri(mean)
        return eta


class Gaussian(Outcome):
    """A normal outcome with variance 1: what marginal models call gaussian, with its own scale."""

    family, link = "gaussian", "identity"

    def local(self, eta: Array, kappa: Array) -> Local:
        left = self.y - eta
        return Local(-0.5 * left**2, left, np.ones_like(left), np.zeros_like(left))

    def mean(self, eta: Array) -> Array:
        return eta


@dataclass(frozen=True, eq=False)
class Poisson(Outcome):
    """Counts; exp(eta) is the mean of each of the `counts` that a row adds up."""

    counts: Array | float = 1.0
    family, link, single = "poisson", "log", False

    @cached_property
    def constant(self) -> float:
        from scipy.special import gammaln

        return -float(gammaln(self.y + 1.0).sum())

    def local(self, eta: Array, kappa: Array) -> Local:
        mean = self.counts * np.exp(eta)
        return Local(self.y * eta - mean, self.y - mean, mean, mean)

    def merged(self, kinds: Indices, size: int) -> "Poisson":
        counts = np.broadcast_to(self.counts, self.y.shape)
        return Poisson(sums_by(kinds, self.y, size), sums_by(kinds, counts, size))

    def mean(self, eta: Array) -> Array:
        return np.exp(eta)

    def steepness(self, eta: Array) -> Array:
        return np.exp(eta)

    def linked(self, mean: Array) -> Array:
        return np.log(mean)


def logistic(x: Array) -> Array:
    tail = np.exp(-np.abs(x))
    mean: Array = np.where(x < 0.0, tail, 1.0) / (1.0 + tail)
    return mean
