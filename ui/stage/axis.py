"""A continuous axis with round ticks, fitted to data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True)
class Axis:
    """Its ends, its ticks, a label with the unit, a short name for equations.

    `names` stand in place of the numbers at the ticks. On a `log` axis equal ratios, not equal
    differences, are equally far apart.
    """

    domain: tuple[float, float]
    ticks: Sequence[float]
    label: str
    short: str = ""
    names: Sequence[str] = ()
    log: bool = False


def step(span: float, most: int = 5) -> float:
    """The smallest of 1, 2, 5 times a power of ten that fits into `span` `most` times at most."""
    power = 10.0 ** floor(log10(span / most))
    return next(power * k for k in (1, 2, 5, 10) if power * k * most >= span * 0.999)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from `low` to `high`."""
    by = step(high - low, most)
    return [round(i * by, 10) for i in range(ceil(low / by - 1e-9), floor(high / by + 1e-9) + 1)]


def fitted(low: float, high: float, label: str, short: str) -> Axis:
    """An axis a little longer than from `low` to `high`."""
    pad = 0.03 * (high - low)
    return Axis((low - pad, high + pad), ticks(low, high), label, short)
