"""Predict: commit, then reveal. For a choice, a number, a ranking.

A prediction is open, locked or skipped; the learner's record says which. The answer key is a
value that the core computed: it stays on the server, and nothing of it is sent to the page,
before the guess is locked. What has been placed but not locked is a draft, kept for the visit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from ui import assets, gap, store
from ui.misconceptions import catalogue
from ui.prose import fixed, listing
from ui.record import SURE, Prediction, Value
from ui.stage import axis


@dataclass(frozen=True)
class Option:
    """One answer of a choice, what to say about it, the misconception behind a wrong one."""

    text: str
    reason: str
    misconception: str | None = None


def made(name: str, items: Collection[str] | None = None) -> Prediction | None:
    """Return what was locked or skipped under `name`; None while the question is open.

    A record may come from a file: an order of other things than `items` counts as no answer.
    """
    given = store.current().predictions.get(name)
    if given is None or given.skipped or items is None:
        return given
    ordered = isinstance(given.value, list) and sorted(given.value) == sorted(items)
    return given if ordered else None


@dataclass(frozen=True)
class Guess:
    """What stands on the page at the moment of locking; `missing` says what it still lacks."""

    value: Value
    missing: str = ""
    misconception: str | None = None


def bar(name: str, read: Callable[[], Guess]) -> None:
    """The line below a question: show me, how sure, lock.

    `read` is called when the button is pressed, so that it sees the newest state.
    """

    def lock() -> None:
        guess = read()
        if guess.missing:
            st.session_state[f"missing.{name}"] = guess.missing
        else:
            sure = st.session_state.get(f"sure.{name}")
            store.predict(name, Prediction(guess.value, sure, guess.misconception))

    with st.container(
        horizontal=True, vertical_alignment="center", key=f"bar-{name.replace('.', '-')}"
    ):
        st.button(
            "Show me without predicting",
            key=f"skip.{name}",
            type="tertiary",
            on_click=store.predict,
            args=(name, Prediction(None)),
        )
        st.space("stretch")
        st.segmented_control(
            "How sure?", SURE, key=f"sure.{name}", width="content", persist_state="session"
        )
        st.button("Lock my guess, show the data", key=f"lock.{name}", type="primary", on_click=lock)
    said = st.session_state.pop(f"missing.{name}", "")
    if said:
        st.info(said)


def again(name: str) -> None:
    """A quiet way back to the open question."""
    st.button(
        "Predict again",
        key=f"again.{name}",
        type="tertiary",
        on_click=store.reconsider,
        args=(name,),
    )


def choice(
    name: str,
    question: str,
    options: Mapping[str, Option],
    truth: str,
    *,
    values: Mapping[str, float],
    unit: str,
    digits: int,
) -> Prediction | None:
    """One of several answers, decided by a number for each.

    The reveal puts the numbers on one axis, guess and truth marked, and gives every option's
    reason; `values` are in `unit` and shown with `digits` decimals.
    """
    key = f"pick.{name}"
    given = made(name)
    if given is None:
        st.radio(
            f"**{question}**",
            list(options),
            format_func=lambda answer: options[answer].text,
            index=None,
            key=key,
        )

        def read() -> Guess:
            picked = st.session_state.get(key)
            if picked is None:
                return Guess(None, "Choose one of the answers first.")
            return Guess(picked, misconception=options[picked].misconception)

        bar(name, read)
        return None
    st.markdown(f"**{question}**")
    said = f"It is: {options[truth].text}."
    if isinstance(given.value, str) and given.value in options:
        apart = fixed(abs(values[given.value] - values[truth]), digits)
        hit = given.value == truth
        said = f"You said: {options[given.value].text}. " + (
            "So it is." if hit else f"{said} The two are {apart} {unit} apart."
        )
    low, high = min(values.values()), max(values.values())
    scale = axis.fitted(low - 0.15 * (high - low), high + 0.05 * (high - low), unit, unit)
    assets.dots(
        key=f"dots.{name}",
        data={
            "rows": [
                {"id": key, "label": options[key].text, "value": value, "best": key == truth}
                for key, value in values.items()
            ],
            "guess": given.value,
            "domain": scale.domain,
            "ticks": scale.ticks,
            "tick_digits": digits,
            "digits": digits,
            "unit": unit,
            "alt": said,
        },
    )
    st.html(f'<p class="gap">{said}</p>')
    st.markdown("\n".join(f"- *{option.text}.* {option.reason}" for option in options.values()))
    again(name)
    return given


@dataclass(frozen=True)
class Scale:
    """The axis of a number: its ends, the step of a guess, its ticks, its unit."""

    low: float
    high: float
    step: float
    ticks: Sequence[float]
    unit: str
    digits: int


def number(
    name: str,
    label: str,
    scale: Scale,
    truth: float,
    *,
    near: float,
    below: Sequence[tuple[float, str]] = (),
    reference: tuple[float, str] | None = None,
) -> Prediction | None:
    """A number placed on an axis without a default. The reveal keeps the axis and the guess.

    `below` names the misconception that a guess under a bound betrays, as (bound, name), the
    lowest bound first; `reference` is a mark shown from the start, as (value, label).
    """
    key = f"axis.{name}"
    given = made(name)
    st.markdown(f"**{label}**")
    data: dict[str, object] = {
        "label": label,
        "low": scale.low,
        "high": scale.high,
        "step": scale.step,
        "ticks": list(scale.ticks),
        "unit": scale.unit,
        "digits": scale.digits,
        "reference": None if reference is None else {"value": reference[0], "label": reference[1]},
    }

    def keep() -> None:
        st.session_state[f"placed.{name}"] = st.session_state[key].get("guess")

    if given is None:
        placed = st.session_state.get(f"placed.{name}")
        assets.axis(key=key, data={**data, "placed": placed}, on_guess_change=keep)
        bar(name, partial(placed_number, name, below))
        return None
    guess = given.value if isinstance(given.value, float) else None
    said = (
        f"It is {fixed(truth, scale.digits)} {scale.unit}."
        if guess is None
        else gap.number(guess, truth, digits=scale.digits, near=near)
    )
    apart = (
        ""
        if guess is None or abs(guess - truth) <= near
        else f"{fixed(abs(guess - truth), scale.digits)} apart"
    )
    assets.axis(
        key=key,
        data={**data, "guess": guess, "truth": truth, "gap": apart, "alt": f"{label}. {said}"},
        on_guess_change=lambda: None,
    )
    st.html(f'<p class="gap">{said}</p>')
    again(name)
    return given


def ranking(
    name: str, label: str, items: Mapping[str, str], truth: Sequence[str], *, first: str, last: str
) -> Prediction | None:
    """An order of items `{id: name}` given by places on strips, for questions without a stage."""
    key = f"ranks.{name}"
    given = made(name, items)
    st.markdown(f"**{label}**")
    data: dict[str, object] = {
        "label": label,
        "items": [{"id": item, "name": text} for item, text in items.items()],
        "first": first,
        "last": last,
    }
    if given is None:
        assets.ranks(
            key=key, data={**data, "places": places(name)}, on_ranking_change=keep_places(name, key)
        )
        bar(name, partial(placed_guess, name, items))
        return None
    guess = given.value if isinstance(given.value, list) else None
    assets.ranks(
        key=key,
        data={**data, "guess": guess and rank(guess), "truth": rank(truth)},
        on_ranking_change=lambda: None,
    )
    if guess:
        compared = gap.ordering(guess, truth)
        st.html(
            f'<p class="gap">{compared.reversed} of your {compared.pairs} pairs '
            f"come out the other way round.</p>"
        )
    again(name)
    return given


def placed_number(name: str, below: Sequence[tuple[float, str]] = ()) -> Guess:
    """The number as it was placed on an axis, or in a picture; `below` as in `number`."""
    placed = st.session_state.get(f"placed.{name}")
    if not isinstance(placed, float | int):
        return Guess(None, "Place your guess on the line first.")
    suspect = next((misconception for bound, misconception in below if placed < bound), None)
    return Guess(float(placed), misconception=suspect)


def keep_places(name: str, key: str) -> Callable[[], None]:
    """A callback that keeps the places which the component `key` reports for `name`."""

    def keep() -> None:
        st.session_state[f"places.{name}"] = dict(st.session_state[key].get("ranking") or {})

    return keep


def places(name: str) -> dict[str, int]:
    """Return the places given so far, `{item: place}`; not yet locked."""
    return dict(st.session_state.get(f"places.{name}", {}))


def placed_guess(
    name: str,
    items: Mapping[str, str],
    suspect: Callable[[Sequence[str]], str | None] = lambda order: None,
) -> Guess:
    """The ranking as it stands: an order of `items`, or which of them wait for a place."""
    given = places(name)
    waiting = [text for item, text in items.items() if item not in given]
    if waiting:
        return Guess(None, f"Give a place to {listing(waiting)} first.")
    guess = order(given)
    return Guess(guess, misconception=suspect(guess))


def order(places: Mapping[str, int]) -> list[str]:
    """Items by place, first to last."""
    return sorted(places, key=places.__getitem__)


def rank(items: Sequence[str]) -> dict[str, int]:
    """`{item: place}`, counted from 1."""
    return {item: place for place, item in enumerate(items, 1)}


def tempting(name: str | None) -> str:
    """What the misconception `name` has going for it, and what speaks against it; Markdown."""
    misconception = catalogue().get(name or "")
    if misconception is None:
        return ""
    return f"*“{misconception.claim}”* {misconception.tempts} {misconception.counter}"
