"""A model as choices: outcome, predictors and their centring, interactions, what varies over what.

    Plan("gcse", (Predictor("lrt", centring="both", over="school"),), random=(Varying("school"),))
    .formula        # gcse ~ lrt_within_school + lrt_mean_school + (1 | school)

`reading.planned` goes the other way, from a typed formula to the choices that give it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mlcore import FormulaError
from mlcore.language.arithmetic import read_factor
from mlcore.language.expressions import NAME, Call, Expression, Name
from mlcore.language.tokens import Reader
from workbench.plan.columns import deviation, group_mean
from workbench.plan.request import Request

CENTRINGS = {
    "none": "as it is",
    "grand": "less the mean of all rows",
    "group": "less the mean of its group",
    "both": "less the mean of its group, and that mean",
}


class PlanError(ValueError):
    """Choices that no formula can say; the message says which and what to choose instead."""


@dataclass(frozen=True)
class Predictor:
    """A column, or a term as typed, such as `I(x^2)`; `over` is the factor whose means are taken.

    `over` belongs to the centrings "group" and "both".
    """

    column: str
    categorical: bool = False
    centring: str = "none"
    over: str = ""

    def __post_init__(self) -> None:
        if self.centring not in CENTRINGS:
            known = ", ".join(CENTRINGS)
            raise PlanError(f"centring is one of {known}, not {self.centring!r}")
        if self.categorical and self.centring != "none":
            raise PlanError(f"the categories of {self.column} have no mean to take off")
        if self.by_group != bool(self.over):
            raise PlanError(f"say over which groups {self.column} is centred, only if it is")
        if self.typed and (self.categorical or self.centring != "none"):
            raise PlanError(f"{self.column} is a term as typed: it is neither coded nor centred")

    @property
    def by_group(self) -> bool:
        return self.centring in ("group", "both")

    @property
    def typed(self) -> bool:
        return isinstance(expression(self.column), Call)

    @property
    def terms(self) -> dict[str, Expression]:
        """By what the choices call them, the terms it brings to the formula."""
        if self.by_group:
            found: dict[str, Expression] = {self.column: Name(deviation(self.column, self.over))}
            mean = group_mean(self.column, self.over)
            return found | ({mean: Name(mean)} if self.centring == "both" else {})
        main = expression(self.column)
        if self.categorical:
            main = Call("C", (main,))
        if self.centring == "grand":
            main = Call("center", (main,))
        return {self.column: main}


@dataclass(frozen=True)
class Varying:
    """A random term: an intercept and slopes that vary over a factor, `school` or `hospital:ward`.

    A single effect is correlated with nothing, which is written as if it were.
    """

    factor: str
    slopes: tuple[str, ...] = ()
    correlated: bool = True
    intercept: bool = True

    def __post_init__(self) -> None:
        if not self.slopes and not self.intercept:
            raise PlanError(f"nothing varies over {self.factor}: choose the intercept or a slope")
        if len(self.slopes) + self.intercept < 2:
            object.__setattr__(self, "correlated", True)


@dataclass(frozen=True)
class Plan:
    """All choices. Interactions and slopes name predictors by their columns; whether a predictor is
    centred is said once. Its group mean, where that is a predictor too, goes by its own name.
    """

    outcome: str
    predictors: tuple[Predictor, ...] = ()
    interactions: tuple[tuple[str, ...], ...] = ()
    random: tuple[Varying, ...] = ()
    kind: str = "continuous"
    estimator: str = "reml"
    group: str = ""
    time: str = ""
    intercept: bool = True

    def __post_init__(self) -> None:
        named = [name for predictor in self.predictors for name in predictor.terms]
        if twice := [name for name in named if named.count(name) > 1]:
            raise PlanError(f"{twice[0]} is a predictor twice: keep one of the two")
        if self.outcome in named:
            raise PlanError(f"{self.outcome} is the outcome: it cannot be a predictor too")
        if not self.intercept and not named:
            raise PlanError("no fixed effects are left: keep the intercept")
        object.__setattr__(self, "interactions", ordered(self.interactions, named))

    @property
    def terms(self) -> dict[str, Expression]:
        """The terms of all predictors, by what the choices call them."""
        return {name: term for each in self.predictors for name, term in each.terms.items()}

    @property
    def formula(self) -> str:
        known = self.terms
        fixed = [str(writable(term)) for term in known.values()]
        fixed += [":".join(spelt(name, known) for name in each) for each in self.interactions]
        start = ["0"] if not self.intercept else [] if fixed else ["1"]
        random = [bracket(each, known) for each in self.random]
        return f"{writable(expression(self.outcome))} ~ {' + '.join([*start, *fixed, *random])}"

    @property
    def request(self) -> Request:
        return Request(self.formula, self.kind, self.estimator, self.group, self.time)

    @property
    def factors(self) -> tuple[str, ...]:
        """What rows are grouped by."""
        grouped = [each.factor for each in self.random] + ([self.group] if self.group else [])
        return tuple(dict.fromkeys(grouped))

    def predictor(self, column: str) -> Predictor | None:
        """The predictor of that name, if it is one."""
        return next((each for each in self.predictors if each.column == column), None)

    def about(self, outcome: str) -> Plan:
        """The same for another outcome, which no longer predicts anything."""
        return replace(self.without(outcome), outcome=outcome)

    def without(self, column: str) -> Plan:
        """The choices without a predictor, its interactions and its random slopes."""
        gone = self.predictor(column)
        names = {column, *(gone.terms if gone else ())}
        random = [
            replace(each, slopes=tuple(s for s in each.slopes if s not in names))
            for each in self.random
            if each.intercept or not {*each.slopes} <= names
        ]
        return replace(
            self,
            predictors=tuple(each for each in self.predictors if each is not gone),
            interactions=tuple(each for each in self.interactions if not names & {*each}),
            random=tuple(random),
        )


def ordered(
    interactions: Iterable[tuple[str, ...]], names: Iterable[str]
) -> tuple[tuple[str, ...], ...]:
    """By degree, each once, its parts in the order of the predictors: as a formula is read."""
    place = {name: i for i, name in enumerate(names)}
    unique = sorted((tuple(dict.fromkeys(each)) for each in interactions), key=len)
    for each in unique:
        if len(each) < 2:
            raise PlanError("an interaction has two parts or more: choose another column")
        for name in each:
            place.setdefault(name, len(place))
    return tuple(dict.fromkeys(tuple(sorted(each, key=place.__getitem__)) for each in unique))


def expression(text: str) -> Name | Call:
    """A column by its name, whatever it is called, or a function of the closed list."""
    if re.fullmatch(NAME, text):
        return Name(text)
    try:
        reader = Reader(text)
        read = read_factor(reader)
    except FormulaError:
        return Name(text)
    whole = isinstance(read, Call) and reader.token.kind == "end"
    return read if whole else Name(text)


def spelt(name: str, known: dict[str, Expression]) -> str:
    """A predictor's term, or a column that is none."""
    return str(writable(known.get(name) or expression(name)))


def bracket(varying: Varying, known: dict[str, Expression]) -> str:
    """`(1 + lrt | school)`"""
    terms = ["1" if varying.intercept else "0"]
    terms += [spelt(name, known) for name in varying.slopes]
    bar = "|" if varying.correlated else "||"
    factor = ":".join(str(writable(Name(name))) for name in varying.factor.split(":"))
    return f"({' + '.join(terms)} {bar} {factor})"


def writable(name: Expression) -> Expression:
    """The same, unless it is a name that no formula can hold."""
    if isinstance(name, Name) and (not name.name or "`" in name.name):
        raise PlanError(f"{name.name!r} cannot be written in a formula: rename the column")
    return name
