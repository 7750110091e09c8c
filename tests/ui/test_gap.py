"""Gaps between guess and truth, against pairs counted by scipy and sentences read aloud."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from ui import gap, prose

ORDERS = {"truth": list("abcde"), "other": list("edcba")}


@given(st.permutations("abcdef"), st.permutations("abcdef"))
def test_reversed_pairs_are_kendalls(guess, truth):
    found = gap.ordering(guess, truth)
    places = [truth.index(item) for item in guess]
    tau = kendalltau(range(6), places).statistic
    assert found.pairs == comb(6, 2)
    assert found.reversed == round((1 - tau) / 2 * found.pairs)


def test_the_nearest_strategy_is_named():
    assert gap.strategy(list("abced"), ORDERS) == "truth"
    assert gap.strategy(list("edcab"), ORDERS) == "other"


@pytest.mark.parametrize(
    ("guess", "truth", "said"),
    [
        (0.5, 0.55, "You said 0.50; it is 0.55. That is close."),
        (7, 36, "You said 7.00; it is 36.00, more than twice your guess."),
        (80, 36, "You said 80.00; it is 36.00, less than half of your guess."),
        (-3.45, 0.55, "You said −3.45; it is 0.55: you said 4.00 less."),
        (1.5, 0.9, "You said 1.50; it is 0.90: you said 0.60 more."),
    ],
)
def test_numbers_are_compared_in_a_sentence(guess, truth, said):
    assert gap.number(guess, truth, digits=2, near=0.1) == said


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (prose.fixed(-4.0104), "−4.01"),
        (prose.fixed(-0.001), "0.00"),
        (prose.share(0.288), ".29"),
        (prose.share(-0.608), "−.61"),
        (prose.share(0.999), "1.00"),
        (prose.share(1.25), "1.25"),
        (prose.percent(0.712), "71 %"),
        (prose.words(2), "two"),
        (prose.words(70), "seventy"),
        (prose.words(4059), "4,059"),
        (prose.ordinal(4), "fourth"),
        (prose.ordinal(11), "11th"),
        (prose.ordinal(22), "22nd"),
        (prose.ordinal(113), "113th"),
        (prose.listing(["a", "b", "c"]), "a, b and c"),
        (prose.listing(["a"]), "a"),
        (prose.sentence("school 48"), "School 48"),
    ],
)
def test_numbers_are_written_as_a_reader_writes_them(written, text):
    assert written == text
