"""Whatever is typed is read or refused, never evaluated; what is printed is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore import Formula, FormulaError, parse
from mlcore.language.expressions import Call, Expression, Name, Number, Operation
from mlcore.language.formula import RandomTerm, Term

# expressions and formulas that can be written ----------------------------------------------------

PLAIN = ["x", "z", "größe", "x.1", ".hidden", "log", "I"]
QUOTED = ["my score", "1st", "C(", "a:b", "__import__('os')", "{x}", "lambda", "a\nb", "'"]
NAMES = st.sampled_from(PLAIN + QUOTED).map(Name)
NUMBERS = st.floats(0, allow_infinity=False, allow_nan=False).map(lambda value: Number(abs(value)))


def operations(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    sign = st.sampled_from("+-*/^")
    return st.one_of(
        st.builds(Operation, sign, inner, inner),
        st.builds(Operation, st.just("-"), st.none(), inner),
        st.builds(lambda f, e: Call(f, (e,)), st.sampled_from(["I", "log", "sqrt", "exp"]), inner),
    )


def has_name(expression: Expression) -> bool:
    match expression:
        case Name():
            return True
        case Number():
            return False
        case Call(_, arguments):
            return has_name(arguments[0])
        case Operation(_, left, right):
            return has_name(right) or (left is not None and has_name(left))


def calls_have_names(expression: Expression) -> bool:
    """A function needs a column to work on."""
    match expression:
        case Call(_, arguments):
            return has_name(arguments[0]) and calls_have_names(arguments[0])
        case Operation(_, left, right):
            return calls_have_names(right) and (left is None or calls_have_names(left))
    return True


SUMS = st.recursive(st.one_of(NAMES, NUMBERS), operations, max_leaves=8).filter(calls_have_names)
CALLS = st.one_of(
    SUMS.filter(has_name).map(lambda e: Call("I", (e,))),
    st.builds(lambda f, n: Call(f, (n,)), st.sampled_from(["C", "factor", "center"]), NAMES),
    st.builds(lambda n, k: Call("poly", (n, Number(float(k)))), NAMES, st.integers(1, 9)),
)
TERMS = st.lists(st.one_of(NAMES, CALLS), min_size=1, max_size=3, unique_by=str).map(tuple)


@st.composite
def formulas(draw: st.DrawFn) -> str:
    """A formula's text, put together from what the notation has."""
    response = draw(SUMS.filter(has_name))
    terms = draw(st.lists(TERMS, max_size=4))
    fixed = [":".join(map(str, term)) for term in terms if term != (response,)]
    start = draw(st.sampled_from(["0", "1"])) if fixed else "1"
    random = []
    for _ in range(draw(st.integers(0, 3))):
        slopes = [":".join(map(str, term)) for term in draw(st.lists(TERMS, max_size=2))]
        bar = draw(st.sampled_from(["|", "||"]))
        group = ":".join(map(str, draw(st.lists(NAMES, min_size=1, max_size=2, unique=True))))
        random.append(f"({' + '.join(['1', *slopes])} {bar} {group})")
    return f"{response} ~ {' + '.join([start, *fixed, *random])}"


def printed(formula: Formula) -> str:
    """A formula from its parts, as `str` writes them."""

    def total(terms: tuple[Term, ...]) -> str:
        words = [":".join(map(str, term)) for term in terms if term]
        return " + ".join([str(int(() in terms)), *words])

    def bracket(term: RandomTerm) -> str:
        return f"({total(term.terms)} | {':'.join(map(str, term.group))})"

    right = [total(formula.fixed), *map(bracket, formula.random)]
    return f"{formula.response} ~ {' + '.join(right)}"


@given(formulas())
def test_a_printed_formula_reads_the_same(text: str) -> None:
    formula = parse(text)
    again = parse(printed(formula))
    assert again.response == formula.response
    assert again.fixed == formula.fixed
    assert again.random == formula.random


@given(SUMS)
def test_a_printed_expression_reads_the_same(expression: Expression) -> None:
    wrapped = Call("I", (Operation("+", Name("x"), expression),))
    ((), (again,)) = parse(f"y ~ {wrapped}").fixed
    assert again == wrapped


# what must not be read ---------------------------------------------------------------------------

ATTACKS = [
    "y ~ __import__('os').system('true')",
    "y ~ __import__(os)",
    "y ~ eval(x)",
    "y ~ exec(x)",
    "y ~ open(x)",
    "y ~ getattr(x, y)",
    "y ~ (lambda: 0)()",
    "y ~ lambda x: x",
    "y ~ [x for x in y]",
    "y ~ {x}",
    "y ~ f'{x}'",
    'y ~ f"{x}"',
    "y ~ '%s' % x",
    "y ~ x if x else z",
    "y ~ x; z",
    "y ~ x := 1",
    "y ~ x == z",
    "y ~ x @ z",
    "y ~ x[0]",
    "y ~ x\\n",
    "y ~ x # z",
    "y ~ \x00",
    "y\x00 ~ x",
    "y ~ `x",
    "y ~ ``",
    "y ~ I(x)(z)",
    "y ~ I(2)",
    "y ~ system(x)",
    "y ~ I(import)(x)",
    "y ~ $x",
    "=cmd|' /C calc'!A0",
    "y ~ 9^9",
    "y ~ x^99",
    "y ~ I(x * 1e999)",
    "y ~ I(x^1e400)",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_is_evaluated(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


@pytest.mark.parametrize(
    "name", ["__import__", "x.__class__.__mro__", "os.system", "lambda", "eval"]
)
def test_what_looks_like_python_is_the_name_of_a_column(name: str) -> None:
    assert parse(f"y ~ {name}").fixed == ((), (Name(name),))


def test_quoted_names_are_names_whatever_they_say() -> None:
    code = "__import__('os').system('true')"
    assert parse(f"y ~ `{code}`").variables()[1] == Name(code)


# size --------------------------------------------------------------------------------------------

LARGE = 10_000
DEEP = "(" * 38 + "x" + ("+x" * 39 + ")") * 38
HUGE = [
    "(" * LARGE,
    ")" * LARGE,
    "y ~ " + "(" * LARGE + "x" + ")" * LARGE,
    "y ~ " + "(x" * LARGE,
    "y ~ " + "I(" * LARGE + "x" + ")" * LARGE,
    "y ~ " + "log(" * LARGE + "x" + ")" * LARGE,
    f"y ~ I({DEEP})",
    f"{DEEP} ~ x",
    "y ~ I(x" + "^2" * LARGE + ")",
    "y ~ I(" + "-" * LARGE + "x)",
    "y ~ " + "*".join(f"x{k}" for k in range(LARGE)),
    "y ~ " + "+".join(f"x{k}" for k in range(LARGE)),
    "y ~ (" + "+".join(f"x{k}" for k in range(400)) + ")^9",
    "y ~ x + " + "+".join(f"(1|g{k})" for k in range(LARGE)),
    "y ~ (1 | " + "/".join(f"g{k}" for k in range(LARGE)) + ")",
    "y ~ I(x + " + "9" * LARGE + ")",
    "~" * LARGE,
    "`" * LARGE,
    "y ~ " + "\x00" * LARGE,
]


@pytest.mark.parametrize("text", HUGE, ids=lambda text: text[:16])
def test_what_is_too_large_is_refused(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.reason


LONG = {
    "y ~ x" + "^9" * LARGE: 2,
    "y ~ " + "-x" * LARGE + " + z": 2,
    "y ~ " + "x:" * LARGE + "x": 2,
    "y ~ " + "x*" * 300 + "x": 2,
    "y ~ " + "x" * LARGE: 2,
    "y ~ " + " " * LARGE + "x": 2,
    "y ~ `" + "(" * LARGE + "`": 2,
}


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:10])
def test_what_is_long_but_simple_is_read(text: str) -> None:
    assert len(parse(text).fixed) == LONG[text]


def test_the_deepest_expression_can_be_walked() -> None:
    deep = "x"
    for _ in range(37):
        deep = f"(x^2 + {deep})"
    formula = parse(f"y ~ I({deep}{' + x' * 24})")
    ((), (term,)) = formula.fixed
    assert parse(f"y ~ {term}").fixed == formula.fixed
    assert [name.name for name in formula.variables()] == ["y", "x"]


@given(st.text(st.characters(), max_size=200))
def test_arbitrary_text_is_a_formula_or_a_formula_error(text: str) -> None:
    for whole in (text, f"y ~ {text}", f"y ~ `{text}`", f"y ~ I({text})", f"y ~ (1 | {text})"):
        try:
            assert parse(whole).fixed
        except FormulaError as error:
            assert 0 <= error.position <= len(whole)  # noqa: PT017
