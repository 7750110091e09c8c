"""Your data: a learner's own file, or one of the course, from its rows to a model's scores."""

import streamlit as st

from ui import lesson
from ui.lens import panel as lens
from ui.workbench import (
    building,
    checking,
    comparing,
    desk,
    draft,
    fitting,
    onward,
    opening,
    readiness,
    reading,
    survey,
    taking,
    trouble,
)

st.title("Your data", anchor=False)

opening.read_waiting()
table = desk.arrive()
if table is None:
    opening.choose()
else:
    found = survey.of(table)
    opening.opened(table)

    lesson.step("what is in it")
    readiness.show(found)

    lesson.step("build a model", "Build a model")
    left, right = st.columns([5, 6], gap="large")
    with left:
        building.choices(found, readiness.factors(found))
    with right, st.container(key="desk-side"):
        building.formula()
        request, model = desk.request(), None
        if request is not None:
            sketch = draft.of(table, request)
            if sketch.error is not None:
                trouble.refusal(sketch.error, request, table)
            if sketch.equations is not None:
                lens.sketch("desk.equations", sketch.equations)
            model = fitting.show(table, sketch)
        reading.fitted_so_far(table)
        if request is not None and sketch.error is None:
            onward.show(table, request)

    if model is not None:
        lesson.step("read it", "Read it")
        reading.show(model, table)

        lesson.step("look for what is wrong", "Look for what is wrong")

        @lesson.part
        def pictures() -> None:
            checking.pictures(model)

    if desk.several(table.digest):
        lesson.step("compare", "Compare")

        @lesson.part
        def comparison() -> None:
            comparing.show(table)

    if model is not None:
        lesson.step("take it home", "Take it home")

        @lesson.part
        def files() -> None:
            taking.show(model)
