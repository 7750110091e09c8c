"""The maximum of a marginal likelihood: every parameter at once, from exact gradients.

Newton steps with the working model's curvature, corrected by what the gradients along the way show,
as in `gaussian.optimise`. Near the maximum the Hessian is measured, by differences of the gradient:
it takes the last steps, and twice its inverse is the estimates' covariance matrix. theta may take
any sign, so that a variance of zero is an ordinary minimum of -2 log L, reached without bounds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlcore.arrays import Array, inverse
from mlcore.discrete.arrow import Effects
from mlcore.discrete.marginal import Marginal
from mlcore.discrete.predictor import Predictor
from mlcore.discrete.start import information
from mlcore.gaussian.optimise import newton, vanish

Evaluate = Callable[[Array, Effects], Marginal | None]

ENOUGH = 1e-10  # deviance still to be gained when the Hessian is measured
EXACT = 1e-15  # and after the last steps
NEAR = 1.0  # from here on, what the last steps showed is worth learning
LONGEST = 2.0  # of standardised units
SHORTEST = 1e-12
SADDLE = -1e-3  # curvature below this leads on, to a variance that is not zero
STEP = 1e-3  # standard errors: truncation and rounding both stay near 1e-7 of the Hessian
MOST = 300


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the search ended, the Hessian of -2 log L there, and every phi and deviance."""

    at: Marginal
    hessian: Array
    path: tuple[tuple[Array, float], ...]
    converged: bool

    @cached_property
    def covariance(self) -> Array:
        """Of all estimates at once, (size, size); NaN where the likelihood is flat."""
        if np.isfinite(self.hessian).all() and np.linalg.eigvalsh(self.hessian)[0] > 0.0:
            return 2.0 * inverse(self.hessian)
        return np.full_like(self.hessian, np.nan)


def maximise(evaluate: Evaluate, start: Marginal, model: Predictor) -> Maximum:
    """Climb from `start`; leave a saddle where there is one."""
    path = [(start.phi, start.deviance)]
    here = start
    while True:
        here, guess, converged = climb(evaluate, here, model, path)
        here = tidy(evaluate, here, model)
        hessian = measure(evaluate, here, guess)
        outward = escape(evaluate, here, hessian) if len(path) < MOST else None
        if outward is None:
            break
        here = outward
    if converged:
        here = finish(evaluate, here, hessian)
    path.append((here.phi, here.deviance))
    return Maximum(here, hessian, tuple(path), converged)


def climb(
    evaluate: Evaluate, here: Marginal, model: Predictor, path: list[tuple[Array, float]]
) -> tuple[Marginal, Array, bool]:
    """Steps that shorten where they overshoot, and the Hessian as far as it was learned."""
    known = information(here, model)
    learned = of_kappa(evaluate, here, model)
    while len(path) < MOST:
        step, gain = newton(here.gradient, known + learned)
        if gain < ENOUGH:
            return here, known + learned, True
        step *= min(1.0, LONGEST / float(np.linalg.norm(step)))
        while True:
            there = evaluate(here.phi + step, here.modes.b)
            if there is not None:
                path.append((there.phi, there.deviance))
                if there.deviance <= here.deviance + noise(here):
                    break
            step = step / 3.0
            if float(np.linalg.norm(step)) < SHORTEST:
                return here, known + learned, False
        known = information(there, model)
        if gain < NEAR:
            learned = secant(learned, step, there.gradient - here.gradient - known @ step)
        here = there
    return here, known + learned, False


def of_kappa(evaluate: Evaluate, here: Marginal, model: Predictor) -> Array:
    """The Hessian's rows and columns of kappa, by differences of the gradient."""
    hessian = np.zeros((model.size, model.size))
    for k in range(model.ends[-1], model.size):
        shift = np.zeros(model.size)
        shift[k] = 0.01
        there = evaluate(here.phi + shift, here.modes.b)
        if there is not None:
            hessian[k] = hessian[:, k] = (there.gradient - here.gradient) / 0.01
    return hessian


def secant(learned: Array, step: Array, change: Array) -> Array:
    """The symmetric rank-one correction that explains how the gradient has changed."""
    error = change - learned @ step
    size = float(error @ step)
    if abs(size) <= 1e-6 * float(np.linalg.norm(error) * np.linalg.norm(step)):
        return learned
    return learned + np.outer(error, error) / size


def measure(evaluate: Evaluate, here: Marginal, guess: Array) -> Array:
    """The Hessian by central differences of the gradient, (size, size)."""
    sizes = STEP * np.sqrt(2.0 / np.maximum(np.diagonal(guess), 1e-8))
    hessian = np.empty((len(sizes), len(sizes)))
    for k, size in enumerate(np.minimum(sizes, 0.01)):
        shift = np.zeros(len(sizes))
        shift[k] = size
        up, down = (evaluate(here.phi + s, here.modes.b) for s in (shift, -shift))
        if up is None or down is None:
            return np.full_like(hessian, np.nan)
        hessian[k] = (up.gradient - down.gradient) / (2.0 * size)
    return 0.5 * (hessian + hessian.T)


def finish(evaluate: Evaluate, here: Marginal, hessian: Array) -> Marginal:
    """Newton's last steps, as long as they bring the gradient nearer to zero."""
    step, gain = newton(here.gradient, hessian)
    while gain > EXACT:
        there = evaluate(here.phi + np.where(here.phi == 0.0, 0.0, step), here.modes.b)
        if there is None:
            break
        step, left = newton(there.gradient, hessian)
        if left >= gain:
            break
        here, gain = there, left
    return here


def tidy(evaluate: Evaluate, here: Marginal, model: Predictor) -> Marginal:
    """No negative standard deviation, and exactly zero where one has all but vanished."""
    phi = here.phi.copy()
    for part, f in zip(model.thetas, model.factors, strict=True):
        phi[part] = vanish(phi[part], f.pattern)
    if np.allclose(phi, here.phi, rtol=1e-14, atol=0.0):
        return here
    there = evaluate(phi, tuple(np.zeros_like(b) for b in here.modes.b))
    return here if there is None or there.deviance > here.deviance + noise(here) else there


def escape(evaluate: Evaluate, here: Marginal, hessian: Array) -> Marginal | None:
    """Where to go on from a saddle, if this is one."""
    if not np.isfinite(hessian).all():
        return None
    values, axes = np.linalg.eigh(hessian)
    if values[0] > SADDLE * values[-1]:
        return None
    there = evaluate(here.phi + 0.1 * axes[:, 0], here.modes.b)
    return there if there is not None and there.deviance < here.deviance - noise(here) else None


def noise(here: Marginal) -> float:
    """Differences of the deviance below this are rounding."""
    return 1e-11 * (1.0 + abs(here.deviance))
