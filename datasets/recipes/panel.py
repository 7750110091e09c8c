"""Makes `ghq_panel`: python -m datasets.recipes.panel.

Calibrated to the lecture's panel table: GHQ by pooled, between, within and random-effects least
squares. In four steps:

1. a pool of invented lives: lengths of stay, age, income, qualifications, votes;
2. 21,000 of them, chosen so that the four columns can hold at once;
3. scores, drawn and then corrected, before rounding, by as little as gives the four columns;
4. whole scores, moved by at most one point.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import fsolve

from datasets.recipes.calibration import Array, Whole, correct, exchange, tilt, write

SEED = 2005
ROWS = 103_306
PEOPLE = 21_000
POOL = 60_000

# Printed: constant, lninc, fem, age, age2, hied, noed, convot, labvot; the last digits; R-squared
POOLED = np.array([10.56, -0.2985, 1.147, 0.09416, -0.000918, -0.1179, 0.5503, -0.6563, 0.01591])
BETWEEN = np.array([11.21, -0.4575, 1.038, 0.1125, -0.001081, -0.07051, 0.6927, -0.5992, 0.104])
WITHIN = np.array([10.64, -0.1574, 0, 0.01852, 0.000299, 0.04218, -0.1867, -0.1973, -0.07397])
RANDOM = np.array([10.22, -0.1826, 1.164, 0.06013, -0.000469, -0.02425, 0.5079, -0.502, 0.04198])
DIGITS = {
    "pooled": np.array([1e-2, 1e-4, 1e-3, 1e-5, 1e-6, 1e-4, 1e-4, 1e-4, 1e-5]),
    "between": np.array([1e-2, 1e-4, 1e-3, 1e-4, 1e-6, 1e-5, 1e-4, 1e-4, 1e-4]),
    "within": np.array([1e-2, 1e-4, 1e-3, 1e-5, 1e-6, 1e-5, 1e-4, 1e-4, 1e-5]),
    "random": np.array([1e-2, 1e-4, 1e-3, 1e-5, 1e-6, 1e-5, 1e-4, 1e-4, 1e-5]),
}
R2 = {"pooled": 0.02755, "between": 0.0438, "within": 0.00203}


def rss(loglik: float, rows: int) -> float:
    """The residual sum of squares of a Gaussian log-likelihood."""
    return float(rows * np.exp(-2 * loglik / rows - 1) / (2 * np.pi))


RSS = {
    "pooled": rss(-317544, ROWS),
    "between": rss(-61415, PEOPLE),
    "within": rss(-277029, ROWS),
}
SIGMA2 = RSS["within"] / (ROWS - PEOPLE - 7)
SHORTNESS = 0.487  # mean of 1 / T, invented
TAU2 = RSS["between"] / (PEOPLE - 9) - SIGMA2 * SHORTNESS  # Swamy and Arora's, as in Stata

# Invented: shares of people who stay for 1 to 15 waves
STAYS = [33, 13, 8, 6, 5, 5, 6, 4.5, 4, 3.5, 3, 3, 3, 2.5, 3.5]


@dataclass(frozen=True)
class Lives:
    """Person-years, in order of person and year, with predictors X (9, rows)."""

    pid: Whole
    year: Whole
    X: Array

    @cached_property
    def stays(self) -> Array:
        return np.bincount(self.pid).astype(float)

    def means(self, values: Array) -> Array:
        """Of each person, along the last axis."""
        first = np.concatenate([[0], np.cumsum(self.stays)[:-1]]).astype(np.int64)
        return np.asarray(np.add.reduceat(values, first, axis=-1) / self.stays)

    def deviations(self, values: Array) -> Array:
        return np.asarray(values - self.means(values)[..., self.pid])

    def of(self, people: Whole) -> "Lives":
        """Those of some people, numbered anew."""
        chosen = np.isin(self.pid, people)
        pid = np.unique(self.pid[chosen], return_inverse=True)[1]
        return Lives(pid, self.year[chosen], self.X[:, chosen])


def pool(rng: np.random.Generator) -> Lives:
    """Many invented lives."""
    n = POOL
    stay = rng.choice(np.arange(1, 16), p=np.array(STAYS) / np.sum(STAYS), size=n)
    start = np.where(rng.random(n) < 0.5, 1, rng.integers(1, 17 - stay))
    grown = np.clip(8 + rng.gamma(5.5, 7.2, n), 16, 90)
    entry = np.where(rng.random(n) < 0.22, rng.integers(16, 22, n), grown).astype(np.int64)
    pid = np.repeat(np.arange(n), stay)
    t = np.arange(len(pid)) - np.repeat(np.cumsum(stay) - stay, stay)
    year = start[pid] + t
    age = entry[pid] + t
    fem = (rng.random(n) < 0.54)[pid]

    means, trend = rng.normal(0, 0.55, n), rng.normal(0, 0.25, n)
    lninc = 6.75 - 0.00055 * (age - 46.0) ** 2 - 0.5 * fem + 0.02 * (year - 8)
    lninc += means[pid] + trend[pid] * (t - 7) / 7 + rng.normal(0, 0.45, len(pid))
    lninc = np.maximum(lninc, np.log(100)).round(3)

    talent = 0.6 * means + rng.normal(0, 0.6, n) - 0.012 * (entry - 40)
    graduate, unqualified = talent > np.quantile(talent, 0.66), talent < np.quantile(talent, 0.29)
    studies, at = rng.random(n) < np.where(entry < 28, 0.35, 0.05), rng.integers(1, 12, n)
    later = t >= at[pid]
    hied = (graduate & (entry >= 20))[pid] | ((graduate | studies) & (entry < 30))[pid] & later
    hied |= (studies & ~unqualified)[pid] & later
    learns, when = rng.random(n) < 0.12, rng.integers(1, 10, n)
    noed = unqualified[pid] & ~(learns[pid] & (t >= when[pid])) & ~hied

    leaning = rng.normal(0, 1, n) + 0.008 * (entry - 45) + 0.25 * means
    mood = 0.9 * leaning[pid] + 0.24 * rng.normal(size=len(pid))
    convot, labvot = mood > 0.55, mood < -0.35
    one = np.ones(len(pid))
    X = np.stack([one, lninc, fem, age, age**2, hied, noed, convot, labvot])
    return Lives(pid, year, X)


def choose(lives: Lives, rng: np.random.Generator) -> Lives:
    """People whose lives let pooled, between and random-effects coefficients be as printed.

    All three say how person means of the response and of x go together, with weights T, 1 and
    T phi(T). Of the last function a straight line in T leaves little; what it leaves must vanish
    by itself, since nothing but a contrived response could make up for it.
    """
    T, means = lives.stays, lives.means(lives.X)
    deviations = lives.deviations(lives.X)
    prior = np.full(POOL, PEOPLE / POOL)
    phi = SIGMA2 / (SIGMA2 + T * TAU2)
    spread = np.sqrt(TAU2 + SIGMA2 / T)
    line = np.polyfit(T, T * phi, 1, w=spread)[0]

    def within(b: Array) -> Array:
        """W_i b of every person, shape (9, people)."""
        return lives.means(deviations * (b @ deviations)) * T

    def between(b: Array) -> Array:
        return T * means * (b @ means)

    left = within(RANDOM - WITHIN - line * (POOLED - WITHIN))
    left += phi * between(RANDOM - BETWEEN) - line * between(POOLED - BETWEEN)
    star = lives.X - (1 - np.sqrt(phi))[lives.pid] * means[:, lives.pid]
    covariance = np.linalg.inv(star @ star.T * (PEOPLE / POOL))
    left = covariance @ left / np.sqrt(np.diag(covariance) * SIGMA2)[:, None]

    level = T * ((POOLED - WITHIN) @ means)  # both constants leave the response its mean
    weight = prior
    for _ in range(2):  # R-squared is about the mean of those chosen
        middle = (T * means) @ weight / (T @ weight)
        average = means @ weight / PEOPLE
        explained = [
            lives.means((POOLED @ (lives.X - middle[:, None])) ** 2) * T,
            (BETWEEN @ (means - average[:, None])) ** 2,
            lives.means((WITHIN @ deviations) ** 2) * T,
        ]
        goal = [RSS[name] * R2[name] / (1 - R2[name]) for name in R2]
        rows = np.vstack([np.ones(POOL), T, 1 / T, level, left, *explained])
        target = np.array([PEOPLE, ROWS, SHORTNESS * PEOPLE, 0.0, *[0.0] * 9, *goal])
        slack = np.array([1e-6, 1e-4, 1e-2, 1e2, *[1e-3] * 9, *(1e-5 * np.array(goal) ** 2)])
        weight = tilt(prior, rows, target, np.diag(slack))

    kinds = T.astype(np.int64)
    chosen = (rng.random(POOL) < weight).astype(np.int64)
    per_stay = np.rint(np.bincount(kinds, weight)).astype(np.int64)
    per_stay[1] += PEOPLE - per_stay.sum()
    short = int(ROWS - per_stay @ np.arange(16))
    per_stay[[3, 4]] += [-short, short]  # as many people, `short` more years
    for stay in range(1, 16):
        here = np.flatnonzero(kinds == stay)
        order = here[np.argsort(rng.exponential(size=len(here)) / weight[here])]
        chosen[here] = 0
        chosen[order[: per_stay[stay]]] = 1
    centres = np.vstack([means[1:], T * means[1:]])  # they stay where R-squared has them
    rows, target = np.vstack([rows[3:], centres]), np.append(target[3:], centres @ weight)
    drift = 0.001 * np.sqrt(PEOPLE * (centres**2 @ weight))
    near = np.append(np.sqrt(slack[3:]), drift)
    chosen = exchange(
        chosen,
        rows / near[:, None],
        target / near,
        lower=0,
        upper=1,
        blocks=kinds,
        steps=2500,
        rng=rng,
    )
    return lives.of(np.flatnonzero(chosen))


def scores(lives: Lives, rng: np.random.Generator) -> Array:
    """GHQ before rounding: drawn, and corrected by as little as gives the four columns."""
    T, X = lives.stays, lives.X
    means, deviations = lives.means(X), lives.deviations(X)
    phi = SIGMA2 / (SIGMA2 + T * TAU2)
    WX = deviations @ deviations.T

    drawn = np.sqrt(TAU2) * (rng.gamma(3.0, size=PEOPLE) - 3.0) / np.sqrt(3.0)
    e = np.sqrt(SIGMA2) * (rng.gamma(4.0, size=ROWS) - 4.0) / 2.0
    own = drawn + lives.means(e)

    varying = deviations[[1, 3, 4, 5, 6, 7, 8]]
    e = lives.deviations(correct(lives.deviations(e), varying, np.zeros(7)))
    e *= np.sqrt(RSS["within"] / (e @ e))
    inside = WITHIN @ deviations + e

    rows = np.vstack([means, T * means, T * phi * means])
    target = np.concatenate(
        [
            means @ (BETWEEN @ means),
            WX @ (POOLED - WITHIN) + (T * means) @ (POOLED @ means),
            WX @ (RANDOM - WITHIN) + (T * phi * means) @ (RANDOM @ means),
        ]
    )
    pooled_within = np.sum((inside - POOLED @ deviations) ** 2)

    def outside(scales: Array) -> Array:
        """Means, residuals scaled by one factor for short and one for long stays."""
        scale = scales[0] / T + scales[1] * (1 - 1 / T)
        return correct(BETWEEN @ means + scale * own, rows, target)

    def misses(scales: Array) -> Array:
        y = outside(scales)
        between = np.sum((y - BETWEEN @ means) ** 2)
        pooled = np.sum(T * (y - POOLED @ means) ** 2) + pooled_within
        return np.array([between / RSS["between"] - 1, pooled / RSS["pooled"] - 1])

    scales = fsolve(misses, [1.0, 1.0])
    return np.asarray(inside + outside(scales)[lives.pid])


@dataclass(frozen=True)
class Column:
    """One estimator as linear in the response: rows (9, person-years) whose products are b."""

    rows: Array
    b: Array
    digits: Array
    se: Array


def columns(lives: Lives) -> dict[str, Column]:
    """The four estimators of the table."""
    T, X = lives.stays, lives.X
    means, deviations = lives.means(X), lives.deviations(X)
    slopes = [1, 3, 4, 5, 6, 7, 8]
    inner = np.zeros((9, 9))
    inner[np.ix_(slopes, slopes)] = np.linalg.inv(deviations[slopes] @ deviations[slopes].T)
    within = inner @ deviations
    within[0] = 1 / ROWS - X.mean(axis=1) @ within
    theta = 1 - np.sqrt(SIGMA2 / (SIGMA2 + T * TAU2))
    star = X - (theta * means)[:, lives.pid]
    quasi = star - (theta * lives.means(star))[:, lives.pid]
    total, between, random = (np.linalg.inv(A @ A.T) for A in (X, means, star))
    made = {
        "pooled": (total @ X, POOLED, total * RSS["pooled"] / ROWS),
        "between": (
            (between @ means / T)[:, lives.pid],
            BETWEEN,
            between * RSS["between"] / PEOPLE,
        ),
        "within": (within, WITHIN, inner * SIGMA2),
        "random": (random @ quasi, RANDOM, random * SIGMA2),
    }
    return {
        name: Column(rows, b, DIGITS[name], np.sqrt(np.diag(covariance)))
        for name, (rows, b, covariance) in made.items()
    }


def settle(lives: Lives, exact: Array, rng: np.random.Generator) -> Whole:
    """Whole scores from 0 to 36, no more than a point from the rounded ones."""
    rounded = np.clip(np.rint(exact), 0, 36).astype(np.int64)
    table = columns(lives)
    kept = {"within": [0, 1, 3, 4, 5, 6, 7, 8]}
    parts = [(column, kept.get(name, list(range(9)))) for name, column in table.items()]
    linear = np.vstack([column.rows[keep] for column, keep in parts])
    printed = np.concatenate([column.b[keep] for column, keep in parts])
    digits = np.concatenate([column.digits[keep] for column, keep in parts])
    se = np.concatenate([column.se[keep] for column, keep in parts])
    T = lives.stays
    bend = np.array([1.0, np.sum(1 / T) / ROWS, 1 - PEOPLE / ROWS])
    goal = np.array(list(RSS.values()))
    y: Whole = rounded
    for ease in [*np.geomspace(0.03, 0.0002, 25), 0, 0, 0, 0]:  # from rough to fine
        pooled, gaps = y - POOLED @ lives.X, lives.means(y - BETWEEN @ lives.X)
        inside = lives.deviations(y - WITHIN @ lives.X)
        squares = np.array([pooled @ pooled, gaps @ gaps, inside @ inside])
        slopes = 2 * np.stack([pooled, (gaps / T)[lives.pid], inside])
        within = np.concatenate([0.25 * digits + ease * se, goal * (2e-6 + 0.005 * ease)])
        y = exchange(
            y,
            np.vstack([linear, slopes]) / within[:, None],
            np.concatenate([printed, goal - squares + slopes @ y]) / within,
            lower=np.maximum(rounded - 1, 0),
            upper=np.minimum(rounded + 1, 36),
            steps=1000 if ease else 5000,
            bend=np.concatenate([np.zeros(len(linear)), bend]) / within,
            rng=rng,
        )
    return y


def make() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    lives = choose(pool(rng), rng)
    ghq = settle(lives, scores(lives, rng), rng)
    _, lninc, fem, age, _, hied, noed, convot, labvot = lives.X
    whole = {"fem": fem, "age": age, "hied": hied, "noed": noed, "convot": convot, "labvot": labvot}
    frame = pd.DataFrame({"pid": lives.pid + 1, "year": 1990 + lives.year, "ghq": ghq})
    return frame.assign(lninc=lninc, **{name: x.astype(np.int64) for name, x in whole.items()})


if __name__ == "__main__":
    write("ghq_panel", make())
