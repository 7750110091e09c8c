"""Welcome: what this is, who it is for, three ways in."""

import streamlit as st

st.title("Learn multilevel models by predicting, moving and seeing")

st.markdown(
    """
Pupils sit in schools, nurses work on wards, people answer the same survey year after year.
Multilevel Lab teaches the models for such data, for students and researchers in the social
sciences who have met a regression before. You guess first, then you move the model with your
hand and see what it does to real data.
"""
)

course, reference, teaching = st.columns(3, gap="large")
with course:
    st.header("Take the course", anchor=False)
    st.markdown(
        "Each lesson is one idea and takes about ten minutes. "
        "Start with how far to trust a group’s own mean."
    )
    st.page_link("pages/pooling/pooling.py", label="First lesson: Pooling")
with reference:
    st.header("Look something up", anchor=False)
    st.markdown(
        "Every dataset has a card: what was measured, at which level, where it comes from. "
        "Download it to use elsewhere."
    )
    st.page_link("pages/reference/data.py", label="The datasets")
with teaching:
    st.header("Teach with it", anchor=False)
    st.markdown(
        "Presenter view, at the top of every page, enlarges everything for a wall. Each control "
        "stands in the address, so a link opens the same picture for the whole room."
    )
    st.page_link(
        "pages/pooling/pooling.py",
        label="Pooling in presenter view",
        query_params={"view": "presenter"},
    )

st.caption(
    "Your answers stay in this browser. Nothing is sent anywhere else. "
    "Real data carry their source; simulated data say that they are simulated."
)
