"""The model's equations as HTML: a level at a time, and combined, with the random effects' matrix.

A coefficient stands where it acts: a predictor that does not vary within groups in the equation
of the intercept, its product with a predictor that has a random slope in that slope's equation.
The equations of a model that is only planned are the same, without numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite

from mlcore import Design
from ui.lens import parameters as reading
from ui.lens.discrete.scale import Kind
from ui.lens.parameters import Parameter
from ui.lens.symbols import column, effect, indexed, number, of, plain, residual, symbol
from ui.lens.terms import Addend, addends, factor_of, named
from ui.lens.words import varies

MOST_EFFECTS = 4  # of one factor whose covariance matrix is written out


@dataclass(frozen=True)
class Equations:
    """`levels` has a line for each level's equations, `combined` the model in one, `random` the
    distributions of what is random. All are HTML; `spoken` says the combined form in words.
    """

    levels: Sequence[str]
    combined: str
    random: Sequence[str]
    spoken: str

    @property
    def html(self) -> str:
        levels, random = (
            "".join(f"<p>{each}</p>" for each in e) for e in (self.levels, self.random)
        )
        together = f'<p class="muted">{"In one equation" if self.levels else "The model"}</p>'
        return (
            f'<div class="equations" role="math" aria-label="{escape(self.spoken)}">'
            f"{levels}{random}{together}<p>{self.combined}</p></div>"
        )


def planned(design: Design, kind: Kind = "continuous") -> Equations:
    """The equations of a model before it is fitted."""
    return equations(design, reading.planned(design, kind), kind)


def equations(design: Design, found: Sequence[Parameter], kind: Kind = "continuous") -> Equations:
    """One grouping factor is written by levels; with several, the combined form says it all."""
    outcome = Outcome(factor_of(design.formula.response) or str(design.formula.response), kind)
    fixed = [p for p in found if p.role == "fixed" and p.term]
    line = addends(design, design.formula.fixed, {p.term: of(p) for p in fixed})
    random = by_factor(design, found)
    index = "ij" if len(random) == 1 else "i"
    effects = [each for group in random.values() for each in group]
    parts = [each.html() for each in (*line, *effects)]
    spoken = [said(each) for each in line]
    grouped = "plus the effects of the groups" * bool(random)
    rest = "plus a residual" * (kind == "continuous")
    whole = ", ".join(filter(None, (", plus ".join(spoken), grouped, rest)))
    return Equations(
        levels(design, outcome, line, *random.items()) if by_levels(random) else [],
        outcome.equals(parts, index),
        [*outcome.distribution(index), *distributions(found, random, index)],
        f"{outcome.spoken} is {whole}",
    )


@dataclass(frozen=True)
class Outcome:
    """The left-hand side: the outcome itself, or a function of what is expected of it."""

    name: str
    kind: Kind

    def equals(self, parts: Sequence[str], index: str) -> str:
        total = " + ".join(parts) or "0"
        match self.kind:
            case "binary" | "share":
                return f"logit({plain('p', index)}) = {total}"
            case "count":
                return f"log({plain('μ', index)}) = {total}"
            case "ordered":
                below = f"P({indexed(self.name, index)} ≤ <i>k</i>)"
                return f"logit {below} = {plain('κ', 'k')} − ({total})"
        return f"{indexed(self.name, index)} = {' + '.join([*parts, residual(index)])}"

    def distribution(self, index: str) -> list[str]:
        """What is drawn, given the linear predictor."""
        own = indexed(self.name, index)
        match self.kind:
            case "binary":
                return [f"{own} ~ Bernoulli({plain('p', index)})"]
            case "count":
                return [f"{own} ~ Poisson({plain('μ', index)})"]
        return []

    @property
    def spoken(self) -> str:
        match self.kind:
            case "binary" | "share":
                return f"the log odds of {self.name}"
            case "count":
                return f"the logarithm of the mean of {self.name}"
            case "ordered":
                return (
                    f"what the log odds of {self.name} at most k fall short of the threshold k by"
                )
        return self.name


def by_factor(design: Design, found: Sequence[Parameter]) -> dict[str, list[Addend]]:
    """By grouping factor, its effects with the columns that they multiply."""
    groups = list(dict.fromkeys(p.group for p in found if p.group))
    made = {}
    for k, group in enumerate(groups):
        names = [p.term for p in found if p.group == group and p.name.startswith("sd(")]
        index = "j" if len(groups) == 1 else group
        symbols = {name: effect(k, i, len(names), index) for i, name in enumerate(names)}
        terms = [t for part in design.random if part.group == group for t in part.term.terms]
        made[group] = addends(design, terms, symbols)
    return made


def by_levels(random: Mapping[str, Sequence[Addend]]) -> bool:
    return len(random) == 1 and not any(a.note for effects in random.values() for a in effects)


def said(addend: Addend) -> str:
    label = addend.label()
    return f"coefficient{'s' * bool(addend.note)} of {label}" if label else "intercept"


def levels(
    design: Design,
    outcome: Outcome,
    line: Sequence[Addend],
    random: tuple[str, Sequence[Addend]],
) -> list[str]:
    """Level 1, then an equation for each of its coefficients that a group may have of its own."""
    factor, effects = random
    inside = dict(zip(design.names, varies(design, factor), strict=True))
    slopes = [each.names[0] for each in effects]
    homes: dict[str, list[Addend]] = {name: [] for name in slopes}
    first = []
    for addend in line:
        home = _home(addend, slopes, inside)
        if home is None:
            first.append(addend.html())
        else:
            homes[home].append(addend)
    numbers = _numbers(design, slopes)
    own = [
        Addend((), (plain("β", f"{numbers[each.names[0]]}j"),), each.parts).html()
        for each in effects
    ]
    lines = [outcome.equals([*own, *first], "ij")]
    for each in effects:
        name = each.names[0]
        parts = [addend.html(without=name) for addend in homes[name]]
        lines.append(f"{plain('β', f'{numbers[name]}j')} = {' + '.join([*parts, each.symbols[0]])}")
    return lines


def _numbers(design: Design, slopes: Sequence[str]) -> dict[str, int]:
    """A group's own coefficient has the number of the mean one, if there is such."""
    start = 0 if design.has_intercept else 1
    known = {name: i for i, name in enumerate(design.names, start)}
    known.setdefault("(Intercept)", 0)
    more = iter(range(start + len(design.names), start + len(design.names) + len(slopes)))
    return {name: known[name] if name in known else next(more) for name in slopes}


def _home(addend: Addend, slopes: Sequence[str], inside: Mapping[str, bool]) -> str | None:
    """The group's coefficient whose equation a term is in; None for level 1."""
    (name, *_) = addend.names
    if name in slopes:
        return name
    if name == "(Intercept)":
        return None
    if not any(inside.get(each, False) for each in addend.names):
        return "(Intercept)" if "(Intercept)" in slopes else None
    parts = [named((part,)) for part in addend.parts]
    for slope in slopes:
        others = [part for part in parts if part != slope]
        if slope in parts and len(others) == 1 and not inside.get(others[0], True):
            return slope
    return None


def distributions(
    found: Sequence[Parameter], random: Mapping[str, Sequence[Addend]], index: str
) -> list[str]:
    """N(0, …) of each factor's effects and of the residual, with the numbers beside them."""
    by_name = {p.name: p for p in found}
    made = []
    for group, addends_of in random.items():
        effects = [each for a in addends_of for each in a.symbols]
        own = [p for p in found if p.group == group]
        spread = [p for p in own if p.name.startswith("sd(")]
        if len(spread) == 1:
            shown = symbol(spread[0].symbol + "²", spread[0].name, "between")
            left = effects[0]
        elif len(spread) <= MOST_EFFECTS:
            shown, left = matrix(by_name, group, spread), f"({', '.join(effects)})"
        else:
            shown = f"{plain('Ω')} {column(f'{len(spread)} × {len(spread)}')}"
            left = f"({effects[0]}, …, {effects[-1]})"
        made.append(f"{left} ~ N(0, {shown}){values(own)}")
    sigma = by_name.get("sigma")
    if sigma is not None:
        body = symbol("σ_e²", "sigma", "within")
        made.append(f"{residual(index)} ~ N(0, {body}){values([sigma])}")
    return made


def values(found: Sequence[Parameter]) -> str:
    known = [f"{of(p)} = {number(p)}" for p in found if isfinite(p.estimate)]
    return f" <span class=values>{', '.join(known)}</span>" if known else ""


def matrix(by_name: Mapping[str, Parameter], group: str, spread: Sequence[Parameter]) -> str:
    """The covariance matrix of one factor's effects."""
    size = range(len(spread))
    cells = "".join(_cell(by_name, group, spread, row, col) for row in size for col in size)
    style = f"grid-template-columns:repeat({len(spread)},auto)"
    return f'<span class="matrix" style="{style}">{cells}</span>'


def _cell(
    by_name: Mapping[str, Parameter], group: str, spread: Sequence[Parameter], row: int, col: int
) -> str:
    if row == col:
        return f"<span>{symbol(spread[row].symbol + '²', spread[row].name, 'between')}</span>"
    low, high = sorted((row, col))
    rho = by_name.get(f"corr({group},{spread[low].term},{spread[high].term})")
    if rho is None:
        return "<span>0</span>"
    return f"<span>{of(rho)}{of(spread[low])}{of(spread[high])}</span>"
