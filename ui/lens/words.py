"""What the columns, the units and the groups of a model are called, for equations and sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets import Case, Dataset
from mlcore import Design, Fit

_CODE = re.compile(r"(?:C|factor|as\.factor)\((\w+)\)(.+)|(\w+)")


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
        inner = next((name for name in self.groups if name in factor.split(":")), factor)
        return self.groups.get(inner, (f"group of {factor}", f"groups of {factor}"))

    def term(self, term: str) -> str:
        """A predictor as a reader knows it: `reading score at 11`, `type of school: boys`."""
        if term == "(Intercept)":
            return "intercept"
        return " × ".join(self._part(part) for part in term.split(":"))

    def _part(self, part: str) -> str:
        found = _CODE.fullmatch(part)
        if found and found[1]:
            code = self.codes.get(found[1], {}).get(_whole(found[2]), found[2])
            return f"{self.label(found[1])}: {code}"
        codes = self.codes.get(part, {})
        return codes[1] if set(codes) == {0, 1} else self.label(part)


def of_data(data: Dataset) -> Words:
    """The words of a bundled dataset's card."""
    row = data.levels[0]
    known = {**data.variables, **data.derived}
    return Words(
        {name: variable.label for name, variable in known.items()},
        {name: variable.unit.partition(",")[0] for name, variable in known.items()},
        {name: variable.values for name, variable in known.items()},
        (row.name, row.plural),
        {level.column: (level.name, level.plural) for level in data.levels if level.column},
        data.synthetic,
    )


def of_case(case: Case) -> Words:
    return of_data(case.data)


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
    found = _CODE.fullmatch(term)
    if not found or not found[1]:
        return None
    labels = words.codes.get(found[1], {})
    own = {_whole(str(name)[name.index(")") + 1 :]) for name in fit.design.names if ")" in name}
    rest = [label for code, label in sorted(labels.items()) if code not in own]
    here = labels.get(_whole(found[2]), found[2])
    return Contrast(found[1], here, rest[0] if rest else "the reference")


def _whole(text: str) -> int:
    try:
        return int(float(text))
    except ValueError:
        return -1
