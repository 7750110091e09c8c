"""The notation of lme4, read but never evaluated: text to `Formula`.

    gcse ~ lrt + girl + C(schgend) + (1 + lrt | school)

One function per level of precedence, from the loosest to the tightest; outside brackets the
operators make sets of terms, which is what they are called after: sums, products, interactions,
powers. Any text that is not a formula raises `FormulaError` with the place.

Reference: Wilkinson & Rogers (1973), Applied Statistics 22, 392-399; Bates et al. (2015), JSS 67.
"""

from collections.abc import Iterable, Sized
from dataclasses import dataclass, field
from itertools import combinations

from mlcore.language.arithmetic import read_factor, read_sum
from mlcore.language.expressions import FACTOR_FUNCTIONS, Call, Expression, Name, names_in
from mlcore.language.tokens import Reader

MOST_TERMS = 500
Term = tuple[Expression, ...]  # the factors of an interaction; the empty term is the intercept


@dataclass(frozen=True)
class RandomTerm:
    """`(terms | group)`: effects that vary, with one covariance matrix, over a grouping factor."""

    terms: tuple[Term, ...]
    group: tuple[Name, ...]
    position: int = field(default=0, compare=False)

    @property
    def factor(self) -> str:
        """The grouping factor's name, `school` or `ward:hospital`."""
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


@dataclass(frozen=True)
class Sum:
    """Terms added up; `intercept` is None where neither 0 nor 1 was written."""

    terms: tuple[Term, ...]
    intercept: bool | None
    random: tuple[RandomTerm, ...]

    def ordered(self) -> tuple[Term, ...]:
        """As R does: the intercept unless removed, then by degree; factors as first met."""
        met: dict[Expression, int] = {}
        for term in self.terms:
            for factor in term:
                met.setdefault(factor, len(met))
        sorted_terms = (tuple(sorted(term, key=met.__getitem__)) for term in self.terms)
        start: tuple[Term, ...] = () if self.intercept is False else ((),)
        return start + tuple(sorted(dict.fromkeys(sorted_terms), key=len))


def parse(text: str) -> Formula:
    """Read a formula; raise `FormulaError`, and nothing else, where that is not possible."""
    reader = Reader(text)
    if reader.token.kind == "end":
        reader.fail("the formula is empty: write one such as y ~ x + (1 | group)")
    if reader.at("~"):
        reader.fail("the response is missing: write its name before '~'")
    response = read_sum(reader)
    if not names_in(response):
        reader.fail("the response has to be a column", response.position)
    if not reader.at("~"):
        reader.unexpected("'~' after the response")
    reader.advance()
    right = read_terms(reader, outermost=True)
    if reader.at("|", "||"):
        reader.fail("a random term needs brackets: (1 | group)")
    if reader.token.kind != "end":
        reader.unexpected("an operator such as '+'")
    fixed = right.ordered()
    if (response,) in fixed:
        reader.fail("the response is also a predictor", response.position)
    if not fixed:
        reader.fail("no fixed effects are left: write at least the intercept, y ~ 1", len(text))
    return Formula(text, response, fixed, right.random)


def read_terms(reader: Reader, *, outermost: bool = False) -> Sum:
    """`a + b:c - d + 0 + (1 | g)`."""
    terms: dict[Term, None] = {}
    random: list[RandomTerm] = []
    intercept: bool | None = None
    first = True
    while first or reader.at("+", "-"):
        adding = not reader.at("-")
        if reader.at("+", "-"):
            reader.advance()
        first = False
        if reader.token.kind == "number":
            intercept = read_zero_or_one(reader) == adding
        elif reader.at("(") and holds_bar(reader):
            if not (outermost and adding):
                reader.fail("a random term can only be added, outside other brackets")
            random += read_random(reader)
            limit(reader, random)
        elif adding:
            terms |= dict.fromkeys(read_product(reader))
            limit(reader, terms)
        else:
            gone = {frozenset(term) for term in read_product(reader)}
            terms = {term: None for term in terms if frozenset(term) not in gone}
    return Sum(tuple(terms), intercept, tuple(random))


def read_zero_or_one(reader: Reader) -> bool:
    if float(reader.token.text) not in (0, 1):
        reader.fail("the only numbers between terms are 0 and 1; for arithmetic write I(...)")
    value = bool(float(reader.advance().text))
    if reader.at(":", "*", "/", "^", "**"):
        reader.fail("a number cannot be crossed with a term; for arithmetic write I(...)")
    return value


def read_product(reader: Reader) -> list[Term]:
    """`a * b` is a + b + a:b; `a / b` is a + a:b."""
    terms = read_interaction(reader)
    while reader.at("*", "/"):
        nested = reader.advance().text == "/"
        other = read_interaction(reader)
        if nested:
            within = tuple(dict.fromkeys(factor for term in terms for factor in term))
            terms = unique([*terms, *cross(reader, [within], other)])
        else:
            terms = unique([*terms, *other, *cross(reader, terms, other)])
        limit(reader, terms)
    return terms


def read_interaction(reader: Reader) -> list[Term]:
    """`a:b`."""
    terms = read_power(reader)
    while reader.at(":"):
        reader.advance()
        terms = cross(reader, terms, read_power(reader))
    return terms


def read_power(reader: Reader) -> list[Term]:
    """`(a + b + c)^2`: all terms and their interactions, up to two at a time."""
    terms = read_single(reader)
    while reader.at("^", "**"):
        place = reader.advance().position
        power = reader.token.text
        if reader.token.kind != "number" or power not in set("123456789"):
            reader.fail("'^' between terms takes a digit from 1 to 9; for arithmetic write I(x^2)")
        reader.advance()
        chosen: list[Term] = []
        for degree in range(1, min(int(power), len(terms)) + 1):
            for parts in combinations(terms, degree):
                chosen.append(tuple(dict.fromkeys(factor for term in parts for factor in term)))
                limit(reader, chosen, place)
        terms = unique(chosen)
    return terms


def read_single(reader: Reader) -> list[Term]:
    """A factor, or terms in brackets."""
    if reader.token.kind == "number":
        reader.fail("a number cannot be crossed with a term; for arithmetic write I(...)")
    if not reader.at("("):
        reader.operations = 0
        return [(read_factor(reader),)]
    opened = reader.open()
    inside = read_terms(reader)
    if reader.at("|", "||"):
        reader.fail("a random term can only be added, outside other brackets")
    if inside.intercept is not None:
        reader.fail("write 0 or 1 outside these brackets", opened.position)
    reader.close(opened)
    return list(inside.terms)


def cross(reader: Reader, left: list[Term], right: list[Term]) -> list[Term]:
    limit(reader, range(len(left) * len(right)))
    return unique(tuple(dict.fromkeys(a + b)) for a in left for b in right)


def unique(terms: Iterable[Term]) -> list[Term]:
    """Each set of factors once, as first written."""
    kept: dict[frozenset[Expression], Term] = {}
    for term in terms:
        kept.setdefault(frozenset(term), term)
    return list(kept.values())


def limit(reader: Reader, terms: Sized, position: int | None = None) -> None:
    if len(terms) > MOST_TERMS:
        reader.fail(f"this makes more than {MOST_TERMS} terms", position)


def holds_bar(reader: Reader) -> bool:
    """Whether the bracket that opens here is a random term's."""
    depth = 0
    for token in reader.tokens[reader.index :]:
        if token.kind == "operator":
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return False
            if depth == 1 and token.text in ("|", "||"):
                return True
    return False


def read_random(reader: Reader) -> list[RandomTerm]:
    """`(terms | group)`; with `||`, one random term for each of the terms."""
    opened = reader.open()
    terms = read_terms(reader).ordered()
    if not reader.at("|", "||"):
        reader.unexpected("'|'")
    apart = reader.advance().text == "||"
    groups = read_groups(reader)
    reader.close(opened)
    if not terms:
        reader.fail("nothing varies in this random term: write (1 | group)", opened.position)
    parts = [(term,) for term in terms] if apart else [terms]
    return [RandomTerm(part, group, opened.position) for group in groups for part in parts]


def read_groups(reader: Reader) -> list[tuple[Name, ...]]:
    """`a` or `a:b`, one factor; `a/b` is two, a and, within it, b: lme4's `b:a`."""
    groups = [read_group(reader)]
    while reader.at("/"):
        reader.advance()
        groups.append(tuple(dict.fromkeys(read_group(reader) + groups[-1])))
        limit(reader, groups)
    return groups[::-1]


def read_group(reader: Reader) -> tuple[Name, ...]:
    names = [read_group_name(reader)]
    while reader.at(":"):
        reader.advance()
        names.append(read_group_name(reader))
    return tuple(dict.fromkeys(names))


def read_group_name(reader: Reader) -> Name:
    factor = read_factor(reader)
    if isinstance(factor, Call) and factor.function not in FACTOR_FUNCTIONS:
        reader.fail("a grouping factor is the name of a column", factor.position)
    return names_in(factor)[0]
