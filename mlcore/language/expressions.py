"""What stands between the operators of a formula: names of columns and functions of them.

The list of functions is closed. An expression is looked at, never evaluated as Python; its numbers
are worked out by `language.encoding`. It is printed as R would print it: `I(x^2)`, `log(x + 1)`.
"""

import re
from dataclasses import dataclass, field

FACTOR_FUNCTIONS = ("C", "factor", "as.factor")
FUNCTIONS = ("I", "log", "exp", "sqrt", "scale", "center", "poly", *FACTOR_FUNCTIONS)
NAME = r"(?:[^\W\d]|\.(?=[^\W\d]|[._]))[\w.]*"
PRECEDENCE = {"^": 3, "*": 2, "/": 2, "+": 1, "-": 1}


@dataclass(frozen=True)
class Name:
    """A column of the data."""

    name: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.name if re.fullmatch(NAME, self.name) else f"`{self.name}`"


@dataclass(frozen=True)
class Number:
    """A constant in arithmetic."""

    value: float
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        short = f"{self.value:g}"
        return short if float(short) == self.value else repr(self.value)


@dataclass(frozen=True)
class Operation:
    """`left operator right`, or `-right` where `left` is None."""

    operator: str
    left: "Expression | None"
    right: "Expression"
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        own = PRECEDENCE[self.operator]
        if self.left is None:
            return f"-{_bracketed(self.right, 2)}"
        left = _bracketed(self.left, own + (self.operator == "^"))
        right = _bracketed(self.right, own + (self.operator != "^"))
        space = "" if self.operator in "^/" else " "
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


def names_in(expression: Expression) -> list[Name]:
    """The columns that an expression needs, in the order of the text."""
    match expression:
        case Name():
            return [expression]
        case Call():
            return [name for part in expression.arguments for name in names_in(part)]
        case Operation():
            left = names_in(expression.left) if expression.left else []
            return left + names_in(expression.right)
        case Number():
            return []


def _bracketed(part: Expression, least: int) -> str:
    loose = isinstance(part, Operation) and PRECEDENCE[part.operator] < least
    return f"({part})" if loose else str(part)
