"""What is wrong, in plain words: what happened, what it means, what to try, a button for each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlcore import MultilevelError
from ui import show
from ui.prose import literal
from ui.workbench import desk
from ui.workbench.desk import Model
from workbench.files import Table
from workbench.plan import Problem, Request, refused, remarks


def refusal(error: MultilevelError, request: Request, table: Table) -> None:
    """Why a request was not fitted."""
    _all((refused(error, table.dataset, request),))


def of_model(model: Model, table: Table) -> None:
    """What there is to say against a fit, the gravest first."""
    _all(remarks(model.fit, table.dataset, model.request))


def _all(problems: Sequence[Problem]) -> None:
    if problems:
        with st.container(key="desk-trouble"):
            for i, problem in enumerate(problems):
                _say(problem, i)


def _say(problem: Problem, place: int) -> None:
    said = f"**{literal(problem.happened)}** {literal(problem.meaning)}"
    st.markdown(f"{said} {literal(problem.attempt)}".strip())
    if problem.position is not None:
        show.code(f"{problem.formula}\n{' ' * problem.position}^")
    if problem.remedies:
        with st.container(horizontal=True):
            for i, remedy in enumerate(problem.remedies):
                st.button(
                    remedy.words,
                    key=f"desk.remedy.{place}.{i}",
                    on_click=desk.put,
                    args=(remedy.request,),
                )
