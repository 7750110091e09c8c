"""Choices changed one at a time, the others kept wherever they still make sense.

Whoever takes the last group away has no mixed model any more, whoever asks for cluster-robust
errors has no random effects: what a choice contradicts goes, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from workbench.plan.plan import Plan, Predictor, Varying
from workbench.plan.request import ESTIMATORS, GROUPED, MIXED, WITHOUT_EFFECTS


def of_kind(plan: Plan, kind: str) -> Plan:
    """The same model for an outcome of another kind, with the nearest estimator."""
    request = plan.request.of_kind(kind)
    group = request.group if request.estimator in GROUPED else ""
    time = request.time if request.estimator == "difference" else ""
    changed = replace(plan, kind=kind, estimator=request.estimator, group=group, time=time)
    return centred_by(changed)


def by(plan: Plan, estimator: str) -> Plan:
    """Another estimator: groups go from random terms to the group it asks for, and back."""
    factors = [each.factor for each in plan.random]
    if estimator in MIXED:
        random = plan.random or ((Varying(plan.group),) if plan.group else ())
        return replace(plan, estimator=estimator, random=random, group="", time="")
    group = plan.group or next((name for name in factors if ":" not in name), "")
    kept = group if estimator in GROUPED else ""
    time = plan.time if estimator == "difference" else ""
    return centred_by(replace(plan, estimator=estimator, random=(), group=kept, time=time))


def grouped_by(plan: Plan, factors: Sequence[str]) -> Plan:
    """Random intercepts over these factors; slopes of those that stay are kept."""
    known = {each.factor: each for each in plan.random}
    random = tuple(known.get(name, Varying(name)) for name in factors)
    changed = replace(plan, random=random, group="", time="")
    if bool(random) != (plan.estimator in MIXED):
        estimator = ESTIMATORS[plan.kind][0] if random else WITHOUT_EFFECTS[plan.kind]
        changed = replace(changed, estimator=estimator)
    return centred_by(changed)


def centred_by(plan: Plan) -> Plan:
    """Predictors that were centred within groups which the model no longer has are as they were."""
    for each in plan.predictors:
        if each.over and each.over not in plan.factors:
            plan = coded(plan, each.column, "none")
    return plan


def predicted_by(plan: Plan, columns: Sequence[str], categorical: Collection[str] = ()) -> Plan:
    """These predictors; new ones as they are, those that are `categorical` as categories."""
    for each in plan.predictors:
        if each.column not in columns:
            plan = plan.without(each.column)
    known = {each.column: each for each in plan.predictors}
    chosen = tuple(known.get(c, Predictor(c, categorical=c in categorical)) for c in columns)
    return replace(plan, predictors=chosen)


def coded(plan: Plan, column: str, coding: str, over: str = "") -> Plan:
    """One predictor as it is, as categories, or centred: `coding` is a centring or "categories"."""
    changed = (
        Predictor(column, categorical=True)
        if coding == "categories"
        else Predictor(column, centring=coding, over=over)
    )
    gone = {*_terms(plan, column)} - {*changed.terms}
    for name in gone:
        plan = plan.without(name) if plan.predictor(name) else _released(plan, name)
    predictors = tuple(changed if each.column == column else each for each in plan.predictors)
    return replace(plan, predictors=predictors)


def varying(plan: Plan, column: str, factors: Collection[str]) -> Plan:
    """The slope of one predictor varies over these factors, and over no others."""
    return replace(
        plan,
        random=tuple(
            replace(each, slopes=_with(each.slopes, column, each.factor in factors))
            for each in plan.random
        ),
    )


def correlated(plan: Plan, factor: str, together: bool) -> Plan:
    """Whether intercepts and slopes over a factor are correlated."""
    return replace(
        plan,
        random=tuple(
            replace(each, correlated=together) if each.factor == factor else each
            for each in plan.random
        ),
    )


def _terms(plan: Plan, column: str) -> Collection[str]:
    found = plan.predictor(column)
    return found.terms if found else ()


def _released(plan: Plan, name: str) -> Plan:
    """The plan without interactions and slopes of a term that is about to go."""
    return replace(
        plan,
        interactions=tuple(each for each in plan.interactions if name not in each),
        random=tuple(replace(each, slopes=_with(each.slopes, name, False)) for each in plan.random),
    )


def _with(slopes: tuple[str, ...], column: str, wanted: bool) -> tuple[str, ...]:
    kept = tuple(name for name in slopes if name != column)
    if not wanted:
        return kept
    return slopes if column in slopes else (*kept, column)
