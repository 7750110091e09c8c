"""The grouping factors of a design, each with the random effects that vary over it."""

from dataclasses import dataclass, replace

import numpy as np

from mlcore.gaussian.covariance import Pattern
from mlcore.language.design import Design, Grouping


@dataclass(frozen=True, eq=False)
class Factor:
    """A grouping factor whose effects `names` (q) are at `place` in Lambda, with their pattern."""

    grouping: Grouping
    names: tuple[str, ...]
    pattern: Pattern
    place: slice

    @property
    def q(self) -> int:
        return len(self.names)


def grouped_by(model: Design) -> list[str]:
    """The grouping factors of the random terms, in the order of the formula."""
    return list(dict.fromkeys(part.group for part in model.random))


def by_factor(model: Design) -> Design:
    """The same design, with the terms of each factor next to each other."""
    order = grouped_by(model)
    return replace(model, random=tuple(sorted(model.random, key=lambda r: order.index(r.group))))


def factors(model: Design) -> tuple[Factor, ...]:
    """The factors of a design that is ordered by them."""
    found, start = [], 0
    for name in grouped_by(model):
        parts = [part for part in model.random if part.group == name]
        names = tuple(column for part in parts for column in part.names)
        pattern = Pattern(tuple(len(part.names) for part in parts))
        place = slice(start, start + len(names))
        found.append(Factor(model.groupings[name], names, pattern, place))
        start += len(names)
    return tuple(found)


def largest(found: tuple[Factor, ...]) -> int:
    """Which factor has the most effects."""
    return int(np.argmax([factor.q * len(factor.grouping.levels) for factor in found]))
