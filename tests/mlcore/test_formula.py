"""lme4's notation: what is read, how it is named, and how mistakes are pointed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore import FormulaError, parse


def names(terms: tuple) -> list[str]:
    return [":".join(map(str, term)) or "1" for term in terms]


FIXED = {
    "x + z": ["1", "x", "z"],
    "x:z": ["1", "x:z"],
    "x*z": ["1", "x", "z", "x:z"],
    "x + z + x": ["1", "x", "z"],
    "z:x + x": ["1", "x", "z:x"],
    "(a + b + c)^2": ["1", "a", "b", "c", "a:b", "a:c", "b:c"],
    "(a + b)**2 - a:b": ["1", "a", "b"],
    "a*b - b:a": ["1", "a", "b"],
    "a/b": ["1", "a", "a:b"],
    "x - 1": ["x"],
    "0 + x": ["x"],
    "-1 + x": ["x"],
    "x + 0 + 1": ["1", "x"],
    "1": ["1"],
    "I(x^2) + I(x**2)": ["1", "I(x^2)"],
    "I( (x+1) *z )": ["1", "I((x + 1) * z)"],
    "I(-x^2 / 3)": ["1", "I(-x^2/3)"],
    "I(x^-1) + I(2^3^2*x)": ["1", "I(x^(-1))", "I(2^3^2 * x)"],
    "log(x + 1) + scale(x):z": ["1", "log(x + 1)", "scale(x):z"],
    "poly(x, 2)": ["1", "poly(x, 2)"],
    "factor(g) + as.factor(h) + C(k)": ["1", "factor(g)", "as.factor(h)", "C(k)"],
    "`first year` + `ok`": ["1", "`first year`", "ok"],
    "größe + x.1 + .hidden + x_2": ["1", "größe", "x.1", ".hidden", "x_2"],
    "meanses * cses + sector * cses": ["1", "meanses", "cses", "sector", "meanses:cses",
                                       "cses:sector"],
}  # fmt: skip


@pytest.mark.parametrize("right", FIXED)
def test_fixed_terms_as_r_orders_and_prints_them(right: str) -> None:
    assert names(parse(f"y ~ {right}").fixed) == FIXED[right]


RANDOM = {
    "(1 | g)": [(["1"], "g")],
    "(x | g)": [(["1", "x"], "g")],
    "(1 + x + z | g)": [(["1", "x", "z"], "g")],
    "(0 + x | g)": [(["x"], "g")],
    "(x - 1 | g)": [(["x"], "g")],
    "(1 + x || g)": [(["1"], "g"), (["x"], "g")],
    "(0 + x + z || g)": [(["x"], "g"), (["z"], "g")],
    "(1 | a:b)": [(["1"], "a:b")],
    "(1 | a/b)": [(["1"], "b:a"), (["1"], "a")],
    "(1 | a/b/c)": [(["1"], "c:b:a"), (["1"], "b:a"), (["1"], "a")],
    "(1 | factor(g))": [(["1"], "g")],
    "(1 | `my school`)": [(["1"], "my school")],
    "(1 | a) + (0 + x | b)": [(["1"], "a"), (["x"], "b")],
    "(I(x^2) | g)": [(["1", "I(x^2)"], "g")],
}


@pytest.mark.parametrize("term", RANDOM)
def test_random_terms(term: str) -> None:
    formula = parse(f"y ~ z + {term} + w")
    assert names(formula.fixed) == ["1", "z", "w"]
    assert [(names(r.terms), r.factor) for r in formula.random] == RANDOM[term]


def test_response_may_be_a_function() -> None:
    assert str(parse("log(y + 1) ~ x").response) == "log(y + 1)"


def test_variables_are_listed_once_in_order() -> None:
    formula = parse("log(y) ~ x * `a b` + (1 + I(z^2) | g:h)")
    assert [n.name for n in formula.variables()] == ["y", "x", "a b", "z", "g", "h"]
    assert formula.variables(response=False)[0].name == "x"


MISTAKES = {
    # text: the place, and a word of the message
    "": (0, "empty"),
    "~ x": (0, "response is missing"),
    "y": (1, "'~'"),
    "y x": (2, "'~'"),
    "y ~": (3, "too early"),
    "y ~ x +": (7, "too early"),
    "y ~ x + )": (8, "expected a name"),
    "y ~ (x": (4, "never closed"),
    "y ~ x)": (5, "expected an operator"),
    "y ~ x z": (6, "expected an operator"),
    "y ~ a $ b": (6, "'$' has no place"),
    "y ~ `a": (4, "no partner"),
    "y ~ 2 * x": (4, "0 and 1"),
    "y ~ x:2": (6, "a number cannot be crossed"),
    "y ~ 1:x": (5, "a number cannot be crossed"),
    "y ~ x^z": (6, "digit from 1 to 9"),
    "y ~ x^0.5": (6, "I(x^2)"),
    "y ~ lag(x)": (4, "did you mean log?"),
    "y ~ spline(x)": (4, "there are I, log"),
    "y ~ __import__(x)": (4, "no function"),
    "y ~ log()": (8, "expected a name"),
    "y ~ log(x, 2)": (4, "written log(x)"),
    "y ~ log(2)": (4, "needs a column"),
    "y ~ poly(x)": (4, "poly(x, 2)"),
    "y ~ poly(x, 2.5)": (12, "whole number"),
    "y ~ C(x + 1)": (8, "name of a column"),
    "y ~ I(x:z)": (7, "expected ')'"),
    "y ~ x | g": (6, "needs brackets"),
    "y ~ x * (1 | g)": (11, "only be added"),
    "y ~ x - (1 | g)": (8, "only be added"),
    "y ~ (x + (1 | g))": (9, "only be added"),
    "y ~ (1 | g": (4, "never closed"),
    "y ~ (1 | log(g))": (9, "name of a column"),
    "y ~ (1 | )": (9, "expected a name"),
    "y ~ (0 | g)": (4, "nothing varies"),
    "y ~ (0 + x):z": (4, "outside these brackets"),
    "y ~ x + y": (0, "also a predictor"),
    "3 ~ x": (0, "has to be a column"),
    "y ~ 0": (5, "no fixed effects"),
    "y ~ (a+b+c+d+e+f+g+h+i+j+k+l)^9": (29, "more than 500 terms"),
    "y ~ " + "(" * 50 + "x" + ")" * 50: (44, "inside each other"),
    "y ~ I(" + "+".join("x" * 50) + ")": (87, "in a row"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes_are_pointed_at(text: str) -> None:
    position, words = MISTAKES[text]
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert words in str(caught.value)
    assert caught.value.position == position
    *_, shown, caret = str(caught.value).splitlines()
    assert shown == f"  {text}"
    assert caret == f"  {' ' * position}^"


LIKELY = st.sampled_from(
    [*"~+-*/:^|()., 0123456789xyzg`\n\t", "**", "||", "log(", "poly(", "I(", "1e9", "(1|g)", "y ~ ",
     "é", "_", "'", "\\", "\x00"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(LIKELY, max_size=40).map("".join)))
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017
        return
    assert formula.variables()


@given(st.lists(LIKELY, max_size=40).map("".join))
def test_what_is_printed_reads_the_same(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError:
        return
    printed = " + ".join(name for name in names(formula.fixed) if name != "1")
    start = "1" if () in formula.fixed else "0"
    again = parse(f"{formula.response} ~ {start} + {printed}" if printed else
                  f"{formula.response} ~ {start}")  # fmt: skip
    assert again.response == formula.response
    assert set(map(frozenset, again.fixed)) == set(map(frozenset, formula.fixed))
