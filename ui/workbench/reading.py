"""The model on the desk once it is fitted: what there is to say against it, and the lens."""

from __future__ import annotations

import streamlit as st

from ui import controls
from ui.lens import panel
from ui.workbench import desk, trouble
from ui.workbench.desk import Model
from workbench.files import Table


def fitted_so_far(table: Table) -> None:
    """The models fitted to this table; to choose one puts it on the desk again."""
    kept = {each.name: each for each in desk.models(table.digest)}
    if len(kept) < 2:
        return
    request = desk.request()
    now = next((name for name, each in kept.items() if each.request == request), None)

    def again() -> None:
        controls.chosen()
        name = st.session_state["desk.model"]
        if name:
            desk.put(kept[name].request)

    controls.hold("desk.model", now)
    st.pills("Fitted so far", list(kept), key="desk.model", on_change=again)


def show(model: Model, table: Table) -> None:
    trouble.of_model(model, table)
    panel.mounted("desk.lens", model.fitted.faces, model.fitted.data)
