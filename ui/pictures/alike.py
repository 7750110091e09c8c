"""How alike units of one group are: rows, pairs and estimates that follow the controls.

The rulers sigma_u and sigma_e make the outcome anew. A group's own mean keeps its place among the
means, and a unit its place within its group, in units of what spreads them:

    y'_ij = beta_0 + z_j sqrt(sigma_u^2 + sigma_e^2 / n_j) + (sigma_e / s_e) (y_ij - ybar_j),
    z_j = (ybar_j - beta_0) / sqrt(s_u^2 + s_e^2 / n_j),

where s_u and s_e are the estimates from the data. A null model fitted to y' finds the sigmas that
were set: exactly where groups are of one size, to .003 in the ICC elsewhere. To shuffle the labels
is to deal the units out again to the places in the groups. The models are fitted to the rows as
they are at the moment, in the browser, so that they give estimates at all times.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from datasets import Case
from mlcore import pairs
from ui import cache
from ui.stage.axis import Axis, step, ticks
from ui.stage.quantity import (
    Quantity,
    concat,
    control,
    data,
    grid,
    group_mean,
    group_sum,
    mean,
    shuffled,
    sqrt,
    take,
    where,
)
from ui.stage.refit import Refit

MOST = 200  # groups that are all drawn
DRAWN = 80  # groups of a sample, where there are more
PAIRS = 200
SEED = 1

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    """A case's rows: outcome, predictor, and `codes`, the place of each row's group among means.

    `estimated` are beta_0, s_u and s_e of the null model; `drawn` the rows that are drawn.
    """

    case: Case
    y: Array
    x: Array
    codes: Array
    sizes: Array
    estimated: tuple[float, float, float]
    drawn: Array

    @property
    def means(self) -> Array:
        total = np.bincount(self.codes.astype(int), self.y)
        return np.asarray(total / self.sizes, dtype=float)

    @property
    def sampled(self) -> bool:
        return len(self.drawn) < len(self.y)

    @property
    def apart(self) -> float:
        """How far dots are moved apart, up or down at most: whole numbers would hide each other."""
        return 0.3 if (self.y == np.round(self.y)).all() else 0.0


@lru_cache(maxsize=16)
def rows(name: str) -> Rows:
    """The rows of the case `name`, its groups numbered from the lowest own mean to the highest."""
    it = cache.case(name)
    frame = it.frame[[it.model.group, it.model.outcome, it.model.predictor]].dropna()
    group, y, x = (frame[column] for column in frame)
    order = y.groupby(group).mean().rank(method="first") - 1
    codes = np.asarray(group.map(order), dtype=float)
    sizes = np.bincount(codes.astype(int))
    null = cache.fit(it.null, name)
    s_u, s_e = null.variance_components["sd"]
    kept = np.arange(len(sizes))
    if len(sizes) > MOST:
        kept = np.random.default_rng(SEED).choice(np.flatnonzero(sizes > 1), DRAWN, replace=False)
    return Rows(
        it,
        np.round(y.to_numpy(float), 4),
        np.round(x.to_numpy(float), 4),
        codes,
        sizes.astype(np.float64),
        (float(null.beta[0]), float(s_u), float(s_e)),
        np.flatnonzero(np.isin(codes, kept)).astype(float),
    )


@lru_cache(maxsize=16)
def iccs(name: str) -> tuple[float, float]:
    """The ICC of the case `name` without its predictor and with it."""
    it = cache.case(name)
    null, full = (cache.fit(formula, name) for formula in (it.null, it.intercepts))
    return float(null.icc.iloc[0]), float(full.icc.iloc[0])


@dataclass(frozen=True)
class Seen:
    """What follows the controls: the outcome of each row as it is drawn, and the estimates.

    With the predictor in the model, `y` is less what the predictor says. `null` and `full` are
    (variance between, variance within) of the two models.
    """

    y: Quantity
    between: Quantity
    within: Quantity
    null: tuple[Quantity, Quantity]
    full: tuple[Quantity, Quantity]
    pair: tuple[Quantity, Quantity]

    @property
    def icc(self) -> Quantity:
        return self.between / (self.between + self.within)

    @property
    def correlation(self) -> tuple[Quantity, Quantity]:
        """Of the pairs, read both ways, as neither unit comes first; half its 95 % interval."""
        one, other = concat(*self.pair), concat(*reversed(self.pair))
        one, other = one - mean(one), other - mean(other)
        r = mean(one * other) / mean(one * one)
        return r, 1.96 * (1 - r**2) / PAIRS**0.5


@lru_cache(maxsize=32)
def seen(name: str, *, shuffle: bool = True, predictor: bool = True) -> Seen:
    """The quantities of the case `name`: `shuffle` is a seed, 0 for the labels as they are."""
    found = rows(name)
    n, codes = len(found.y), data(found.codes)
    y, x = _outcome(found, codes), data(found.x)
    if shuffle:
        place = grid(0, n - 1, n)
        dealt = where(control("shuffle") > 0, shuffled(place, control("shuffle")), place)
        y, x = take(y, dealt), take(x, dealt)
    constant = {"(Intercept)": {"1": 1.0}}
    fit = Refit({"y": y}, codes, fixed=constant, random=constant, response={"y": 1.0})
    null = full = (fit["sd:(Intercept)"] ** 2, fit["sigma"] ** 2)
    between, within = null
    if predictor:
        fixed = {**constant, "x": {"x": 1.0}}
        more = Refit({"y": y, "x": x}, codes, fixed=fixed, random=constant, response={"y": 1.0})
        full = (more["sd:(Intercept)"] ** 2, more["sigma"] ** 2)
        added = control("predictor")
        between, within = (a + added * (b - a) for a, b in zip(null, full, strict=True))
        y = y - added * more["beta:x"] * (x - float(found.x.mean()))
    drawn = pairs(np.arange(n), found.codes, PAIRS, seed=SEED)
    return Seen(y, between, within, null, full, (take(y, drawn.x), take(y, drawn.y)))


def _outcome(found: Rows, codes: Quantity) -> Quantity:
    """The outcome as the rulers make it."""
    beta, s_u, s_e = found.estimated
    sigma_u, sigma_e = control("sigma_u"), control("sigma_e")
    y, J = data(found.y), len(found.sizes)
    sizes, means = group_sum(1.0, codes, J), group_mean(y, codes, J)
    ratio = sqrt((sigma_u**2 + sigma_e**2 / sizes) / (s_u**2 + s_e**2 / sizes))
    scale = sigma_e / s_e
    return scale * y + take(beta + ratio * (means - beta) - scale * means, codes)


@lru_cache(maxsize=16)
def longest(name: str) -> float:
    """The length of the rulers: a round number beyond both estimates."""
    _, s_u, s_e = rows(name).estimated
    by = step(max(s_u, s_e), 8)
    return round(by * ceil(1.05 * max(s_u, s_e) / by), 6)


@lru_cache(maxsize=16)
def height(name: str) -> Axis:
    """The axis of the outcome: it holds all rows with either ruler at its end."""
    found, top = rows(name), longest(name)
    _, s_u, s_e = found.estimated
    made = _outcome(found, data(found.codes))
    ends: Array = np.concatenate(
        [made.evaluate({"sigma_u": u, "sigma_e": e}) for u, e in ((top, s_e), (s_u, top))]
    )
    by = step(float(np.ptp(ends)), 100)
    low, high = floor(ends.min() / by) * by, ceil(ends.max() / by) * by
    label = found.case.data.variable(found.case.model.outcome).label
    return Axis(
        (round(low, 6), round(high, 6)),
        ticks(low, high, 5),
        f"{label}, {found.case.measure(found.case.model.outcome)}",
    )
