"""A plain listing: each parameter by its symbol, its estimate and its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from mlcore import Fit
from ui.lens.discrete import scale
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line
from ui.prose import fixed

NOTE = (
    "Intervals are Wald’s: of spreads on the logarithmic scale, so that none reaches below zero. "
    "With few groups the profile intervals are better."
)


def lines(fit: Fit, parameters: Sequence[Parameter]) -> list[Line]:
    counted = [f"{count:,} groups of {name}" for name, count in fit.n_groups.items()]
    found = [line(f"{fit.formula}"), line(", ".join([fit.method, f"{fit.n:,} rows", *counted]))]
    if isfinite(fit.loglik):
        criteria = f"AIC {fixed(fit.aic, 1)}, BIC {fixed(fit.bic, 1)}"
        found.append(line(f"log-likelihood {fixed(fit.loglik)}, {criteria}"))
    ratio, names = scale.ratio(fit), [_name(p) for p in parameters]
    wide = max(33, *map(len, names)) + 1
    head = f"{'parameter':<{wide}}{'estimate':>10}{'s.e.':>10}   {'95 % interval':>20}"
    found += [line(""), line(head + (f"   {ratio:>10}" if ratio else ""))]
    for p, name in zip(parameters, names, strict=True):
        numbers = f"{fixed(p.estimate, 3):>10}"
        if p.known:
            numbers += (
                f"{fixed(p.se, 3):>10}   {fixed(p.lower, 3) + ' to ' + fixed(p.upper, 3):>20}"
            )
        if ratio and p.term in fit.design.names and p.role == "fixed" and p.term != "(Intercept)":
            numbers += f"   {scale.raised(p.estimate):>10}"
        found.append(line(f"{name:<{wide}}", Run(numbers, p.name)))
    return found + [line(message) for message in fit.messages]


def _name(p: Parameter) -> str:
    where = f" ({p.group})" if p.group else ""
    return f"{p.symbol.replace('_', '')}  {p.what}{where}"
