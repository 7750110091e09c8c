"""A hundred studies without a trend, drawn wherever the picture is: people whose slopes differ.

P people at T waves, t about its middle, S = sum t^2, residuals and heights of SD 1. A person's own
least-squares slope, mean, and residuals about the own line are independent:

    b_i ~ N(0, sigma_u1^2 + 1 / S),   m_i ~ N(0, 1 + 1 / T),   e_i = B_T z_i,  z_i in R^(T - 2),

where the columns of B_T are orthonormal and orthogonal to 1 and t. The sums of squares of b, and of
the z, are all that the tests of `mlcore.TrendStudy` need. They are read off running sums of one
stream of normal numbers, so that a seed belongs to the same studies, whatever sigma_u1, P and T.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from datasets import Dataset, Level, Variable
from mlcore import Fit, TrendStudy, lmm, rejection_rates
from mlcore.study.trends import FIVE_TRENDS
from ui.stage.quantity import (
    Quantity,
    absolute,
    concat,
    control,
    cumulative,
    data,
    element,
    floor,
    grid,
    normal,
    round_,
    sqrt,
    take,
    where,
)
from ui.stage.quantity import sweep as swept
from ui.stage.refit import Refit

STUDIES = 100
PEOPLE, MOST_PEOPLE = 50, 100
WAVES, FEWEST_WAVES, MOST_WAVES = 6, 3, 10
SLOPE_SD, MOST_SD, STEP = 0.4, 0.6, 0.02
SEED, SEEDS = 5, 200
Z = 1.959964  # of a test at 5 %

DRAWS = 500  # for each rate on the grid
METHODS = ("random intercept, z", "random slope, t(P − 1)")

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """Of each study its mean slope and the tests' squared errors, by the closed forms."""

    slope: Quantity
    intercept_only: Quantity
    with_slope: Quantity

    @cached_property
    def found(self) -> tuple[Quantity, Quantity]:
        """1 where the trend is significant: with a random intercept only, with slopes."""
        size = absolute(self.slope)
        return size > Z * sqrt(self.intercept_only), size > t_limit() * sqrt(self.with_slope)


people, waves = round_(control("persons")), round_(control("waves"))
slope_sd, seed = control("sigma_u1"), control("seed")
scatter = waves * (waves**2 - 1) / 12
spread = sqrt(slope_sd**2 + 1 / scatter)
rest = waves - 2  # what a line through T points leaves over


def sums(studies: int = STUDIES) -> Sums:
    """The first studies of a seed: fewer are the first of more."""
    z, e = normal(seed, studies * MOST_PEOPLE), normal(seed + 1000, studies * MOST_PEOPLE * 8)
    first: Array = MOST_PEOPLE * np.arange(studies, dtype=np.float64)
    total = _between(z, first, people)
    square = _between(z**2, first, people)
    left = _between(e**2, 8 * first, people * rest)
    Q = spread**2 * (square - total**2 / people)
    common = (Q * scatter + left) / (people * (waves - 1) - 1) / (people * scatter)
    own = Q / (people - 1) / people
    differ = Q * scatter / (people - 1) > left / (people * rest)
    return Sums(spread * total / people, common, where(differ, own, common))


def _between(values: Quantity, first: ArrayLike, n: Quantity) -> Quantity:
    """Sums of n values from each of the places `first` on."""
    running = concat(0, cumulative(values))
    return take(running, data(first) + n) - take(running, data(first))


@lru_cache(maxsize=1)
def t_limit() -> Quantity:
    """Where a t with P - 1 degrees of freedom is significant at 5 %."""
    from scipy.special import stdtrit

    each = axes()[1]
    return swept(stdtrit(each - 1, 0.975), [(people, each)])


@dataclass(frozen=True)
class Rows:
    """The rows of one study: the person's number, the wave from 1 on, time, the score.

    `line` is on each person's own least-squares line, which has `height` and `slope` at mid-time.
    """

    person: Quantity
    wave: Quantity
    time: Quantity
    score: Quantity
    line: Quantity
    height: Quantity
    slope: Quantity

    @property
    def starts(self) -> Quantity:
        """Where each person's rows begin."""
        return grid(0, (people - 1) * waves, people)


@lru_cache(maxsize=1)
def rows() -> Rows:
    """The first study of the seed, row by row."""
    n = people * waves
    at = grid(0, n - 1, n)
    person = floor((at + 0.5) / waves)
    wave = at - person * waves
    time = wave - (waves - 1) / 2
    who = grid(0, people - 1, people)
    slope = spread * take(normal(seed, MOST_PEOPLE), who)
    height = sqrt(1 + 1 / waves) * take(normal(seed + 2000, MOST_PEOPLE), who)
    noise = normal(seed + 1000, MOST_PEOPLE * 8)
    line = score = take(height, person) + take(slope, person) * time
    for k in range(MOST_WAVES - 2):
        column = ((waves - FEWEST_WAVES) * MOST_WAVES + wave) * 8 + k
        score = score + take(bases().ravel(), column) * take(noise, person * rest + k)
    return Rows(person, wave + 1, time, score, line, height, slope)


@lru_cache(maxsize=1)
def bases() -> Array:
    """B_T for each T, filled with zeros: (number of T, MOST_WAVES, MOST_WAVES - 2)."""
    found = np.zeros((MOST_WAVES - FEWEST_WAVES + 1, MOST_WAVES, MOST_WAVES - 2))
    for T in range(FEWEST_WAVES, MOST_WAVES + 1):
        powers = np.vander(np.linspace(-1.0, 1.0, T), T, increasing=True)
        found[T - FEWEST_WAVES, :T, : T - 2] = np.linalg.qr(powers)[0][:, 2:]
    return found


@lru_cache(maxsize=2)
def fit(*, slopes: bool) -> Refit:
    """That study fitted from its rows, with a random intercept only or with slopes."""
    it, line = rows(), {"(Intercept)": {"1": 1.0}, "time": {"time": 1.0}}
    return Refit(
        {"time": it.time, "score": it.score},
        it.person,
        fixed=line,
        random=line if slopes else {"(Intercept)": {"1": 1.0}},
        response={"score": 1.0},
    )


# the rates, on a grid ---------------------------------------------------------------------------


def axes() -> tuple[Array, Array, Array]:
    """Waves, people and SDs of slopes that the core has worked out rates for."""
    return (
        np.arange(FEWEST_WAVES, MOST_WAVES + 1.0),
        np.arange(10.0, MOST_PEOPLE + 1, 10),
        np.round(np.arange(0, MOST_SD + STEP / 2, STEP), 10),
    )


@lru_cache(maxsize=1)
def table() -> tuple[Array, Array]:
    """Rates (T, P, SD, 2) by a random intercept only and with slopes, and Monte Carlo errors."""
    columns = [FIVE_TRENDS.index(name) for name in METHODS]
    each_waves, each_people, sds = axes()
    cells = [
        [rejection_rates(TrendStudy(int(P), int(T), 0.0), sds, DRAWS, seed=1) for P in each_people]
        for T in each_waves
    ]  # fmt: skip
    rates, errors = (np.array([[cell[k] for cell in row] for row in cells]) for k in (0, 1))
    return rates[..., columns], errors[..., columns]


@lru_cache(maxsize=2)
def curve(method: int) -> Quantity:
    """The rate at every SD on the grid, for the waves and people of now."""
    each_waves, each_people, _ = axes()
    return swept(table()[0][..., method], [(waves, each_waves), (people, each_people)])


def now(method: int) -> Quantity:
    """The rate at the SD of now."""
    at = slope_sd / STEP
    low = floor(at + 1e-9)
    part = at - low
    last = round(MOST_SD / STEP)
    upper = where(low < last, low + 1, last)
    values = curve(method)
    return element(values, low) * (1 - part) + element(values, upper) * part


@lru_cache(maxsize=256)
def rate(method: int, *, sd: float = SLOPE_SD, persons: int = PEOPLE, times: int = WAVES) -> float:
    """The rate at given values, of the grid."""
    return float(
        now(method).evaluate({"sigma_u1": sd, "persons": float(persons), "waves": float(times)})
    )


def error() -> float:
    """The largest Monte Carlo error on the grid."""
    return float(table()[1].max())


@lru_cache(maxsize=1)
def with_z() -> float:
    """The rate with random slopes at first, if their z is compared with a normal distribution."""
    found, _ = rejection_rates(TrendStudy(PEOPLE, WAVES, 0.0), [SLOPE_SD], DRAWS, seed=1)
    return float(found[0, FIVE_TRENDS.index("random slope, z")])


@lru_cache(maxsize=16)
def most_waves(sd: float, below: float) -> int:
    """The most waves at which a random intercept alone stays below a rate."""
    each = range(FEWEST_WAVES, MOST_WAVES + 1)
    return max((times for times in each if rate(0, sd=sd, times=times) < below), default=0)


@lru_cache(maxsize=1)
def disagreement() -> int:
    """The first draw from then on whose own study only a random intercept calls significant."""
    each = range(SEED + 1, SEEDS + 1)
    return next(k for k in each if verdicts(SLOPE_SD, PEOPLE, WAVES, k) == (True, False))


@lru_cache(maxsize=256)
def verdicts(sd: float, persons: float, times: float, draw: float) -> tuple[bool, bool]:
    """Whether the study in the picture has a significant trend: without and with random slopes."""
    at = {"sigma_u1": sd, "persons": float(persons), "waves": float(times), "seed": float(draw)}
    alone, with_slope = (bool(np.all(each.evaluate(at))) for each in sums(1).found)
    return alone, with_slope


@dataclass(frozen=True)
class Found:
    """What a model says of a study; `slope_sd` is None without random slopes."""

    trend: float
    se: float
    height_sd: float
    slope_sd: float | None
    sigma: float
    fit: Fit


@lru_cache(maxsize=64)
def study(sd: float, persons: float, times: float, draw: float) -> Dataset:
    """The study in the picture as a dataset that can be taken home."""
    at = {"sigma_u1": sd, "persons": persons, "waves": times, "seed": draw}
    it = rows()
    names = {"person": it.person, "t": it.time, "y": it.score}
    frame = pd.DataFrame({name: each.evaluate(at) for name, each in names.items()})
    variables = {
        "person": Variable("Person", "person", unit="identifier"),
        "t": Variable("Time", "measurement", unit="waves"),
        "y": Variable("Score", "measurement", unit="points"),
    }
    return Dataset(
        name="study",
        title=f"A study without a trend, seed {draw:.0f}",
        story="",
        source="Drawn by this course.",
        citation="",
        terms="",
        note="",
        synthetic=True,
        unmet={},
        levels=(Level("measurement", "measurements"), Level("person", "people", "person")),
        variables=variables,
        derived={},
        models=(),
        card="",
        _rows=frame,
    )


@lru_cache(maxsize=64)
def fitted(sd: float, persons: float, times: float, draw: float, *, slopes: bool) -> Found:
    """The study in the picture fitted by the core."""
    frame = study(sd, persons, times, draw).frame
    found = lmm(f"y ~ t + (1{' + t' if slopes else ''} | person)", frame)
    spreads = np.sqrt(np.diagonal(found.random_covariance["person"]))
    return Found(
        trend=float(found.beta[1]),
        se=float(found.covariance[1, 1] ** 0.5),
        height_sd=float(spreads[0]),
        slope_sd=float(spreads[1]) if slopes else None,
        sigma=found.sigma,
        fit=found,
    )
