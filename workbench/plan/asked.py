"""A request beside its data: the choices behind it, the columns, and changes that may help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from pandas.api.types import is_numeric_dtype

from datasets import Dataset
from mlcore.language.expressions import Name
from workbench.plan import remedies
from workbench.plan.fitting import needed
from workbench.plan.plan import Plan
from workbench.plan.remedies import Remedy, plan_of
from workbench.plan.request import Request


@dataclass(frozen=True, eq=False)
class Asked:
    """What was asked of which data; `plan` is None where the choices cannot show the formula."""

    dataset: Dataset
    request: Request

    @cached_property
    def plan(self) -> Plan | None:
        return plan_of(self.request, self.dataset)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The columns that the request names, those that centring makes among them."""
        return needed(self.dataset, self.request)

    @property
    def values(self) -> pd.Series | None:
        """The outcome's values, if it is a column of numbers."""
        if self.plan is None or self.plan.outcome not in self.frame:
            return None
        column = self.frame[self.plan.outcome].dropna()
        return column if is_numeric_dtype(column) else None

    def is_outcome(self, name: str) -> bool:
        return self.plan is not None and self.plan.outcome == name

    def logarithm(self) -> Remedy | None:
        """The logarithm of a count as a measurement."""
        y = self.values
        if self.plan is None or y is None:
            return None
        name = Name(self.plan.outcome)
        text = f"log({name})" if y.min() > 0 else f"log({name} + 1)"
        logs = replace(self.plan, outcome=text).request.of_kind("continuous")
        return Remedy(f"Take {text} as a measurement", logs)

    def without(self, *names: str) -> list[Remedy | None]:
        """Each of some predictors left out."""
        return [remedies.without_term(self.plan, name) for name in names] if self.plan else []

    def fewer_slopes(self, factor: str) -> list[Remedy | None]:
        return [*remedies.without_slopes(self.plan, factor)] if self.plan else []

    def simpler(self, factor: str) -> list[Remedy | None]:
        """What varies over a factor made simpler: correlations left out, or a slope."""
        apart = remedies.without_correlations(self.plan, factor) if self.plan else []
        return [*apart, *self.fewer_slopes(factor)]

    def fewer_factors(self, *factors: str) -> list[Remedy | None]:
        if self.plan is None:
            return []
        known = {each.factor for each in self.plan.random}
        return [remedies.without_factor(self.plan, each) for each in factors if each in known]
