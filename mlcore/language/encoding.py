"""From the terms of a formula and a data frame to columns of numbers.

What depends on the data (the levels of a factor, the mean that `scale` subtracts, the recurrence of
`poly`) is learned when a model is fitted and kept, so that new data are coded in the same way.

Factors are coded as R does: treatment contrasts against the first level where the model holds the
term without the factor, an indicator for every level where it does not. True and False are 1 and 0.

Reference: Chambers & Hastie (1992), Statistical Models in S, chapter 2.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError
from mlcore.language.expressions import (
    FACTOR_FUNCTIONS,
    Call,
    Expression,
    Name,
    Number,
    Operation,
    names_in,
)
from mlcore.language.formula import Term

Columns = list[tuple[str, Array]]
Parts = tuple[tuple[Expression, str], ...]  # of a coefficient: its factors, each with a level or ""

OPERATORS: dict[str, Callable[[Array, Array], Array]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}
MOST_LEVELS = 1000
ELEMENTWISE: dict[str, Callable[[Array], Array]] = {
    "I": lambda x: x,
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
}


@dataclass(frozen=True)
class Levels:
    """The levels of a factor, in R's order: sorted, or a categorical's own."""

    values: "pd.Index[Any]"

    @classmethod
    def of(cls, column: "pd.Series[Any]") -> "Levels":
        if isinstance(column.dtype, pd.CategoricalDtype):
            return cls(pd.Index(column.cat.remove_unused_categories().cat.categories))
        values = pd.Index(column.unique())
        try:
            return cls(values.sort_values())
        except TypeError:
            return cls(values)

    @property
    def labels(self) -> list[str]:
        return [f"{v:g}" if isinstance(v, float) else str(v) for v in self.values]

    @property
    def numeric(self) -> bool:
        return pd.api.types.is_numeric_dtype(self.values)

    def check(self, factor: Expression) -> None:
        if len(self.values) == 1:
            raise DataError(
                f"{factor} has one level only: leave it out of the formula",
                "one value",
                [names_in(factor)[0].name],
            )
        if len(self.values) > MOST_LEVELS:
            raise DataError(
                f"{factor} has {len(self.values)} levels, too many for a predictor: "
                f"is it a grouping factor, (1 | {names_in(factor)[0]})?",
                "many levels",
                [names_in(factor)[0].name],
            )


@dataclass(frozen=True)
class Encoder:
    """The coding of expressions; `learned` maps an expression to what its coding took from data."""

    learned: dict[Expression, Any] = field(default_factory=dict)

    def columns(self, terms: tuple[Term, ...], frame: pd.DataFrame) -> Columns:
        """A name and a column (rows of `frame`) for every coefficient of `terms`."""
        columns: Columns = []
        for term, contrasts in zip(terms, self._contrasts(terms, frame), strict=True):
            product: Columns = [("", np.ones(len(frame)))]
            for factor, contrast in zip(term, contrasts, strict=True):
                coded = self.code(factor, frame, contrast=contrast)
                product = [
                    (f"{left}:{right}" if left else right, a * b if left else b)
                    for right, b in coded
                    for left, a in product
                ]
            columns += product if term else [("(Intercept)", product[0][1])]
        return columns

    def coefficients(self, terms: tuple[Term, ...]) -> list[list[Parts]]:
        """By term, what each of its columns is made of, where all that has been learned."""
        found = []
        for term, contrasts in zip(terms, self._contrasts(terms, pd.DataFrame()), strict=True):
            product: list[Parts] = [()]
            for factor, contrast in zip(term, contrasts, strict=True):
                labels = self._labels(factor)[contrast and self.levels(factor) is not None :]
                product = [(*left, (factor, label)) for label in labels for left in product]
            found.append(product)
        return found

    def levels(self, factor: Expression) -> Levels | None:
        """What was learned of a factor; None for numbers."""
        learned = self.learned.get(factor)
        return learned if isinstance(learned, Levels) else None

    def _labels(self, factor: Expression) -> list[str]:
        levels = self.levels(factor)
        if levels is not None:
            return levels.labels
        if isinstance(factor, Call) and factor.function == "poly":
            shifts, _ = self.learned[factor]
            return [str(k) for k in range(1, len(shifts) + 1)]
        return [""]

    def _contrasts(self, terms: tuple[Term, ...], frame: pd.DataFrame) -> Iterator[list[bool]]:
        """By term, whether each of its factors is coded against a first level."""
        complete = () in terms
        present = [frozenset(term) for term in terms]
        for term in terms:
            found = []
            for factor in term:
                margin = frozenset(term) - {factor}
                found.append(margin in present if margin else complete)
                if not margin and self.is_factor(factor, frame):
                    complete = True
            yield found

    def code(self, factor: Expression, frame: pd.DataFrame, *, contrast: bool) -> Columns:
        """One column for a number, several for `poly` and for a factor."""
        if self.is_factor(factor, frame):
            levels, codes = self._factor(factor, frame)
            levels.check(factor)
            kept = list(enumerate(levels.labels))[contrast:]
            return [(f"{factor}{label}", (codes == k).astype(float)) for k, label in kept]
        if isinstance(factor, Call) and factor.function == "poly":
            polynomials = self._poly(factor, frame)
            return [(f"{factor}{k}", column) for k, column in enumerate(polynomials.T, start=1)]
        return [(str(factor), self.number(factor, frame))]

    def is_factor(self, factor: Expression, frame: pd.DataFrame) -> bool:
        match factor:
            case Call(function, _) if function in FACTOR_FUNCTIONS:
                return True
            case Name(name):
                if factor not in self.learned:
                    numeric = pd.api.types.is_numeric_dtype(frame[name])
                    self.learned[factor] = None if numeric else Levels.of(frame[name])
                return self.learned[factor] is not None
        return False

    def number(self, expression: Expression, frame: pd.DataFrame) -> Array:
        """The expression's value in every row; `DataError` where it is not a finite number."""
        with np.errstate(all="ignore"):
            values = np.broadcast_to(self._value(expression, frame), len(frame))
        if not np.isfinite(values).all():
            bad = np.flatnonzero(~np.isfinite(values))
            raise DataError(
                f"{expression} is not a finite number in {len(bad)} of {len(frame)} rows "
                f"(first: row {frame.index[bad[0]]}): correct or remove these rows",
                "not finite",
                [str(expression)],
            )
        return values

    def _value(self, expression: Expression, frame: pd.DataFrame) -> Array:
        match expression:
            case Number(value):
                return np.asarray(value)
            case Name(name):
                column = frame[name]
                if not pd.api.types.is_numeric_dtype(column):
                    raise DataError(
                        f"{expression} holds {column.dtype} values where numbers are needed: "
                        f"convert the column, or write factor({expression}) for a predictor",
                        "not a number",
                        [name],
                    )
                values: Array = column.to_numpy(dtype=float)
                return values
            case Operation(sign, None, right):
                return -self._value(right, frame)
            case Operation(sign, left, right) if left is not None:
                return OPERATORS[sign](self._value(left, frame), self._value(right, frame))
            case Call("scale" | "center", (inner,)):
                values = self._value(inner, frame)
                if expression not in self.learned:
                    self.learned[expression] = (values.mean(), values.std(ddof=1))
                centre, spread = self.learned[expression]
                values = values - centre
                return values / spread if expression.function == "scale" else values
            case Call(function, (inner,)) if function in ELEMENTWISE:
                return ELEMENTWISE[function](self._value(inner, frame))
        raise DataError(f"{expression} makes several columns: use it as a term of its own")

    def _factor(self, factor: Expression, frame: pd.DataFrame) -> tuple[Levels, Indices]:
        (name,) = names_in(factor)
        column = frame[name.name]
        if factor not in self.learned:
            self.learned[factor] = Levels.of(column)
        levels: Levels = self.learned[factor]
        codes: Indices = levels.values.get_indexer(pd.Index(column))
        if (codes < 0).any():
            raise DataError(
                f"{name} has a value that the model has not seen: {column[codes < 0].iloc[0]!r}; "
                f"it knows {', '.join(levels.labels[:12])}"
            )
        return levels, codes

    def _poly(self, call: Call, frame: pd.DataFrame) -> Array:
        """Orthogonal polynomials by their three-term recurrence, orthonormal on the fitted data."""
        inner, degree = call.arguments
        x = self.number(inner, frame)
        if call not in self.learned:
            assert isinstance(degree, Number)
            self.learned[call] = polynomial_recurrence(x, int(degree.value), str(call))
        shifts, norms = self.learned[call]
        previous, current = np.zeros_like(x), np.ones_like(x)
        columns = []
        for k, shift in enumerate(shifts):
            ratio = norms[k] / norms[k - 1] if k else 0.0
            previous, current = current, (x - shift) * current - ratio * previous
            columns.append(current / np.sqrt(norms[k + 1]))
        return np.column_stack(columns)


def polynomial_recurrence(x: Array, degree: int, label: str) -> tuple[list[float], list[float]]:
    """Shifts a_k and squared norms of p_{k+1} = (x - a_k) p_k - (|p_k|^2 / |p_{k-1}|^2) p_{k-1}."""
    if len(np.unique(x)) <= degree:
        raise DataError(f"{label} needs more than {degree} distinct values of its variable")
    shifts, norms = [], [float(len(x))]
    previous, current = np.zeros_like(x), np.ones_like(x)
    for k in range(degree):
        shifts.append(float(x @ current**2) / norms[-1])
        ratio = norms[-1] / norms[-2] if k else 0.0
        previous, current = current, (x - shifts[-1]) * current - ratio * previous
        norms.append(float(current @ current))
    return shifts, norms
