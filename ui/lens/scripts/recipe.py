"""What every script needs of a model: its file, the columns to be made first, its terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from pandas.api.types import is_numeric_dtype

from datasets import Dataset
from datasets.dataset import Derived
from mlcore import Fit
from mlcore.language.expressions import Call, Expression, Name, names_in
from mlcore.language.formula import RandomTerm, Term
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, line
from ui.lens.terms import factor_of
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

    def outcome(self, variables: dict[Expression, str]) -> str:
        """The outcome's name, that of `rating` for `factor(rating)`."""
        response = self.fit.design.formula.response
        return factor_of(response) or expression(response, variables)

    @property
    def used(self) -> list[str]:
        """The columns that the formula mentions."""
        return sorted({name.name for name in self.fit.design.formula.variables()})

    @property
    def numbers(self) -> list[str]:
        """Those of them that are used as numbers."""
        formula = self.fit.design.formula
        terms = [*formula.fixed, *(term for random in formula.random for term in random.terms)]
        used = [formula.response, *(f for term in terms for f in term if self.factor(f) is None)]
        return list(dict.fromkeys(name.name for each in used for name in names_in(each)))

    @property
    def functions(self) -> set[str]:
        """What the formula calls: `C`, `log`, `center`."""
        return set(re.findall(r"([A-Za-z_.]+)\(", self.fit.formula))

    def factor(self, each: Expression) -> str | None:
        """The column of `C(x)`, or of a column of text; None for numbers."""
        return (
            None if self.fit.design.encoder.levels(each) is None else factor_of(each) or str(each)
        )

    @cached_property
    def texts(self) -> list[str]:
        """The columns of text that are predictors."""
        levels = self.fit.design.encoder.levels
        found = [
            column
            for term in self.fixed
            for each in term
            if (column := self.factor(each))
            and (known := levels(each)) is not None
            and not is_numeric_dtype(known.values)
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def made(self) -> list[tuple[str, Derived]]:
        """The columns that are not in the file, in the order in which they can be made."""
        used = self.used
        wanted: set[str] = set()
        for name, column in reversed(list(self.data.derived.items())):
            if name in used or name in wanted:
                wanted.add(name)
                wanted |= self.data.sources(column)
        return [(name, self.data.derived[name]) for name in self.data.derived if name in wanted]

    @cached_property
    def columns(self) -> list[str]:
        """The columns of the file that the script needs."""
        used = {*self.used}
        for _, column in self.made:
            used |= self.data.sources(column)
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


def expression(each: Expression, variables: dict[Expression, str]) -> str:
    """A column by its name; anything worked out by that of a new variable, kept in `variables`."""
    if isinstance(each, Name):
        return str(each)
    return variables.setdefault(each, f"x{len(variables) + 1}")


def arithmetic(each: Expression) -> str:
    """An expression without the I() that protects it."""
    text = str(each)
    return text[2:-1] if text.startswith("I(") else text


def centred(each: Expression) -> tuple[str, str] | None:
    """`center` or `scale`, and what it is applied to; None for anything else."""
    if isinstance(each, Call) and each.function in ("center", "scale"):
        return each.function, arithmetic(each.arguments[0])
    return None
