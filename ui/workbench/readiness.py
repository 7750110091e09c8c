"""What the data are ready for: their groups, a trap if there is one, every variable."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ui.prose import fixed, percent
from ui.workbench import desk, tables
from ui.workbench.survey import Survey
from ui.workbench.tables import Column, Markup, tag, ticked
from workbench.plan import Plan, planned
from workbench.readiness import METHOD, Candidate, Profile, Trap, kind_of

_ANSWERED = "desk.traps"


def show(survey: Survey) -> None:
    """Sentences first, then the groups, then the variables."""
    trapped = {trap.sentence for trap in survey.traps}
    said = [each for each in survey.sentences if each.text not in trapped]
    st.markdown(" ".join(each.text for each in said if not each.warning))
    for each in said:
        if each.warning:
            st.markdown(f"**Look first.** {each.text}")
    for trap in survey.traps:
        _ask(trap, survey)
    early = desk.request() is None or bool(st.session_state.get("presenting"))
    with st.expander("Groups and variables", expanded=early):
        _groups(survey)
        _variables(survey)


def factors(survey: Survey) -> list[str]:
    """What the rows could be grouped by, with the repaired factors in place of trapped columns."""
    answers = _answers(survey)
    repaired = {t.factor: t.inner for t in survey.traps if answers.get(t.factor) == "different"}
    outer = [name for name in survey.factors if name not in repaired.values()]
    return [*dict.fromkeys([*repaired, *outer, *survey.factors])]


def _answers(survey: Survey) -> dict[str, str]:
    """By a trap's factor what the learner said: its codes mean "different" units, or the "same"."""
    given: dict[str, dict[str, str]] = st.session_state.setdefault(_ANSWERED, {})
    return given.setdefault(survey.dataset.name, {})


def _ask(trap: Trap, survey: Survey) -> None:
    answers = _answers(survey)
    given = answers.get(trap.factor)
    if given is None:
        st.markdown(f"**The same or different?** {trap.sentence}")
        with st.container(horizontal=True, key=f"trap-{trap.outer}-{trap.inner}"):
            st.button(
                f"Different: {trap.cells:,} groups, numbered within {trap.outer}",
                key=f"trap.different.{trap.factor}",
                on_click=_repair,
                args=(trap, survey),
            )
            st.button(
                f"The same: {trap.codes:,} groups",
                key=f"trap.same.{trap.factor}",
                on_click=_answer,
                args=(trap, survey, "same"),
            )
        return
    said = (
        f"`{trap.inner}` is read as numbered within `{trap.outer}`: {trap.cells:,} groups, "
        f"`{trap.factor}` in a formula."
        if given == "different"
        else f"`{trap.inner}` is read as the same in every `{trap.outer}`: {trap.codes:,} groups."
    )
    st.markdown(said)
    st.button(
        "Ask again",
        key=f"trap.again.{trap.factor}",
        type="tertiary",
        on_click=_answer,
        args=(trap, survey, None),
    )


def _answer(trap: Trap, survey: Survey, given: str | None) -> None:
    answers = _answers(survey)
    if given is None:
        answers.pop(trap.factor, None)
    else:
        answers[trap.factor] = given


def _repair(trap: Trap, survey: Survey) -> None:
    """Take the codes for different units, in the model on the desk too."""
    _answer(trap, survey, "different")
    request = desk.request()
    if request is None:
        return
    try:
        plan = planned(request, survey.columns)
    except ValueError:  # a formula that the choices cannot show is left as it is
        return
    desk.put(_within(plan, trap).request)


def _within(plan: Plan, trap: Trap) -> Plan:
    random = tuple(
        replace(each, factor=trap.factor) if each.factor == trap.inner else each
        for each in plan.random
    )
    return replace(plan, random=random)


def _groups(survey: Survey) -> None:
    found = [each for each in survey.candidates if each.plausible]
    if len(found) < 2:
        return
    columns = [
        Column("Column"),
        Column("Groups", "num"),
        Column("Rows in each"),
        Column("Of one row", "num"),
        Column("Why", "muted"),
    ]
    rows = [_group_row(each, survey) for each in found[:6]]
    tables.show(columns, rows, "What could be groups")


def _group_row(each: Candidate, survey: Survey) -> list[str]:
    sizes = (
        f"{each.smallest:,}"
        if each.smallest == each.largest
        else f"{each.smallest:,} to {each.largest:,}, median {each.median:,.0f}"
    )
    return [
        _named(each.column, survey),
        f"{each.groups:,}",
        sizes,
        f"{each.singletons:,}",
        ticked(each.why),
    ]


def _variables(survey: Survey) -> None:
    first, holds, last = Column("Variable"), Column("Holds"), Column("Missing", "num")
    if not survey.profiles:
        rows = [
            [_named(str(name), survey), kind_of(column), f"{column.isna().sum():,}"]
            for name, column in survey.frame.items()
        ]
        tables.show([first, holds, last], rows, "Every variable")
        return
    varies = Column(Markup(f"Varies between and within {tag('code', survey.first)}"))
    rows = [_variable_row(each, survey) for each in survey.profiles]
    tables.show([first, holds, Column("Level"), varies, last], rows, "Every variable")
    st.caption(
        f"Blue is the share of a variable’s variance that lies between groups, by {METHOD}; "
        "orange is the share within them."
    )


def _variable_row(each: Profile, survey: Survey) -> list[str]:
    return [_named(each.column, survey), each.kind, _level(each), _share(each), each.absent]


def _level(each: Profile) -> str:
    """Where it varies; a variable that all but never varies within groups may have errors."""
    if each.almost:
        where = tag("span", "(", ticked(each.where), ")", kind="muted")
        return Markup(f"row {where}")
    return "row" if each.level == "row" else tag("code", each.level)


def _share(each: Profile) -> str:
    if each.icc != each.icc:
        return ""
    bar = tag("span", kind="share", style=f"--share:{fixed(100 * each.icc, 1)}%")
    return Markup(bar + tag("span", percent(each.icc), kind="num"))


def _named(column: str, survey: Survey) -> str:
    """The name as formulas have it, and the label where it says more."""
    known = survey.dataset.variables.get(column)
    label = known.label if known and known.label != column else ""
    return Markup(f"{tag('code', column)} {tag('span', label)}") if label else tag("code", column)
