"""The model's equations as HTML: a level at a time, and combined, with the random effects' matrix.

A coefficient stands where it acts: a predictor that does not vary within groups in the equation
of the intercept, its product with a predictor that has a random slope in that slope's equation.
The equations of a model that is only planned are the same, without numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from mlcore import Design, Fit
from ui.lens import outcome as outcomes
from ui.lens import parameters as reading
from ui.lens.discrete.scale import Kind
from ui.lens.outcome import Outcome
from ui.lens.parameters import Parameter
from ui.lens.symbols import column, effect, of, plain, residual, symbol, values
from ui.lens.terms import Addend, addends, named
from ui.lens.words import varies

MOST_EFFECTS = 4  # of one factor whose covariance matrix is written out


@dataclass(frozen=True)
class Equations:
    """`levels` has a line for each level's equations, `combined` the model in one, `random` the
    distributions of what is random. All are HTML; `spoken` says the combined form in words, and
    `head` stands above it.
    """

    levels: Sequence[str]
    combined: str
    random: Sequence[str]
    spoken: str
    head: str = ""

    @property
    def html(self) -> str:
        levels, random = (
            "".join(f"<p>{each}</p>" for each in e) for e in (self.levels, self.random)
        )
        head = self.head or ("In one equation" if self.levels else "The model")
        together = f'<p class="muted">{escape(head)}</p>'
        return (
            f'<div class="equations" role="math" aria-label="{escape(self.spoken)}">'
            f"{levels}{random}{together}<p>{self.combined}</p></div>"
        )


def planned(design: Design, kind: Kind = "continuous") -> Equations:
    """The equations of a model before it is fitted."""
    return equations(design, reading.planned(design, kind), outcomes.planned(design, kind))


def fitted(fit: Fit, found: Sequence[Parameter]) -> Equations:
    """Those of a fitted model, with its numbers."""
    return equations(fit.design, found, outcomes.fitted(fit))


def equations(design: Design, found: Sequence[Parameter], outcome: Outcome) -> Equations:
    """One grouping factor is written by levels; with several, the combined form says it all."""
    fixed = [p for p in found if p.role == "fixed" and p.term]
    line = addends(design, design.formula.fixed, {p.term: of(p) for p in fixed})
    random = by_factor(design, found)
    index = "ij" if len(random) == 1 or outcome.clusters else "i"
    effects = [each for group in random.values() for each in group]
    parts = [each.html() for each in (*line, *effects)]
    spoken = [said(each) for each in line]
    grouped = "plus the effects of the groups" * bool(random)
    rest = "plus a residual" * (outcome.kind == "continuous")
    whole = ", ".join(filter(None, (", plus ".join(spoken), grouped, rest)))
    return Equations(
        levels(design, outcome, line, *random.items()) if by_levels(random) else [],
        outcome.equals(parts, index),
        [
            *outcome.distribution(index),
            *distributions(found, random, index),
            *outcome.own(found, bool(random)),
        ],
        f"{outcome.spoken} is {whole}",
    )


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
