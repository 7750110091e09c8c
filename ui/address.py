"""Values bound to the address bar, so that a link reproduces what is on screen.

The key a page gives a control is its name in the address. A value from a link is never
trusted: a number comes back to the nearest allowed one, an unknown choice to the default, a name
that nothing on the page reads is left out, and the learner is told once. Names that a page reads
later, after an answer, wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from math import isfinite, isinf
from urllib.parse import urlencode

import streamlit as st

from ui import changes
from ui.prose import listing

INFINITY = "inf"
_FRAME = ("view", "step", "code", "answers")  # read by the frame, whatever the page
_TRACKING = re.compile("utm_.*|.*clid")  # added on the way by mail and social media


def arrive(page: str) -> bool:
    """Bring the address of a page that was just opened up to date; return whether it was."""
    st.session_state["waiting"] = False
    if st.session_state.get("arrived") == page:
        return False
    st.session_state["arrived"] = page
    given = st.query_params.to_dict()
    query, said = changes.translated(page, given)
    query = {name: value for name, value in query.items() if not _TRACKING.fullmatch(name)}
    for notice in said:
        say(notice)
    if query != given:
        st.query_params.from_dict(query)
    st.session_state["unread"] = set(query).difference(_FRAME)
    return True


def wait() -> None:
    """Note that a part of the page waits for an answer: it may read more names when it comes."""
    st.session_state["waiting"] = True


def depart() -> None:
    """End a run of the page: what the address named on arrival and nothing has read is said."""
    if st.session_state.pop("waiting", False):
        return
    unread = sorted(st.session_state.pop("unread", ()))
    if unread:
        say(
            f"The address names {listing([_quote(name) for name in unread])}, which this page does "
            f"not have. {'It is' if len(unread) == 1 else 'They are'} left out."
        )
        put(**dict.fromkeys(unread))


def read(key: str) -> str | None:
    """Return the text that the address gives for `key`."""
    st.session_state.get("unread", set()).discard(key)
    return st.query_params.get(key)


def nearest(value: float, low: float, high: float, step: float) -> float:
    """Return the allowed value closest to `value`: between `low` and `high`, on the step.

    Infinity is kept where `high` is infinite (the end of a scale without an end).
    """
    if isinf(value) and value > 0 and isinf(high):
        return value
    inside = min(max(value, low), high)
    return round(low + round((inside - low) / step) * step, 10)


def number(key: str, *, low: float, high: float, step: float, default: float) -> float:
    """Read the number called `key` from the address; bad text is said and left aside."""
    text = read(key)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) and not (isinf(value) and isinf(high)):
        say(
            f"The address asks for {key} = {_quote(text)}, which is not a number. "
            f"Showing {default:g}."
        )
        put(**{key: None})
        return default
    return nearest(value, low, high, step)


def choice(key: str, options: Sequence[str], default: str) -> str:
    """Read the choice called `key`; an unknown one is said and replaced by `default`."""
    text = read(key)
    if text is None or text in options:
        return text or default
    listed = ", ".join(options)
    say(
        f"The address asks for {key} = {_quote(text)}. Here you can have {listed}. "
        f"Showing {default}."
    )
    put(**{key: None})
    return default


def one_of(key: str, names: Collection[str]) -> str | None:
    """Read which one of many is asked for, if any; an unknown one is said with the nearest."""
    text = read(key)
    if text is None or text in names:
        return text
    near = get_close_matches(text, names, n=1)
    say(
        f"The address asks for {key} = {_quote(text)}, which is not here."
        + (f" The nearest is {near[0]}." if near else "")
    )
    put(**{key: None})
    return None


def counts(key: str, names: Sequence[str], *, low: int, high: int) -> dict[str, int]:
    """Read counts written as `48:5,54:9`; unknown names and bad counts are said and left out."""
    found: dict[str, int] = {}
    for part in filter(None, (read(key) or "").split(",")):
        name, _, text = part.partition(":")
        if name in names and text.isdecimal() and text.isascii():
            found[name] = int(nearest(int(text[:9]), low, high, 1))
        else:
            say(
                f"The address asks for {key} = {_quote(part)}. It should name one of those "
                f"shown and a count, such as {names[0]}:5. It is left out."
            )
    return found


def settings() -> str:
    """The controls as they stand in the address, without what belongs to the view or the code."""
    controls = {name: st.query_params[name] for name in st.query_params if name not in _FRAME}
    return urlencode(controls)


def put(**values: float | str | None) -> None:
    """Write values to the address bar; None removes one. What stands there is not sent again."""
    for key, value in values.items():
        text = f"{value:g}" if isinstance(value, float | int) else value
        if text == st.query_params.get(key):
            continue
        if text is None:
            del st.query_params[key]
        else:
            st.query_params[key] = text


def renew() -> None:
    """Have the browser show the address that the server has: after a link within one page."""
    st.query_params.from_dict(st.query_params.to_dict())


def _quote(text: str) -> str:
    """`text` as inline code, shortened, with nothing in it that Markdown would read."""
    return "`" + text[:40].replace("`", "") + "`"


def say(notice: str) -> None:
    """Show a sentence above the page."""
    st.session_state.setdefault("notices", []).append(notice)


def notices() -> list[str]:
    """What was said since the last call."""
    said: list[str] = st.session_state.pop("notices", [])
    return said
