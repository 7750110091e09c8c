"""A model chosen or typed: the choices and the formula are two views of one request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from mlcore import FormulaError
from ui import controls
from ui.prose import literal
from ui.workbench import choosing, desk, names
from ui.workbench.survey import Survey
from workbench.plan import ESTIMATORS, NotChosenError, Plan, PlanError, Request, changes, planned


def choices(survey: Survey, factors: Sequence[str]) -> None:
    """The choices that make the model on the desk; rows may be grouped by `factors`."""
    request = desk.request()
    if request is None:
        _first(survey, factors)
        return
    try:
        plan = planned(request, survey.columns)
    except FormulaError:
        st.markdown("The formula cannot be read yet. Mend it, or go back to the choices.")
        st.button("Back to the choices", on_click=desk.undo, key="pick.undo")
    except (NotChosenError, PlanError) as error:
        st.markdown(literal(str(error)))
        st.button("Choose from the start", on_click=desk.put, args=(None,), key="pick.restart")
    else:
        choosing.show(plan, survey, factors)


def formula() -> None:
    """The formula as it stands, to be read or typed."""
    request = desk.request()
    controls.hold("pick.formula", request.formula if request else "")
    st.text_input(
        "The model as a formula",
        key="pick.formula",
        placeholder="outcome ~ 1 + (1 | group)",
        help="Type or change it here, in the notation of R’s lme4: the choices follow.",
        on_change=_typed,
    )


def _typed() -> None:
    controls.chosen()
    text = " ".join(st.session_state["pick.formula"].split())
    before = desk.request()
    if not text:
        desk.put(None)
    elif before is None:
        desk.put(Request(text))
    else:
        desk.put(Request(text, before.kind, before.estimator, before.group, before.time))


def _first(survey: Survey, factors: Sequence[str]) -> None:
    """Nothing is built yet: the outcome comes first."""
    controls.hold("pick.outcome", None)
    st.selectbox(
        "What do you want to explain?",
        survey.explicable,
        index=None,
        format_func=partial(names.of_column, survey=survey),
        placeholder="Choose the outcome",
        key="pick.outcome",
        on_change=_begin,
        args=(list(factors), survey),
    )


def _begin(factors: Sequence[str], survey: Survey) -> None:
    """The null model of the likeliest groups."""
    controls.chosen()
    outcome = st.session_state["pick.outcome"]
    if outcome is None:
        return
    kind = survey.kind(outcome)
    plan = Plan(outcome, kind=kind, estimator=ESTIMATORS[kind][0])
    groups = [name for name in factors if outcome not in name.split(":")][:1]
    desk.put(changes.grouped_by(plan, groups).request)
