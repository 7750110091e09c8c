"""The notation of lme4, read but never evaluated: text to `Formula`.

    gcse ~ lrt + girl + C(schgend) + (1 + lrt | school)

A recursive descent parser with one method per level of precedence. Outside brackets the operators
build sets of terms (`+ - * / : ^`); inside a function's brackets they are arithmetic. The list of
functions is closed, names are looked up in a data frame later (`mlcore.encoding`), and any text
that is not a formula raises `FormulaError` with the place.

Reference: Wilkinson & Rogers (1973), Applied Statistics 22, 392-399; Bates et al. (2015), JSS 67(1).
"""

import difflib
import re
from dataclasses import dataclass, field
from itertools import combinations
from typing import NoReturn

from mlcore.errors import FormulaError

FACTOR_FUNCTIONS = ("C", "factor", "as.factor")
FUNCTIONS = ("I", "log", "exp", "sqrt", "scale", "center", "poly", *FACTOR_FUNCTIONS)
MOST_TERMS = 500
DEEPEST = 40

TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>(?:[^\W\d]|\.(?=[^\W\d]|[._]))[\w.]*)"
    r"|`(?P<quoted>[^`]+)`"
    r"|(?P<operator>\*\*|\|\||[~+\-*/:^|(),])"
)
SYNTACTIC = re.compile(r"(?:[^\W\d]|\.(?=[^\W\d]|[._]))[\w.]*\Z")


@dataclass(frozen=True)
class Name:
    """A column of the data."""

    name: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.name if SYNTACTIC.match(self.name) else f"`{self.name}`"


@dataclass(frozen=True)
class Number:
    """A constant in arithmetic."""

    value: float
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.value:g}"


@dataclass(frozen=True)
class Operation:
    """`left operator right`, or `-right` where `left` is None; `inner` counts the levels below."""

    operator: str
    left: "Expression | None"
    right: "Expression"
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        tight = {"^": 3, "*": 2, "/": 2, "+": 1, "-": 1}

        def bracketed(part: "Expression", least: int) -> str:
            loose = isinstance(part, Operation) and tight[part.operator] < least
            return f"({part})" if loose else str(part)

        own = tight[self.operator]
        if self.left is None:
            return f"-{bracketed(self.right, 2)}"
        space = "" if self.operator in "^/" else " "
        left = bracketed(self.left, own + (self.operator == "^"))
        right = bracketed(self.right, own + (self.operator != "^"))
        return f"{left}{space}{self.operator}{space}{right}"


@dataclass(frozen=True)
class Call:
    """A function of the closed list, as the user spelt it."""

    function: str
    arguments: "tuple[Expression, ...]"
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


Expression = Name | Number | Operation | Call
Term = tuple[Expression, ...]  # the factors of an interaction; the empty term is the intercept


@dataclass(frozen=True)
class RandomTerm:
    """`(terms | group)`: effects that vary, with one covariance matrix, over a grouping factor."""

    terms: tuple[Term, ...]
    group: tuple[Name, ...]
    position: int = field(default=0, compare=False)

    @property
    def factor(self) -> str:
        return ":".join(name.name for name in self.group)


@dataclass(frozen=True)
class Formula:
    """What was read: the response, the fixed terms in R's order, the random terms as written."""

    text: str
    response: Expression
    fixed: tuple[Term, ...]
    random: tuple[RandomTerm, ...]

    def variables(self, *, response: bool = True) -> tuple[Name, ...]:
        """Every column the formula mentions, once, the response's first."""
        expressions = [self.response] if response else []
        for terms in (self.fixed, *(r.terms for r in self.random)):
            expressions += [factor for term in terms for factor in term]
        expressions += [name for r in self.random for name in r.group]
        return tuple(dict.fromkeys(name for e in expressions for name in names_in(e)))

    def __str__(self) -> str:
        return self.text


def parse(text: str) -> Formula:
    """Read a formula; raise `FormulaError`, and nothing else, where that is not possible."""
    return _Parser(text).formula()


def names_in(expression: Expression) -> list[Name]:
    match expression:
        case Name():
            return [expression]
        case Number():
            return []
        case Call():
            return [name for part in expression.arguments for name in names_in(part)]
        case Operation():
            left = names_in(expression.left) if expression.left else []
            return left + names_in(expression.right)


def term_name(term: Term) -> str:
    return ":".join(map(str, term)) or "(Intercept)"


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


@dataclass(frozen=True)
class _Sum:
    """Terms added up; `intercept` is None where neither 0 nor 1 was written."""

    terms: tuple[Term, ...]
    intercept: bool | None
    random: tuple[RandomTerm, ...] = ()

    def all_terms(self) -> tuple[Term, ...]:
        """In R's order: the intercept, unless removed, then by degree; factors as first met."""
        met: dict[Expression, int] = {}
        for term in self.terms:
            for factor in term:
                met.setdefault(factor, len(met))
        arranged = dict.fromkeys(tuple(sorted(t, key=met.__getitem__)) for t in self.terms)
        start: tuple[Term, ...] = () if self.intercept is False else ((),)
        return start + tuple(sorted(arranged, key=len))


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokenise()
        self.index = 0
        self.depth = 0

    # reading ------------------------------------------------------------------------------------

    def _tokenise(self) -> list[_Token]:
        tokens, position = [], 0
        while position < len(self.text):
            found = TOKEN.match(self.text, position)
            if found is None:
                self._fail(f"{self.text[position]!r} has no meaning in a formula", position)
            kind = found.lastgroup or ""
            if kind != "space":
                tokens.append(_Token(kind, found[kind], position))
            position = found.end()
        return [*tokens, _Token("end", "", len(self.text))]

    @property
    def token(self) -> _Token:
        return self.tokens[self.index]

    def _fail(self, reason: str, position: int | None = None) -> NoReturn:
        raise FormulaError(reason, self.text, self.token.position if position is None else position)

    def _at(self, *operators: str) -> bool:
        return self.token.kind == "operator" and self.token.text in operators

    def _advance(self) -> _Token:
        token = self.token
        self.index += 1
        return token

    def _expect(self, operator: str, reason: str) -> _Token:
        if not self._at(operator):
            self._fail(reason)
        return self._advance()

    def _unexpected(self) -> NoReturn:
        if self.token.kind == "end":
            self._fail("the formula ends too early: a name is missing")
        self._fail(f"expected a name, found {self.token.text!r}")

    def _open(self) -> _Token:
        self.depth += 1
        if self.depth > DEEPEST:
            self._fail(f"more than {DEEPEST} brackets inside each other")
        return self._advance()

    def _close(self, opened: _Token) -> None:
        if not self._at(")"):
            if self.token.kind == "end":
                self._fail("this bracket is never closed", opened.position)
            self._fail(f"expected ')', found {self.token.text!r}")
        self._advance()
        self.depth -= 1

    # formula: response ~ sum --------------------------------------------------------------------

    def formula(self) -> Formula:
        if self.token.kind == "end":
            self._fail("the formula is empty: write one such as y ~ x + (1 | group)")
        if self._at("~"):
            self._fail("the response is missing: write its name before '~'")
        response = self._arithmetic()
        self._expect("~", "expected '~' between the response and the predictors")
        right = self._sum(top=True)
        if self._at("|", "||"):
            self._fail("a random term needs brackets: (1 | group)")
        if self.token.kind != "end":
            self._fail(f"expected an operator such as '+', found {self.token.text!r}")
        fixed = right.all_terms()
        if (response,) in fixed:
            self._fail("the response is also a predictor", response.position)
        return Formula(self.text, response, fixed, right.random)

    def _sum(self, *, top: bool = False) -> _Sum:
        terms: dict[Term, None] = {}
        random: list[RandomTerm] = []
        intercept: bool | None = None
        first = True
        while first or self._at("+", "-"):
            sign = self._advance() if self._at("+", "-") else None
            adding, first = sign is None or sign.text == "+", False
            if self.token.kind == "number":
                intercept = self._zero_or_one() == adding
            elif self._at("(") and self._holds_bar():
                if not (top and adding):
                    self._fail("a random term can only be added, outside other brackets")
                random += self._random()
            else:
                for term in self._product():
                    if adding:
                        terms[term] = None
                    else:
                        terms = {t: None for t in terms if set(t) != set(term)}
        return _Sum(tuple(terms), intercept, tuple(random))

    def _zero_or_one(self) -> bool:
        if float(self.token.text) not in (0, 1):
            self._fail("the only numbers between terms are 0 and 1; for arithmetic write I(...)")
        value = bool(float(self._advance().text))
        if self._at(":", "*", "/", "^", "**"):
            self._fail("a number cannot be crossed with a term; for arithmetic write I(...)")
        return value

    def _product(self) -> list[Term]:
        terms = self._interaction()
        while self._at("*", "/"):
            nested = self._advance().text == "/"
            other = self._interaction()
            whole = [tuple(dict.fromkeys(f for term in terms for f in term))] if nested else terms
            crossed = self._cross(whole, other)
            terms = self._unique([*terms, *crossed] if nested else [*terms, *other, *crossed])
        return terms

    def _interaction(self) -> list[Term]:
        terms = self._power()
        while self._at(":"):
            self._advance()
            terms = self._cross(terms, self._power())
        return terms

    def _power(self) -> list[Term]:
        terms = self._atom()
        while self._at("^", "**"):
            place = self._advance().position
            if self.token.kind != "number" or not re.fullmatch(r"[1-9]", self.token.text):
                self._fail(
                    "'^' between terms takes a digit from 1 to 9; for arithmetic write I(x^2)"
                )
            base, power = terms, int(self._advance().text)
            chosen: list[Term] = []
            for degree in range(1, min(power, len(base)) + 1):
                for parts in combinations(base, degree):
                    chosen.append(tuple(dict.fromkeys(f for term in parts for f in term)))
                    self._limit(chosen, place)
            terms = self._unique(chosen)
        return terms

    def _cross(self, left: list[Term], right: list[Term]) -> list[Term]:
        self._limit(range(len(left) * len(right)), self.token.position)
        return self._unique([tuple(dict.fromkeys(a + b)) for a in left for b in right])

    @staticmethod
    def _unique(terms: list[Term]) -> list[Term]:
        return list({frozenset(term): term for term in reversed(terms)}.values())[::-1]

    def _limit(self, terms: "list[Term] | range", position: int) -> None:
        if len(terms) > MOST_TERMS:
            self._fail(f"this makes more than {MOST_TERMS} terms", position)

    def _atom(self) -> list[Term]:
        if self._at("("):
            opened = self._open()
            inside = self._sum()
            if self._at("|", "||"):
                self._fail("a random term can only be added, outside other brackets")
            if inside.intercept is not None:
                self._fail("write 0 or 1 outside these brackets", opened.position)
            self._close(opened)
            return list(inside.terms)
        if self.token.kind == "number":
            self._fail("a number cannot be crossed with a term; for arithmetic write I(...)")
        return [(self._factor(),)]

    # (terms | group) ----------------------------------------------------------------------------

    def _holds_bar(self) -> bool:
        depth = 0
        for token in self.tokens[self.index :]:
            if token.kind == "operator":
                depth += (token.text == "(") - (token.text == ")")
                if depth == 0:
                    return False
                if depth == 1 and token.text in ("|", "||"):
                    return True
        return False

    def _random(self) -> list[RandomTerm]:
        opened = self._open()
        terms = self._sum().all_terms()
        bar = self._advance()
        if bar.text not in ("|", "||"):
            self._fail(f"expected '|', found {bar.text!r}", bar.position)
        groups = self._groups()
        self._close(opened)
        if not terms:
            self._fail("nothing varies in this random term: write (1 | group)", opened.position)
        parts = [(term,) for term in terms] if bar.text == "||" else [terms]
        return [RandomTerm(part, group, opened.position) for group in groups for part in parts]

    def _groups(self) -> list[tuple[Name, ...]]:
        """`a` or `a:b`, one factor; `a/b` is a and, within it, b: two factors, as lme4 names them."""
        groups = [self._group()]
        while self._at("/"):
            self._advance()
            groups.append(self._group() + groups[-1])
        return groups[::-1]

    def _group(self) -> tuple[Name, ...]:
        names = [self._group_name()]
        while self._at(":"):
            self._advance()
            names.append(self._group_name())
        return tuple(dict.fromkeys(names))

    def _group_name(self) -> Name:
        factor = self._factor()
        match factor:
            case Name():
                return factor
            case Call(function, (Name() as name,)) if function in FACTOR_FUNCTIONS:
                return name
        self._fail("a grouping factor is the name of a column", factor.position)

    # a factor: name or call; arithmetic inside calls ----------------------------------------------

    def _factor(self) -> Name | Call:
        token = self.token
        if token.kind == "quoted":
            self._advance()
            return Name(token.text, token.position)
        if token.kind != "name":
            self._unexpected()
        self._advance()
        return self._call(token) if self._at("(") else Name(token.text, token.position)

    def _call(self, name: _Token) -> Call:
        if name.text not in FUNCTIONS:
            near = difflib.get_close_matches(name.text, FUNCTIONS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(FUNCTIONS)}"
            self._fail(f"no function {name.text!r}: {hint}", name.position)
        opened = self._open()
        arguments = [self._arithmetic()]
        while self._at(","):
            self._advance()
            arguments.append(self._arithmetic())
        self._close(opened)
        self._check_call(name, arguments)
        return Call(name.text, tuple(arguments), name.position)

    def _check_call(self, name: _Token, arguments: list[Expression]) -> None:
        wanted = 2 if name.text == "poly" else 1
        if len(arguments) != wanted:
            example = "poly(x, 2)" if wanted == 2 else f"{name.text}(x)"
            self._fail(f"{name.text} is written {example}", name.position)
        if name.text in FACTOR_FUNCTIONS and not isinstance(arguments[0], Name):
            self._fail(f"{name.text} takes the name of a column", arguments[0].position)
        if not names_in(arguments[0]):
            self._fail(f"{name.text} needs a column to work on", name.position)
        if wanted == 2:
            degree = arguments[1]
            if not (isinstance(degree, Number) and degree.value in range(1, 10)):
                self._fail("the degree of poly is a whole number from 1 to 9", degree.position)

    def _arithmetic(self) -> Expression:
        left = self._signed()
        for _ in range(DEEPEST):
            if not self._at("+", "-"):
                return left
            sign = self._advance()
            left = Operation(sign.text, left, self._scaled(), sign.position)
        self._fail(f"more than {DEEPEST} operations in one expression")

    def _signed(self) -> Expression:
        if self._at("-"):
            sign = self._advance()
            return Operation("-", None, self._scaled(), sign.position)
        return self._scaled()

    def _scaled(self) -> Expression:
        left = self._raised()
        for _ in range(DEEPEST):
            if not self._at("*", "/"):
                return left
            sign = self._advance()
            left = Operation(sign.text, left, self._raised(), sign.position)
        self._fail(f"more than {DEEPEST} operations in one expression")

    def _raised(self) -> Expression:
        base = self._operand()
        if self._at("^", "**"):
            place = self._advance().position
            self.depth += 1
            if self.depth > DEEPEST:
                self._fail(f"more than {DEEPEST} powers inside each other")
            exponent = self._negative() if self._at("-") else self._raised()
            self.depth -= 1
            return Operation("^", base, exponent, place)
        return base

    def _negative(self) -> Expression:
        sign = self._advance()
        return Operation("-", None, self._raised(), sign.position)

    def _operand(self) -> Expression:
        token = self.token
        if token.kind == "number":
            self._advance()
            return Number(float(token.text), token.position)
        if self._at("("):
            opened = self._open()
            inside = self._arithmetic()
            self._close(opened)
            return inside
        return self._factor()
