"""Glossary: every term of the course with a picture, and a search over terms, lessons and data."""

import streamlit as st

from ui.glossary.browse import browse

st.title("Glossary", anchor=False)
browse()
