"""A model chosen or typed: the choices and the formula are two views of one request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from mlcore import FormulaError
from ui.prose import literal
from ui.workbench import desk
from ui.workbench.survey import Survey
from workbench.plan import ESTIMATORS, NotChosenError, Plan, PlanError, Request, changes
from workbench.plan import planned as read_plan
from workbench.plan.plan import CENTRINGS
from workbench.plan.request import GROUPED, WORDS

SHORT = {"continuous": "measurement", "binary": "0 or 1", "count": "count", "ordered": "ordered"}
CODINGS = {**CENTRINGS, "categories": "as categories"}


def choices(survey: Survey, factors: Sequence[str]) -> None:
    """The choices that make the model on the desk; rows may be grouped by `factors`."""
    request = desk.request()
    if request is None:
        _first(survey, factors)
        return
    try:
        plan = read_plan(request, survey.columns)
    except FormulaError:
        st.markdown("The formula cannot be read yet. Mend it, or go back to the choices.")
        st.button("Back to the choices", on_click=desk.undo, key="pick.undo")
        return
    except (NotChosenError, PlanError) as error:
        st.markdown(literal(str(error)))
        st.button("Choose from the start", on_click=desk.put, args=(None,), key="pick.restart")
        return
    _outcome(plan, survey)
    _groups(plan, survey, factors)
    _predictors(plan, survey)
    _terms(plan, survey)
    _interactions(plan)
    _together(plan)
    _estimator(plan, survey)


def formula() -> None:
    """The formula as it stands, to be read or typed."""
    request = desk.request()
    st.session_state["pick.formula"] = request.formula if request else ""
    st.text_input(
        "The model as a formula",
        key="pick.formula",
        placeholder="outcome ~ 1 + (1 | group)",
        help="Type or change it here, in the notation of R’s lme4: the choices follow.",
        on_change=_typed,
    )


def name_of(column: str, survey: Survey) -> str:
    """A column as a choice: its label, and its name where that differs."""
    known = survey.dataset.variables
    label = known[column].label if column in known else column
    return label if label == column else f"{label} ({column})"


def group_name(factor: str) -> str:
    """`hospital × ward` for groups of two columns."""
    return " × ".join(factor.split(":"))


def _first(survey: Survey, factors: Sequence[str]) -> None:
    """Nothing is built yet: the outcome comes first."""
    st.session_state["pick.outcome"] = None
    st.selectbox(
        "What do you want to explain?",
        survey.explicable,
        index=None,
        format_func=partial(name_of, survey=survey),
        placeholder="Choose the outcome",
        key="pick.outcome",
        on_change=_begin,
        args=(list(factors), survey),
    )


def _begin(factors: Sequence[str], survey: Survey) -> None:
    outcome = st.session_state["pick.outcome"]
    if outcome is None:
        return
    kind = survey.outcomes[outcome].kind or "continuous"
    plan = Plan(outcome, kind=kind, estimator=ESTIMATORS[kind][0])
    groups = [name for name in factors if outcome not in name.split(":")][:1]
    desk.put(changes.grouped_by(plan, groups).request)


def _typed() -> None:
    text = " ".join(st.session_state["pick.formula"].split())
    before = desk.request()
    if not text:
        desk.put(None)
    elif before is None:
        desk.put(Request(text))
    else:
        desk.put(Request(text, before.kind, before.estimator, before.group, before.time))


def _change(plan: Plan, step: Callable[[Plan], Plan]) -> None:
    """Take a step from this plan; choices that contradict each other are said, and not taken."""
    try:
        desk.put(step(plan).request)
    except PlanError as error:
        st.session_state["pick.problem"] = str(error)


def problem() -> str | None:
    """What was wrong with the last choice, said once."""
    said: str | None = st.session_state.pop("pick.problem", None)
    return said


def _outcome(plan: Plan, survey: Survey) -> None:
    columns = survey.explicable
    options = columns if plan.outcome in columns else [*columns, plan.outcome]

    def about() -> None:
        chosen = st.session_state["pick.outcome"]
        kind = survey.kind(chosen) or plan.kind
        _change(plan, lambda before: changes.of_kind(before.about(chosen), kind))

    st.session_state["pick.outcome"] = plan.outcome
    st.selectbox(
        "Outcome",
        options,
        format_func=partial(name_of, survey=survey),
        key="pick.outcome",
        on_change=about,
    )

    def of_kind() -> None:
        chosen = st.session_state["pick.kind"] or plan.kind
        _change(plan, lambda before: changes.of_kind(before, chosen))

    st.session_state["pick.kind"] = plan.kind
    st.segmented_control(
        "It is",
        list(SHORT),
        format_func=SHORT.__getitem__,
        key="pick.kind",
        required=True,
        on_change=of_kind,
    )


def _groups(plan: Plan, survey: Survey, factors: Sequence[str]) -> None:
    if plan.estimator in GROUPED:
        _one_column("pick.group", "Rows of one group share", plan.group, survey, factors, plan)
        return
    chosen = [each.factor for each in plan.random]

    def into() -> None:
        wanted = st.session_state["pick.groups"]
        _change(plan, lambda before: changes.grouped_by(before, wanted))

    st.session_state["pick.groups"] = chosen
    st.multiselect(
        "Intercepts vary between",
        list(dict.fromkeys([*factors, *chosen, *survey.groupable])),
        format_func=group_name,
        placeholder="No groups",
        wrap=True,
        key="pick.groups",
        on_change=into,
    )


def _estimator(plan: Plan, survey: Survey) -> None:
    def by() -> None:
        chosen = st.session_state["pick.estimator"]
        _change(plan, lambda before: changes.by(before, chosen))

    st.session_state["pick.estimator"] = plan.estimator
    st.selectbox(
        "Estimator",
        ESTIMATORS[plan.kind],
        format_func=lambda name: WORDS[name],
        key="pick.estimator",
        on_change=by,
    )
    if plan.estimator == "difference":
        _one_column("pick.time", "Rows follow each other by", plan.time, survey, (), plan)


def _one_column(
    key: str, label: str, now: str, survey: Survey, first: Sequence[str], plan: Plan
) -> None:
    """A choice of one column: those that are likely come first."""
    single = [name for name in first if ":" not in name]
    options = list(dict.fromkeys([*single, *survey.dataset.variables]))
    field = key.partition(".")[2]

    def taken() -> None:
        desk.put(
            Request(
                plan.formula,
                plan.kind,
                plan.estimator,
                **{"group": plan.group, "time": plan.time, field: st.session_state[key] or ""},
            )
        )

    st.session_state[key] = now if now in options else None
    st.selectbox(
        label,
        options,
        index=None,
        format_func=partial(name_of, survey=survey),
        placeholder="Choose a column",
        key=key,
        on_change=taken,
    )


def _predictors(plan: Plan, survey: Survey) -> None:
    chosen = [each.column for each in plan.predictors]
    options = [name for name in survey.dataset.variables if name != plan.outcome]
    options += [name for name in chosen if name not in options]
    categorical = {name for name in survey.dataset.variables if survey.is_category(name)}

    def by() -> None:
        wanted = st.session_state["pick.predictors"]
        _change(plan, lambda before: changes.predicted_by(before, wanted, categorical))

    st.session_state["pick.predictors"] = chosen
    st.multiselect(
        "Predictors",
        options,
        format_func=partial(name_of, survey=survey),
        placeholder="None yet",
        wrap=True,
        key="pick.predictors",
        on_change=by,
    )


def _terms(plan: Plan, survey: Survey) -> None:
    """For each predictor how it enters, and over which groups its slope varies."""
    factors = [each.factor for each in plan.random]
    for i, each in enumerate(plan.predictors):
        if each.typed:
            continue
        with st.container(key=f"desk-term-{i}", horizontal=True, vertical_alignment="bottom"):
            _coding(i, each.column, plan, survey)
            if factors and not each.categorical:
                _slopes(i, each.column, plan, factors)


def _coding(i: int, column: str, plan: Plan, survey: Survey) -> None:
    found = plan.predictor(column)
    if found is None:
        return
    now = ("categories", "") if found.categorical else (found.centring, found.over)
    options = [("none", ""), ("categories", "")]
    if not survey.is_text(column):
        options[1:1] = [("grand", ""), *((c, f) for f in plan.factors for c in ("group", "both"))]
    key = f"pick.coding.{i}"

    def coded() -> None:
        coding, over = st.session_state[key]
        _change(plan, lambda before: changes.coded(before, column, coding, over))

    def said(option: tuple[str, str]) -> str:
        coding, over = option
        return CODINGS[coding].replace("its group", f"its {group_name(over)}")

    st.session_state[key] = now
    st.selectbox(
        literal(name_of(column, survey)),
        options if now in options else [*options, now],
        format_func=said,
        key=key,
        on_change=coded,
    )


def _slopes(i: int, column: str, plan: Plan, factors: Sequence[str]) -> None:
    key = f"pick.slope.{i}"
    now = [each.factor for each in plan.random if column in each.slopes]

    def vary() -> None:
        wanted = st.session_state[key]
        _change(plan, lambda before: changes.varying(before, column, wanted))

    st.session_state[key] = now
    st.pills(
        "slope varies between",
        factors,
        selection_mode="multi",
        format_func=group_name,
        key=key,
        on_change=vary,
    )


def _interactions(plan: Plan) -> None:
    names = list(plan.terms)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    options = list(dict.fromkeys([*pairs, *plan.interactions]))
    if not options:
        return

    def cross() -> None:
        wanted = tuple(st.session_state["pick.interactions"])
        _change(plan, partial(_crossed, wanted))

    st.session_state["pick.interactions"] = list(plan.interactions)
    st.multiselect(
        "Interactions",
        options,
        format_func=" × ".join,
        placeholder="None",
        wrap=True,
        key="pick.interactions",
        on_change=cross,
    )


def _crossed(wanted: tuple[tuple[str, ...], ...], plan: Plan) -> Plan:
    return replace(plan, interactions=wanted)


def _together(plan: Plan) -> None:
    for each in plan.random:
        if len(each.slopes) + each.intercept > 1:
            key = f"pick.correlated.{each.factor}"

            def together(factor: str = each.factor, key: str = key) -> None:
                on = st.session_state[key]
                _change(plan, lambda before: changes.correlated(before, factor, on))

            st.session_state[key] = each.correlated
            st.checkbox(
                f"Intercepts and slopes of {literal(group_name(each.factor))} are correlated",
                key=key,
                on_change=together,
            )
