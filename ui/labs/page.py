"""The page Labs: the list of exercises, and one exercise with its findings shut until asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from ui import controls, frame, key, lesson, show
from ui.labs import LABS, Lab
from ui.labs.commands import PROGRAMS, commands
from ui.labs.lab import Found, Step
from ui.prose import sentence, words
from workbench.plan import Request
from workbench.plan.request import WORDS

HERE, WORKBENCH = "pages/yours/labs.py", "pages/yours/workbench.py"
ACROSS = 3  # labs in a row of the list


def contents() -> None:
    """Every lab with what it is for."""
    labs = list(enumerate(LABS.values(), 1))
    with st.container(key="labs"):
        for first in range(0, len(labs), ACROSS):
            for column, (place, lab) in zip(
                st.columns(ACROSS, gap="large"), labs[first : first + ACROSS], strict=False
            ):
                with column:
                    label = f"{place}\u2002{lab.title}"
                    st.page_link(HERE, label=label, query_params={"lab": lab.name})
                    st.markdown(lab.purpose)
                    st.caption(about(lab))


def exercise(lab: Lab) -> None:
    """A lab from its purpose to the way on."""
    heading, corner = st.columns([3, 1], vertical_alignment="bottom")
    heading.title(lab.title, anchor=False)
    with corner:
        st.page_link(HERE, label="All labs")
    lesson.step("what it is for")
    st.markdown(lab.purpose)
    lesson.story(lab.dataset)
    st.caption(f"Lab {list(LABS).index(lab.name) + 1}. {about(lab)}")
    names = [f"{lab.name}.{place}" for place in range(1, len(lab.steps) + 1)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large", key="labs-show"):
        program = controls.choose("commands", "Commands of each step", {"none": "none", **PROGRAMS})
        every = all(map(found, names))
        if not key.shown():
            st.button(
                "Hide every finding" if every else "Show every finding",
                key=f"every.{lab.name}",
                type="tertiary",
                on_click=turn,
                args=(names, not every),
            )
    for place, (step, name) in enumerate(zip(lab.steps, names, strict=True), 1):
        lesson.step(step.title.lower(), f"{place}\u2002{step.title}")
        task(lab, step, name, program)
        finding(lab, step, name)
    onward(lab)


def task(lab: Lab, step: Step, name: str, program: str) -> None:
    """What to choose, in words and as a formula, the way to that model, and its commands."""
    st.markdown(step.task)
    query = address(lab.data_of(step), step.request)
    if step.request is None:
        st.page_link(WORKBENCH, label="Open these data on “Your data”", query_params=query)
        return
    with st.container(key=f"model-{name.replace('.', '-')}"):
        show.code(step.request.formula)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(how(step.request), width="content")
        st.page_link(WORKBENCH, label="Open this model on “Your data”", query_params=query)
    if program in PROGRAMS:
        with st.container(key=f"model-{name.replace('.', '-')}-commands"):
            show.code(commands(lab.data_of(step), step.request, program))


def finding(lab: Lab, step: Step, name: str) -> None:
    """The question to ask oneself first, and what there is to find, computed when asked for."""
    here = name.replace(".", "-")
    if not found(name):
        with st.container(key=f"ask-{here}"):
            st.markdown(f"**Before you look.** {step.ask}")
        opening = "Show what you should find"
        st.button(opening, key=f"show.{name}", on_click=turn, args=([name], True))
        return
    st.markdown(f"**Before you look.** {step.ask}")
    with st.container(key=f"found-{here}"):
        seen = worked_out(lab, step)
        st.markdown(seen.text)
        if seen.table is not None:
            show.table(seen.table)
    if not key.shown():
        st.button(
            "Hide it", key=f"hide.{name}", type="tertiary", on_click=turn, args=([name], False)
        )


@lru_cache(maxsize=64)
def worked_out(lab: Lab, step: Step) -> Found:
    """A finding, shared by all learners: words and a small table."""
    return step.finding(lab.material(step))


def onward(lab: Lab) -> None:
    """The lessons that explain what the lab does, and the next lab."""
    names = list(LABS)
    for entry in frame.lessons():
        if entry.path in lab.lessons:
            st.page_link(f"pages/{entry.file}.py", label=f"The lesson: {entry.title}")
    if lab.name != names[-1]:
        following = LABS[names[names.index(lab.name) + 1]]
        st.page_link(
            HERE, label=f"Next lab: {following.title}", query_params={"lab": following.name}
        )


def about(lab: Lab) -> str:
    """How long it takes, and with what."""
    data = lab.dataset
    synthetic = ", simulated for teaching" if data.synthetic else ""
    return f"About {lab.minutes} minutes, {words(len(lab.steps))} steps. {data.title}{synthetic}."


def how(request: Request) -> str:
    """The estimator in words: `Mixed model, REML.`"""
    by = f": `{request.group}`" if request.group else ""
    return f"{sentence(WORDS[request.estimator])}{by}."


def address(data: str, request: Request | None) -> dict[str, str]:
    """The data, and the model, as the address of the page “Your data” holds them."""
    return {"data": data, **(request.address if request else {})}


def found(name: str) -> bool:
    """Whether the finding is open: it was asked for in this visit, or the page is the key."""
    return key.shown() or bool(st.session_state.get(f"found.{name}"))


def turn(names: Sequence[str], to: bool) -> None:
    """Open findings, or shut them."""
    for name in names:
        st.session_state[f"found.{name}"] = to
