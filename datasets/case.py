"""A case: a dataset looked at in one of the ways that its card lists.

The rows of `nurses` can be nurses in wards or nurses in hospitals. A lesson that lets the learner
choose offers cases, and takes story, words, labels, units and rows from the one chosen:

    found = case("nurses-hospitals")
    found.title                     # Nurses in hospitals
    found.group.plural              # hospitals
    found.null                      # stress ~ 1 + (1 | hospital)
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import numpy as np
import pandas as pd

from datasets.dataset import Dataset, Level, Model
from datasets.shelf import load, names


class UnknownCaseError(ValueError):
    """A name that no case has."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, cases(), n=1)
        question = f": did you mean '{near[0]}'?" if near else "."
        super().__init__(f"unknown case '{name}'{question} There are {', '.join(cases())}.")


@dataclass(frozen=True, eq=False)
class Case:
    """A dataset and one of its models; `name` is what an address bar holds."""

    name: str
    data: Dataset
    model: Model

    @property
    def title(self) -> str:
        return self.model.title or self.data.title

    @property
    def story(self) -> str:
        return self.model.story or self.data.story

    @property
    def synthetic(self) -> bool:
        return self.data.synthetic

    @property
    def unit(self) -> Level:
        """The smallest level: what a row is."""
        return self.data.levels[0]

    @property
    def group(self) -> Level:
        """The level that the model groups by."""
        return next(level for level in self.data.levels if level.column == self.model.group)

    @property
    def compared(self) -> str:
        """The predictor whose slopes within and between groups are compared."""
        return self.model.compared or self.model.predictor

    @property
    def frame(self) -> pd.DataFrame:
        """The rows, with the derived columns."""
        return self.data.extended

    @property
    def sizes(self) -> pd.Series[int]:
        """The rows of each group that have an outcome, ascending."""
        rows = self.frame.groupby(self.model.group)[self.model.outcome]
        return rows.count().sort_values(kind="stable")

    @property
    def null(self) -> str:
        """`gcse ~ 1 + (1 | school)`"""
        return f"{self.model.outcome} ~ 1 + (1 | {self.model.group})"

    @property
    def intercepts(self) -> str:
        """`gcse ~ lrt + (1 | school)`"""
        return f"{self.model.outcome} ~ {self.model.predictor} + (1 | {self.model.group})"

    @property
    def slopes(self) -> str:
        """`gcse ~ lrt + (1 + lrt | school)`"""
        m = self.model
        return f"{m.outcome} ~ {m.predictor} + (1 + {m.predictor} | {m.group})"

    @property
    def has_slopes(self) -> bool:
        """Whether there are rows enough to let slopes vary: more than two for the mean group."""
        return int(self.sizes.sum()) > 2 * len(self.sizes)

    @property
    def full(self) -> str:
        """`gcse ~ lrt + girl + C(schgend) + (1 | school)`"""
        return f"{self.model.outcome} ~ {self.model.fixed} + (1 | {self.model.group})"

    def label(self, column: str) -> str:
        """A variable with its unit, as on an axis: `Exam score at 16, points`."""
        unit = self.measure(column)
        return f"{self.data.variable(column).label}{', ' if unit else ''}{unit}"

    def measure(self, column: str) -> str:
        """The unit of a variable without its explanation: `points`; empty for codes."""
        return self.data.variable(column).unit.partition(",")[0]

    def some(self, groups: int, *, seed: int, least: int = 1) -> pd.DataFrame:
        """The rows of so many groups, drawn at random among those of at least `least` rows."""
        frame, sizes = self.frame, self.sizes
        known = sizes.index[sizes >= least].sort_values()
        rng = np.random.default_rng(seed)
        kept = rng.choice(known, size=min(groups, len(known)), replace=False)
        return frame[frame[self.model.group].isin(kept)]


@cache
def cases() -> tuple[str, ...]:
    """Names of all cases: a dataset's name, and `<dataset>-<model>` for its further models."""
    return tuple(key(name, model) for name in names() for model in load(name).models)


@cache
def case(name: str) -> Case:
    """Return the case called `name`; it is made once and shared from then on."""
    dataset = name.partition("-")[0]
    for model in load(dataset).models if dataset in names() else ():
        if key(dataset, model) == name:
            return Case(name, load(dataset), model)
    raise UnknownCaseError(name)


def key(dataset: str, model: Model) -> str:
    return f"{dataset}-{model.name}" if model.name else dataset
