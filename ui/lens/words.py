"""What the columns, the units and the groups of a model are called, for equations and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets import Dataset
from mlcore import Design, Fit
from mlcore.language.encoding import Parts
from mlcore.language.expressions import Expression
from ui.lens.terms import factor_of, named


@dataclass(frozen=True)
class Words:
    """Labels and units by column, and nouns: of a row, singular and plural, and of each factor."""

    labels: Mapping[str, str]
    units: Mapping[str, str]
    codes: Mapping[str, Mapping[int, str]]
    row: tuple[str, str]
    groups: Mapping[str, tuple[str, str]]
    synthetic: bool = False

    def label(self, column: str) -> str:
        """The label in the middle of a sentence: `reading score at 11`, `GHQ`."""
        text = self.labels.get(column, column)
        return text if text[:2].isupper() else text[:1].lower() + text[1:]

    def unit(self, column: str) -> str:
        return self.units.get(column, "")

    def group(self, factor: str) -> tuple[str, str]:
        """One and several of a factor's groups; wards for `ward:hospital`."""
        parts = factor.split(":")
        known = [name for name in self.groups if name in parts]
        if len(known) == len(parts):
            return self.groups[known[0]]
        of = next((part for part in parts if part not in known), factor)
        return f"group of {of}", f"groups of {of}"

    def code(self, column: str, label: str) -> str:
        """What a code stands for: `boys` for `2`; a category of text is its own label."""
        return self.codes.get(column, {}).get(_whole(label), label)

    def term(self, design: Design, term: str) -> str:
        """A predictor as a reader knows it: `reading score at 11`, `type of school: boys`."""
        if term == "(Intercept)":
            return "intercept"
        parts = made_of(design).get(term)
        if parts is None:
            return self.label(term)
        return " × ".join(self._part(*part) for part in parts)

    def _part(self, factor: Expression, label: str) -> str:
        column = factor_of(factor) or str(factor)
        if label:
            return f"{self.label(column)}: {self.code(column, label)}"
        codes = self.codes.get(column, {})
        return codes[1] if set(codes) == {0, 1} else self.label(column)


def made_of(design: Design) -> dict[str, Parts]:
    """By coefficient, of groups too, its factors, each with the category that it stands for.

    The factors of an interaction are listed alone as well.
    """
    terms = [*design.formula.fixed, *(t for part in design.random for t in part.term.terms)]
    found = [parts for t in terms for parts in design.encoder.coefficients((t,))[0]]
    found += [parts for made in design.encoder.coefficients(design.formula.fixed) for parts in made]
    single = {named((part,)): (part,) for parts in found for part in parts}
    return {**single, **{named(parts): parts for parts in found}}


def of_data(data: Dataset) -> Words:
    """The words of a bundled dataset's card."""
    row = data.levels[0]
    known = {**data.variables, **data.derived}
    return Words(
        {name: variable.label for name, variable in known.items()},
        {name: variable.unit.partition(",")[0] for name, variable in known.items()},
        {name: variable.values for name, variable in known.items()},
        (row.name, row.plural),
        _nouns(data),
        data.synthetic,
    )


def _nouns(data: Dataset) -> dict[str, tuple[str, str]]:
    """By the column that identifies a level, the smallest first; by its name, if that is a column.

    Wards are numbered within hospitals by a column `ward`, and identified by another.
    """
    found: dict[str, tuple[str, str]] = {}
    for level in data.levels:
        for column in (level.column, level.name):
            if column in data.variables and level.plural:
                found.setdefault(column, (level.name, level.plural))
    return found


def response(fit: Fit) -> str:
    """The outcome as the formula has it."""
    return str(fit.design.formula.response)


def varies(design: Design, factor: str) -> list[bool]:
    """By term, whether it differs among the rows of one group of `factor`."""
    grouping = design.groupings[factor]
    first = np.zeros(len(grouping.levels), dtype=np.intp)
    first[grouping.codes[::-1]] = np.arange(design.n)[::-1]
    home = first[grouping.codes]
    return [differs(column, home) for column in np.asarray(design.X).T]


def differs(column: NDArray[np.float64], home: NDArray[np.intp]) -> bool:
    """Whether some row differs from the first row of its group; most that do, do so early."""
    for rows in (slice(0, 1000), slice(1000, None)):
        here, there = column[rows], column[home[rows]]
        if (np.abs(here - there) > 1e-9 * np.maximum(1.0, np.abs(there))).any():
            return True
    return False


def within_only(fit: Fit, factor: str) -> dict[str, bool]:
    """By term, whether its mean is the same in every group: then it compares within groups."""
    grouping, X = fit.effects[factor].grouping, np.asarray(fit.design.X)
    found = {}
    for name, column in zip(fit.design.names, X.T, strict=True):
        means = np.bincount(grouping.codes, column) / grouping.sizes
        # data files round, so that the means of a centred column are not quite equal
        found[name] = bool(means.std() < 0.01 * (column.std() or 1.0))
    return found


@dataclass(frozen=True)
class Contrast:
    """A code of a column against the reference, both as labels."""

    column: str
    code: str
    against: str


def contrast(fit: Fit, words: Words, term: str) -> Contrast | None:
    """What a dummy compares; None for a term that is no dummy."""
    codes = words.codes.get(term, {})
    if set(codes) == {0, 1}:
        return Contrast(term, codes[1], codes[0])
    design = fit.design
    known = made_of(design)
    parts = known.get(term, ())
    levels = design.encoder.levels(parts[0][0]) if len(parts) == 1 else None
    if levels is None:
        return None
    ((factor, label),) = parts
    column = factor_of(factor) or str(factor)
    own = {
        made[0][1]
        for name, made in known.items()
        if name in design.names and len(made) == 1 and made[0][0] == factor
    }
    rest = [words.code(column, each) for each in levels.labels if each not in own]
    return Contrast(column, words.code(column, label), rest[0] if rest else "the rest")


def _whole(text: str) -> int:
    try:
        return int(float(text))
    except ValueError:
        return -1
