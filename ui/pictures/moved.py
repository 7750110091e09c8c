"""Five estimators of one coefficient, while something is added to all rows of a group.

    y + delta (xbar_j - xbar)      for a predictor that differs within groups: only the slope
                                   between groups rises, by delta
    y + s [j = g]                  for one that a group shares: one group is raised by s

Either way rows of one group keep their distances, so that fixed effects stay where they are. OLS,
random effects and within-between are refitted at every frame. The cluster-robust standard error of
coefficient k comes from q_j, what the rows of group j add to its error: with h = (X'X)^-1 x, row k,

    se^2 = J / (J - 1) (n - 1) / (n - p) sum_j q_j^2,     q_j = sum_{i in j} h_i (y_i - x_i'b).

Where there are thousands of groups the core has refitted beforehand, on a grid of delta.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import mlcore
from ui import cache
from ui.stage.axis import step
from ui.stage.expression import apply
from ui.stage.marks import Role
from ui.stage.quantity import Quantity, control, data, sqrt, sweep, total
from ui.stage.refit import Combination, Refit

MOST = 1_000  # groups that a browser refits while a handle moves
GRID = 13
INTERCEPT = "(Intercept)"

Array = NDArray[np.float64]

OFFERED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "school": {
            "lrt": "Reading score",
            "girl": "Girl",
            "C(schgend)2": "Boys’ school",
            "C(schgend)3": "Girls’ school",
        },
        "hsb": {
            "ses": "Social status",
            "female": "Girl",
            "minority": "Minority",
            "sector": "Catholic school",
        },
        "nurses": {
            "experien": "Experience",
            "age": "Age",
            "gender": "Woman",
            "expcon": "Training in the ward",
        },
        "popularity": {"extrav": "Extraversion", "sex": "Girl", "texp": "Teacher’s experience"},
        "ghq_households": {
            "emp_10hrs": "Has work",
            "fem": "Woman",
            "cohab": "Lives with a partner",
            "gdn": "Garden",
        },
    }
)


@dataclass(frozen=True)
class Term:
    """A coefficient: its name in the fits, in the address, its variable and, of one with levels,
    which level it is about; `shared` says whether rows of a group have it in common.
    """

    name: str
    key: str
    label: str
    variable: str
    level: int | None
    shared: bool


@dataclass(frozen=True, eq=False)
class Answer:
    """What one row of the coefficient plot shows; `rest` is the estimate where nothing moved.

    `times` standard errors are half of its 95 % interval.
    """

    name: str
    role: Role
    estimate: Quantity
    se: Quantity
    rest: float
    times: float

    @property
    def half(self) -> Quantity:
        return self.times * self.se

    @property
    def moved(self) -> Quantity:
        return self.estimate - self.rest


ROWS: tuple[tuple[str, str, str, Role], ...] = (
    ("OLS", "OLS", "both", "fixed"),
    ("cluster-robust", "cluster-robust", "both", "fixed"),
    ("fixed effects", "fixed effects", "within", "within"),
    ("random effects", "random effects", "both", "predicted"),
    ("within", "within-between", "within", "within"),
    ("between", "within-between", "between", "between"),
)


@lru_cache(maxsize=8)
def terms(name: str) -> Mapping[str, Term]:
    """The coefficients that a case offers, by their key in the address."""
    shared, made = cache.five(name).shared, {}
    for term, label in OFFERED[name].items():
        level = re.fullmatch(r"C\((\w+)\)(\w+)", term)
        variable, key = (level[1], f"{level[1]}{level[2]}") if level else (term, term)
        number = int(level[2]) if level else None
        made[key] = Term(term, key, label, variable, number, term in shared)
    return MappingProxyType(made)


def is_refitted(name: str) -> bool:
    return len(cache.case(name).sizes) <= MOST


def moves(name: str, term: Term) -> bool:
    """Whether there is anything to move: one group of thousands changes nothing."""
    return is_refitted(name) or not term.shared


@lru_cache(maxsize=8)
def design(name: str) -> mlcore.Design:
    it = cache.case(name)
    m = it.model
    return mlcore.design(f"{m.outcome} ~ {m.fixed}", cache.rows(name), groups=[m.group])


def codes(name: str) -> NDArray[np.intp]:
    """Which of the groups 0, 1, … each row is in."""
    return design(name).groupings[cache.case(name).model.group].codes


def groups(name: str) -> list[str]:
    """The names of the groups, in the order of their codes."""
    return [str(each) for each in design(name).groupings[cache.case(name).model.group].levels]


def count(name: str) -> int:
    """How many groups there are."""
    return len(design(name).groupings[cache.case(name).model.group].levels)


@lru_cache(maxsize=8)
def heard(name: str) -> Mapping[str, int]:
    """How many of the coefficients that groups share each of the five gives."""
    found = cache.five(name)
    return {each: sum(not found.why_not(each, t) for t in found.shared) for each in found.fits}


def means(name: str, values: Array) -> Array:
    """The mean of each group."""
    code = codes(name)
    found: Array = np.bincount(code, values) / np.bincount(code)
    return found


@lru_cache(maxsize=32)
def rest(name: str, term: Term) -> pd.DataFrame:
    """What the five say where nothing moved, by row of the plot; a row may be missing."""
    found = cache.five(name).of(term.name)
    lines = {}
    for row, estimator, level, _ in ROWS:
        if term.shared and row == "within":
            continue
        place = (estimator, "between" if term.shared else level)
        if place in found.index:
            lines[row] = found.loc[place]
    return pd.DataFrame(lines).T


def reach(name: str, term: Term) -> tuple[float, float]:
    """How far the handle goes to either side, and by which step."""
    found = rest(name, term)
    if not term.shared:
        span = float(found["upper"].max() - found["lower"].min()) / 1.5
    else:
        span = float(cache.rows(name)[cache.case(name).model.outcome].std())
    by = step(span, 30)
    return round(np.floor(span / by) * by, 10), by


def handle(name: str, term: Term) -> Quantity:
    """What the handle has added so far."""
    if not moves(name, term):
        return data(0.0)
    return control("shift" if term.shared else "delta")


def added(name: str, term: Term) -> Quantity:
    """What each group's rows get, group by group."""
    code = codes(name)
    if term.shared:
        raised = apply("equal", control("group"), np.arange(code.max() + 1))
        return control("shift") * raised
    x = column(name, term)
    aside: Array = means(name, x) - x.mean()
    return control("delta") * aside


def column(name: str, term: Term) -> Array:
    made = design(name)
    return np.asarray(made.X[:, made.names.index(term.name)], dtype=float)


@lru_cache(maxsize=32)
def answers(name: str, term: Term) -> Mapping[str, Answer]:
    """The rows of the plot, each following the handle."""
    still = rest(name, term)
    if not moves(name, term):
        moving = {row: (data(still.estimate[row]), data(still.se[row])) for row in still.index}
    elif is_refitted(name):
        moving = refitted(name, term)
    else:
        moving = swept(name, term)
    return {
        row: Answer(
            row,
            role,
            *moving[row],
            float(still.estimate[row]),
            float((still.upper[row] - still.lower[row]) / (2 * still.se[row])),
        )
        for row, _, _, role in ROWS
        if row in still.index
    }


def refitted(name: str, term: Term) -> dict[str, tuple[Quantity, Quantity]]:
    """Estimates and standard errors, from cross-products in the browser."""
    made, code, shared = design(name), codes(name), cache.five(name).shared
    columns: dict[str, Array] = {"y": np.asarray(made.y, dtype=float)}
    line: dict[str, Combination] = {INTERCEPT: {"1": 1}}
    both: dict[str, Combination] = {INTERCEPT: {"1": 1}}
    for k, x in enumerate(made.names[1:], 1):
        if x in shared:
            columns[x] = made.X[:, k]
            line[x] = both[x] = {x: 1}
        else:
            columns[f"{x}|b"] = means(name, made.X[:, k])[code]
            columns[f"{x}|w"] = made.X[:, k] - columns[f"{x}|b"]
            line[x] = {f"{x}|w": 1, f"{x}|b": 1}
            both[f"{x}|w"], both[f"{x}|b"] = {f"{x}|w": 1}, {f"{x}|b": 1}
    response: Combination = {"y": 1, "1": added(name, term)}
    level = {INTERCEPT: {"1": 1}}
    ols = Refit(columns, code, fixed=line, random={}, response=response)
    random = ols.also(fixed=line, random=level, response=response)
    rewb = ols.also(fixed=both, random=level, response=response)

    def of(fit: Refit, x: str) -> tuple[Quantity, Quantity]:
        return fit[f"beta:{x}"], fit[f"se:{x}"]

    x = term.name
    found = {
        "OLS": of(ols, x),
        "cluster-robust": (ols[f"beta:{x}"], robust(name, term, ols)),
        "random effects": of(random, x),
    }
    if term.shared:
        return {**found, "between": of(rewb, x)}
    still = rest(name, term).loc["fixed effects"]
    fixed = data(still.estimate), data(still.se)
    return {
        **found,
        "fixed effects": fixed,
        "within": of(rewb, f"{x}|w"),
        "between": of(rewb, f"{x}|b"),
    }


def robust(name: str, term: Term, ols: Refit) -> Quantity:
    """The cluster-robust standard error of the refitted line (CR1), from sums by group."""
    made, code = design(name), codes(name)
    n, p = made.X.shape
    J = int(code.max()) + 1
    place = made.names.index(term.name)
    h = made.X @ np.linalg.inv(made.X.T @ made.X)[place]

    def by_group(values: Array) -> Array:
        found: Array = np.bincount(code, h * values, J).astype(float)
        return found

    q = by_group(made.y) + added(name, term) * by_group(np.ones(n))
    for k, x in enumerate(made.names):
        q = q - ols[f"beta:{x}"] * by_group(made.X[:, k])
    return sqrt(total(q**2) * (J / (J - 1) * (n - 1) / (n - p)))


@lru_cache(maxsize=32)
def follows(name: str, term: Term) -> Mapping[str, float]:
    """By how much each estimate follows a handle at its end, per unit that was added."""
    most, _ = reach(name, term)
    at = {"delta": most, "shift": most, "group": float(first(name, term))}
    return {row: float(a.moved.evaluate(at)) / most for row, a in answers(name, term).items()}


def first(name: str, term: Term) -> int:
    """The largest of the groups that a coefficient of groups is about: raised at first."""
    x = means(name, column(name, term))
    return int(np.argmax(np.bincount(codes(name)) * (x >= np.quantile(x, 0.9))))


@lru_cache(maxsize=4)
def swept(name: str, term: Term) -> dict[str, tuple[Quantity, Quantity]]:
    """The same from fits on a grid of delta."""
    it, x, delta = cache.case(name), column(name, term), control("delta")
    m = it.model
    most, _ = reach(name, term)
    grid = np.linspace(-most, most, GRID)
    z = (means(name, x) - x.mean())[codes(name)]
    frame = cache.rows(name)
    outcome = frame[m.outcome].to_numpy(float)
    fits = [
        mlcore.five(
            f"{m.outcome} ~ {m.fixed}", frame.assign(**{m.outcome: outcome + d * z}), m.group
        ).of(term.name)
        for d in grid
    ]
    found = {}
    for row, estimator, level, _ in ROWS:
        numbers = np.array([fit.loc[(estimator, level), ["estimate", "se"]] for fit in fits])
        found[row] = (
            sweep(numbers[:, 0].astype(float), [(delta, grid)]),
            sweep(numbers[:, 1].astype(float), [(delta, grid)]),
        )
    return found
