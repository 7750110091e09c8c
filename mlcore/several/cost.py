"""What a fit with several grouping factors will take, said before it is begun.

Elimination leaves a dense system of m effects on each island, for R eliminated groups: work of the
order of R m^2 + m^3 at every evaluation of the deviance, and memory of R m + m^2. One factor, and
factors that are nested, cost next to nothing: their islands are small.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.errors import UnsupportedError
from mlcore.language.design import Design
from mlcore.several.factors import by_factor, factors, grouped_by, largest
from mlcore.several.islands import Archipelago
from mlcore.several.system import is_sparse, layout

LEAST = 3e-3  # seconds for the smallest fit
EVALUATIONS = 5
PER_SECOND = 3e10  # additions and multiplications in products of matrices, on one core
PER_ROW = 2e-7  # seconds for cross-products, for each factor
SLOW = 10.0  # seconds that are worth a word
MOST = 16_000  # megabytes


@dataclass(frozen=True)
class Cost:
    """Expected `seconds` on one core, and `megabytes` over those of the data."""

    seconds: float
    megabytes: float

    @property
    def slow(self) -> bool:
        return self.seconds > SLOW

    def __str__(self) -> str:
        seconds, megabytes = (float(f"{v:.2g}") for v in (self.seconds, self.megabytes))
        return f"about {seconds:,g} s and {megabytes:,g} MB"


def cost(model: Design) -> Cost:
    """The cost of `fit_design(model)`, within a factor of about three."""
    if len(grouped_by(model)) < 2:
        return Cost(LEAST + PER_ROW * model.n, 0.0)
    model = by_factor(model)
    return cost_of(model, layout(factors(model)))


def cost_of(model: Design, sea: Archipelago) -> Cost:
    found = factors(model)
    k = largest(found)
    q, others = found[k].q, len(found) - 1
    work, numbers = 0.0, 0.0
    rows_on = np.bincount(sea.batch[found[k].grouping.codes], minlength=len(sea.shapes))
    for shape, n in zip(sea.shapes, rows_on.tolist(), strict=True):
        C, R, m = float(shape.size), shape.rows, shape.m
        if is_sparse(shape, n, others):
            work += 40.0 * q**2 * (n * others * m + (n * others) ** 2 / R)
            numbers += 10.0 * q * n * others
        else:
            work += C * q**2 * 4.0 * R * m**2
            numbers += C * q * 4.0 * R * m
        work += C * (20.0 + 6.0 * q**2) * float(m) ** 3
        numbers += C * (10.0 + 3.0 * q**2) * float(m) ** 2
    seconds = LEAST + PER_ROW * model.n * len(found) + EVALUATIONS * work / PER_SECOND
    return Cost(seconds, 8e-6 * numbers)


def affordable(model: Design, sea: Archipelago) -> tuple[str, ...]:
    """A message where a fit will be slow; an error where it would need too much memory."""
    expected = cost_of(model, sea)
    m = max(shape.m for shape in sea.shapes)
    if expected.megabytes > MOST:
        raise UnsupportedError(
            f"{m:,} crossed random effects besides those of the largest factor would need "
            f"{expected.megabytes / 1e3:,.0f} GB: drop random slopes, or make a factor with few "
            "levels a predictor",
            "memory",
        )
    if not expected.slow:
        return ()
    return (f"a large crossed design ({m:,} effects besides the largest factor's): {expected}",)
