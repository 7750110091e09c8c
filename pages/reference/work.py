"""Your work: the answers of this browser, saved to a file, loaded again, erased."""

import json

import streamlit as st

from ui import store, work

st.title("Your work")
st.markdown(
    "What you predicted and solved is kept in this browser and survives a reload. "
    "Save it as a file to carry it to another machine."
)

work.summary()

save, load = st.columns(2, gap="large")
with save:
    st.header("Save", anchor=False)
    st.download_button(
        "Save my work as a file",
        json.dumps(store.current().dump(), indent=1),
        file_name="multilevel-lab-work.json",
        mime="application/json",
    )
with load:
    st.header("Load", anchor=False)
    work.upload()

st.header("Start again", anchor=False)
work.erase()
