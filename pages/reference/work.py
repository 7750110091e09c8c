"""Your work: the answers of this browser, read again, saved, loaded, erased; codes and keys."""

import streamlit as st

from ui import variant, work

st.title("Your work", anchor=False)
st.markdown(
    "What you predicted and solved is kept in this browser and survives a reload. Save it as a "
    "page to read, print or hand in, or as a file to carry it to another machine."
)
work.save()
work.shown()

st.header("A code for other numbers", anchor=False)
st.markdown(
    "Whoever types the same code gets the same tasks with other numbers: a class can have one, or "
    "each learner. The code is part of every link."
)
variant.ask()

st.header("Load", anchor=False)
work.upload()

st.header("For instructors: the key", anchor=False)
st.markdown(
    "Every lesson with the answer under each task. Nothing is locked: whoever knows the code can "
    "make its key, here."
)
work.make_key()

st.header("Start again", anchor=False)
work.erase()
