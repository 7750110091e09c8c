"""Profile-likelihood intervals: the values of a parameter that the data do not speak against.

    { t :  min over all other parameters of d(t, others) - d(estimates) <= z^2 },

d the ML deviance and z = 1.96 for 95 %. Such intervals need not be symmetric, do not change when a
variance is spoken of as an SD, and stop at 0 and at a correlation of 1 where the data go no
further. They are ML's, whatever the fit: REML's likelihood says nothing about fixed effects.

Reference: Bates et al. (2015), JSS 67(1), section 5.1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.gaussian.effects import Effects
from mlcore.gaussian.mixed import fit_design, fit_products
from mlcore.gaussian.optimise import minimise
from mlcore.gaussian.scaling import block_diagonal
from mlcore.inference.parameters import parameters
from mlcore.inference.sums import Ground, ground
from mlcore.inference.surface import ABOVE, Surface, lowest

PRECISE = 1e-9  # of a limit, as a share of the interval's half

Limits = tuple[float, float]


def profile_intervals(fit: Fit, level: float = 0.95) -> pd.DataFrame:
    """By parameter (see `inference.parameters`) `estimate, lower, upper`, by ML."""
    from scipy.special import ndtri

    if not 0.0 < level < 1.0:
        raise DataError(f"level is between 0 and 1, such as 0.95, not {level!r}")
    best = by_ml(fit)
    below = ground(best)
    z = float(ndtri(0.5 + level / 2.0))
    table = parameters(best).to_frame()
    table[["lower", "upper"]] = [*fixed_limits(best, below, z), *spread_limits(best, below, z)]
    return table


def by_ml(fit: Fit) -> Fit:
    """The fit, or another from the same cross-products."""
    effects = next(iter(fit.effects.values()), None)
    if fit.method != "REML" or effects is None:
        return fit
    if isinstance(effects, Effects):
        return fit_products(fit.design, effects.blocks, reml=False)
    return fit_design(fit.design, reml=False)


def fixed_limits(fit: Fit, below: Ground, z: float) -> list[Limits]:
    """Of every coefficient: the model is fitted again with its predictor's share taken from y."""
    pattern = below.data.pattern
    theta = np.where(pattern.diagonal, np.maximum(below.theta, ABOVE), below.theta)
    limits = []
    for k, (b, se) in enumerate(zip(fit.beta, np.sqrt(np.diagonal(fit.covariance)), strict=True)):

        def least(value: float, k: int = k) -> float:
            held = below.hold(k, value)
            return float(minimise(held.profile, theta, pattern).profile.deviance)

        lower, upper = (limit(least, fit.deviance, z, b, side * z * se) for side in (-1.0, 1.0))
        limits.append((lower, upper))
    return limits


def spread_limits(fit: Fit, below: Ground, z: float) -> list[Limits]:
    """Of SDs and correlations in the order of theta, then of sigma."""
    covariance = block_diagonal([e.covariance for e in fit.effects.values()])
    sd = np.sqrt(np.diagonal(covariance))
    # effects that do not vary have no size of their own: a tenth of the residual's, at typical x
    typical = 0.1 * fit.sigma * np.linalg.norm(below.data.scaling.random, axis=1)
    unit = np.where(sd > 0.0, sd, typical)
    limits = []
    for r, c in zip(*below.data.pattern.places, strict=True):
        first = [c] if r == c else [c, r]
        order = np.array([*first, *(a for a in range(len(unit)) if a not in first)])
        surface = Surface(below, order, unit)
        start = surface.at(covariance, fit.sigma)
        if r == c:
            search = Search(surface, surface.sd, start, fit.deviance, z)
            limits.append(search.limits(sd[c], 0.3 * unit[c], 0.0, np.inf))
        elif sd[r] * sd[c] > 0.0:
            rho = np.clip(covariance[r, c] / (sd[r] * sd[c]), -1.0, 1.0)
            search = Search(surface, surface.correlation, start, fit.deviance, z)
            limits.append(search.limits(rho, 0.3, -1.0, 1.0))
        else:
            limits.append((np.nan, np.nan))
    surface = Surface(below, np.arange(len(unit)), unit)
    start = surface.at(covariance, fit.sigma)
    search = Search(surface, surface.log_sigma, start, fit.deviance, z)
    ends = search.limits(np.log(fit.sigma), z / np.sqrt(2.0 * fit.n), -np.inf, np.inf)
    return [*limits, (np.exp(ends[0]), np.exp(ends[1]))]


@dataclass(frozen=True, eq=False)
class Search:
    """For the limits of a parameter that `line` holds on a surface, from `start` at its minimum."""

    surface: Surface
    line: Callable[[float], tuple[Array, Array]]
    start: Array
    best: float
    z: float

    def limits(self, estimate: float, step: float, least: float, most: float) -> Limits:
        """Downwards and upwards; each evaluation goes on where the one before has ended."""
        ends = []
        for side, bound in ((-1.0, least), (1.0, most)):
            last = [self.start]

            def lowest_at(value: float, last: list[Array] = last) -> float:
                found, last[0] = lowest(self.surface, *self.line(value), last[0])
                return found

            ends.append(limit(lowest_at, self.best, self.z, estimate, side * step, bound))
        return ends[0], ends[1]


def limit(
    least: Callable[[float], float],
    best: float,
    z: float,
    estimate: float,
    step: float,
    bound: float = np.inf,
) -> float:
    """Where the root of `least` - `best`, all but a straight line, reaches z, or the bound."""
    from scipy.optimize import brentq

    def beyond(value: float) -> float:
        return float(np.sqrt(max(least(value) - best, 0.0))) - z

    inside, outside = estimate, estimate + step
    while True:
        if np.isfinite(bound) and (outside - bound) * np.sign(step) >= 0.0:
            outside = bound
        if beyond(outside) >= 0.0:
            break
        if outside == bound:
            return float(bound)
        inside, step = outside, 1.6 * step
        outside = estimate + step
    return float(brentq(beyond, inside, outside, xtol=PRECISE * abs(outside - estimate)))
