"""What is added up in an equation: coefficients with their columns, the many of a factor as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlcore import Design
from mlcore.language.encoding import Parts
from mlcore.language.expressions import FACTOR_FUNCTIONS, Call, Expression
from mlcore.language.formula import Term
from ui.lens.symbols import column

MOST = 3  # coefficients of one term that are written one by one


@dataclass(frozen=True)
class Addend:
    """Coefficients `names` with their `symbols`, as HTML; more than one stand for a whole term.

    `parts` are the factors of the first, `note` says how many categories there are.
    """

    names: tuple[str, ...]
    symbols: tuple[str, ...]
    parts: Parts
    note: str = ""

    def label(self, without: str = "") -> str:
        """What the coefficients multiply, less the factor `without`, which stands elsewhere."""
        shown = [
            categorical(factor, "" if self.note else label)
            for factor, label in self.parts
            if f"{factor}{label}" != without
        ]
        return f"{' × '.join(shown)}{self.note and f' ({self.note})'}"

    @property
    def constant(self) -> bool:
        return not self.parts

    @property
    def coefficient(self) -> str:
        """`β_1`, or `β_2…β_20`."""
        first, *more = self.symbols
        return f"{first}<span>…</span>{more[-1]}" if more else first

    def html(self, without: str = "") -> str:
        """`β_2…β_20 region (20 categories)`."""
        label = self.label(without)
        return f"{self.coefficient}{column(label)}" if label else self.coefficient


def addends(design: Design, terms: Sequence[Term], symbols: Mapping[str, str]) -> list[Addend]:
    """The terms' coefficients that have a symbol, in their order."""
    found: list[Addend] = []
    for term, made in zip(terms, design.encoder.coefficients(tuple(terms)), strict=True):
        own = {name: parts for parts in made if (name := named(parts)) in symbols}
        if len(own) > MOST:
            note = counted(design, term, len(own))
            marks = tuple(symbols[name] for name in own)
            found.append(Addend(tuple(own), marks, next(iter(own.values())), note))
        else:
            found += [Addend((name,), (symbols[name],), parts) for name, parts in own.items()]
    return found


def many(design: Design) -> set[str]:
    """Coefficients that are too many of one term to be told one by one."""
    terms = design.encoder.coefficients(design.formula.fixed)
    known = set(design.names)
    names = [[name for parts in term if (name := named(parts)) in known] for term in terms]
    return {name for term in names if len(term) > MOST for name in term}


def labels(design: Design) -> dict[str, str]:
    """By coefficient, what it multiplies: `lrt`, `region: north`."""
    terms = design.encoder.coefficients(design.formula.fixed)
    made = [parts for term in terms for parts in term if parts]
    return {named(parts): " × ".join(categorical(*part) for part in parts) for parts in made}


def named(parts: Parts) -> str:
    """The coefficient's name in a design."""
    return ":".join(f"{factor}{label}" for factor, label in parts) or "(Intercept)"


def counted(design: Design, term: Term, coefficients: int) -> str:
    levels = [found for factor in term if (found := design.encoder.levels(factor)) is not None]
    if len(levels) == 1 and coefficients <= len(levels[0].values):
        return f"{len(levels[0].values)} categories"
    return f"{coefficients} combinations" if len(term) > 1 else f"{coefficients} columns"


def categorical(factor: Expression, label: str) -> str:
    """`region: north` for the category of a factor, the expression itself for a number."""
    column_of = factor_of(factor) or str(factor)
    if label and isinstance(factor, Call) and factor.function == "poly":
        return f"{column_of}, {label}"
    return f"{column_of}: {label}" if label else column_of


def factor_of(expression: Expression) -> str | None:
    """The column of `C(x)`, `factor(x)`; None for anything else."""
    if isinstance(expression, Call) and expression.function in FACTOR_FUNCTIONS:
        (argument, *_) = expression.arguments
        return str(argument)
    return None
