"""What is known of a table before any model: worked out once, for all learners or for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from pandas.api.types import is_numeric_dtype

import datasets
from datasets import Dataset
from ui import cache
from ui.workbench import kept
from workbench import readiness
from workbench.files import Table
from workbench.readiness import Candidate, Outcome, Profile, Sentence, Trap


@dataclass(frozen=True, eq=False)
class Survey:
    """A dataset's rows, to be read and never changed, and what they are ready for.

    `outcomes` say by column what kind of outcome it could be, `profiles` at which level it varies;
    these are empty where no column has any groups.
    """

    dataset: Dataset
    frame: pd.DataFrame
    candidates: tuple[Candidate, ...]
    outcomes: Mapping[str, Outcome]
    sentences: tuple[Sentence, ...]
    traps: tuple[Trap, ...]
    profiles: tuple[Profile, ...]

    @property
    def factors(self) -> list[str]:
        """Columns that could be groups, the most plausible first."""
        return [each.column for each in self.candidates if each.plausible]

    @property
    def first(self) -> str:
        """The column by which variances between and within are given."""
        return [*self.factors, *self.groupable][0]

    @property
    def groupable(self) -> list[str]:
        """Every column that has groups at all."""
        return [each.column for each in self.candidates]

    @property
    def columns(self) -> list[str]:
        return [*self.dataset.variables]

    @property
    def explicable(self) -> list[str]:
        """Columns that could be an outcome."""
        return [name for name, outcome in self.outcomes.items() if outcome.kind]

    def kind(self, column: str) -> str:
        """The kind of outcome that a column could be; empty for none."""
        return self.outcomes[column].kind or "" if column in self.outcomes else ""

    def level(self, column: str) -> str:
        """The groups within which a column never varies; "row" if it does in all."""
        return next((each.level for each in self.profiles if each.column == column), "row")

    def is_text(self, column: str) -> bool:
        return column in self.frame and not is_numeric_dtype(self.frame[column])

    def is_category(self, column: str) -> bool:
        """Whether a column holds text, or codes with more than two labels."""
        known = self.dataset.variables.get(column)
        return self.is_text(column) or (known is not None and len(known.values) > 2)


def of(table: Table) -> Survey:
    """The survey of a table; that of the learner's own file is kept while it is open."""
    if kept.for_all(table):
        return _bundled(table.dataset.name)
    data = table.dataset
    return kept.last("desk.survey", table.digest, lambda: survey(data, data.frame))


@lru_cache(maxsize=16)
def _bundled(name: str) -> Survey:
    return survey(datasets.load(name), cache.rows(name)[[*datasets.load(name).variables]])


def survey(dataset: Dataset, frame: pd.DataFrame) -> Survey:
    found = readiness.candidates(frame, dataset)
    factors = [each.column for each in found if each.plausible] or [c.column for c in found[:1]]
    return Survey(
        dataset=dataset,
        frame=frame,
        candidates=found,
        outcomes={str(name): readiness.outcome_kind(frame[name]) for name in frame},
        sentences=readiness.sentences(frame, dataset, found=found),
        traps=readiness.traps(frame, found),
        profiles=readiness.profiles(frame, factors) if factors else (),
    )
