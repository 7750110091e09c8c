"""What every sentence about a fit needs: the model, its words, its numbers with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import floor, isfinite, log10

from mlcore import Fit
from mlcore.language.encoding import Parts
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run
from ui.lens.words import Words, made_of, response, varies
from ui.prose import fixed


@dataclass(frozen=True)
class Saying:
    """What the parameter `of` says, and a warning: what it is easily taken for."""

    of: str
    says: Line
    warns: str


@dataclass(frozen=True, eq=False)
class Told:
    """A fit and its words; `group` is what its rows go together by where no random effect does."""

    fit: Fit
    words: Words
    by: str = ""

    @property
    def outcome(self) -> str:
        return self.words.label(response(self.fit))

    @property
    def unit(self) -> str:
        return self.words.unit(response(self.fit)) or "units"

    @property
    def factor(self) -> str | None:
        return next(iter(self.fit.effects), self.by or None)

    @property
    def group(self) -> tuple[str, str]:
        """One and several of what the first factor groups by; without one, of the rows."""
        return self.words.group(self.factor) if self.factor else self.words.row

    @property
    def groups(self) -> str:
        """One group of every factor: `ward`, `primary school and secondary school`."""
        inner = [
            name
            for name in self.fit.effects
            if not any(nested(self.fit, other, name) for other in self.fit.effects if other != name)
        ]
        return " and ".join(self.words.group(name)[0] for name in inner) or self.group[0]

    def term(self, term: str) -> str:
        return self.words.term(self.fit.design, term)

    @property
    def rows(self) -> str:
        return self.words.row[1]

    @cached_property
    def parts(self) -> dict[str, Parts]:
        return made_of(self.fit.design)

    @cached_property
    def shared(self) -> dict[str, str]:
        """By term that all rows of a group share, the factor with fewest groups that do."""
        found: dict[str, str] = {}
        factors = self.fit.effects or ([self.by] if self.by else [])
        for name in sorted(factors, key=self._count, reverse=True):
            moves = varies(self.fit.design, name)
            terms = zip(self.fit.design.names, moves, strict=True)
            found |= {term: name for term, moving in terms if not moving}
        return found

    def _count(self, factor: str) -> int:
        return len(self.fit.design.groupings[factor].levels)


def possessive(many: str) -> str:
    """`schools’`, `people’s`."""
    return f"{many}’" if many.endswith("s") else f"{many}’s"


def nested(fit: Fit, inner: str, outer: str) -> bool:
    """Whether all rows of each group of `inner` are in one group of `outer`."""
    a, b = (fit.design.groupings[name].codes for name in (inner, outer))
    return len(set(zip(a.tolist(), b.tolist(), strict=True))) == len(set(a.tolist()))


def between(p: Parameter, written: Callable[[float], str] | None = None) -> tuple[Run | str, ...]:
    """The interval in brackets, where there is one, its ends `written` in a way of their own."""
    if not p.known:
        return ()
    low, high = (written(end) if written else number(p, end) for end in (p.lower, p.upper))
    return (" (95 % interval ", Run(f"{low} to {high}", p.name), ")")


def coding(p: Parameter, many: str) -> str:
    """What the correlation `p` of effects depends on besides the groups."""
    if p.other == "(Intercept)":
        on = "it holds where the predictors are 0, and changes when the origin moves"
    else:
        on = "it depends on how the two predictors are coded"
    return f"Not a fact about the {many} alone: {on}."


def number(p: Parameter, value: float) -> str:
    """With so many decimals that the standard error would have two figures."""
    ground = p.se if isfinite(p.se) and p.se > 0 else abs(p.estimate) or 1.0
    return fixed(value, min(6, max(0, 1 - floor(log10(ground)))))


def amount(told: Told, p: Parameter) -> Run:
    return Run(f"{number(p, p.estimate)} {told.unit}", p.name)
