"""A page of one chart under controls, served in place of ``app.py``.

Two traces with a legend; a control moves the second. A point that is clicked is written down.
"""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from figures import style
from ui import assets, show, theme


def keep(point: show.Point) -> None:
    st.session_state["kept"] = point


st.html(f"<style>{theme.page_css()}</style>")
with st.container(key="hidden"):
    assets.library(key="library")
st.title("One chart")
shown = st.toggle("Show it", value=True, key="shown")
height = st.slider("Height", 1, 9, 4, key="height")
with st.container(key="said"):
    st.text(f"kept {st.session_state.get('kept')}")
figure = style.figure("light")
names = ["north", "south", "east", "west"]
blue, orange = style.COLOURS["between"].light, style.COLOURS["within"].light
figure.add_traces(
    [
        go.Scatter(x=[1, 2, 3, 4], y=[2, 9, 4, 6], name="still", marker={"color": blue}),
        go.Scatter(
            x=[1, 2, 3, 4],
            y=[height, height, height, height],
            name="moving",
            text=names,
            mode="markers",
            marker={"color": orange, "size": 20},
        ),
    ]
)
figure.update_layout(showlegend=True, yaxis_range=[0, 10])
if shown:
    show.figure(
        figure,
        alt=f"The moving points lie at {height}.",
        table=pd.DataFrame({"name": names, "height": height}),
        key="chart",
        clicked=keep,
    )
