"""Second derivatives of a function of a few numbers, by central differences.

Steps are a fixed part of the distance at which the function has risen by 1: for a deviance, of a
standard error. What is left of the rounding and of the curvature's own change are five digits.
"""

from collections.abc import Callable

import numpy as np

from mlcore.arrays import Array

ROUGH = 1e-3  # a first step, from which the curvature is guessed
FINE = 0.004  # of the distance at which the function has risen by 1

Function = Callable[[Array], float]


def step_sizes(function: Function, x: Array) -> Array:
    """Steps (m,) that suit the function at x; rough ones where it is level."""
    here = function(x)
    rough = ROUGH * np.eye(len(x))
    curved = np.array([function(x + s) - 2.0 * here + function(x - s) for s in rough]) / ROUGH**2
    return np.where(curved > 1.0, FINE / np.sqrt(np.maximum(curved, 1.0)), ROUGH)


def hessian(function: Function, x: Array, size: Array) -> Array:
    """Second derivatives at x, shape (m, m), from steps of these sizes (m,)."""
    found = np.empty((len(x), len(x)))
    steps = np.diag(size)
    for a, s in enumerate(steps):
        for b, t in enumerate(steps[: a + 1]):
            alike = function(x + s + t) + function(x - s - t)
            opposed = function(x + s - t) + function(x - s + t)
            found[a, b] = found[b, a] = (alike - opposed) / (4.0 * size[a] * size[b])
    return found
