"""What can be wrong with data for a given formula; every function returns quietly or raises.

They run before anything is fitted, from the cheapest to the dearest, and each message names the
column or the group and says what to do about it.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import combinations

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Flags, Indices
from mlcore.errors import DataError, FormulaError
from mlcore.language.expressions import Name
from mlcore.language.formula import Formula

ROUNDING = 1e-11  # a range, in units of the largest value, that is no variation
COLLINEAR = 1e-10  # the least share of a column's variance that the others must leave unexplained
EXACT = 1e-13  # the share of a response's variation that is rounding


def columns_exist(formula: Formula, names: Iterable[Name], data: pd.DataFrame) -> None:
    for name in names:
        if name.name not in data.columns:
            known = [str(column) for column in data.columns]
            near = difflib.get_close_matches(name.name, known, 3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {listed(known)}"
            raise FormulaError(
                f"no column {name} in the data: {hint}",
                formula.text,
                name.position,
                kind="unknown column",
                about=[name.name, *near],
            )
        if isinstance(data[name.name], pd.DataFrame):
            raise DataError(f"the data have several columns called {name}: rename them")


def group_exists(name: str, data: pd.DataFrame, where: str) -> None:
    if name not in data.columns:
        near = difflib.get_close_matches(name, [str(c) for c in data.columns], 3)
        hint = f": did you mean {' or '.join(near)}?" if near else ""
        raise DataError(f"no column {name} {where}{hint}", "unknown column", [name, *near])


def missing(data: pd.DataFrame, names: Iterable[Name]) -> Flags:
    """True for rows in which one of the columns has no value."""
    rows = np.zeros(len(data), dtype=bool)
    for name in names:
        rows |= data[name.name].isna().to_numpy()
    return rows


def complete_rows(
    data: pd.DataFrame, names: Sequence[Name]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows without missing values, and a message that counts the others by column."""
    if len(data) == 0:
        raise DataError("the data have no rows: nothing can be fitted", "no rows")
    lacking = {name: int(data[name.name].isna().sum()) for name in names}
    for name, count in lacking.items():
        if count == len(data):
            raise DataError(
                f"every value of {name} is missing: leave it out of the formula",
                "all missing",
                [name.name],
            )
    if not any(lacking.values()):
        return data, ()
    dropped = missing(data, names)
    if dropped.all():
        raise DataError(
            f"no row has a value in all of {listed(map(str, names))}: leave one of them out",
            "none complete",
            [name.name for name in names],
        )
    by_column = ", ".join(f"{name} {count}" for name, count in lacking.items() if count)
    message = f"{dropped.sum()} of {len(data)} rows dropped for missing values ({by_column})"
    return data[~dropped], (message,)


def finite(frame: pd.DataFrame, names: Iterable[Name]) -> None:
    for name in names:
        column = frame[name.name]
        if pd.api.types.is_float_dtype(column):
            count = int(np.isinf(column.to_numpy(dtype=float)).sum())
            if count:
                raise DataError(
                    f"{name} is infinite in {count} rows: correct or remove these rows",
                    "not finite",
                    [name.name],
                )


def response(label: str, y: Array) -> None:
    if y.min() == y.max():
        raise DataError(
            f"the response {label} is {y[0]:g} in every row: there is nothing to explain",
            "constant outcome",
            [label],
        )


def residual(formula: Formula, share: float) -> None:
    """`share` is what is left of the response's variation."""
    if share < EXACT:
        raise DataError(
            f"{formula.text!r} reproduces the response exactly: no residual variance is left",
            "exact",
        )


def predictors(names: Sequence[str], X: Array) -> None:
    enough(*X.shape)
    independent(names, X)


def enough(n: int, p: int) -> None:
    if n <= p:
        raise DataError(
            f"{n} rows cannot determine {p} coefficients: drop predictors or add rows",
            "too few rows",
        )


def independent(names: Sequence[str], X: Array) -> None:
    found = first_dependent(X)
    if found is None:
        return
    k, others = found
    if [names[i] for i in others] == ["(Intercept)"]:
        raise DataError(
            f"{names[k]} has the same value in every row: leave it out of the formula",
            "one value",
            [names[k]],
        )
    raise DataError(
        f"collinear predictors: {names[k]} can be computed from "
        f"{listed(names[i] for i in others)}; leave one of them out",
        "collinear",
        [names[i] for i in (k, *others)],
    )


def random_terms(
    formula: Formula,
    parts: Sequence[tuple[Sequence[str], Array]],
    counts: Mapping[str, int],
    fixed: Set[str],
    *,
    residual: bool,
) -> None:
    """`counts` are the numbers of groups; `fixed` the predictors, known to be independent.

    With a `residual` variance a group has to have several rows.
    """
    seen: set[tuple[str, str]] = set()
    for (names, Z), term in zip(parts, formula.random, strict=True):
        group, where = term.factor, (formula.text, term.position)
        n, q = Z.shape
        J = counts[group]
        if J == 1:
            raise FormulaError(
                f"{group} has one level only: a random term needs several groups",
                *where,
                kind="one group",
                about=[group],
            )
        if residual and n == J:
            raise FormulaError(
                f"every row is a group of its own in {group}: its variance cannot be told from "
                "the residual's; choose a factor whose groups have several rows",
                *where,
                kind="single rows",
                about=[group],
            )
        if q >= J:
            raise FormulaError(
                f"{group} has {J} groups, too few for {q} random effects each: drop random slopes",
                *where,
                kind="too many slopes",
                about=[group],
            )
        if residual and n <= J * q:
            raise FormulaError(
                f"{J} groups with {q} random effects each are {J * q} effects for {n} rows: "
                "drop random slopes",
                *where,
                kind="too many slopes",
                about=[group],
            )
        for name in names:
            if (group, name) in seen:
                raise FormulaError(
                    f"{name} varies over {group} in two random terms: keep one",
                    *where,
                    kind="varies twice",
                    about=[group, name],
                )
            seen.add((group, name))
        found = None if fixed >= set(names) else first_dependent(Z)
        if found is not None:
            k, others = found
            raise FormulaError(
                f"collinear random effects: {names[k]} can be computed from "
                f"{listed(names[i] for i in others)}; leave one of them out",
                *where,
                kind="collinear slopes",
                about=[group, *(names[i] for i in (k, *others))],
            )


def distinct_factors(formula: Formula, codes: Mapping[str, Indices]) -> None:
    """Whether what varies over two factors can be told apart: `codes` say which group a row has."""
    for one, other in combinations(formula.random, 2):
        a, b = codes[one.factor], codes[other.factor]
        if one.factor == other.factor or a.max() != b.max() or not {*one.terms} & {*other.terms}:
            continue
        partner = np.empty(a.max() + 1, dtype=np.intp)
        partner[a] = b
        if (partner[a] == b).all():
            raise FormulaError(
                f"{one.factor} and {other.factor} put the rows in the same groups: keep one of "
                "the two",
                formula.text,
                other.position,
                kind="same groups",
                about=[one.factor, other.factor],
            )


def first_dependent(X: Array) -> tuple[int, list[int]] | None:
    """The first column that is a combination of earlier ones, and which these are."""
    high, low = X.max(axis=0), X.min(axis=0)
    largest = np.maximum(np.maximum(high, -low), np.finfo(float).tiny)
    scaled = X / largest
    constant = np.flatnonzero(high - low < ROUNDING * largest)
    if len(constant):
        centre = scaled.mean(axis=0)
        centre[constant[0]] = 0.0
        scaled -= centre
        scaled[:, constant[1:]] = 0.0
    gram = scaled.T @ scaled
    size = np.sqrt(np.maximum(np.diagonal(gram), np.finfo(float).tiny))
    gram = gram / size / size[:, None]
    for k in range(X.shape[1]):
        others = gram[:k, :k]
        solution = np.linalg.lstsq(others, gram[:k, k], rcond=None)[0]
        if gram[k, k] - gram[:k, k] @ solution < COLLINEAR:
            named = [i for i in range(k) if abs(solution[i]) > 1e-6]
            return k, named or [i for i in constant[:1] if i != k]
    return None


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names for a sentence, cut where there are too many."""
    names = list(names)
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")
