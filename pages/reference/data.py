"""The bundled datasets: what each is, how it is built, and where it comes from."""

import streamlit as st

import datasets
from figures import levels
from ui import controls, show
from ui.pause import head_start

st.title("Data")
st.markdown(
    "The lessons run on these datasets. Some are real, some simulated for teaching; "
    "each card says which, and where the data come from."
)
titles = {name: datasets.load(name).title for name in datasets.names()}
with st.container(width=640):
    dataset = datasets.load(controls.choose("data", "Dataset", titles, default="school"))

st.header(dataset.title)
if dataset.synthetic:
    st.markdown("**Simulated for teaching.** Nothing here is a finding about real people.")
st.markdown(dataset.story)
with st.container(horizontal=True):
    st.download_button("Download the rows (CSV)", dataset.csv, f"{dataset.name}.csv", "text/csv")
    st.download_button("Download the card (text)", dataset.card, f"{dataset.name}-card.txt")
st.page_link(
    "pages/yours/workbench.py",
    label="Fit a model to them on Your data",
    query_params={"data": dataset.name},
)

st.subheader("Levels", anchor="levels")
st.markdown(f"{datasets.summary(dataset)}.")
groups = datasets.groups(dataset)
show.figure(
    levels.picture(groups, show.scheme()),
    alt=levels.alt(groups),
    table=groups.rename(columns=str.capitalize),
    key="levels",
)
head_start("step")

st.subheader("Variables", anchor="variables")
lines = [
    f"| {variable.label} `{column}` | {variable.level} | {variable.scale} |"
    for column, variable in dataset.variables.items()
]
st.markdown("\n".join(["| Variable | Level | Unit or codes |", "|:--|:--|:--|", *lines]))

st.subheader("First rows", anchor="rows")
show.table(datasets.preview(dataset))

st.subheader("Missing values", anchor="missing")
absent = datasets.missing(dataset.frame)
if absent.empty:
    st.markdown("No values are missing.")
else:
    lines = [
        f"| {dataset.variables[name].label} | {count:,}, {100 * share:.0f} % "
        f"| {dataset.variables[name].missing} |"
        for name, count, share in absent.itertuples()
    ]
    st.markdown("\n".join(["| Variable | Missing | Why |", "|:--|--:|:--|", *lines]))

st.subheader("Source and terms", anchor="source")
st.markdown(f"**Source.** {dataset.source}")
st.markdown(f"**Please cite.** {dataset.citation}")
st.markdown(f"**Terms.** {dataset.terms}")
if dataset.note:
    st.markdown(f"**Note.** {dataset.note}")
if dataset.unmet:
    st.markdown("**Published figures that these data do not give.**")
    st.markdown("\n".join(f"- `{figure}`: {instead}" for figure, instead in dataset.unmet.items()))
