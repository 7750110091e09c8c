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

st.markdown(f"### Levels\n\n{datasets.summary(dataset)}.")
groups = datasets.groups(dataset)
show.figure(
    levels.picture(groups, show.scheme()),
    alt=levels.alt(groups),
    table=groups.rename(columns=str.capitalize),
    key="levels",
)
head_start("step")

lines = [
    "### Variables",
    "",
    "| Variable | Level | Unit or codes |",
    "|:--|:--|:--|",
    *(
        f"| {variable.label} `{column}` | {variable.level} | {variable.scale} |"
        for column, variable in dataset.variables.items()
    ),
]
st.markdown("\n".join(lines))

st.markdown("### First rows")
show.table(datasets.preview(dataset))

absent = datasets.missing(dataset.frame)
lines = ["### Missing values", ""]
if absent.empty:
    lines += ["No values are missing."]
else:
    lines += ["| Variable | Missing | Why |", "|:--|--:|:--|"]
    lines += [
        f"| {dataset.variables[name].label} | {count:,}, {100 * share:.0f} % "
        f"| {dataset.variables[name].missing} |"
        for name, count, share in absent.itertuples()
    ]
st.markdown("\n".join(lines))

parts = {
    "Source": dataset.source,
    "Please cite": dataset.citation,
    "Terms": dataset.terms,
    "Note": dataset.note,
}
lines = ["### Source and terms", *(f"**{name}.** {text}" for name, text in parts.items() if text)]
if dataset.unmet:
    unmet = (f"- `{figure}`: {instead}" for figure, instead in dataset.unmet.items())
    lines += ["**Published figures that these data do not give.**", "\n".join(unmet)]
st.markdown("\n\n".join(lines))
