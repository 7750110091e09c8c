"""A formula applied to data: the response, the design matrices and the grouping.

    y = X beta + sum_t Z_t u_t + e

Whatever is wrong with the request is found here, before anything is computed (`language.checks`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError
from mlcore.language import checks
from mlcore.language.encoding import Columns, Encoder
from mlcore.language.expressions import Name, names_in
from mlcore.language.formula import Formula, RandomTerm, Term, parse


@dataclass(frozen=True, eq=False)
class Grouping:
    """A grouping factor: `codes` (n,) say which of the `levels` (J,) each row belongs to."""

    columns: tuple[Name, ...]
    codes: Indices
    levels: pd.Index

    @property
    def name(self) -> str:
        return ":".join(column.name for column in self.columns)

    @cached_property
    def sizes(self) -> Indices:
        """Rows per group, n_j, shape (J,)."""
        return np.bincount(self.codes, minlength=len(self.levels))

    def find(self, data: pd.DataFrame) -> Indices:
        """The codes of other rows' groups, -1 where a group is new or missing."""
        columns = [name.name for name in self.columns]
        if missing := [name for name in columns if name not in data.columns]:
            raise DataError(f"no column {missing[0]} in the data: it says which group a row is in")
        labels = data[columns[0]] if len(columns) == 1 else joined(data, columns)
        return self.levels.get_indexer(pd.Index(labels))


@dataclass(frozen=True, eq=False)
class RandomPart:
    """One random term: the columns of `Z` (n, q) have `names` and vary over factor `group`."""

    term: RandomTerm
    names: tuple[str, ...]
    Z: Array

    @property
    def group(self) -> str:
        return self.term.factor


@dataclass(frozen=True, eq=False)
class Design:
    """What a model is fitted to: `y` (n,), `X` (n, p) with `names`, the random parts, the groups.

    `index` labels the rows that were kept, `messages` count those that were not.
    """

    formula: Formula
    y: Array
    X: Array
    names: tuple[str, ...]
    random: tuple[RandomPart, ...]
    groupings: dict[str, Grouping]
    index: pd.Index
    encoder: Encoder
    messages: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        return len(self.index)

    @property
    def has_intercept(self) -> bool:
        return () in self.formula.fixed

    def Z(self, group: str) -> Array:
        """The columns of all random terms of one grouping factor, shape (n, q)."""
        return np.hstack([part.Z for part in self.random if part.group == group])

    def columns(self, terms: tuple[Term, ...], data: pd.DataFrame) -> Array:
        """Other data coded as these were, shape (len(data), k); NaN where a value is missing."""
        used = list(dict.fromkeys(n for term in terms for f in term for n in names_in(f)))
        checks.columns_exist(self.formula, used, data)
        complete = ~checks.missing(data, used)
        coded = self.encoder.columns(terms, data[complete])
        columns = np.full((len(data), len(coded)), np.nan)
        columns[complete] = np.column_stack([column for _, column in coded])
        return columns


def design(
    formula: str | Formula,
    data: pd.DataFrame,
    *,
    cluster: str | None = None,
    groups: Sequence[str] = (),
    response: bool = True,
    residual: bool = True,
) -> Design:
    """Apply a formula to data, or say what stands in the way.

    `groups` and `cluster` name further groupings. Without `response` the data need not hold one: y
    is zero.
    """
    formula = parse(formula) if isinstance(formula, str) else formula
    variables = formula.variables(response=response)
    checks.columns_exist(formula, variables, data)
    if cluster is not None:
        checks.group_exists(cluster, data, "to cluster by")
    for name in groups:
        checks.group_exists(name, data, "in the data")
    more = [Name(name) for name in (*groups, cluster) if name is not None]
    variables = tuple(dict.fromkeys((*variables, *more)))
    frame, messages = checks.complete_rows(data, variables)
    checks.finite(frame, variables)

    encoder = Encoder()
    y = encoder.number(formula.response, frame) if response else np.zeros(len(frame))
    names, X = stacked(encoder.columns(formula.fixed, frame), len(frame))
    groupings = {term.factor: grouping(term.group, frame) for term in formula.random}
    groupings |= {column.name: grouping((column,), frame) for column in more}
    random = tuple(random_part(term, encoder, frame, names, X) for term in formula.random)

    if response:
        checks.response(str(formula.response), y)
    checks.predictors(names, X)
    counts = {name: len(group.levels) for name, group in groupings.items()}
    parts = [(part.names, part.Z) for part in random]
    checks.random_terms(formula, parts, counts, set(names), residual=residual)
    checks.distinct_factors(formula, {name: group.codes for name, group in groupings.items()})
    return Design(formula, y, X, names, random, groupings, frame.index, encoder, messages)


def stacked(columns: Columns, rows: int) -> tuple[tuple[str, ...], Array]:
    matrix = np.empty((rows, len(columns)), order="F")
    for k, (_, column) in enumerate(columns):
        matrix[:, k] = column
    return tuple(name for name, _ in columns), matrix


def grouping(columns: tuple[Name, ...], frame: pd.DataFrame) -> Grouping:
    """Number the groups 0..J-1 in the order of their sorted labels; several columns are crossed."""
    names = [column.name for column in columns]
    labels = frame[names[0]] if len(names) == 1 else joined(frame, names)
    codes, levels = pd.factorize(labels, sort=True)
    return Grouping(columns, codes, pd.Index(levels, name=":".join(names)))


def joined(frame: pd.DataFrame, names: list[str]) -> pd.Series:
    """Labels of crossed factors: 'ward:hospital'."""
    labels = frame[names[0]].astype(str)
    for name in names[1:]:
        labels = labels + ":" + frame[name].astype(str)
    return labels


def random_part(
    term: RandomTerm, encoder: Encoder, frame: pd.DataFrame, fixed: tuple[str, ...], X: Array
) -> RandomPart:
    """The columns of one random term; those that the fixed part begins with are not copied."""
    columns = encoder.columns(term.terms, frame)
    names = tuple(name for name, _ in columns)
    shared = names == fixed[: len(names)]
    return RandomPart(
        term, names, X[:, : len(names)] if shared else stacked(columns, len(frame))[1]
    )
