"""The stage of Random slopes with all 4,059 pupils on it: each moves with the model's mean line.

While the origin is dragged the browser fits the model again and draws every pupil's distance from
the new mean line, all of them anew at each frame.
"""

import streamlit as st

from ui import assets, cache, theme
from ui.pictures import slopes
from ui.stage import scene
from ui.stage.marks import Dots
from ui.stage.quantity import control, data

seen = slopes.refitted("school")
points = cache.points("school")
x, y = (data(points[axis].to_numpy(float)) for axis in ("x", "y"))
residual = y - seen.height - seen.slope * (x - control("c"))

st.html(f"<style>{theme.page_css()}</style>")
assets.library(key="library")
st.title("Drag the origin")
scene.show(slopes.origin("school").with_marks("lines", [Dots(x, residual, 0.9, opacity=0.3)]))
