"""Pictures of a fitted model, one at a time: only what is looked at is worked out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from figures.diagnostics import parts
from figures.diagnostics.looks import LOOKS, Drawn, Look, Subject
from mlcore import Fit, MultilevelError
from mlcore.inference.influence import influence, refitted
from mlcore.inference.predictions import predictors
from ui import show
from ui.prose import literal, sentence
from ui.turns import aside
from ui.workbench import kept, names, tables
from ui.workbench.desk import Model
from ui.workbench.tables import Column

_REFITTED = "desk.refitted"


def pictures(model: Model) -> None:
    """A choice of pictures, and the one that is chosen."""
    suited = {name: look for name, look in LOOKS.items() if look.suits(model.fit)}
    name = st.segmented_control(
        "Picture",
        list(suited),
        default="fitted",
        format_func=lambda each: suited[each].title,
        key="look",
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    look = suited.get(name or "fitted", LOOKS["fitted"])
    subject = _subject(model, look)
    if subject is None:
        return
    try:
        drawn = _drawn(model, look, subject)
    except MultilevelError as error:
        st.markdown(f"{literal(sentence(str(error)))}.")
        return
    st.markdown(f"{look.words} {literal(drawn.alt)}")
    show.figure(drawn.figure, alt=drawn.alt, table=drawn.table, key=f"look.{look.title}")
    if look is LOOKS["influence"]:
        _refits(model, subject)


def _refits(model: Model, subject: Subject) -> None:
    """What leaving out the most influential groups does in fact; a fit each, so behind a button."""
    about = (model.digest, model.request, subject.group)
    if st.button("Fit it again without each of the three most influential", key="look.refit"):
        found = influence(subject.fit, subject.group)
        table = refitted(subject.fit, found, subject.data, model.fitted.without)
        st.session_state[_REFITTED] = (about, table)
    last: tuple[object, pd.DataFrame] | None = st.session_state.get(_REFITTED)
    if last is None or last[0] != about:
        return
    columns = [
        Column("Without"),
        Column("Coefficient"),
        Column("Variances held", "num"),
        Column("Fitted again", "num"),
        Column(kind="muted"),
    ]
    rows = [
        [str(group), str(term), parts.number(held), parts.number(again), str(problem)]
        for group, term, held, again, problem in last[1].to_numpy()
    ]
    tables.show(columns, rows, "How much each coefficient changes")


def _subject(model: Model, look: Look) -> Subject | None:
    """What the picture is about, chosen where there is a choice; None if there is nothing."""
    fit = model.fit
    chosen: dict[str, str] = {}
    options = {
        "group": list(fit.design.groupings),
        "predictor": predictors(fit) if "predictor" in look.needs else [],
        "interval": ["own", "compare"],
    }
    with st.container(horizontal=True):
        for need in look.needs:
            if need == "term":
                options["term"] = [str(name) for name in fit.effects[chosen["group"]].names]
            if need == "focus":
                options["focus"] = _groups(fit, chosen["group"])
            if not options[need]:
                st.markdown(NOTHING[need])
                return None
            chosen[need] = _choice(need, options[need])
    return Subject(fit, model.fitted.rows, **chosen)


LISTED = 1_000  # groups at most that a menu lists
LABELS = {
    "group": "Groups",
    "term": "Effect",
    "predictor": "Predictor",
    "interval": "Interval",
    "focus": "In focus",
}
SAID = {
    "(Intercept)": "intercept",
    "own": "of each by itself",
    "compare": "for comparing two",
    "": "none",
}
NOTHING = {
    "group": "This model knows of no groups: choose some, or standard errors by group.",
    "predictor": "This model has no predictor to draw lines over.",
}


def _choice(need: str, options: list[str]) -> str:
    """One of several; where there is one only there is nothing to choose."""
    if len(options) == 1:
        return options[0]
    key = f"look.{need}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    said = names.of_groups if need in ("group", "predictor") else _said
    return str(st.selectbox(LABELS[need], options, format_func=said, key=key, width=240))


def _groups(fit: Fit, group: str) -> list[str]:
    """Which group may be in focus: none, or one of those that a menu can hold."""
    levels = fit.design.groupings[group].levels
    return ["", *(str(level) for level in levels)] if len(levels) <= LISTED else [""]


def _said(option: str) -> str:
    return SAID.get(option, option)


def _drawn(model: Model, look: Look, subject: Subject) -> Drawn:
    """The picture, made again when something else is looked at."""
    scheme = show.scheme()
    about = (subject.group, subject.term, subject.predictor, subject.interval, subject.focus)
    key = (model.digest, model.request, look.title, *about, scheme)
    with aside():
        return kept.last("desk.drawn", key, lambda: look.draw(subject, scheme))
