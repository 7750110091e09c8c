"""An error of the core beside what was asked of which data."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore import FormulaError, MultilevelError
from workbench.plan.asked import Asked
from workbench.plan.problems import sentence
from workbench.plan.remedies import Remedy

Parts = tuple[str, str, str, list[Remedy | None]]


@dataclass(frozen=True, eq=False)
class Refusal(Asked):
    """A request that was not fitted, and the `error` that says why."""

    error: MultilevelError

    @property
    def about(self) -> tuple[str, ...]:
        """The columns, terms or factors that it concerns."""
        return self.error.about

    @property
    def said(self) -> str:
        """The core's own words, without the place in the formula."""
        error = self.error
        text = error.reason if isinstance(error, FormulaError) else str(error)
        first = text.split(" ")[0]
        named = "(" in first or first in (*self.dataset.variables, *self.dataset.derived)
        return f"{text}." if named else sentence(text)
