"""What a dataset's groups and units are called in a picture and in the sentences around it."""

from __future__ import annotations

from dataclasses import dataclass

from datasets import Dataset


@dataclass(frozen=True)
class Noun:
    """Singular and plural of the group and of the unit in it: school, schools, pupil, pupils."""

    group: str
    groups: str
    unit: str
    units: str


def noun(data: Dataset, column: str) -> Noun:
    """Return the words for the level identified by `column` and for the lowest level."""
    unit = data.levels[0]
    group = next(level for level in data.levels if level.column == column)
    return Noun(group.name, group.plural, unit.name, unit.plural)


def measure(data: Dataset, column: str) -> str:
    """Return the unit of a variable without its explanation: "points", not "points, SD 10"."""
    return data.variables[column].unit.partition(",")[0]
