"""Labs: the exercises of a workshop, one at a time, each step with what there is to find."""

import streamlit as st

from ui import address
from ui.labs import LABS, page

chosen = address.one_of("lab", LABS)
address.renew()
if chosen is None:
    st.title("Labs", anchor=False)
    st.markdown(
        "Each lab is an exercise in steps. A step says what to choose, and a link opens that model "
        "on the page “Your data”: nothing has to be installed, and the lens there has the same "
        "model in R, Stata, SPSS and Python. Answer the question first; then see what you should "
        "find, computed from the data when you ask for it."
    )
    page.contents()
else:
    page.exercise(LABS[chosen])
