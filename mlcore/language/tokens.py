"""A formula's text as tokens, and a reader that walks along them and knows where it is."""

import re
from dataclasses import dataclass
from math import inf
from typing import NoReturn

from mlcore.errors import FormulaError
from mlcore.language.expressions import NAME

DEEPEST = 40
MOST_OPERATIONS = 100  # in one term: as deep as an expression can be, and functions walk down it
TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    rf"|(?P<name>{NAME})"
    r"|`(?P<quoted>[^`]+)`"
    r"|(?P<operator>\*\*|\|\||[~+\-*/:^|(),])"
)


@dataclass(frozen=True)
class Token:
    kind: str  # number, name, quoted, operator or end
    text: str
    position: int


def tokenise(text: str) -> list[Token]:
    tokens, position = [], 0
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None:
            place = f"{text[position]!r} has no place in a formula"
            reason = "this backtick has no partner" if text[position] == "`" else place
            raise FormulaError(reason, text, position)
        kind = found.lastgroup or ""
        if kind == "number" and float(found[kind]) == inf:
            raise FormulaError("this number is too large", text, position)
        if kind != "space":
            tokens.append(Token(kind, found[kind], position))
        position = found.end()
    return [*tokens, Token("end", "", len(text))]


class Reader:
    """The tokens of a text, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.index = 0
        self.depth = 0
        self.operations = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def at(self, *operators: str) -> bool:
        return self.token.kind == "operator" and self.token.text in operators

    def advance(self) -> Token:
        token = self.token
        self.index += 1
        return token

    def fail(self, reason: str, position: int | None = None) -> NoReturn:
        place = self.token.position if position is None else position
        raise FormulaError(reason, self.text, place)

    def unexpected(self, wanted: str) -> NoReturn:
        if self.token.kind == "end":
            self.fail(f"the formula ends too early: expected {wanted}")
        self.fail(f"expected {wanted}, found {self.token.text!r}")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"more than {DEEPEST} brackets or powers inside each other")

    def operation(self) -> Token:
        """The operator that stands here, counted; `Reader.operations` is set back for each term."""
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            self.fail(f"more than {MOST_OPERATIONS} operations in a term")
        return self.advance()

    def open(self) -> Token:
        self.deeper()
        return self.advance()

    def close(self, opened: Token) -> None:
        if self.token.kind == "end":
            self.fail("this bracket is never closed", opened.position)
        if not self.at(")"):
            self.unexpected("')'")
        self.advance()
        self.depth -= 1
