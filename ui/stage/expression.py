"""Expressions of controls and data: evaluated here, and by `program.js` in the browser.

`quantity` has the words to write them in, `operations` what each operation means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ui.stage.operations import OPERATIONS, Value
from ui.stage.packing import encoded, packed


@dataclass(frozen=True, eq=False)
class Quantity:
    """The operation `op` on other quantities. Comparisons make quantities, too: 1 or 0."""

    op: str
    args: tuple[Quantity, ...] = ()

    __array_ufunc__ = None  # numpy's arrays leave + and * to us

    def evaluate(self, controls: Mapping[str, float]) -> float | NDArray[np.float64]:
        """The value where the controls stand so."""
        return evaluate([self], controls)[0]

    def compute(self, controls: Mapping[str, float], *args: Any) -> Any:
        """The value, from those of the arguments."""
        return OPERATIONS[self.op](*args)

    def own(self) -> dict[str, Any]:
        """What the browser must know beside the operation and its arguments."""
        return {}

    def __add__(self, other: Operand) -> Quantity:
        return apply("add", self, other)

    def __radd__(self, other: Operand) -> Quantity:
        return apply("add", other, self)

    def __sub__(self, other: Operand) -> Quantity:
        return apply("subtract", self, other)

    def __rsub__(self, other: Operand) -> Quantity:
        return apply("subtract", other, self)

    def __mul__(self, other: Operand) -> Quantity:
        return apply("multiply", self, other)

    def __rmul__(self, other: Operand) -> Quantity:
        return apply("multiply", other, self)

    def __truediv__(self, other: Operand) -> Quantity:
        return apply("divide", self, other)

    def __rtruediv__(self, other: Operand) -> Quantity:
        return apply("divide", other, self)

    def __pow__(self, other: Operand) -> Quantity:
        return apply("power", self, other)

    def __rpow__(self, other: Operand) -> Quantity:
        return apply("power", other, self)

    def __neg__(self) -> Quantity:
        return apply("negative", self)

    def __lt__(self, other: Operand) -> Quantity:
        return apply("less", self, other)

    def __le__(self, other: Operand) -> Quantity:
        return apply("less_equal", self, other)

    def __gt__(self, other: Operand) -> Quantity:
        return apply("less", other, self)

    def __ge__(self, other: Operand) -> Quantity:
        return apply("less_equal", other, self)

    def __eq__(self, other: Operand) -> Quantity:  # type: ignore[override]
        return apply("equal", self, other)

    def __ne__(self, other: Operand) -> Quantity:  # type: ignore[override]
        return ~(self == other)

    def __and__(self, other: Operand) -> Quantity:
        return apply("and", self, other)

    def __rand__(self, other: Operand) -> Quantity:
        return apply("and", other, self)

    def __or__(self, other: Operand) -> Quantity:
        return apply("or", self, other)

    def __ror__(self, other: Operand) -> Quantity:
        return apply("or", other, self)

    def __invert__(self) -> Quantity:
        return apply("not", self)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError(
            "a quantity is neither true nor false before it is evaluated: "
            "use where(condition, a, b), and & | ~ for and, or, not"
        )


Operand = Quantity | ArrayLike


@dataclass(frozen=True, eq=False, kw_only=True)
class Control(Quantity):
    """The value of the control `name`."""

    name: str

    def compute(self, controls: Mapping[str, float], *args: Any) -> Value:
        if self.name not in controls:
            raise KeyError(f"no value for the control {self.name!r}: there are {list(controls)}")
        return np.asarray(controls[self.name], dtype=float)

    def own(self) -> dict[str, Any]:
        return {"name": self.name}


@dataclass(frozen=True, eq=False, kw_only=True)
class Data(Quantity):
    """Numbers that the core has computed."""

    values: Value

    def compute(self, controls: Mapping[str, float], *args: Any) -> Value:
        return self.values

    def own(self) -> dict[str, Any]:
        return {"values": packed(self.values)}


@dataclass(frozen=True, eq=False, kw_only=True)
class Sweep(Quantity):
    """Linear interpolation in a `table` whose first axes are `grids`.

    The table travels as `steps` from the middle of each column, in single precision: 6e-8 of the
    column's range. It is evaluated as it travels, so that words and picture agree. On a point of
    the grid only that point counts, where its neighbours may have no value.
    """

    grids: tuple[Value, ...]
    middle: Value
    steps: NDArray[np.float32]

    def compute(self, controls: Mapping[str, float], *args: Any) -> Value:
        table = self.steps.astype(float)
        for x, grid in zip(args, self.grids, strict=True):
            i = int(np.clip(np.searchsorted(grid, x, "right") - 1, 0, len(grid) - 2))
            share = np.clip((x - grid[i]) / (grid[i + 1] - grid[i]), 0.0, 1.0)
            if share in (0.0, 1.0):
                table = table[i + int(share)]
            else:
                table = (1.0 - share) * table[i] + share * table[i + 1]
        return np.asarray(self.middle + table)

    def own(self) -> dict[str, Any]:
        return {
            "grids": [packed(grid) for grid in self.grids],
            "middle": packed(self.middle),
            "steps": encoded(self.steps.astype(float), "f4"),
        }


class Program:
    """Quantities on their way to the browser; what they share is sent, and computed, once."""

    def __init__(self) -> None:
        self._nodes: list[Quantity] = []
        self._places: dict[int, int] = {}

    def add(self, quantity: Quantity) -> int:
        """Return the number under which the browser finds it."""
        for node in _in_order([quantity]):
            if id(node) not in self._places:
                self._places[id(node)] = len(self._nodes)
                self._nodes.append(node)
        return self._places[id(quantity)]

    def wire(self) -> dict[str, Any]:
        """What `program.js` compiles: every node after its arguments."""
        return {
            "nodes": [
                {"op": node.op, "args": [self._places[id(a)] for a in node.args], **node.own()}
                for node in self._nodes
            ]
        }


def evaluate(
    quantities: Iterable[Quantity], controls: Mapping[str, float]
) -> list[float | NDArray[np.float64]]:
    """The values of several quantities; what they share is computed once."""
    wanted = list(quantities)
    values: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in _in_order(wanted):
            values[id(node)] = node.compute(controls, *(values[id(a)] for a in node.args))
    found = [values[id(quantity)] for quantity in wanted]
    return [value if np.ndim(value) else float(value) for value in found]


def _in_order(quantities: Iterable[Quantity]) -> Iterable[Quantity]:
    """Every node once, after its arguments."""
    found: dict[int, Quantity] = {}

    def visit(node: Quantity) -> None:
        if id(node) not in found:
            for argument in node.args:
                visit(argument)
            found[id(node)] = node

    for quantity in quantities:
        visit(quantity)
    return found.values()


def apply(op: str, *operands: Operand) -> Quantity:
    """The operation on quantities, or on numbers made such."""
    return Quantity(op, tuple(quantity(operand) for operand in operands))


def quantity(operand: Operand) -> Quantity:
    """The operand itself, or its numbers."""
    return operand if isinstance(operand, Quantity) else data(operand)


def data(values: ArrayLike) -> Quantity:
    """A number, or a vector of numbers."""
    numbers = np.array(values, dtype=float)
    if numbers.ndim > 1:
        raise ValueError(f"data are a number or a vector, not an array of shape {numbers.shape}")
    numbers.flags.writeable = False
    return Data("data", values=numbers)
