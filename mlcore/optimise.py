"""Find the minimum of the profiled deviance, keeping every evaluation.

Newton steps with the expected information, corrected by what the gradients along the way show (a
symmetric rank-one update of what the information leaves out, as in NL2SOL): about four evaluations
for a random intercept, six for a slope. theta may take any sign, since the deviance depends on it
through Lambda Lambda' only: a variance of zero is an ordinary minimum, reached without bounds.

Reference: Dennis, Gay & Welsch (1981), ACM Transactions on Mathematical Software 7, 348-368.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.covariance import Pattern, triangular
from mlcore.profile import Profile

Array = NDArray[np.float64]
ENOUGH = 1e-12  # deviance still to be gained: estimates within a millionth of a standard error
VANISHED = 1e-4  # a relative standard deviation that is zero, if the deviance agrees
MOST = 200


@dataclass(frozen=True, eq=False)
class Minimum:
    """The last profile, the path that led to it, and whether it is a minimum."""

    profile: Profile
    path: tuple[Profile, ...]
    converged: bool


def minimise(evaluate: Callable[[Array], Profile], start: Array, pattern: Pattern) -> Minimum:
    """Descend from `start` (m,), then say exactly zero where a variance has vanished."""
    path = [evaluate(start)]
    here, converged = descend(evaluate, path)
    outward = escape(here, pattern)
    if converged and outward is not None:
        path.append(evaluate(outward))
        here, converged = descend(evaluate, path)
    rounded = vanish(here.theta, pattern)
    if (rounded != here.theta).any():
        path.append(evaluate(rounded))
        if path[-1].deviance <= here.deviance + noise(here):
            here = path[-1]
    return Minimum(here, tuple(path), converged)


def descend(evaluate: Callable[[Array], Profile], path: list[Profile]) -> tuple[Profile, bool]:
    """Newton steps, halved where they overshoot; evaluations are added to the path."""
    here = path[-1]
    learned = np.zeros_like(here.hessian)
    while len(path) < MOST:
        step, gain = newton(here, learned)
        if gain < ENOUGH:
            return here, True
        there = evaluate(here.theta + step)
        path.append(there)
        while there.deviance > here.deviance + noise(here) and len(path) < MOST:
            step = step / 3.0
            there = evaluate(here.theta + step)
            path.append(there)
        learned = secant(learned, step, there.gradient - here.gradient - there.hessian @ step)
        here = there
    return here, False


def newton(here: Profile, learned: Array) -> tuple[Array, float]:
    """The step to the minimum of the local model, and what it would gain; downhill always."""
    curvature, axes = np.linalg.eigh(here.hessian + learned)
    curvature = np.maximum(np.abs(curvature), 1e-8 * np.abs(curvature).max() + 1e-300)
    along = axes.T @ here.gradient
    step = -axes @ (along / curvature)
    longest = 1.0 + np.linalg.norm(here.theta)
    return step * min(1.0, longest / np.linalg.norm(step)), float(along @ (along / curvature)) / 2


def secant(learned: Array, step: Array, missed: Array) -> Array:
    """The symmetric rank-one change of `learned` that explains the change of gradient it missed."""
    error = missed - learned @ step
    size = error @ step
    if abs(size) < 1e-6 * np.linalg.norm(error) * np.linalg.norm(step):
        return learned
    return learned + np.outer(error, error) / size


def noise(here: Profile) -> float:
    """Differences of the deviance below this are rounding."""
    return 1e-11 * (1.0 + abs(float(here.deviance)))


def escape(here: Profile, pattern: Pattern) -> Array | None:
    """Where to go on from a saddle: a direction without variance that the data want to have some."""
    Lambda = here.Lambda.copy()
    for block in pattern.blocks:
        value, axes = np.linalg.eigh(here.slope[block, block])
        if value[0] < -1e-3:
            root = np.column_stack([Lambda[block, block], 0.1 * axes[:, 0]])
            Lambda[block, block] = triangular(root)
            return Lambda[pattern.places]
    return None


def vanish(theta: Array, pattern: Pattern) -> Array:
    """theta with non-negative diagonal, and zero variance in directions where there is hardly any."""
    Lambda = pattern.matrix(theta)
    for block in pattern.blocks:
        left, spread, _ = np.linalg.svd(Lambda[block, block])
        if spread[-1] < VANISHED:
            root = left * np.where(spread < VANISHED, 0.0, spread)
            Lambda[block, block] = triangular(root)
        else:
            Lambda[block, block] = triangular(Lambda[block, block])
    changed: Array = Lambda[pattern.places]
    return changed if np.abs(changed - theta).max() > 1e-14 else theta
