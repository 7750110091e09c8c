"""Profile-likelihood intervals: the values of a parameter that the data do not speak against.

    { t :  min over all other parameters of d(t, others) - d(estimates) <= z^2 },

d the ML deviance and z = 1.96 for 95 %. Such intervals need not be symmetric, do not change when a
variance is spoken of as an SD, and stop at 0 and at a correlation of 1 where the data go no
further. They are ML's, whatever the fit: REML's likelihood says nothing about fixed effects.

Reference: Bates et al. (2015), JSS 67(1), section 5.1.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.blocks import Blocks, compress
from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.mixed import fit_design
from mlcore.optimise import minimise
from mlcore.parameters import parameters
from mlcore.profile import Profile, profile
from mlcore.small_sample import only_effects
from mlcore.surface import ABOVE, Surface, lowest

Least = Callable[[float], float]
PRECISE = 1e-9  # of a limit, as a share of the interval's half


def profile_intervals(fit: Fit, level: float = 0.95) -> pd.DataFrame:
    """By parameter (see `mlcore.parameters`) `estimate, lower, upper`, by ML."""
    from scipy.special import ndtri

    if not 0.0 < level < 1.0:
        raise DataError(f"level is between 0 and 1, such as 0.95, not {level!r}")
    only_effects(fit)
    best = fit if fit.method == "ML" else fit_design(fit.design, reml=False)
    z = float(ndtri(0.5 + level / 2.0))
    limits = [*fixed_limits(best, z), *spread_limits(best, z)]
    table = parameters(best).to_frame()
    table[["lower", "upper"]] = limits
    return table


def fixed_limits(fit: Fit, z: float) -> list[tuple[float, float]]:
    """Of every coefficient: the model is fitted again with its predictor's share taken from y."""
    effects = only_effects(fit)
    small, theta = compress(effects.blocks), effects.profile.theta
    theta = np.where(effects.pattern.diagonal, np.maximum(theta, ABOVE), theta)
    limits = []
    for k, (b, se) in enumerate(zip(fit.beta, np.sqrt(np.diagonal(fit.covariance)), strict=True)):

        def least(value: float, k: int = k) -> float:
            held = hold(small, k, value)

            def evaluate(at: Array) -> Profile:
                return profile(at, held, reml=False)

            return float(minimise(evaluate, theta, held.pattern).profile.deviance)

        ends = [limit(least, fit.deviance, z, b, side * z * se) for side in (-1.0, 1.0)]
        limits.append((ends[0], ends[1]))
    return limits


def hold(blocks: Blocks, k: int, value: float) -> Blocks:
    """The model whose k-th coefficient, in the user's units, is `value`: one predictor fewer.

    With row c of the scaling, c'beta = value; beta = c value / c'c + N z for any z, c'N = 0.
    """
    p = blocks.p
    c = blocks.scaling.fixed[k]
    if k == 0:
        value -= blocks.scaling.centre
    free = np.linalg.svd(c[None])[2][1:].T
    change = np.zeros((p + 1, p))
    change[:p, : p - 1] = free
    change[:p, -1] = -c * value / (c @ c)
    change[p, -1] = 1.0
    columns = np.tensordot(change.T, blocks.stack[: p + 1], 1)
    return replace(
        blocks,
        within=change.T @ blocks.within @ change,
        stack=np.concatenate([columns, blocks.stack[p + 1 :]]),
    )


def spread_limits(fit: Fit, z: float) -> list[tuple[float, float]]:
    """Of SDs and correlations in the order of theta, then of sigma."""
    effects = only_effects(fit)
    small, covariance = compress(effects.blocks), effects.covariance
    sd = np.sqrt(np.diagonal(covariance))
    # effects that do not vary have no size of their own: a tenth of the residual's, at typical x
    unit = np.where(sd > 0.0, sd, 0.1 * fit.sigma * np.linalg.norm(effects.back, axis=1))
    limits = []
    for r, c in zip(*effects.pattern.places, strict=True):
        first = [c] if r == c else [c, r]
        order = np.array([*first, *(a for a in range(len(unit)) if a not in first)])
        surface = Surface(small, order, unit)
        if r == c:
            step = 0.3 * unit[c]
            limits.append(both(fit, surface, surface.sd, z, sd[c], step, (0.0, np.inf)))
        elif sd[r] * sd[c] > 0.0:
            rho = np.clip(covariance[r, c] / (sd[r] * sd[c]), -1.0, 1.0)
            limits.append(both(fit, surface, surface.correlation, z, rho, 0.3, (-1.0, 1.0)))
        else:
            limits.append((np.nan, np.nan))
    surface = Surface(small, np.arange(len(unit)), unit)
    step, whole = z / np.sqrt(2.0 * fit.n), (-np.inf, np.inf)
    ends = both(fit, surface, surface.log_sigma, z, np.log(fit.sigma), step, whole)
    return [*limits, (np.exp(ends[0]), np.exp(ends[1]))]


def both(
    fit: Fit,
    surface: Surface,
    line: Callable[[float], tuple[Array, Array]],
    z: float,
    estimate: float,
    step: float,
    bounds: tuple[float, float],
) -> tuple[float, float]:
    """The two limits of a parameter that `line` holds; each search goes on where the last was."""
    best = surface.at(only_effects(fit).covariance, fit.sigma)
    ends = []
    for side, bound in zip((-1.0, 1.0), bounds, strict=True):
        last = [best]

        def least(value: float, last: list[Array] = last) -> float:
            found, last[0] = lowest(surface, *line(value), last[0])
            return found

        ends.append(limit(least, fit.deviance, z, estimate, side * step, bound))
    return ends[0], ends[1]


def limit(
    least: Least, best: float, z: float, estimate: float, step: float, bound: float | None = None
) -> float:
    """Where the root of `least` - `best`, all but a straight line, reaches z, or the bound."""
    from scipy.optimize import brentq

    def beyond(value: float) -> float:
        return float(np.sqrt(max(least(value) - best, 0.0))) - z

    inside, outside = estimate, estimate + step
    while True:
        if bound is not None and (outside - bound) * np.sign(step) >= 0.0:
            outside = bound
        found = beyond(outside)
        if found >= 0.0:
            break
        if outside == bound:
            return float(bound)
        inside, step = outside, 1.6 * step
        outside = estimate + step
    return float(brentq(beyond, inside, outside, xtol=PRECISE * abs(outside - estimate)))
