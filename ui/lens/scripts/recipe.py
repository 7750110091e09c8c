"""What every script needs of a model: its file, the columns to be made first, its terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from datasets import Dataset
from datasets.dataset import Derived
from mlcore import Fit
from mlcore.language.expressions import Expression, Name
from mlcore.language.formula import RandomTerm, Term
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, line
from ui.prose import fixed


@dataclass(frozen=True, eq=False)
class Recipe:
    """A fitted model, its parameters, and the dataset whose file the script reads."""

    fit: Fit
    parameters: Sequence[Parameter]
    data: Dataset

    @property
    def file(self) -> str:
        return f"{self.data.name}.csv"

    @property
    def response(self) -> str:
        return str(self.fit.design.formula.response)

    @property
    def reml(self) -> bool:
        return self.fit.method == "REML"

    @property
    def fixed(self) -> tuple[Term, ...]:
        """The fixed terms without the intercept."""
        return tuple(term for term in self.fit.design.formula.fixed if term)

    @property
    def random(self) -> tuple[RandomTerm, ...]:
        return self.fit.design.formula.random

    @cached_property
    def made(self) -> list[tuple[str, Derived]]:
        """The columns that are not in the file, in the order in which they can be made."""
        used = {name.name for name in self.fit.design.formula.variables()}
        wanted: set[str] = set()
        for name, column in reversed(list(self.data.derived.items())):
            if name in used or name in wanted:
                wanted.add(name)
                wanted |= words(column.formula) | {column.mean}
        return [(name, self.data.derived[name]) for name in self.data.derived if name in wanted]

    @cached_property
    def columns(self) -> list[str]:
        """The columns of the file that the script needs."""
        used = {name.name for name in self.fit.design.formula.variables()}
        for _, column in self.made:
            used |= {column.mean, *words(column.formula)}
            used |= {*self.grouping(column)} if column.mean else set()
        return [name for name in self.data.variables if name in used]

    def grouping(self, column: Derived) -> tuple[str, ...]:
        """The columns that tell apart the groups over which a mean is taken."""
        return self.data.grouping(column)

    def expected(self, comment: str) -> list[Line]:
        """What the script should print, as comments."""
        found = [line(f"{comment} Estimates to expect ({self.fit.method}):")]
        for p in self.parameters:
            name = p.symbol.replace("_", "")
            what = f"{name}  {p.what}{f' ({p.group})' if p.group else ''}"
            value = fixed(p.estimate, 4).replace("−", "-")
            found.append(line(f"{comment}   {what:<44} {value:>12}"))
        return found

    def source(self, comment: str) -> list[Line]:
        """Where the data are from, as comments."""
        note = "Simulated for teaching. " if self.data.synthetic else ""
        text = f"{self.data.title}. {note}{self.data.source}"
        return [line(f"{comment} {each}") for each in wrap(text, 76)]


def expression(each: Expression, variables: dict[str, str]) -> str:
    """A column by its name; anything worked out by that of a new variable, kept in `variables`."""
    if isinstance(each, Name):
        return str(each)
    text = str(each)
    text = text[2:-1] if text.startswith("I(") else text
    return variables.setdefault(text, f"x{len(variables) + 1}")


def words(formula: str) -> set[str]:
    """The columns that a derived column's formula mentions."""
    return set(re.findall(r"[A-Za-z_]\w*", formula))
