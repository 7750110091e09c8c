"""A lab: an exercise on one dataset, step by step, with what there is to find.

A finding is computed when it is asked for, from models fitted to the data on the shelf; words and
tables are text, so that a page and a sheet of paper show the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from datasets import Dataset, load
from ui.labs.material import Material
from workbench.plan import Request


@dataclass(frozen=True, eq=False)
class Found:
    """What a step shows: a few sentences as Markdown, and a small table where it helps."""

    text: str
    table: pd.DataFrame | None = None


@dataclass(frozen=True)
class Step:
    """One thing to do: `task` says what to choose, and `request` says it as a formula, if any.

    `ask` is to be answered before `finding` is opened. `data` is another dataset than the lab's.
    """

    title: str
    task: str
    request: Request | None
    ask: str
    finding: Callable[[Material], Found]
    data: str = ""


@dataclass(frozen=True)
class Lab:
    """An exercise of about so many `minutes`; `name` stands in the address.

    `purpose` says in two sentences what it is for, `lessons` names those that lead to it.
    """

    name: str
    title: str
    purpose: str
    minutes: int
    data: str
    lessons: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def dataset(self) -> Dataset:
        return load(self.data)

    def data_of(self, step: Step) -> str:
        return step.data or self.data

    def material(self, step: Step) -> Material:
        return Material(self.data_of(step))


def table(heads: Sequence[str], *rows: Sequence[str]) -> pd.DataFrame:
    """A small table of text."""
    return pd.DataFrame(rows, columns=list(heads))
