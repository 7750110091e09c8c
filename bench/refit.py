"""A page whose control refits on the server: random slopes of 4,059 pupils, never from a cache."""

import streamlit as st

from datasets import load
from mlcore import lmm
from ui import assets, controls, prose, show, store, theme
from ui.stage import families, panels

st.html(f"<style>{theme.page_css()}</style>")
assets.library(key="library")
store.sync()
st.title("Move the origin")
origin = controls.slider("origin", "Origin", low=-3.0, high=3.0, step=0.01, default=0.0)
data = load("school").frame
fit = lmm("gcse ~ lrt + (1 + lrt | school)", data.assign(lrt=data["lrt"] - origin))
show.table(fit.variance_components.map(prose.cell))
panels.show("panels", families.picture("school"))
st.markdown(f"At {prose.fixed(origin)} the log-likelihood is {prose.fixed(fit.loglik)}.")
