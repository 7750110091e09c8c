"""What SPSS prints: tables of GENLINMIXED, and of GENLIN where there are no random effects."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from mlcore import GeeFit, GlmFit, GlmmFit
from mlcore.discrete.uncertainty import component_errors
from ui.lens.discrete.scale import mixed, raised, ratio
from ui.lens.outputs.spss import row_of_wald, six
from ui.lens.parameters import NORMAL, Parameter
from ui.lens.runs import Line, Run, line

MIXED = (
    "GENLINMIXED fits by pseudo-likelihood, which makes the variance between groups of a binary "
    "outcome too small, the more so the smaller the groups: these are the numbers of maximum "
    "likelihood in its tables. It prints t, the others z."
)
ALONE = (
    "GENLIN prints Wald’s chi-square, the square of z. It compares a factor’s categories with its "
    "last one, the others with its first."
)
WIDE = 30
BOUNDS = ("Lower Bound", "Upper Bound")


def note(fit: GlmFit) -> str:
    return MIXED if mixed(fit) else ALONE


def lines(fit: GlmFit, parameters: Sequence[Parameter]) -> list[Line]:
    found = [line("Fixed Coefficients" if mixed(fit) else "Parameter Estimates")]
    found += coefficients(fit, parameters)
    if isinstance(fit, GlmmFit) and fit.effects:
        found += [line(""), *covariance(fit, parameters)]
    if isinstance(fit, GeeFit):
        found += [line(""), *working(parameters)]
    return found


def coefficients(fit: GlmFit, parameters: Sequence[Parameter]) -> list[Line]:
    """Thresholds first, as SPSS has them; ratios with their intervals where there are any."""
    name = "Exp(Coef)" if ratio(fit) else ""
    test = ("z", "Sig.") if mixed(fit) else ("Wald", "df", "Sig.")
    heads = ["Coefficient" if mixed(fit) else "B", "Std. Error", *test, *BOUNDS]
    heads += [name, *BOUNDS] if name else []
    found = [_head("Model Term" if mixed(fit) else "Parameter", heads)]
    cuts = [p for p in parameters if p.symbol.startswith("κ")]
    for p in (*cuts, *(p for p in parameters if p.term and p.role == "fixed")):
        tests = row_of_wald(p.estimate, p.se)
        if not mixed(fit):
            tests = [_three((p.estimate / p.se) ** 2), "1", tests[1]]
        cells = [_three(p.estimate), _three(p.se), *tests, _three(p.lower), _three(p.upper)]
        cells += [raised(each) for each in (p.estimate, p.lower, p.upper)] if name else []
        label = "Intercept" if p.term == "(Intercept)" else p.term or f"Threshold {p.name}"
        found.append(_row(label, cells, p.name))
    return found


def covariance(fit: GlmmFit, parameters: Sequence[Parameter]) -> list[Line]:
    """Random effects: variances and covariances, by grouping factor."""
    known, found = {p.name: p for p in parameters}, []
    for group, errors in component_errors(fit).items():
        e = fit.effects[group]
        found += [line(f"Random Effect, subject = {group}")]
        found.append(_head("Covariance", ("Estimate", "Std. Error", "Z", "Sig.", *BOUNDS)))
        for r, c, se in zip(*e.pattern.places, errors, strict=True):
            v, one, other = float(e.covariance[r, c]), e.names[r], e.names[c]
            own = r == c
            p = known[f"sd({group},{one})" if own else f"corr({group},{other},{one})"]
            label = f"Var({_short(one)})" if own else f"Cov({_short(one)}, {_short(other)})"
            half = NORMAL * float(se)
            ends = (p.lower**2, p.upper**2) if own else (v - half, v + half)
            cells = [six(v), six(float(se)), *row_of_wald(v, float(se)), *map(six, ends)]
            found.append(_row(label, cells, p.name))
    return found


def working(parameters: Sequence[Parameter]) -> list[Line]:
    named = {"alpha": "Working Correlation", "sigma": "Root of the scale"}
    return [
        line(f"{named[p.name]} ", Run(f"{p.estimate:.3f}", p.name))
        for p in parameters
        if p.name in named
    ]


def _three(value: float) -> str:
    return f"{value:.3f}" if isfinite(value) else "."


def _short(name: str) -> str:
    return "Intercept" if name == "(Intercept)" else name


def _head(first: str, heads: Sequence[str]) -> Line:
    return line(first.ljust(WIDE) + "".join(head.rjust(12) for head in heads))


def _row(label: str, cells: Sequence[str], of: str) -> Line:
    return line(label[:WIDE].ljust(WIDE), Run("".join(cell.rjust(12) for cell in cells), of))
