"""A code gives the same numbers on every machine, and other numbers than another code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.variant import CodeError, draw, normal

CODES = [f"class{i}" for i in range(600)]


def test_draws_do_not_depend_on_the_machine():
    # sha256sum of "spring26\npooling.two.few" and "autumn\npooling.half", taken modulo 10 and 7
    assert draw("spring26", "pooling.two.few", range(10)) == 5
    assert draw("autumn", "pooling.half", range(7)) == 0


def test_every_number_is_drawn_about_equally_often():
    drawn = [draw(code, "lesson.number", range(3, 13)) for code in CODES]
    # 600 codes over ten numbers: 60 each, with a standard deviation of 7.3; five of these
    assert all(abs(drawn.count(n) - 60) < 37 for n in range(3, 13))


def test_two_numbers_of_one_code_do_not_go_together():
    same = sum(draw(code, "a", range(10)) == draw(code, "b", range(10)) for code in CODES)
    # 60 by chance, with a standard deviation of 7.3; five of these
    assert abs(same - 60) < 37


@given(st.text(alphabet="abcxyz0189", min_size=1, max_size=24))
def test_a_code_is_one_however_it_is_typed(code):
    assert normal(f"  {code.upper()}\t") == normal(code) == code
    assert normal(normal(code)) == code


def test_nothing_is_no_code():
    assert normal("") == normal("  ") == ""


@pytest.mark.parametrize("text", ["a b", "a" * 25, "é", "x@y", "<b>", "a.b", "٣", "a\nb"])
def test_what_is_no_code_is_said(text):
    with pytest.raises(CodeError, match="letters a to z and digits, at most 24"):
        normal(text)
