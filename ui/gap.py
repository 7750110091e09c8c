"""How far a guess is from the truth, in numbers and in words. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ui.prose import fixed


@dataclass(frozen=True)
class Ordering:
    """Two orders of the same items compared: pairs that come out the other way round."""

    reversed: int
    pairs: int

    @property
    def said(self) -> str:
        return f"{self.reversed} of your {self.pairs} pairs come out the other way round."


def ordering(guess: Sequence[str], truth: Sequence[str]) -> Ordering:
    """Kendall's distance between two orders; both name the same items, first to last."""
    place = {item: i for i, item in enumerate(truth)}
    pairs = list(combinations(guess, 2))
    return Ordering(sum(place[a] > place[b] for a, b in pairs), len(pairs))


def strategy(guess: Sequence[str], orders: Mapping[str, Sequence[str]]) -> str:
    """Return the name of the order in `orders` that `guess` is closest to; the first wins a tie."""
    return min(orders, key=lambda name: ordering(guess, orders[name]).reversed)


def number(guess: float, truth: float, *, digits: int, near: float) -> str:
    """The gap between two numbers as a sentence; within `near` it is called close."""
    said = f"You said {fixed(guess, digits)}; it is {fixed(truth, digits)}"
    distance = abs(guess - truth)
    if distance <= near:
        return f"{said}. That is close."
    side = "more" if guess > truth else "less"
    if truth > 0 and guess > 2 * truth:
        return f"{said}, less than half of your guess."
    if 0 < 2 * guess < truth:
        return f"{said}, more than twice your guess."
    return f"{said}: you said {fixed(distance, digits)} {side}."
