"""The model's equations as HTML: a level at a time, and combined, with the random effects' matrix.

A coefficient stands where it acts: a predictor that does not vary within groups in the equation
of the intercept, its product with a predictor that has a random slope in that slope's equation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mlcore import Fit
from ui.lens.parameters import LETTERS, Parameter
from ui.lens.words import response, varies
from ui.prose import fixed, share


@dataclass(frozen=True)
class Equations:
    """`levels` has a line for each level's equations, `combined` the model in one, `random` the
    distributions of what is random. All are HTML; `spoken` says the combined form in words.
    """

    levels: Sequence[str]
    combined: str
    random: Sequence[str]
    spoken: str


def equations(fit: Fit, parameters: Sequence[Parameter]) -> Equations:
    """One grouping factor is written by levels; with several, the combined form says it all."""
    fixed_part = [p for p in parameters if p.role == "fixed" and p.term]
    sum_of_fixed = " + ".join(
        symbol(p.symbol, p.name, p.role) + ("" if p.term == "(Intercept)" else column(p.term))
        for p in fixed_part
    )
    random = " + ".join(
        effect(k, i, len(e.names), len(fit.effects))
        + ("" if str(t) == "(Intercept)" else column(str(t)))
        for k, e in enumerate(fit.effects.values())
        for i, t in enumerate(e.names)
    )
    error = residual(bool(fit.effects))
    combined = f"{outcome(fit)} = {' + '.join(filter(None, (sum_of_fixed, random, error)))}"
    return Equations(
        levels(fit, fixed_part) if len(fit.effects) == 1 else [],
        combined,
        distributions(fit, parameters),
        f"{response(fit)} is {', plus '.join(p.what for p in fixed_part)}, "
        f"{'plus the effects of the groups, ' if fit.effects else ''}plus a residual",
    )


def levels(fit: Fit, fixed_part: Sequence[Parameter]) -> list[str]:
    """Level 1, then an equation for each of its coefficients that a group may have of its own."""
    ((factor, effects),) = fit.effects.items()
    inside = dict(zip(fit.design.names, varies(fit, factor), strict=True))
    slopes = [str(name) for name in effects.names]
    homes: dict[str, list[Parameter]] = {name: [] for name in slopes}
    first = (
        []
        if "(Intercept)" in slopes
        else [coefficient(p) for p in fixed_part if p.term == "(Intercept)"]
    )
    for p in fixed_part:
        home = _home(p.term, slopes, inside)
        if home is not None:
            homes[home].append(p)
        elif p.term != "(Intercept)":
            first.append(coefficient(p))
    own = [
        f"{hued(f'<i>β</i><sub>{i}j</sub>')}" + ("" if name == "(Intercept)" else column(name))
        for i, name in enumerate(slopes)
    ]
    lines = [f"{outcome(fit)} = {' + '.join([*own, *first, residual(True)])}"]
    for i, name in enumerate(slopes):
        parts = [
            symbol(p.symbol, p.name, p.role)
            + ("" if p.term == name else column(_other(p.term, name)))
            for p in homes[name]
        ]
        parts.append(effect(0, i, len(slopes), 1))
        lines.append(f"{hued(f'<i>β</i><sub>{i}j</sub>')} = {' + '.join(parts)}")
    return lines


def _home(term: str, slopes: Sequence[str], inside: dict[str, bool]) -> str | None:
    """The group's coefficient whose equation a term is in; None for level 1."""
    if term in slopes:
        return term
    if not inside[term]:
        return "(Intercept)" if "(Intercept)" in slopes else None
    parts = term.split(":")
    for slope in slopes:
        others = [part for part in parts if part != slope]
        if slope in parts and len(others) == 1 and not inside.get(others[0], True):
            return slope
    return None


def _other(term: str, slope: str) -> str:
    return ":".join(part for part in term.split(":") if part != slope)


def distributions(fit: Fit, parameters: Sequence[Parameter]) -> list[str]:
    """N(0, …) of each factor's effects and of the residual, with the numbers beside them."""
    found = []
    by_name = {p.name: p for p in parameters}
    for k, (group, e) in enumerate(fit.effects.items()):
        names = [str(name) for name in e.names]
        effects = [effect(k, i, len(names), len(fit.effects)) for i in range(len(names))]
        spread = [by_name[f"sd({group},{name})"] for name in names]
        if len(names) == 1:
            body = symbol(spread[0].symbol + "²", spread[0].name, "between")
            shown = f"N(0, {body})"
        else:
            cells = [
                _cell(by_name, group, names, spread, row, col)
                for row in range(len(names))
                for col in range(len(names))
            ]
            style = f"grid-template-columns:repeat({len(names)},auto)"
            matrix = f'<span class="matrix" style="{style}">{"".join(cells)}</span>'
            shown = f"N(0, {matrix})"
        numbers = ", ".join(
            f"{symbol(p.symbol, p.name, p.role)} = {number(p)}"
            for p in parameters
            if p.group == group
        )
        left = effects[0] if len(effects) == 1 else f"({', '.join(effects)})"
        found.append(f"{left} ~ {shown} <span class=values>{numbers}</span>")
    sigma = by_name.get("sigma")
    if sigma is not None:
        body = symbol("σ_e²", "sigma", "within")
        found.append(
            f"{residual(bool(fit.effects))} ~ N(0, {body}) "
            f"<span class=values>{symbol('σ_e', 'sigma', 'within')} = {number(sigma)}</span>"
        )
    return found


def _cell(
    by_name: dict[str, Parameter],
    group: str,
    names: Sequence[str],
    spread: Sequence[Parameter],
    row: int,
    col: int,
) -> str:
    if row == col:
        return f"<span>{symbol(spread[row].symbol + '²', spread[row].name, 'between')}</span>"
    low, high = sorted((row, col))
    rho = by_name.get(f"corr({group},{names[low]},{names[high]})")
    if rho is None:
        return "<span>0</span>"
    both = "".join(symbol(spread[i].symbol, spread[i].name, "between") for i in (low, high))
    return f"<span>{symbol(rho.symbol, rho.name, 'between')}{both}</span>"


def number(p: Parameter) -> str:
    text = share(p.estimate) if p.symbol.startswith("ρ") else fixed(p.estimate, digits(p.estimate))
    return f'<span data-p="{escape(p.name)}" class="{p.role}">{text}</span>'


def digits(value: float) -> int:
    """Decimals that show three figures of it, no more than four."""
    size = abs(value)
    return 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.1 else 4


def symbol(text: str, of: str, role: str) -> str:
    """A symbol such as `σ_u0²`, tied to its parameter."""
    letter, _, index = text.rstrip("²").partition("_")
    square = "<sup>2</sup>" if text.endswith("²") else ""
    inner = (
        f'<span class="both">{square}<sub>{index}</sub></span>' if square else f"<sub>{index}</sub>"
    )
    return f'<span data-p="{escape(of)}" class="math {role}"><i>{letter}</i>{inner}</span>'


def coefficient(p: Parameter) -> str:
    return symbol(p.symbol, p.name, p.role) + ("" if p.term == "(Intercept)" else column(p.term))


def column(term: str) -> str:
    """A predictor upright, as in the formula."""
    return f'<span class="column">{escape(term.replace(":", " × "))}</span>'


def outcome(fit: Fit) -> str:
    index = "ij" if len(fit.effects) == 1 else "i"
    return f'<span class="column">{escape(response(fit))}</span><sub>{index}</sub>'


def effect(factor: int, place: int, among: int, factors: int) -> str:
    letter = LETTERS[min(factor, len(LETTERS) - 1)]
    index = (str(place) if among > 1 else "") + ("j" if factors == 1 else "")
    return f'<span class="math between"><i>{letter}</i><sub>{index}</sub></span>'


def residual(grouped: bool) -> str:
    return f'<span class="math within"><i>e</i><sub>{"ij" if grouped else "i"}</sub></span>'


def hued(inner: str) -> str:
    return f'<span class="math">{inner}</span>'
