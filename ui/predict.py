"""Predict: commit, then reveal. For a choice, a number, a ranking.

A prediction is open, locked or skipped; the learner's record says which. The answer key is a
value that the core computed: it stays on the server, and nothing of it is sent to the page,
before the guess is locked. What has been placed but not locked is a draft, kept for the visit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from ui import address, assets, gap, key, store, variant
from ui.misconceptions import catalogue
from ui.prose import fixed, listing, plain, sentence
from ui.record import SURE, Prediction, Value, short
from ui.stage import axis

_REASON = 160  # characters of "Why?"


@dataclass(frozen=True)
class Option:
    """One answer of a choice, what to say about it, the misconception behind a wrong one."""

    text: str
    reason: str
    misconception: str | None = None


def made(name: str, items: Collection[str] | None = None) -> Prediction | None:
    """Return what was locked or skipped under `name`; None while the question is open.

    A record may come from a file: an order of other things than `items` counts as no answer.
    In the key every question is open to its end, as if skipped.
    """
    if key.shown():
        return Prediction(None)
    given = store.shown().predictions.get(variant.task(name))
    if given is not None and not given.skipped and items is not None:
        ordered = isinstance(given.value, list) and sorted(given.value) == sorted(items)
        given = given if ordered else None
    if given is None:
        address.wait()
    return given


@dataclass(frozen=True)
class Guess:
    """What stands on the page at the moment of locking; `missing` says what it still lacks.

    `said` is the guess in words, `gap` how far it is from the truth, `right` whether it is met.
    """

    value: Value
    missing: str = ""
    misconception: str | None = None
    said: str = ""
    gap: str = ""
    right: bool | None = None


def bar(name: str, read: Callable[[], Guess], *, question: str, truth: str) -> None:
    """The line below a question: show me, why, how sure, lock.

    Where an answer of an earlier visit is hidden, it can be shown. `read` is called when the
    button is pressed, so that it sees the newest state. `question` and `truth` are the words that
    the record keeps; they do not reach the page.
    """
    task = variant.task(name)
    asked = Prediction(None, question=short(plain(question)), truth=short(plain(truth)))

    def lock() -> None:
        guess = read()
        if guess.missing:
            st.session_state[f"missing.{task}"] = guess.missing
            return
        store.predict(
            task,
            replace(
                asked,
                value=guess.value,
                sure=st.session_state.get(f"sure.{task}"),
                misconception=guess.misconception,
                said=short(plain(guess.said)),
                gap=short(plain(guess.gap)),
                right=guess.right,
                reason=short(" ".join((st.session_state.get(f"why.{task}") or "").split())),
            ),
        )

    with st.container(
        horizontal=True, vertical_alignment="center", key=f"bar-{name.replace('.', '-')}"
    ):
        before = store.covered(task)
        st.button(
            "Show the answer" if before else "Show me without predicting",
            key=f"skip.{task}",
            type="tertiary",
            on_click=store.uncover if before else store.predict,
            args=(task,) if before else (task, asked),
        )
        st.text_input(
            "Why? (optional)",
            key=f"why.{task}",
            placeholder="Why? (optional)",
            label_visibility="collapsed",
            max_chars=_REASON,
            width="stretch",
            persist_state="session",
        )
        st.segmented_control(
            "How sure?", SURE, key=f"sure.{task}", width="content", persist_state="session"
        )
        st.button("Lock my guess, show the data", key=f"lock.{task}", type="primary", on_click=lock)
    said = st.session_state.pop(f"missing.{task}", "")
    if said:
        st.info(said)


def again(name: str) -> None:
    """A quiet way back to the open question."""
    if key.shown():
        return
    task = variant.task(name)
    st.button(
        "Predict again",
        key=f"again.{task}",
        type="tertiary",
        on_click=store.reconsider,
        args=(task,),
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
    picker = f"pick.{variant.task(name)}"
    given = made(name)

    def apart(answer: str) -> str:
        if answer == truth:
            return ""
        distance = fixed(abs(values[answer] - values[truth]), digits)
        return f"The two are {distance} {unit} apart."

    if given is None:
        st.radio(
            f"**{question}**",
            list(options),
            format_func=lambda answer: options[answer].text,
            index=None,
            key=picker,
        )

        def read() -> Guess:
            picked = st.session_state.get(picker)
            if picked is None:
                return Guess(None, "Choose one of the answers first.")
            return Guess(
                picked,
                misconception=options[picked].misconception,
                said=options[picked].text,
                gap=apart(picked),
                right=picked == truth,
            )

        bar(name, read, question=question, truth=options[truth].text)
        return None
    st.markdown(f"**{question}**")
    said = f"It is: {options[truth].text}."
    if isinstance(given.value, str) and given.value in options:
        hit = given.value == truth
        said = f"You said: {options[given.value].text}. " + (
            "So it is." if hit else f"{said} {apart(given.value)}"
        )
    low, high = min(values.values()), max(values.values())
    scale = axis.fitted(low - 0.15 * (high - low), high + 0.05 * (high - low), unit, unit)
    assets.dots(
        key=f"dots.{name}",
        data={
            "rows": [
                {
                    "id": answer,
                    "label": options[answer].text,
                    "value": value,
                    "best": answer == truth,
                }
                for answer, value in values.items()
            ],
            "guess": given.value,
            "domain": scale.domain,
            "ticks": [tick for tick in scale.ticks if round(tick, digits) == tick],
            "tick_digits": digits,
            "digits": digits,
            "unit": unit,
            "alt": said,
        },
    )
    st.html(f'<p class="gap">{said}</p>')
    st.markdown("\n".join(f"- *{option.text}.* {option.reason}" for option in options.values()))
    key.answer(f"{options[truth].text}.")
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
    below: Sequence[tuple[float, str | None]] = (),
    reference: tuple[float, str] | None = None,
) -> Prediction | None:
    """A number placed on an axis without a default. The reveal keeps the axis and the guess.

    `below` names the misconception that a guess under a bound betrays, as (bound, name), the
    lowest bound first, None where it betrays none. `reference` is a mark shown from the start, as
    (value, label).
    """
    task = variant.task(name)
    axis_key = f"axis.{task}"
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
        st.session_state[f"placed.{task}"] = st.session_state[axis_key].get("guess")

    it_is = f"{fixed(truth, scale.digits)} {scale.unit}".rstrip()
    if given is None:
        placed = st.session_state.get(f"placed.{task}")
        assets.axis(key=axis_key, data={**data, "placed": placed}, on_guess_change=keep)
        bar(
            name,
            partial(placed_number, name, scale, truth, near=near, below=below),
            question=label,
            truth=it_is,
        )
        return None
    guess = given.value if isinstance(given.value, float) else None
    said = (
        f"It is {it_is}."
        if guess is None
        else gap.number(guess, truth, digits=scale.digits, near=near)
    )
    apart = (
        ""
        if guess is None or abs(guess - truth) <= near
        else f"{fixed(abs(guess - truth), scale.digits)} apart"
    )
    assets.axis(
        key=axis_key,
        data={**data, "guess": guess, "truth": truth, "gap": apart, "alt": f"{label}. {said}"},
        on_guess_change=lambda: None,
    )
    st.html(f'<p class="gap">{said}</p>')
    key.answer(f"{it_is}; within {fixed(near, scale.digits)} is called close.")
    again(name)
    return given


def ranking(
    name: str,
    label: str,
    items: Mapping[str, str],
    truth: Sequence[str],
    *,
    first: str,
    last: str,
    suspect: Callable[[Sequence[str]], str | None] = lambda order: None,
) -> Prediction | None:
    """An order of items `{id: name}` given by places on strips, for questions without a stage.

    `suspect` names the misconception that an order betrays.
    """
    ranks_key = f"ranks.{variant.task(name)}"
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
            key=ranks_key,
            data={**data, "places": places(name)},
            on_ranking_change=keep_places(name, ranks_key),
        )
        bar(
            name,
            partial(placed_guess, name, items, truth, suspect),
            question=label,
            truth=in_order(items, truth),
        )
        return None
    guess = given.value if isinstance(given.value, list) else None
    assets.ranks(
        key=ranks_key,
        data={**data, "guess": guess and rank(guess), "truth": rank(truth)},
        on_ranking_change=lambda: None,
    )
    if guess:
        st.html(f'<p class="gap">{gap.ordering(guess, truth).said}</p>')
    key.answer(f"{sentence(in_order(items, truth))}.")
    again(name)
    return given


def placed_number(
    name: str,
    scale: Scale,
    truth: float,
    *,
    near: float,
    below: Sequence[tuple[float, str | None]] = (),
) -> Guess:
    """The number as it was placed on an axis, or in a picture; the rest as in `number`."""
    placed = st.session_state.get(f"placed.{variant.task(name)}")
    if not isinstance(placed, float | int):
        return Guess(None, "Place your guess on the line first.")
    return Guess(
        float(placed),
        misconception=next((belief for bound, belief in below if placed < bound), None),
        said=f"{fixed(placed, scale.digits)} {scale.unit}".rstrip(),
        gap=gap.number(placed, truth, digits=scale.digits, near=near),
        right=abs(placed - truth) <= near,
    )


def keep_places(name: str, component: str) -> Callable[[], None]:
    """A callback that keeps the places which a component reports for `name`."""
    draft = f"places.{variant.task(name)}"

    def keep() -> None:
        st.session_state[draft] = dict(st.session_state[component].get("ranking") or {})

    return keep


def places(name: str) -> dict[str, int]:
    """Return the places given so far, `{item: place}`; not yet locked."""
    return dict(st.session_state.get(f"places.{variant.task(name)}", {}))


def placed_guess(
    name: str,
    items: Mapping[str, str],
    truth: Sequence[str],
    suspect: Callable[[Sequence[str]], str | None] = lambda order: None,
) -> Guess:
    """The ranking as it stands: an order of `items`, or which of them wait for a place."""
    given = places(name)
    waiting = [text for item, text in items.items() if item not in given]
    if waiting:
        return Guess(None, f"Give a place to {listing(waiting)} first.")
    guess = order(given)
    wrong = gap.ordering(guess, truth)
    return Guess(
        guess,
        misconception=suspect(guess),
        said=in_order(items, guess),
        gap=wrong.said,
        right=wrong.reversed == 0,
    )


def in_order(items: Mapping[str, str], ranked: Sequence[str]) -> str:
    """The names of `items`, first to last."""
    return ", ".join(items[item] for item in ranked)


def order(places: Mapping[str, int]) -> list[str]:
    """Items by place, first to last."""
    return sorted(places, key=places.__getitem__)


def rank(items: Sequence[str]) -> dict[str, int]:
    """`{item: place}`, counted from 1."""
    return {item: place for place, item in enumerate(items, 1)}


def tempting(name: str | None, *, html: bool = False) -> str:
    """What the misconception `name` has going for it, and what speaks against it; Markdown."""
    misconception = catalogue().get(name or "")
    if misconception is None:
        return ""
    claim = f"<em>“{misconception.claim}”</em>" if html else f"*“{misconception.claim}”*"
    return f"{claim} {misconception.tempts} {misconception.counter}"
