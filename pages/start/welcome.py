"""Welcome: what this is, who it is for, four ways in, and a first thing to move."""

import streamlit as st

from ui import browse, cache, prose
from ui import frame as course_of
from ui.stage.noun import noun
from ui.stage.springs import Springs, Values

st.title("Learn multilevel models by predicting, moving and seeing", anchor=False)
st.markdown(
    """
Pupils sit in schools, nurses work on wards, people answer the same survey year after year.
Multilevel Lab teaches the models for such data, for students and researchers in the social
sciences who have met a regression before. You guess first, then you move the model with your
hand and see what it does to real data.
"""
)

course, own, reference, teaching = st.columns(4, gap="medium")
with course:
    st.header("Take the course", anchor=False)
    st.markdown(
        f"{prose.sentence(prose.words(len(course_of.lessons())))} lessons. Each is one idea and "
        "takes about ten minutes."
    )
    st.page_link("pages/pooling/pooling.py", label="First lesson: Pooling")
with own:
    st.header("Do it yourself", anchor=False)
    st.markdown("Open a file, build a model, read it, take it home. No code, nothing to install.")
    st.page_link("pages/yours/workbench.py", label="Your data")
    st.page_link("pages/yours/labs.py", label="Labs, step by step")
with reference:
    st.header("Look something up", anchor=False)
    st.markdown("Every term has a picture, every dataset a card and a download.")
    st.page_link("pages/reference/glossary.py", label="The glossary")
    st.page_link("pages/reference/data.py", label="The datasets")
with teaching:
    st.header("Teach with it", anchor=False)
    st.markdown("Enlarged for a wall; what is on screen stands in the link.")
    st.page_link(
        "pages/pooling/pooling.py",
        label="Pooling in presenter view",
        query_params={"view": "presenter"},
    )
    st.page_link("pages/reference/work.py", label="Codes and keys")

hsb, null = cache.load("hsb"), cache.fit("mathach ~ 1 + (1 | schid)", "hsb")
schools = cache.shrinkage("mathach ~ 1 + (1 | schid)", "hsb")
tau, sigma = null.variance_components["sd"]
st.header(f"Try it: {len(schools)} American high schools on one handle", anchor=False)
st.markdown(
    "Each line runs from a school’s own mean in mathematics to the model’s estimate. "
    "Drag the blue handle to 0, then to ∞."
)
Springs(
    key="first",
    table=schools,
    noun=noun(hsb, "schid"),
    unit="points",
    reach=10,
    ticks=(-10, -5, 0, 5, 10),
    estimated=Values(tau, sigma, focus=schools.index[0]),
).reveal()

st.header("What the lessons ask", anchor=False)
browse.questions()

st.caption(
    "Your answers stay in this browser. Nothing is sent anywhere else. "
    "Real data carry their source; simulated data say that they are simulated."
)
