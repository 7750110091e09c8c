"""Pooling: how far should you trust a group's own mean?"""

import streamlit as st

st.title("How far should you trust a group’s own mean?", anchor=False)
