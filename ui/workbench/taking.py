"""To take home: what the model says of each group and of each row, as files."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from mlcore import Fit, GlmFit
from ui.lens.discrete.scale import scale
from ui.prose import fixed, share
from ui.workbench import names, tables
from ui.workbench.desk import Model
from ui.workbench.tables import Column
from workbench.files import safe_csv
from workbench.scores import REFERENCES, predicted, scored, scores

SHOWN = 8
HEADS = {"rows": "Rows", "mean": "Mean", "score": "ESRES", "se": "SE", "weight": "λ"}


def show(model: Model) -> None:
    for group in model.fit.effects:
        _groups(model.fit, group)
    st.markdown("**Rows.** What the model predicts, with and without the effects of groups.")
    st.download_button(
        "Save the data with the predictions (CSV)",
        partial(_predictions, model),
        f"{model.fitted.data.name}-{model.name}.csv",
        "text/csv",
        key="take.predictions",
        on_click="ignore",
    )


def _groups(fit: Fit, group: str) -> None:
    """The ends of the league table, and all of it as a file."""
    name = names.of_groups(group)
    key = f"take.{group}"
    if scored(fit, group):
        st.markdown(
            f"**Scores of {name}.** The mean of each group’s rows (EPS) beside its score from the "
            "random effects (ESRES). λ is the share of the way from the reference to the mean of "
            "its own that its rows are trusted to go."
            if len(fit.effects) == 1
            else f"**Scores of {name}.** The mean of each group’s rows (EPS) beside its score from "
            "the random effects (ESRES)."
        )
        reference = st.segmented_control(
            "Scores are given",
            list(REFERENCES) if fit.design.has_intercept else ["mean"],
            default="intercept" if fit.design.has_intercept else "mean",
            format_func=REFERENCES.__getitem__,
            key=f"{key}.reference",
            required=True,
        )
        table = scores(fit, group, reference or "mean")
    else:
        table = scores(fit, group)
        on = f", on the scale of {scale(fit).name}" if isinstance(fit, GlmFit) else ""
        st.markdown(f"**Effects of {name}**{on}.")
    _ends(table, name)
    st.download_button(
        f"Save all {len(table):,} (CSV)",
        partial(_csv, table, group),
        f"{group.replace(':', '-')}.csv",
        "text/csv",
        key=f"{key}.save",
        on_click="ignore",
    )


def _ends(table: pd.DataFrame, title: str) -> None:
    names = [str(name) for name in table.columns]
    cut = len(table) > SHOWN
    shown = pd.concat([table.head(SHOWN // 2), table.tail(SHOWN // 2)]) if cut else table
    rows = [
        [str(label), *(_cell(float(row[name]), name) for name in names)]
        for label, row in shown.iterrows()
    ]
    if cut:
        rows.insert(SHOWN // 2, ["…"])
    tables.show([Column(title), *(Column(_head(name), "num") for name in names)], rows)


def _cell(value: float, column: str) -> str:
    if column == "rows":
        return f"{value:,.0f}"
    return share(value) if column == "weight" else fixed(value)


def _head(column: str) -> str:
    """`slope of lrt` for `effect_lrt`."""
    if column in HEADS:
        return HEADS[column]
    start, _, term = column.partition("_")
    if start == "se":
        return "SE"
    return f"slope of {term}" if term else "effect"


def _csv(table: pd.DataFrame, group: str) -> str:
    return safe_csv(table.rename_axis(group.replace(":", "_")).reset_index())


def _predictions(model: Model) -> str:
    return safe_csv(predicted(model.fit, model.fitted.rows))
