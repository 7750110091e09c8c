"""What the next step of a model depends on: its choices, the fits so far, where columns vary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mlcore import Fit, parse
from workbench.plan.asked import Asked
from workbench.plan.plan import Plan, Predictor, Varying
from workbench.plan.request import ESTIMATORS
from workbench.readiness import Candidate, Profile, candidates, profiles
from workbench.readiness.names import says_group

MOST_CANDIDATES = 12
MOST_COLUMNS = 40  # that may be suggested as a predictor
PREDICTORS = ("number", "0/1", "codes", "count", "text")


@dataclass(frozen=True, eq=False)
class Setting(Asked):
    """A request with a plan that shows it, and the fits of this dataset so far."""

    fits: tuple[Fit, ...]
    known: tuple[Candidate, ...] | None = None

    @property
    def choices(self) -> Plan:
        assert self.plan is not None
        return self.plan

    @cached_property
    def fit(self) -> Fit | None:
        """The latest fit of the request's own formula."""
        same = [fit for fit in self.fits if fit.formula == self.request.formula]
        return same[-1] if same else None

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """The model's groups; where it has none, the most plausible of the data."""
        if self.choices.factors:
            return self.choices.factors
        if (model := self.dataset.model) is not None:
            return (model.group,)
        return tuple(each for each in self.plausible if each != self.choices.outcome)[:1]

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        if self.known is not None:
            return self.known
        return candidates(self.dataset.frame, self.dataset)

    @property
    def plausible(self) -> tuple[str, ...]:
        """Columns that look like groups, the most plausible first."""
        return tuple(each.column for each in self.candidates if each.plausible and not each.few)

    @property
    def groupings(self) -> tuple[str, ...]:
        """Columns that may be groups, if only within others: the plausible ones and some more."""
        more = tuple(each.column for each in self.candidates[:MOST_CANDIDATES])
        return tuple(dict.fromkeys((*self.plausible, *more)))

    @cached_property
    def profiles(self) -> dict[str, Profile]:
        """By column, where it varies: within the groups of the first factor, or only between.

        Of a wide table, the columns that are used and the first ones.
        """
        first = [*self.on_card(), *list(self.dataset.variables)[:MOST_COLUMNS]]
        used = [each.column for each in self.choices.predictors]
        parts = [part for factor in self.factors for part in factor.split(":")]
        found = profiles(self.dataset.columns([*first, *used, *parts]), self.factors)
        return {each.column: each for each in found}

    @property
    def mixed(self) -> str:
        """The estimator of a mixed model for this kind of outcome."""
        return self.request.estimator if self.request.mixed else ESTIMATORS[self.request.kind][0]

    @property
    def null(self) -> Plan:
        """The same groups without a predictor."""
        random = tuple(Varying(factor) for factor in self.factors)
        kept = replace(self.choices, predictors=(), interactions=(), random=random, group="")
        return replace(kept, estimator=self.mixed, intercept=True)

    def has_fitted_null(self) -> bool:
        outcome = parse(self.null.formula).response
        return any(
            fit.design.formula.response == outcome
            and fit.design.formula.fixed == ((),)
            and not {*self.factors}.isdisjoint(fit.effects)
            for fit in self.fits
        )

    def has_fitted(self, plan: Plan) -> bool:
        return plan.formula in {fit.formula for fit in self.fits}

    def is_null(self) -> bool:
        return not self.choices.predictors

    # predictors -----------------------------------------------------------------------------------

    def offered(self, *, of_groups: bool) -> list[Predictor]:
        """Predictors that are not in the model: of groups, or of rows; the card's own first."""
        used = {each.column for each in self.choices.predictors} | {self.choices.outcome}
        used |= {part for factor in self.factors for part in factor.split(":")}
        used |= {*self.choices.terms, *self.plausible}
        fitting = [
            name
            for name, each in self.profiles.items()
            if name not in used and each.kind in PREDICTORS and (each.level != "row") == of_groups
        ]
        first = [name for name in self.on_card() if name in fitting]
        names = [*first, *(name for name in fitting if not self.is_label(name))]
        return [self.predictor(name) for name in dict.fromkeys(names)]

    def on_card(self) -> Iterable[str]:
        """What the card's models start from, for this outcome."""
        for model in self.dataset.models:
            if model.outcome == self.choices.outcome:
                yield from (model.predictor, model.group_predictor)

    def is_label(self, name: str) -> bool:
        """Whether a column only names rows."""
        about = self.dataset.variables.get(name)
        unit = about.unit if about else ""
        return unit == "identifier" or says_group(name)

    def predictor(self, name: str) -> Predictor:
        """Coded as categories if its codes have more than two labels, or are words."""
        about = self.dataset.variables.get(name)
        labels = len(about.values) if about else 0
        return Predictor(name, categorical=labels > 2)

    def of_rows(self) -> list[Predictor]:
        """The predictors that vary within groups."""
        return [each for each in self.choices.predictors if self.level(each.column) == "row"]

    def of_groups(self) -> list[Predictor]:
        """The predictors that describe groups."""
        return [
            each
            for each in self.choices.predictors
            if not each.typed and self.level(each.column) not in ("row", "")
        ]

    def level(self, column: str) -> str:
        return self.profiles[column].level if column in self.profiles else ""

    # words ----------------------------------------------------------------------------------------

    @property
    def rows(self) -> str:
        """`pupils`"""
        return self.dataset.levels[0].plural

    def groups(self, factor: str) -> str:
        """`schools`, as the card says it; else `groups of school`."""
        known = {level.column: level.plural for level in self.dataset.levels}
        return known.get(factor) or f"groups of {factor}"

    def group(self, factor: str) -> str:
        known = {level.column: level.name for level in self.dataset.levels}
        return known.get(factor) or f"group of {factor}"

    def share(self, factor: str) -> float:
        """The ICC of a factor, NaN where slopes vary or a count has none."""
        assert self.fit is not None
        return float(self.fit.icc.get(factor, np.nan))
