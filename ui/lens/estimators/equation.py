"""The equations of least squares: the model, and the rows that are fitted if these are others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mlcore import Design, PanelFit
from mlcore.arrays import Array
from ui.lens import parameters as reading
from ui.lens.equation import Equations, said
from ui.lens.estimators.asked import Asked, Least, asked
from ui.lens.parameters import Parameter
from ui.lens.symbols import bar, hued, indexed, plain, residual, symbol, values
from ui.lens.symbols import of as shown
from ui.lens.terms import Addend, addends, factor_of
from ui.lens.words import varies
from ui.prose import share

FITTED: Mapping[str, str] = MappingProxyType(
    {
        "between": "The means of each {group} are fitted",
        "within": "Differences from the means of each {group} are fitted",
        "random": "Less the share θ of the means of each {group}, these rows are fitted",
        "first_difference": "Changes from one {time} to the next are fitted",
    }
)

ALONE = ("between", "first_difference")  # whose σ_e is that of the fitted rows


def equations(
    design: Design, found: Sequence[Parameter], of: Asked, theta: Array | None = None
) -> Equations:
    """The line with what a group or a time has of its own, then what least squares is given.

    `theta` are the shares that random effects take off the means.
    """
    outcome = factor_of(design.formula.response) or str(design.formula.response)
    symbols = {p.term: shown(p) for p in found if p.role == "fixed" and p.term}
    line = addends(design, design.formula.fixed, symbols)
    spoken = f"{outcome} is {', plus '.join(map(said, line))}, plus a residual"
    model = f"{indexed(outcome, of.index)} = {' + '.join(_model(line, of))}"
    random = _random(found, of, theta)
    if of.estimator not in FITTED:
        return Equations([], model, random, spoken)
    head = FITTED[of.estimator].format(group=of.group, time=of.time or "row")
    levels = [] if of.estimator in ALONE else [model]
    return Equations(levels, _fitted(outcome, line, of), random, f"{spoken}. {head}", head)


def fitted(fit: Least, found: Sequence[Parameter]) -> Equations:
    of = asked(fit)
    random = of.estimator == "random" and isinstance(fit, PanelFit) and not of.two_ways
    return equations(fit.design, found, of, fit.theta if random else None)


def planned(design: Design, of: Asked) -> Equations:
    """The same before anything is fitted; what a group shares is swept out by its intercept."""
    found = [*reading.planned(design, "continuous")]
    if of.estimator == "within" and of.entity in design.groupings:
        moves = dict(zip(design.names, varies(design, of.entity), strict=True))
        found = [p for p in found if moves.get(p.term, True) or p.term == "(Intercept)"]
    if of.estimator == "random":
        found.append(reading.between_entities(of.entity))
    return equations(design, found, of)


def _rest(of: Asked) -> str:
    """What the line leaves of a fitted row."""
    group = of.estimator == "between"
    return hued("r", of.index[-1] if group else of.index, "within")


def _model(line: Sequence[Addend], of: Asked) -> list[str]:
    group = of.index[-1]
    within = of.estimator == "within"
    parts = [each.html() for each in line if not (within and each.constant)]
    if within:
        parts.insert(0, hued("α", group, "between"))
    if of.estimator == "random":
        parts.append(hued("u", group, "between"))
    if of.two_ways:
        parts.append(plain("δ", of.index[0]))
    return [*parts, residual(of.index)]


def _random(found: Sequence[Parameter], of: Asked, theta: Array | None) -> list[str]:
    group = of.index[-1]
    said = []
    spread = [p for p in found if p.group]
    if of.estimator == "within":
        own = hued("α", group, "between")
        mean = [p for p in found if p.term == "(Intercept)" and p.role == "fixed"]
        about = f", with the mean {shown(mean[0])}" if mean else ""
        said.append(f"{own} any number for each{about}{values(spread)}")
    if of.estimator == "random":
        square = symbol("σ_u²", f"sd({of.entity},(Intercept))", "between")
        said.append(f"{hued('u', group, 'between')} ~ (0, {square}){values(spread)}")
    if theta is not None:
        low, high = share(theta.min()), share(theta.max())
        numbers = low if low == high else f"{low} to {high}"
        root = f"√({symbol('σ_e²', 'sigma', 'within')} + {plain('n', group)}"
        square = symbol("σ_u²", f"sd({of.entity},(Intercept))", "between")
        formula = f"1 − {symbol('σ_e', 'sigma', 'within')} / {root}{square})"
        share_of = f'<span class="values">{numbers}</span>'
        said.append(f"{plain('θ', group)} = {formula} {share_of}")
    sigma = [p for p in found if p.name == "sigma"]
    free = f", those of one {of.cluster} together in any way" if of.cluster else ""
    square = symbol("σ_e²", "sigma", "within")
    left = _rest(of) if of.estimator in ALONE else residual(of.index)
    return [*said, f"{left} ~ (0, {square}){free}{values(sigma)}"]


def _fitted(outcome: str, line: Sequence[Addend], of: Asked) -> str:
    """`(y_ij − ȳ_j) = β_1 (x_ij − x̄_j) + …`"""
    row, group = of.index, of.index[-1]

    def entered(name: str) -> str:
        match of.estimator:
            case "within":
                return f"({indexed(name, row)} − {bar(name, group)})"
            case "random":
                return f"({indexed(name, row)} − {plain('θ', group)}{bar(name, group)})"
            case "between":
                return bar(name, group)
        return f"Δ{indexed(name, row)}"

    parts = []
    for each in line:
        if not each.constant:
            parts.append(f"{each.coefficient} {entered(each.label())}")
        elif of.estimator == "random":
            parts.append(f"{each.coefficient}(1 − {plain('θ', group)})")
        elif of.estimator != "within":
            parts.append(each.coefficient)
    return f"{entered(outcome)} = {' + '.join([*parts, _rest(of)])}"
