"""Predictors that tell a count of zero, or a certain success, without error.

If some direction d has x_i'd >= 0 wherever all trials succeed, x_i'd <= 0 wherever none does, and
x_i'd = 0 elsewhere, the likelihood grows as beta moves along d for ever: there is no estimate. A
linear programme looks for such a direction.

Reference: Albert & Anderson (1984), Biometrika 71, 1-10; Konis (2007), DPhil thesis, Oxford.
"""

import numpy as np

from mlcore.arrays import Array
from mlcore.discrete.outcomes import Binomial, Outcome
from mlcore.errors import DataError

CLEAR = 1e-7


def extremes(outcome: Outcome) -> Array:
    """1 where an outcome is as large as it can be, -1 where it is 0, else 0; shape (n,)."""
    highest = outcome.trials if isinstance(outcome, Binomial) else np.inf
    return np.where(outcome.y == 0.0, -1.0, np.where(outcome.y == highest, 1.0, 0.0))


def separating(X: Array, side: Array) -> Array | None:
    """The direction d (p,) along which the likelihood never falls, if there is one."""
    from scipy.optimize import linprog

    size = np.abs(X).max(axis=0)
    rows = np.unique(np.column_stack([X / size, side]), axis=0)
    X, side = rows[:, :-1], rows[:, -1]
    outward = X * side[:, None]
    free, fixed = outward[side != 0.0], X[side == 0.0]
    found = linprog(
        -free.sum(axis=0),
        A_ub=-free if len(free) else None,
        b_ub=np.zeros(len(free)) if len(free) else None,
        A_eq=fixed if len(fixed) else None,
        b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=(-1.0, 1.0),
    )
    if found.status != 0 or -found.fun < CLEAR:
        return None
    direction: Array = found.x
    return direction


def refuse_separation(names: tuple[str, ...], X: Array, outcome: Outcome) -> None:
    """Raise `DataError`, naming the predictors, if no finite estimate exists."""
    d = separating(X, extremes(outcome))
    if d is None:
        return
    guilty = [n for n, x in zip(names, d, strict=True) if abs(x) > CLEAR and n != "(Intercept)"]
    raise DataError(
        f"{' and '.join(guilty) or 'the intercept'} can tell the outcome of some rows without "
        "error (separation): the estimate would grow for ever. Merge rare categories, leave the "
        "predictor out, or compare the groups by a table",
        "separation",
        guilty,
    )
