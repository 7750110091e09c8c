"""Find the minimum of the profiled deviance, keeping every evaluation.

Newton steps with the expected information, corrected by what the gradients along the way show (a
symmetric rank-one update of what the information leaves out, as in NL2SOL): about five evaluations
for a random intercept, six for a slope. theta may take any sign, since the deviance depends on it
through Lambda Lambda' only: a variance of zero is an ordinary minimum, reached without bounds.

Reference: Dennis, Gay & Welsch (1981), ACM Transactions on Mathematical Software 7, 348-368.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, Flags, cholesky, matvec
from mlcore.gaussian.covariance import Pattern, triangular
from mlcore.gaussian.profile import Profile
from mlcore.progress import watched

ENOUGH = 1e-12  # deviance still to be gained: estimates within a millionth of a standard error
NEAR = 1.0  # from here on, what the last steps showed is worth learning
WAY_TO_GO = 1e-4  # the least eigenvalue that a step in Psi may leave, as a share of the greatest
FLAT = 1e-8  # the least curvature that is believed, as a share of the greatest
VANISHED = 1e-4  # a relative standard deviation that is zero, if the deviance agrees
MOST = 200  # evaluations


@dataclass(frozen=True, eq=False)
class Minimum:
    """The last profile, the path that led to it, and whether it is a minimum."""

    profile: Profile
    path: tuple[Profile, ...]
    converged: bool


def minimise(evaluate: Callable[[Array], Profile], start: Array, pattern: Pattern) -> Minimum:
    """Descend from `start` (m,), then say exactly zero where a variance has vanished."""
    evaluate = watched(evaluate, lambda profile: float(profile.deviance))
    path = [evaluate(start)]
    here, converged = descend(evaluate, path, pattern)
    if converged and (outward := escape(here, pattern)) is not None:
        path.append(evaluate(outward))
        here, converged = descend(evaluate, path, pattern)
    rounded = vanish(here.theta, pattern)
    if not np.allclose(rounded, here.theta, rtol=1e-14, atol=0.0):
        path.append(evaluate(rounded))
        if path[-1].deviance <= here.deviance + noise(here):
            here = path[-1]
    return Minimum(here, tuple(path), converged)


def descend(
    evaluate: Callable[[Array], Profile], path: list[Profile], pattern: Pattern
) -> tuple[Profile, bool]:
    """Steps that shorten where they overshoot; evaluations are added to the path."""
    here = path[-1]
    learned = np.zeros((len(here.theta), len(here.theta)))
    while len(path) < MOST:
        proposal, gain, in_psi = propose(here, learned, pattern)
        if gain < ENOUGH:
            return here, True
        there = evaluate(proposal)
        path.append(there)
        while there.deviance > here.deviance + noise(here) and len(path) < MOST:
            proposal = shorten(here, proposal, in_psi, pattern)
            there = evaluate(proposal)
            path.append(there)
        if gain < NEAR:
            learned = secant(here, there, learned, pattern)
        here = there
    return here, False


def propose(here: Profile, learned: Array, pattern: Pattern) -> tuple[Array, Array, Flags]:
    """The next theta, the fall of the deviance that is foreseen, whether the step is in Psi.

    The step is taken in Psi, in which the model is linear; if that leads out of the covariance
    matrices, it is taken in theta, where there is no outside.
    """
    information = here.information + learned
    Psi = here.Lambda @ here.Lambda.mT
    step, gain = newton(here.gradient, information)
    target = Psi + (step @ pattern.duplication.T).reshape(Psi.shape)
    within = inside(target, pattern)
    if within.all():
        return cholesky(target)[(..., *pattern.places)], gain, within
    J = pattern.jacobian(here.Lambda)
    r, c = pattern.places
    curvature = 2.0 * here.slope[..., r[:, None], r] * (c[:, None] == c)
    step, other_gain = newton(matvec(J.mT, here.gradient), J.mT @ information @ J + curvature)
    longest = 0.5 + np.linalg.norm(here.theta, axis=-1)
    step = step * (longest / np.maximum(longest, np.linalg.norm(step, axis=-1)))[..., None]
    target = np.where(within[..., None, None], target, np.eye(pattern.q))
    root = cholesky(target)[(..., *pattern.places)]
    proposal = np.where(within[..., None], root, here.theta + step)
    return proposal, np.where(within, gain, other_gain), within


def shorten(here: Profile, proposal: Array, in_psi: Flags, pattern: Pattern) -> Array:
    """A third of the way, along the line on which the step was foreseen to lead downhill."""
    roots = [np.sqrt(2.0) * here.Lambda, pattern.matrix(proposal)]
    between = pattern.theta(np.concatenate(roots, axis=-1) / np.sqrt(3.0))
    straight = here.theta + (proposal - here.theta) / 3.0
    return np.where(in_psi[..., None], between, straight)


def inside(Psi: Array, pattern: Pattern) -> Flags:
    """Whether every block is a covariance matrix with some way to go before it is singular."""
    within = np.ones(Psi.shape[:-2], dtype=bool)
    for block in pattern.blocks:
        values = np.linalg.eigvalsh(Psi[..., block, block])
        within &= values[..., 0] > WAY_TO_GO * values[..., -1]
    return within


def newton(gradient: Array, hessian: Array) -> tuple[Array, Array]:
    """The step to the minimum of the local model, and its gain; downhill where there is none.

    Parameters are put on the scale of their own curvature first: variances may differ by orders.
    What has no curvature at all keeps its scale, and the step is the gradient's.
    """
    diagonal = np.abs(np.diagonal(hessian, axis1=-2, axis2=-1))
    size = np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    values, axes = np.linalg.eigh(hessian / size[..., :, None] / size[..., None, :])
    curvature = np.abs(values)
    curvature = np.maximum(curvature, FLAT * curvature.max(axis=-1, keepdims=True))
    curvature = np.where(curvature > 0.0, curvature, 1.0)
    along = matvec(axes.mT, gradient / size)
    step = -matvec(axes, along / curvature) / size
    return step, (along**2 / curvature).sum(axis=-1) / 2.0


def secant(here: Profile, there: Profile, learned: Array, pattern: Pattern) -> Array:
    """The symmetric rank-one change of `learned` that explains how the gradient has changed."""
    moved = there.Lambda @ there.Lambda.mT - here.Lambda @ here.Lambda.mT
    step = moved[(..., *pattern.places)]
    error = there.gradient - here.gradient - matvec(there.information + learned, step)
    size = (error * step).sum(axis=-1)
    least = 1e-6 * np.linalg.norm(error, axis=-1) * np.linalg.norm(step, axis=-1)
    clear = np.abs(size) > least
    scale = np.where(clear, 1.0, 0.0) / np.where(clear, size, 1.0)
    return learned + scale[..., None, None] * error[..., :, None] * error[..., None, :]


def noise(here: Profile) -> Array:
    """Differences of the deviance below this are rounding."""
    return 1e-11 * (1.0 + np.abs(here.deviance))


def escape(here: Profile, pattern: Pattern) -> Array | None:
    """Where to go on from a saddle: a direction has no variance, and the data say it has some.

    Along a unit vector v, variance t changes the deviance by v'D v t + v'v' I v v t^2 / 2.
    """
    for block in pattern.blocks:
        values, axes = np.linalg.eigh(here.slope[block, block])
        v = np.zeros(pattern.q)
        v[block] = axes[:, 0]
        square = np.outer(v, v)[pattern.places]
        information = square @ here.information @ square
        if values[0] < 0.0 and values[0] ** 2 / information > 1e3 * ENOUGH:
            root = np.column_stack([here.Lambda, np.sqrt(-values[0] / information) * v])
            outward: Array = triangular(root)[pattern.places]
            return outward
    return None


def vanish(theta: Array, pattern: Pattern) -> Array:
    """Theta with no negative diagonal, and with zero for variances that are all but zero."""
    Lambda = pattern.matrix(theta)
    for block in pattern.blocks:
        left, spread, _ = np.linalg.svd(Lambda[block, block])
        gone = spread < VANISHED
        root = left * np.where(gone, 0.0, spread) if gone.any() else Lambda[block, block]
        Lambda[block, block] = triangular(root)
    changed: Array = Lambda[pattern.places]
    return changed
