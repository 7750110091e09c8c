"""Residuals that remember: correlation along time, within a person.

    Cor(e_s, e_t) = phi^d(s, t),      "ar1"           d counts measurements,
                                      "exponential"   d is the time between them.

Both are Markov: given the last residual, earlier ones tell nothing more. So

    e*_1 = e_1,      e*_k = (e_k - rho_k e_k-1) / sqrt(1 - rho_k^2),      rho_k = phi^d_k,

are independent and alike, and log |C| = sum_k log(1 - rho_k^2). The same is done to y, X and Z, and
what is left is a model with independent residuals.

Reference: Jones & Boadi-Boateng (1991), Biometrics 47, 161-175; Pinheiro & Bates (2000),
Mixed-Effects Models in S and S-PLUS, section 5.3.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError
from mlcore.language.design import Grouping
from mlcore.longitudinal.deviations import once_each

CORRELATIONS = ("ar1", "exponential")


@dataclass(frozen=True, eq=False)
class Chains:
    """Rows in the `order` (n,) of their chains and times, each a step away from the one before.

    `steps` are the different lengths of steps, and `kinds` (n,) says which of them a row's is. The
    first row of a chain is infinitely far from what went before. Steps are in units of `unit`, so
    that the time's own unit does not matter.
    """

    order: Indices
    steps: Array
    kinds: Indices
    unit: float

    def whiten(self, columns: Array, phi: float) -> tuple[Array, float]:
        """Ordered columns (n, k) freed of the correlation phi over one unit, and log |C|."""
        rho = phi**self.steps
        left = 1.0 - rho**2
        own, other = 1.0 / np.sqrt(left), rho / np.sqrt(left)
        before = np.roll(columns, 1, axis=0)
        white: Array = columns * own[self.kinds, None] - before * other[self.kinds, None]
        return white, float(np.log(left) @ np.bincount(self.kinds))

    def colour(self, noise: Array, phi: float) -> Array:
        """Independent noise (n, k), in the order of the data, given the correlation phi."""
        rho = (phi**self.steps)[self.kinds, None]
        coloured = noise[self.order]
        starts = np.isinf(self.steps[self.kinds])
        place = np.arange(len(starts))
        since = place - np.maximum.accumulate(np.where(starts, place, 0))
        fresh = np.sqrt(1.0 - rho**2) * coloured
        for k in range(1, since.max() + 1):
            rows = np.flatnonzero(since == k)
            coloured[rows] = fresh[rows] + rho[rows] * coloured[rows - 1]
        back = np.empty_like(coloured)
        back[self.order] = coloured
        return back


def chains(within: Grouping, time: Grouping, correlation: str) -> Chains:
    """Put rows in order, or say why there is none."""
    once_each(within, time)
    order = np.lexsort((time.codes, within.codes))
    starts = np.append(True, np.diff(within.codes[order]) != 0)
    if starts.all():
        raise DataError(
            f"every {within.name} is measured once: a correlation along time needs repeated "
            "measurements"
        )
    gaps = np.ones(len(order))
    if correlation == "exponential":
        if not pd.api.types.is_numeric_dtype(time.levels):
            raise DataError(
                f"{time.name} holds no numbers: 'exponential' needs to know how much time passes; "
                "make it a number, or use 'ar1'"
            )
        when = time.levels.to_numpy(dtype=float)[time.codes[order]]
        gaps[1:] = np.diff(when)
    unit = float(np.median(gaps[~starts]))
    steps, kinds = np.unique(np.where(starts, np.inf, gaps / unit), return_inverse=True)
    return Chains(order, steps, kinds, unit)


def uneven(within: Grouping, time: Grouping) -> bool:
    """Whether some successive measurements are further apart than others."""
    if not pd.api.types.is_numeric_dtype(time.levels):
        return False
    steps = chains(within, time, "exponential").steps
    return bool(np.ptp(steps[np.isfinite(steps)]) > 1e-6)
