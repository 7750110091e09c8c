"""To take home: scores of the groups, predictions for the rows, the data with what was made."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from mlcore import Fit, effect_scores
from ui.prose import fixed
from ui.workbench.building import group_name
from ui.workbench.desk import Model
from workbench.files import safe_csv

SHOWN = 8


def show(model: Model) -> None:
    fit = model.fit
    scored = [
        group for group, table in fit.ranef.items() if "(Intercept)" in table and fit.design.n
    ]
    for group in scored:
        _scores(fit, group)
    st.markdown(
        "**Predictions.** Each row with what the model expects of it, with and without the effects "
        "of its groups."
    )
    st.download_button(
        "Save the predictions (CSV)",
        partial(_predictions_csv, model),
        "predictions.csv",
        "text/csv",
        key="take.predictions",
        on_click="ignore",
    )


def _scores(fit: Fit, group: str) -> None:
    """The league table's first rows, and all of it as a file."""
    reference = "intercept" if fit.design.has_intercept else "mean"
    table = effect_scores(fit, group, reference=reference).sort_values("esres")
    st.markdown(
        f"**Effect scores of {group_name(group)}.** The mean of each group’s rows (EPS), and its "
        "score from the model (ESRES): the estimated random intercept added to the model’s own."
    )
    ends = pd.concat([table.head(SHOWN // 2), table.tail(SHOWN // 2)])
    rows = ends if len(table) > SHOWN else table
    st.html(_html(rows, group, len(table) > SHOWN))
    st.download_button(
        f"Save the scores of all {len(table):,} (CSV)",
        partial(_scores_csv, table, group),
        f"scores-{group.replace(':', '-')}.csv",
        "text/csv",
        key=f"take.scores.{group}",
        on_click="ignore",
    )


def _html(rows: pd.DataFrame, group: str, cut: bool) -> str:
    lines = [
        f"<tr><th>{escape(str(name))}</th><td class=num>{int(row.n):,}</td>"
        f"<td class=num>{fixed(row.eps)}</td><td class=num>{fixed(row.esres)}</td>"
        f"<td class=num>{fixed(row.se)}</td></tr>"
        for name, row in rows.iterrows()
    ]
    if cut:
        lines.insert(
            SHOWN // 2, '<tr><th class="muted">…</th><td></td><td></td><td></td><td></td></tr>'
        )
    return (
        '<div class="desk scroll" tabindex="0"><table><thead><tr>'
        f"<th>{escape(group_name(group))}</th><th class=num>Rows</th><th class=num>EPS</th>"
        "<th class=num>ESRES</th><th class=num>SE</th></tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _scores_csv(table: pd.DataFrame, group: str) -> str:
    return safe_csv(table.rename_axis(group.replace(":", "_")).reset_index())


def _predictions_csv(model: Model) -> str:
    fit, data = model.fit, model.fitted.data.extended
    found = data.assign(
        predicted=fit.predict(data), predicted_fixed=fit.predict(data, conditional=False)
    )
    return safe_csv(found)
