"""The random effects' conditional mode: those that are most likely with the data.

They minimise, for given parameters,

    h(b) = -sum_i log p(y_i | eta_i) + b'b / 2,      d2h / db2 = H = A'WA + I,   A = Z Lambda,

and are found by Newton steps, b + H^-1 (A's - b).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array
from mlcore.discrete.arrow import Arrow, Effects, arrow
from mlcore.discrete.outcomes import Local
from mlcore.discrete.predictor import Factor, Predictor

NEAR = 1e-4  # a Newton step of this length ends at a point that is right to its square
NOISE = 1e-10
MOST = 100


@dataclass(frozen=True, eq=False)
class Modes:
    """The mode `b`, the rows of Z Lambda by factor, each (q, n), and what follows at `eta`.

    `value` is -h(b).
    """

    b: Effects
    rows: tuple[Array, ...]
    eta: Array
    local: Local
    curvature: Arrow
    value: float


def find_modes(phi: Array, model: Predictor, start: Effects) -> Modes | None:
    """Newton steps from `start`, halved where they overshoot; None where there is no finite h."""
    factors, kappa = model.factors, model.kappa(phi)
    rows = tuple(L.T @ f.Z for L, f in zip(model.lambdas(phi), factors, strict=True))
    fixed = model.X @ phi[model.beta]
    b, step, best, arriving = start, start, -np.inf, False
    for _ in range(MOST):
        eta = fixed + spread(b, rows, factors)
        local = model.outcome.local(eta, kappa)
        value = float(local.loglik.sum()) - 0.5 * sum(float(np.vdot(x, x)) for x in b)
        if not (arriving or value >= best - NOISE * abs(best)):
            if not np.isfinite(best):
                break
            step = tuple(0.5 * s for s in step)
            b = tuple(x - s for x, s in zip(b, step, strict=True))
            continue
        curvature = arrow(local.weight, rows, model)
        if arriving:
            return Modes(b, rows, eta, local, curvature, value)
        best = value
        pull = (f.sums(row * local.score) - x for f, row, x in zip(factors, rows, b, strict=True))
        step = curvature.solve(tuple(pull))
        b = tuple(x + s for x, s in zip(b, step, strict=True))
        arriving = all(float(np.abs(s).max()) < NEAR for s in step)
    return None


def spread(b: Sequence[Array], rows: Sequence[Array], factors: Sequence[Factor]) -> Array:
    """What the effects add to every row, (n,)."""
    total: Array = np.zeros(1)
    for x, row, f in zip(b, rows, factors, strict=True):
        for a in range(f.q):
            total = total + row[a] * x[a].take(f.codes)
    return total
