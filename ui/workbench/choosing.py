"""The choices that make a model: each control shows a part of the plan, and changes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from ui import controls
from ui.prose import literal
from ui.workbench import desk, names
from ui.workbench.survey import Survey
from workbench.plan import ESTIMATORS, Plan, Predictor, changes, planned
from workbench.plan.plan import CENTRINGS
from workbench.plan.request import GROUPED, WORDS

Step = Callable[[Plan, Any], Plan]

KINDS = {"continuous": "measurement", "binary": "0 or 1", "count": "count", "ordered": "ordered"}
CODINGS = {**CENTRINGS, "categories": "as categories"}
_PROBLEM = "pick.problem"


def show(plan: Plan, survey: Survey, factors: Sequence[str]) -> None:
    """All choices; rows may be grouped by `factors`, the likeliest first."""
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(literal(problem))
    _outcome(plan, survey)
    _groups(plan, survey, factors)
    _predictors(plan, survey)
    for place, each in enumerate(plan.predictors):
        if not each.typed:
            _predictor(place, each, plan, survey)
    _interactions(plan, survey)
    _correlations(plan, survey)
    _estimator(plan, survey)


def _bound(key: str, now: object, step: Step, survey: Survey) -> dict[str, Any]:
    """Of a control that shows `now`: its key, and the step in the plan that a choice takes."""
    controls.hold(key, now)
    return {"key": key, "on_change": _take, "args": (key, step, survey)}


def _take(key: str, step: Step, survey: Survey) -> None:
    """From the model on the desk, which a choice just before may have changed since it was shown.

    Choices that contradict each other are said, and not taken.
    """
    controls.chosen()
    request = desk.request()
    if request is None:
        return
    try:
        plan = planned(request, survey.columns)
        desk.put(step(plan, st.session_state[key]).request)
    except ValueError as error:
        st.session_state[_PROBLEM] = str(error)


def _outcome(plan: Plan, survey: Survey) -> None:
    columns = survey.explicable

    def about(plan: Plan, column: str) -> Plan:
        return changes.of_kind(plan.about(column), survey.kind(column) or plan.kind)

    st.selectbox(
        "Outcome",
        columns if plan.outcome in columns else [*columns, plan.outcome],
        format_func=partial(names.of_column, survey=survey),
        **_bound("pick.outcome", plan.outcome, about, survey),
    )
    st.segmented_control(
        "It is",
        list(KINDS),
        format_func=KINDS.__getitem__,
        required=True,
        **_bound("pick.kind", plan.kind, changes.of_kind, survey),
    )


def _groups(plan: Plan, survey: Survey, factors: Sequence[str]) -> None:
    if plan.estimator in GROUPED:
        _column("group", "Rows of one group share", plan, survey, factors)
        return
    chosen = [each.factor for each in plan.random]
    st.multiselect(
        "Intercepts vary between",
        list(dict.fromkeys([*factors, *chosen, *survey.groupable])),
        format_func=names.of_groups,
        placeholder="No groups",
        wrap=True,
        **_bound("pick.groups", chosen, changes.grouped_by, survey),
    )


def _predictors(plan: Plan, survey: Survey) -> None:
    chosen = [each.column for each in plan.predictors]
    known = [name for name in survey.columns if name != plan.outcome]
    categorical = {name for name in survey.columns if survey.is_category(name)}
    st.multiselect(
        "Predictors",
        list(dict.fromkeys([*known, *chosen])),
        format_func=partial(names.of_column, survey=survey),
        placeholder="None yet",
        wrap=True,
        **_bound(
            "pick.predictors",
            chosen,
            lambda plan, columns: changes.predicted_by(plan, columns, categorical),
            survey,
        ),
    )


def _predictor(place: int, predictor: Predictor, plan: Plan, survey: Survey) -> None:
    """How it enters, and over which groups its slope varies."""
    with st.container(key=f"desk-term-{place}", horizontal=True, vertical_alignment="bottom"):
        _coding(place, predictor, plan, survey)
        if plan.random and not predictor.categorical:
            _slopes(place, predictor.column, plan, survey)


def _coding(place: int, predictor: Predictor, plan: Plan, survey: Survey) -> None:
    column = predictor.column
    now = ("categories", "") if predictor.categorical else (predictor.centring, predictor.over)
    options = [("none", ""), ("categories", "")]
    if not survey.is_text(column):
        options[1:1] = [("grand", ""), *((c, f) for f in plan.factors for c in ("group", "both"))]
    st.selectbox(
        literal(names.of_column(column, survey)),
        list(dict.fromkeys([*options, now])),
        format_func=_coded,
        **_bound(
            f"pick.coding.{place}",
            now,
            lambda plan, coding: changes.coded(plan, column, *coding),
            survey,
        ),
    )


def _coded(option: tuple[str, str]) -> str:
    coding, over = option
    return CODINGS[coding].replace("its group", f"its {names.of_groups(over)}")


def _slopes(place: int, column: str, plan: Plan, survey: Survey) -> None:
    """The slope of what never varies within groups cannot vary between them."""
    now, level = [v.factor for v in plan.random if column in v.slopes], survey.level(column)
    factors = [each.factor for each in plan.random if each.factor in now or each.factor != level]
    if not factors:
        return
    st.pills(
        "slope varies between",
        factors,
        selection_mode="multi",
        format_func=names.of_groups,
        **_bound(
            f"pick.slope.{place}",
            now,
            lambda plan, factors: changes.varying(plan, column, factors),
            survey,
        ),
    )


def _interactions(plan: Plan, survey: Survey) -> None:
    terms = list(plan.terms)
    pairs = [(a, b) for i, a in enumerate(terms) for b in terms[i + 1 :]]
    options = list(dict.fromkeys([*pairs, *plan.interactions]))
    if options:
        st.multiselect(
            "Interactions",
            options,
            format_func=" × ".join,
            placeholder="None",
            wrap=True,
            **_bound(
                "pick.interactions",
                list(plan.interactions),
                lambda plan, chosen: replace(plan, interactions=tuple(chosen)),
                survey,
            ),
        )


def _correlations(plan: Plan, survey: Survey) -> None:
    for each in plan.random:
        if len(each.slopes) + each.intercept > 1:
            st.checkbox(
                f"Intercepts and slopes of {literal(names.of_groups(each.factor))} are correlated",
                **_bound(
                    f"pick.correlated.{each.factor}",
                    each.correlated,
                    partial(_correlated, each.factor),
                    survey,
                ),
            )


def _correlated(factor: str, plan: Plan, together: bool) -> Plan:
    return changes.correlated(plan, factor, together)


def _estimator(plan: Plan, survey: Survey) -> None:
    st.selectbox(
        "Estimator",
        ESTIMATORS[plan.kind],
        format_func=WORDS.__getitem__,
        **_bound("pick.estimator", plan.estimator, changes.by, survey),
    )
    if plan.estimator == "difference":
        _column("time", "Rows follow each other by", plan, survey, ())


def _column(field: str, label: str, plan: Plan, survey: Survey, likely: Sequence[str]) -> None:
    """A choice of one column, the plan's `group` or `time`; those that are likely come first."""
    single = [name for name in likely if ":" not in name]
    options = list(dict.fromkeys([*single, *survey.columns]))
    now = getattr(plan, field)

    def taken(plan: Plan, column: str | None) -> Plan:
        chosen: dict[str, Any] = {field: column or ""}
        return replace(plan, **chosen)

    st.selectbox(
        label,
        options,
        index=None,
        format_func=partial(names.of_column, survey=survey),
        placeholder="Choose a column",
        **_bound(f"pick.{field}", now if now in options else None, taken, survey),
    )
