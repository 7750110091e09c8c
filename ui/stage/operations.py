"""What each operation of a quantity means, in numpy; `program.js` says the same in the browser.

A value is a number or a vector of float64. Numbers go with vectors of any length, vectors with
vectors of their own. What has no value is NaN: a place beyond the end of a vector, the mean of
nothing, 0/0. True is 1, false 0, and what is not 0 counts as true.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Value = NDArray[np.float64]
Words = NDArray[np.uint32]
Operation = Callable[..., Value]


def elementwise(f: Callable[..., Any]) -> Operation:
    """The operation that applies `f` to each element."""

    def apply(*args: Value) -> Value:
        lengths = sorted({len(a) for a in args if np.ndim(a)})
        if len(lengths) > 1:
            counts = " and ".join(map(str, lengths))
            raise ValueError(f"vectors of {counts} numbers do not go together")
        return np.asarray(f(*args), dtype=float)

    return apply


def reduction(f: Callable[[Value], Any]) -> Operation:
    """The operation that makes one number of a vector."""
    return lambda x: np.asarray(f(np.atleast_1d(x)), dtype=float)


def whole(x: Value) -> Any:
    """The nearest whole number, halves upwards."""
    return np.floor(np.asarray(x) + 0.5).astype(np.int64)


def normal_cdf(x: Value) -> Any:
    from scipy.special import ndtr  # 70 ms that a first page can spare

    return ndtr(x)


def normal_quantile(p: Value) -> Any:
    from scipy.special import ndtri

    return ndtri(p)


def sd(x: Value) -> Any:
    """With n − 1 in the denominator."""
    return np.sqrt(np.sum((x - np.mean(x)) ** 2) / np.float64(len(x) - 1)) if len(x) else np.nan


def quantile_of(x: Value, p: Value) -> Value:
    """Linear between order statistics, as numpy's and R's default."""
    ordered = np.sort(np.atleast_1d(x))
    if not len(ordered):
        return np.asarray(p) * np.nan
    return np.asarray(np.interp(p * (len(ordered) - 1.0), np.arange(len(ordered)), ordered))


def take(values: Value, index: Value) -> Value:
    values, where = np.atleast_1d(values), whole(index)
    there = (where >= 0) & (where < len(values))
    found = np.append(values, np.nan)
    return np.asarray(found[np.where(there, where, len(values))])


def order(values: Value) -> Value:
    return np.argsort(np.atleast_1d(values), kind="stable").astype(float)


def ranks(values: Value) -> Value:
    places = np.empty(np.size(values))
    places[order(values).astype(int)] = np.arange(1, len(places) + 1)
    return places


def group_sum(values: Value, codes: Value, n_groups: Value) -> Value:
    """Rows with a code that is none of 0 … n_groups − 1 are left out."""
    J, group = int(whole(n_groups)), whole(codes)
    inside = (group >= 0) & (group < J)
    weights = np.broadcast_to(values, group.shape)[inside]
    return np.asarray(np.bincount(group[inside], weights, J), dtype=float)


def group_mean(values: Value, codes: Value, n_groups: Value) -> Value:
    counts = group_sum(np.array(1.0), codes, n_groups)
    return np.asarray(group_sum(values, codes, n_groups) / counts)


def mixed(x: Words) -> Any:
    """A one-to-one scramble of 32 bits: Wellons' lowbias32."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ (x >> shift)) * np.uint32(factor)  # type: ignore[assignment]
    return x ^ (x >> 16)


def drawn(seed: Value, n: Value, stream: int) -> Value:
    """Numbers between 0 and 1, number i a hash of seed, stream and i: 52 bits from two words."""
    start = np.array([int(seed) % 2**32], dtype=np.uint32)
    i = np.arange(max(0, int(whole(n))), dtype=np.uint32)
    high, low = (
        mixed(start + mixed(i + mixed(start ^ mixed(np.array([2 * stream + k], np.uint32)))))
        for k in (0, 1)
    )
    return np.asarray((high * 2.0**20 + (low >> 12) + 0.5) / 2.0**52)


def shuffled(values: Value, seed: Value) -> Value:
    return np.atleast_1d(values)[np.argsort(drawn(seed, np.array(np.size(values)), 2))]


OPERATIONS: dict[str, Operation] = {
    "add": elementwise(np.add),
    "subtract": elementwise(np.subtract),
    "multiply": elementwise(np.multiply),
    "divide": elementwise(np.true_divide),
    "power": elementwise(np.float_power),
    "negative": elementwise(np.negative),
    "less": elementwise(np.less),
    "less_equal": elementwise(np.less_equal),
    "equal": elementwise(np.equal),
    "and": elementwise(np.logical_and),
    "or": elementwise(np.logical_or),
    "not": elementwise(np.logical_not),
    "sqrt": elementwise(np.sqrt),
    "exp": elementwise(np.exp),
    "log": elementwise(np.log),
    "absolute": elementwise(np.abs),
    "minimum": elementwise(np.minimum),
    "maximum": elementwise(np.maximum),
    "clip": elementwise(lambda x, low, high: np.minimum(np.maximum(x, low), high)),
    "where": elementwise(np.where),
    "round": elementwise(lambda x: np.floor(x + 0.5)),
    "floor": elementwise(np.floor),
    "normal_cdf": elementwise(normal_cdf),
    "normal_quantile": elementwise(normal_quantile),
    "logistic": elementwise(lambda x: 1.0 / (1.0 + np.exp(-x))),
    "logit": elementwise(lambda p: np.log(p / (1.0 - p))),
    "total": reduction(np.sum),
    "mean": reduction(lambda x: np.sum(x) / np.float64(len(x))),
    "sd": reduction(sd),
    "smallest": reduction(lambda x: np.min(x) if len(x) else np.nan),
    "largest": reduction(lambda x: np.max(x) if len(x) else np.nan),
    "count": reduction(len),
    "quantile_of": quantile_of,
    "take": take,
    "ranks": ranks,
    "order": order,
    "sort": lambda x: np.sort(np.atleast_1d(x)),
    "cumulative": lambda x: np.cumsum(np.atleast_1d(x)),
    "concat": lambda *parts: np.concatenate([np.atleast_1d(part) for part in parts]),
    "repeat": lambda x, n: np.full(max(0, int(whole(n))), x),
    "grid": lambda low, high, n: np.linspace(low, high, max(0, int(whole(n)))),
    "group_sum": group_sum,
    "group_mean": group_mean,
    "uniform": lambda seed, n: drawn(seed, n, 0),
    "normal": lambda seed, n: np.asarray(normal_quantile(drawn(seed, n, 1))),
    "shuffled": shuffled,
}
