"""What is wrong, in plain words: what happened, what it means, what to try."""

from __future__ import annotations

import streamlit as st

from mlcore import FormulaError, MultilevelError
from ui import show
from ui.prose import literal, sentence
from ui.workbench.desk import Model
from workbench.files import Table
from workbench.plan import Request


def refused(error: MultilevelError, request: Request, table: Table) -> None:
    if isinstance(error, FormulaError):
        st.markdown(f"{literal(sentence(error.reason))}.")
        show.code("\n".join(str(error).splitlines()[-2:]))
    else:
        st.markdown(f"{literal(sentence(str(error)))}.")


def said(model: Model) -> None:
    for message in model.fit.messages:
        st.markdown(f"{literal(sentence(message))}.")
