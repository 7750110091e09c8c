"""Models side by side, with tests of neighbours where there are valid ones."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui import controls
from ui.prose import literal
from ui.workbench import desk, kept, tables
from ui.workbench.desk import Model
from ui.workbench.tables import Column, tag
from workbench.files import Table
from workbench.plan import Comparison, compare, fit
from workbench.plan import Model as Compared

MOST = 6  # models whose columns fit on a page
PARTS = {"effects": "Coefficients (SE)", "spreads": "Random effects", "whole": "As a whole"}


def show(table: Table) -> None:
    """A choice of the models fitted so far, their table, the tests of each with the next."""
    models = {each.name: each for each in desk.models(table.digest)}
    _choice(list(models))
    chosen = [models[name] for name in models if name in st.session_state["desk.compared"]]
    if len(chosen) < 2:
        st.markdown("Choose two models or more.")
        return
    formulas = [[each.name, tag("code", each.request.formula)] for each in chosen]
    tables.show([Column(), Column()], formulas)
    found = _compared(table, chosen, shared=False)
    if found.shared is not None and st.checkbox(
        f"Fit all of them to the {len(found.shared):,} rows that they share", key="desk.shared"
    ):
        found = _compared(table, chosen, shared=True)
    _side_by_side(found)
    for note in found.notes:
        st.markdown(literal(note))
    for pair in found.pairs:
        st.markdown(f"**{pair.small} and {pair.large}.** {literal(pair.words)}")


def _choice(names: Sequence[str]) -> None:
    """The last ones at first; a model that is fitted joins them."""
    known: list[str] = st.session_state.get("desk.compared", [])
    met: list[str] = st.session_state.get("desk.met", [])
    fresh = [name for name in names if name not in met]
    controls.hold("desk.compared", [name for name in [*known, *fresh] if name in names][-MOST:])
    st.session_state["desk.met"] = list(names)
    st.pills(
        "Models",
        names,
        selection_mode="multi",
        key="desk.compared",
        label_visibility="collapsed",
    )


def _compared(table: Table, chosen: Sequence[Model], *, shared: bool) -> Comparison:
    """The comparison, worked out again when it is of other models."""
    names = [each.name for each in chosen]
    known: dict[bool, Comparison] = kept.last("desk.comparison", (table.digest, names), dict)
    if shared not in known:
        models = [Compared(each.name, each.request, each.fit) for each in chosen]
        if shared:
            rows = _compared(table, chosen, shared=False).shared
            models = [
                Compared(m.name, m.request, fit(table.dataset, m.request, rows=rows))
                for m in models
            ]
        known[shared] = compare(table.dataset, models)
    return known[shared]


def _side_by_side(found: Comparison) -> None:
    names = [each.name for each in found.models]
    rows: list[list[str]] = []
    for part, title in PARTS.items():
        if part not in found.table.index.get_level_values("part"):
            continue
        rows.append([title])
        for label, row in found.table.loc[part].iterrows():
            rows.append([str(label), *(row[name] for name in names)])
    tables.show([Column(), *(Column(name, "num") for name in names)], rows)
