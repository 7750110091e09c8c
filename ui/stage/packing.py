"""Numbers on their way to the browser: few as they are, many in the fewest bytes that keep them.

Data are mostly decimals of a few digits. k / 10^d, rounded once, is the very double that was read
from the file, so that whole numbers k and one d lose nothing.
"""

from __future__ import annotations

from base64 import b64encode

import numpy as np
from numpy.typing import NDArray

Packed = float | list[float] | dict[str, str | int]

FEW = 16
MOST_DECIMALS = 6


def packed(values: NDArray[np.float64]) -> Packed:
    """A number, a list or `{"type", "per", "bytes"}`; the browser reads the same doubles."""
    if values.size <= FEW and np.isfinite(values).all():
        plain: float | list[float] = values.tolist()
        return plain
    for per in (10**d for d in range(MOST_DECIMALS + 1)):
        steps = np.round(values * per)
        if not (np.abs(steps) < 2**31).all():
            break
        if (steps / per == values).all():
            size = next(s for s in (1, 2, 4) if np.abs(steps).max() < 2 ** (8 * s - 1))
            return {**encoded(steps, f"i{size}"), "per": per}
    return encoded(values, "f8")


def encoded(values: NDArray[np.float64], kind: str) -> dict[str, str | int]:
    """The bytes of `values` as little-endian numbers of a kind: i1, i2, i4, f4 or f8."""
    raw = np.ascontiguousarray(values).astype(f"<{kind}").tobytes()
    return {"type": kind, "bytes": b64encode(raw).decode("ascii")}
