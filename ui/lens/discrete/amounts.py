"""Estimates of a generalised model with their intervals, as sentences write them."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, floor, isfinite, log10

from ui.lens.discrete.scale import LARGEST
from ui.lens.parameters import Parameter
from ui.lens.runs import Run
from ui.lens.told import between
from ui.prose import fixed


def interval(p: Parameter, shown: Callable[[float], str]) -> tuple[Run | str, ...]:
    """Of a parameter, its ends as `shown` writes them."""
    if p.role == "between" and not p.known:
        return (" (no interval: it is on its boundary)",)
    return between(p, shown)


def as_ratio(p: Parameter) -> Callable[[float], str]:
    """Exp of a value, with so many decimals that its standard error would have two figures."""
    ratio = exp(min(p.estimate, LARGEST))
    ground = ratio * p.se if isfinite(p.se) and p.se > 0 else ratio
    decimals = min(4, max(0, 1 - floor(log10(max(ground, 1e-300)))))
    return lambda value: fixed(exp(min(value, LARGEST)), decimals)
