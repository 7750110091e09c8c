"""What the data are ready for: their groups, a trap if there is one, every variable."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from ui.prose import fixed, percent
from ui.workbench import desk
from ui.workbench.survey import Survey
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
    repaired = [trap.factor for trap in survey.traps if answers.get(trap.factor) == "different"]
    outer = [name for name in survey.factors if name not in _inner(survey)]
    return [*dict.fromkeys([*repaired, *outer, *survey.factors])]


def _inner(survey: Survey) -> set[str]:
    answers = _answers(survey)
    return {trap.inner for trap in survey.traps if answers.get(trap.factor) == "different"}


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
    rows = "".join(_group_row(each, survey) for each in found[:6])
    st.html(
        '<div class="desk scroll" tabindex="0"><table><caption>What could be groups</caption>'
        "<thead><tr><th>Column</th><th class=num>Groups</th><th>Rows in each</th>"
        "<th class=num>Of one row</th><th>Why</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _group_row(each: Candidate, survey: Survey) -> str:
    sizes = (
        f"{each.smallest:,}"
        if each.smallest == each.largest
        else f"{each.smallest:,} to {each.largest:,}, median {each.median:,.0f}"
    )
    return (
        f"<tr><th>{_named(each.column, survey)}</th><td class=num>{each.groups:,}</td>"
        f"<td>{sizes}</td><td class=num>{each.singletons:,}</td>"
        f'<td class="muted">{_code(each.why)}</td></tr>'
    )


def _variables(survey: Survey) -> None:
    if not survey.profiles:
        rows = [
            f"<tr><th>{_named(str(name), survey)}</th><td>{escape(kind_of(column))}</td>"
            f"<td class=num>{column.isna().sum():,}</td></tr>"
            for name, column in survey.frame.items()
        ]
        head = "<thead><tr><th>Variable</th><th>Holds</th><th class=num>Missing</th></tr></thead>"
        _table("Every variable", head, rows)
        return
    head = (
        "<thead><tr><th>Variable</th><th>Holds</th><th>Level</th>"
        f"<th>Varies between and within <code>{escape(survey.first)}</code></th>"
        "<th class=num>Missing</th></tr></thead>"
    )
    rows = [_variable_row(each, survey) for each in survey.profiles]
    _table("Every variable", head, rows)
    st.caption(
        f"Blue is the share of a variable’s variance that lies between groups, by {METHOD}; "
        "orange is the share within them."
    )


def _table(caption: str, head: str, rows: list[str]) -> None:
    st.html(
        f'<div class="desk scroll" tabindex="0"><table><caption>{caption}</caption>{head}'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _variable_row(each: Profile, survey: Survey) -> str:
    return (
        f"<tr><th>{_named(each.column, survey)}</th><td>{escape(each.kind)}</td>"
        f"<td>{_level(each)}</td><td>{_share(each)}</td>"
        f"<td class=num>{escape(each.absent)}</td></tr>"
    )


def _level(each: Profile) -> str:
    """Where it varies; a variable that all but never varies within groups may have errors."""
    if each.almost:
        return f'row <span class="muted">({_code(each.where)})</span>'
    return "row" if each.level == "row" else f"<code>{escape(each.level)}</code>"


def _share(each: Profile) -> str:
    if each.icc != each.icc:
        return ""
    wide = fixed(100 * each.icc, 1)
    return (
        f'<span class="share" style="--share:{wide}%"></span>'
        f'<span class="num">{percent(each.icc)}</span>'
    )


def _named(column: str, survey: Survey) -> str:
    """The name as formulas have it, and the label where it says more."""
    known = survey.dataset.variables.get(column)
    label = known.label if known and known.label != column else ""
    return f"<code>{escape(column)}</code>" + (f" <span>{escape(label)}</span>" if label else "")


def _code(text: str) -> str:
    """Text with `names` in it as HTML."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
