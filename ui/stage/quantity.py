"""The words quantities are written in: numbers and vectors that follow the controls of a picture.

    n, sigma = data(sizes), control("sigma_u")
    weight = n / (n + 30 / sigma**2)
    weight.evaluate({"sigma_u": 3.0})

A picture, the sentence beside it and the test of both stand on one expression: the browser
evaluates it at every frame (`program.js`), Python when the page runs. There are + - * / **,
comparisons, which give 1 or 0, and & | ~. Numbers go with vectors of any length.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ui.stage.expression import (
    Control,
    Operand,
    Program,
    Quantity,
    Sweep,
    apply,
    data,
    evaluate,
)

__all__ = [
    "Operand",
    "Program",
    "Quantity",
    "absolute",
    "clip",
    "concat",
    "control",
    "count",
    "cumulative",
    "data",
    "element",
    "evaluate",
    "exp",
    "floor",
    "grid",
    "group_mean",
    "group_sum",
    "largest",
    "log",
    "logistic",
    "logit",
    "maximum",
    "mean",
    "minimum",
    "normal",
    "normal_cdf",
    "normal_quantile",
    "order",
    "quantile_of",
    "ranks",
    "repeat",
    "round_",
    "sd",
    "shuffled",
    "smallest",
    "sort",
    "sqrt",
    "sweep",
    "take",
    "total",
    "uniform",
    "where",
]


# leaves -------------------------------------------------------------------------------------------


def control(name: str) -> Quantity:
    """The value of a control, a number."""
    return Control("control", name=name)


def sweep(table: ArrayLike, axes: Sequence[tuple[Quantity, ArrayLike]]) -> Quantity:
    """Numbers or vectors that the core computed on a grid of one or two parameters.

    `table` has the shape (len(grid), …) or (len(grid), …, m) for vectors of m. Beyond the ends of
    a grid its last value holds.
    """
    numbers = np.asarray(table, dtype=float)
    grids = tuple(np.asarray(grid, dtype=float) for _, grid in axes)
    sizes = tuple(len(grid) for grid in grids)
    if not 1 <= len(axes) <= 2:
        raise ValueError(f"a sweep has one parameter or two, not {len(axes)}")
    if any(len(grid) < 2 or not (np.diff(grid) > 0).all() for grid in grids):
        raise ValueError("the values of each parameter must increase, and be two at least")
    if numbers.shape[: len(sizes)] != sizes or numbers.ndim > len(sizes) + 1:
        raise ValueError(f"a table of shape {numbers.shape} does not fit grids of {sizes}")
    rows = numbers.reshape(-1, *numbers.shape[len(sizes) :])
    middle = (np.fmin.reduce(rows) + np.fmax.reduce(rows)) / 2.0
    steps = (numbers - middle).astype(np.float32)
    args = tuple(parameter for parameter, _ in axes)
    return Sweep("sweep", args, grids=grids, middle=middle, steps=steps)


# element by element -------------------------------------------------------------------------------


def sqrt(x: Operand) -> Quantity:
    return apply("sqrt", x)


def exp(x: Operand) -> Quantity:
    return apply("exp", x)


def log(x: Operand) -> Quantity:
    return apply("log", x)


def absolute(x: Operand) -> Quantity:
    return apply("absolute", x)


def minimum(a: Operand, b: Operand) -> Quantity:
    return apply("minimum", a, b)


def maximum(a: Operand, b: Operand) -> Quantity:
    return apply("maximum", a, b)


def clip(x: Operand, low: Operand, high: Operand) -> Quantity:
    return apply("clip", x, low, high)


def where(condition: Operand, a: Operand, b: Operand) -> Quantity:
    """`a` where the condition is not 0, `b` elsewhere."""
    return apply("where", condition, a, b)


def round_(x: Operand) -> Quantity:
    """The nearest whole number, halves upwards."""
    return apply("round", x)


def floor(x: Operand) -> Quantity:
    return apply("floor", x)


def normal_cdf(x: Operand) -> Quantity:
    return apply("normal_cdf", x)


def normal_quantile(p: Operand) -> Quantity:
    return apply("normal_quantile", p)


def logistic(x: Operand) -> Quantity:
    return apply("logistic", x)


def logit(p: Operand) -> Quantity:
    return apply("logit", p)


# one number of a vector ---------------------------------------------------------------------------


def total(x: Operand) -> Quantity:
    return apply("total", x)


def mean(x: Operand) -> Quantity:
    return apply("mean", x)


def sd(x: Operand) -> Quantity:
    """The standard deviation, with n − 1."""
    return apply("sd", x)


def smallest(x: Operand) -> Quantity:
    return apply("smallest", x)


def largest(x: Operand) -> Quantity:
    return apply("largest", x)


def count(x: Operand) -> Quantity:
    """How many numbers there are."""
    return apply("count", x)


def quantile_of(x: Operand, p: Operand) -> Quantity:
    """The quantile of the numbers x at p, linear between order statistics."""
    return apply("quantile_of", x, p)


# vectors ------------------------------------------------------------------------------------------


def take(values: Operand, index: Operand) -> Quantity:
    """The values at places 0, 1, …; NaN where there is no such place."""
    return apply("take", values, index)


def element(values: Operand, place: Operand) -> Quantity:
    """The value at one place."""
    return apply("take", values, place)


def ranks(values: Operand) -> Quantity:
    """1 for the smallest; of equal values the first comes first."""
    return apply("ranks", values)


def order(values: Operand) -> Quantity:
    """The places of the values, from the smallest to the largest."""
    return apply("order", values)


def sort(values: Operand) -> Quantity:
    return apply("sort", values)


def cumulative(values: Operand) -> Quantity:
    """Sums from the first value to each."""
    return apply("cumulative", values)


def concat(*parts: Operand) -> Quantity:
    return apply("concat", *parts)


def repeat(x: Operand, n: Operand) -> Quantity:
    """A vector of n times the number x."""
    return apply("repeat", x, n)


def grid(low: Operand, high: Operand, n: Operand) -> Quantity:
    """Equally spaced, from `low` to `high`."""
    return apply("grid", low, high, n)


def group_sum(values: Operand, codes: Operand, n_groups: Operand) -> Quantity:
    """The sum of each group; `codes` say which of the groups 0, 1, … each value is in."""
    return apply("group_sum", values, codes, n_groups)


def group_mean(values: Operand, codes: Operand, n_groups: Operand) -> Quantity:
    return apply("group_mean", values, codes, n_groups)


# chance -------------------------------------------------------------------------------------------


def uniform(seed: Operand, n: Operand) -> Quantity:
    """`n` numbers between 0 and 1, the same for the same seed (a whole number) everywhere."""
    return apply("uniform", seed, n)


def normal(seed: Operand, n: Operand) -> Quantity:
    """`n` standard normal numbers."""
    return apply("normal", seed, n)


def shuffled(values: Operand, seed: Operand) -> Quantity:
    """The values in an order that the seed decides."""
    return apply("shuffled", values, seed)
