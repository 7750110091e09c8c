"""An empty page with one picture of the course on it, and the control that changes it.

`?picture=` names it: `springs` and `panels` are drawn by the house's own scripts, `levels` by
Streamlit's Plotly.
"""

import streamlit as st

import datasets
from figures import levels
from ui import assets, cache, controls, show
from ui.stage import families, panels
from ui.stage.noun import noun
from ui.stage.springs import Springs, Values

FEW = ("school", "hsb", "popularity")

st.title("An empty page")
picture = st.query_params.get("picture")
if picture in {"springs", "panels"}:
    assets.library(key="library")
if picture == "springs":
    table = cache.shrinkage("gcse ~ 1 + (1 | school)", "school")
    Springs(
        key="springs",
        table=table,
        noun=noun(datasets.load("school"), "school"),
        unit="points",
        reach=12,
        ticks=(-10, -5, 0, 5, 10),
        estimated=Values(1, 1, focus="48"),
        shown=tuple(table.index[:12]),
        marked=tuple(table.index[:5]),
    ).ask("empty.springs", story="", question="")
else:
    names = FEW if picture == "panels" else datasets.names()
    name = controls.choose("data", "Dataset", {name: name for name in names}, default="school")
    if picture == "panels":
        panels.show("panels", families.picture(name))
    elif picture == "levels":
        groups = datasets.groups(datasets.load(name))
        st.plotly_chart(levels.picture(groups, show.scheme()), key="levels", theme=None)
