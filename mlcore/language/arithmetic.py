"""Names, function calls, and the arithmetic inside their brackets: tokens to expressions."""

import difflib
from collections.abc import Callable

from mlcore.language.expressions import (
    FACTOR_FUNCTIONS,
    FUNCTIONS,
    Call,
    Expression,
    Name,
    Number,
    Operation,
    names_in,
)
from mlcore.language.tokens import DEEPEST, Reader, Token


def read_factor(reader: Reader) -> Name | Call:
    """A column's name, or a function of columns."""
    token = reader.token
    if token.kind not in ("name", "quoted"):
        reader.unexpected("a name")
    reader.advance()
    if token.kind == "name" and reader.at("("):
        return read_call(reader, token)
    return Name(token.text, token.position)


def read_call(reader: Reader, name: Token) -> Call:
    if name.text not in FUNCTIONS:
        near = difflib.get_close_matches(name.text, FUNCTIONS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(FUNCTIONS)}"
        reader.fail(f"no function {name.text!r}: {hint}", name.position)
    opened = reader.open()
    arguments = [read_sum(reader)]
    while reader.at(","):
        reader.advance()
        arguments.append(read_sum(reader))
    reader.close(opened)
    check_call(reader, name, arguments)
    return Call(name.text, tuple(arguments), name.position)


def check_call(reader: Reader, name: Token, arguments: list[Expression]) -> None:
    wanted = 2 if name.text == "poly" else 1
    if len(arguments) != wanted:
        example = "poly(x, 2)" if wanted == 2 else f"{name.text}(x)"
        reader.fail(f"{name.text} is written {example}", name.position)
    if name.text in FACTOR_FUNCTIONS and not isinstance(arguments[0], Name):
        reader.fail(f"{name.text} takes the name of a column", arguments[0].position)
    if not names_in(arguments[0]):
        reader.fail(f"{name.text} needs a column to work on", name.position)
    if wanted == 2:
        degree = arguments[1]
        if not (isinstance(degree, Number) and degree.value in range(1, 10)):
            reader.fail("the degree of poly is a whole number from 1 to 9", degree.position)


def read_sum(reader: Reader) -> Expression:
    left = read_negative(reader) if reader.at("-") else read_product(reader)
    return read_chain(reader, left, ("+", "-"), read_product)


def read_negative(reader: Reader) -> Expression:
    sign = reader.operation()
    return Operation("-", None, read_product(reader), sign.position)


def read_product(reader: Reader) -> Expression:
    return read_chain(reader, read_power(reader), ("*", "/"), read_power)


def read_chain(
    reader: Reader,
    left: Expression,
    operators: tuple[str, str],
    read_next: Callable[[Reader], Expression],
) -> Expression:
    """`left + next - next ...`, from the left."""
    length = 0
    while reader.at(*operators):
        length += 1
        if length > DEEPEST:
            reader.fail(f"more than {DEEPEST} operations in a row")
        sign = reader.operation()
        left = Operation(sign.text, left, read_next(reader), sign.position)
    return left


def read_power(reader: Reader) -> Expression:
    """`base^exponent`, from the right: 2^3^2 is 2^9; the exponent may be negative."""
    base = read_operand(reader)
    if not reader.at("^", "**"):
        return base
    place = reader.operation().position
    reader.deeper()
    negative = reader.advance() if reader.at("-") else None
    exponent = read_power(reader)
    reader.depth -= 1
    if negative:
        exponent = Operation("-", None, exponent, negative.position)
    return Operation("^", base, exponent, place)


def read_operand(reader: Reader) -> Expression:
    token = reader.token
    if token.kind == "number":
        reader.advance()
        return Number(float(token.text), token.position)
    if reader.at("("):
        opened = reader.open()
        inside = read_sum(reader)
        reader.close(opened)
        return inside
    return read_factor(reader)
