"""From the groups' curves to the population's: expected responses averaged over random effects.

    m(eta, v) = E[h(eta + sqrt(v) z)],      z ~ N(0, 1),      h the inverse link.

In a logit the average of many curves is flatter than each of them: the slope of logit(m) in eta is
the attenuation, near 1 / sqrt(1 + 0.346 v). For the probit it is exactly 1 / sqrt(1 + v), and for
a log link the average curve is the median group's times exp(v / 2).

Reference: Zeger, Liang & Albert (1988), Biometrics 44, 1049-1060.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from mlcore.arrays import Array
from mlcore.discrete.outcomes import Outcome

NODES = 201  # of the trapezoidal rule on (-9, 9): its error is below rounding for such integrands
EDGE = 9.0


def average(h: Callable[[Array], Array], eta: ArrayLike, variance: ArrayLike) -> Array:
    """m(eta, v), elementwise."""
    eta, sd = np.broadcast_arrays(np.asarray(eta, float), np.sqrt(np.asarray(variance, float)))
    z = np.linspace(-EDGE, EDGE, NODES)
    weights = np.exp(-0.5 * z**2)
    total = np.zeros(eta.shape)
    for point, weight in zip(z, weights / weights.sum(), strict=True):
        total += weight * h(eta + sd * point)
    return total


def attenuation(outcome: Outcome, eta: ArrayLike, variance: ArrayLike) -> Array:
    """How much flatter the population's curve is than a group's: d h^-1(m) / d eta."""
    m = average(outcome.mean, eta, variance)
    return average(outcome.steepness, eta, variance) / outcome.steepness(outcome.linked(m))
