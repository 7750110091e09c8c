"""The deepest valley of a function of one number: a coarse look, Brent's search, Newton's steps.

Five values around the floor give its slope and curvature with an error of order h^4, and so its
place to more digits than a comparison of values could.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

COARSE = 15  # places looked at first: there may be two valleys
NEAR = 1e-4  # how far from the floor Brent may stop, as a share of the range
STEP = 2e-3  # between the five values, as a share of the range
LEVEL = 1e-7  # what a function that curves rises over such a step
OFFSETS = np.arange(-2.0, 3.0)
SLOPE = np.array([1.0, -8.0, 0.0, 8.0, -1.0]) / 12.0
CURVATURE = np.array([-1.0, 16.0, -30.0, 16.0, -1.0]) / 12.0


@dataclass(frozen=True, eq=False)
class Floor:
    """Where a function is smallest, and all that was `tried`.

    `curvature` is NaN at an end of the range, and 0 where the floor is level: any place would do.
    """

    place: float
    curvature: float
    tried: dict[float, float]


def deepest(function: Callable[[float], float], low: float, high: float) -> Floor:
    """The minimum from low to high."""
    from scipy.optimize import minimize_scalar  # 100 ms that a first page can spare

    tried: dict[float, float] = {}

    def value(x: float) -> float:
        tried[x] = function(x)
        return tried[x]

    grid = [float(x) for x in np.linspace(low, high, COARSE)]
    k = int(np.argmin([value(x) for x in grid]))
    around = grid[max(k - 1, 0)], grid[min(k + 1, COARSE - 1)]
    reach = {"xatol": NEAR * (high - low)}
    minimize_scalar(value, bounds=around, method="bounded", options=reach)
    place, h = min(tried, key=tried.__getitem__), STEP * (high - low)
    curvature = np.nan
    for _ in range(2):
        if not low + 2.0 * h < place < high - 2.0 * h:
            return Floor(place, np.nan, tried)
        values = np.array([value(float(place + k * h)) for k in OFFSETS])
        curvature = float(CURVATURE @ values) / h**2
        if curvature * h**2 < LEVEL:
            return Floor(place, 0.0, tried)
        place -= float(np.clip(SLOPE @ values / h / curvature, -h, h))
    return Floor(place, curvature, tried)
