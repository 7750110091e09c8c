"""Columns that centring makes: how far a row is from the mean of its group, and that mean.

    x_within_school = x - x_mean_school,      x_mean_school = the mean of x in the row's school

Their names say it all, so that a typed formula and one that was chosen need the same columns. For
the factor `hospital:ward` the names end in `hospital_ward`. A column of the file with such a name
is that column.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from keyword import iskeyword
from types import MappingProxyType

from pandas.api.types import is_numeric_dtype

from datasets import Dataset, Derived
from mlcore import Formula, parse

PARTS = re.compile("_(within|mean)_")


@dataclass(frozen=True)
class Made:
    """What a name says: the `part` ("within" or "mean") of a `column` by the groups of `factor`."""

    column: str
    part: str
    factor: str

    @property
    def name(self) -> str:
        return f"{self.column}_{self.part}_{self.factor.replace(':', '_')}"


def deviation(column: str, factor: str) -> str:
    """`lrt_within_school`"""
    return Made(column, "within", factor).name


def group_mean(column: str, factor: str) -> str:
    """`lrt_mean_school`"""
    return Made(column, "mean", factor).name


def meaning(name: str, factors: Iterable[str], columns: Collection[str] = ()) -> Made | None:
    """Which column and groups a name stands for, if it is one of ours.

    `factors` are those of the model, tried first; `columns` those of the data, if they are known.
    """
    if name in columns:
        return None
    known = list(factors)
    for found in PARTS.finditer(name):
        column, ending = name[: found.start()], name[found.end() :]
        if not column or not ending:
            continue
        if columns and column not in columns and not meaning(column, known, columns):
            continue
        for factor in [*known, *possible(ending, columns)]:
            made = Made(column, found[1], factor)
            if made.name == name and (not columns or {*factor.split(":")} <= {*columns}):
                return made
    return None


def possible(ending: str, columns: Collection[str]) -> list[str]:
    """Factors that a name may end in: one column, or two of the data."""
    cuts = [found.start() for found in re.finditer("_", ending)] if columns else []
    return [ending, *(f"{ending[:cut]}:{ending[cut + 1 :]}" for cut in cuts)]


def factors_of(formula: Formula, group: str = "") -> tuple[str, ...]:
    """The factors over which a model's rows are grouped."""
    found = [term.factor for term in formula.random]
    return tuple(dict.fromkeys([*found, group] if group else found))


def made(formula: str, dataset: Dataset) -> Dataset:
    """The dataset with the columns that the formula names and that can be made of others.

    A deviation brings the mean along that it is from; a deviation of a mean, which three levels
    call for, brings that mean.
    """
    read = parse(formula)
    for name in read.variables():
        dataset = with_column(name.name, factors_of(read), dataset)
    return dataset


def with_column(name: str, factors: tuple[str, ...], dataset: Dataset) -> Dataset:
    """The dataset with the column of that name, if it can be made."""
    found = meaning(name, factors, (*dataset.variables, *dataset.derived))
    if found is None or not plain(found):
        return dataset
    dataset = with_column(found.column, factors, dataset)
    if not numeric(found.column, dataset):
        return dataset
    if found.part == "mean":
        return with_derived(name, mean_column(found, dataset), dataset)
    dataset = with_column(replace(found, part="mean").name, factors, dataset)
    return with_derived(name, deviation_column(found, dataset), dataset)


def with_derived(name: str, column: Derived, dataset: Dataset) -> Dataset:
    return replace(dataset, derived=MappingProxyType({**dataset.derived, name: column}))


def plain(found: Made) -> bool:
    """Whether the names are ones that every program can read, the column's in arithmetic too."""
    names = [found.column, *found.factor.split(":")]
    return all(name.isidentifier() for name in names) and not iskeyword(found.column)


def numeric(column: str, dataset: Dataset) -> bool:
    """Whether there is a mean to take."""
    if column in dataset.derived:
        return True
    return column in dataset.variables and is_numeric_dtype(dataset.frame[column])


def mean_column(found: Made, dataset: Dataset) -> Derived:
    about = dataset.variable(found.column)
    over = tuple(found.factor.split(":"))
    return Derived(
        label=f"{about.label}, mean of its {words(over, dataset)}",
        level=lowest(over, dataset),
        unit=about.unit,
        mean=found.column,
        over=over,
    )


def deviation_column(found: Made, dataset: Dataset) -> Derived:
    about = dataset.variable(found.column)
    over = tuple(found.factor.split(":"))
    return Derived(
        label=f"{about.label}, less the mean of its {words(over, dataset)}",
        level=about.level,
        unit=about.unit,
        formula=f"{found.column} - {group_mean(found.column, found.factor)}",
    )


def lowest(over: tuple[str, ...], dataset: Dataset) -> str:
    """The level whose units these groups are, if the card knows it; else that of the rows."""
    known = {level.column: level.name for level in dataset.levels}
    return known.get(over[0], dataset.levels[0].name) if len(over) == 1 else dataset.levels[0].name


def words(over: tuple[str, ...], dataset: Dataset) -> str:
    """`school`, as the card says it; `hospital and ward` for groups of two columns."""
    known = {level.column: level.name for level in dataset.levels}
    return " and ".join(known.get(column, column) for column in over)
