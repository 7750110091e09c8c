"""A plain listing: each parameter by its symbol, its estimate and its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore import Fit
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line
from ui.prose import fixed

NOTE = (
    "Intervals are Wald’s: of spreads on the logarithmic scale, so that none reaches below zero. "
    "With few groups the profile intervals are better."
)


def lines(fit: Fit, parameters: Sequence[Parameter]) -> list[Line]:
    counted = [f"{count:,} groups of {name}" for name, count in fit.n_groups.items()]
    found = [
        line(f"{fit.formula}"),
        line(f"{', '.join([fit.method, f'{fit.n:,} rows', *counted])}"),
        line(
            f"log-likelihood {fixed(fit.loglik)}, AIC {fixed(fit.aic, 1)}, BIC {fixed(fit.bic, 1)}"
        ),
        line(""),
        line(f"{'parameter':<34}{'estimate':>10}{'s.e.':>10}   {'95 % interval':>20}"),
    ]
    for p in parameters:
        numbers = f"{fixed(p.estimate, 3):>10}"
        if p.known:
            numbers += (
                f"{fixed(p.se, 3):>10}   {fixed(p.lower, 3) + ' to ' + fixed(p.upper, 3):>20}"
            )
        name = f"{p.symbol.replace('_', '')}  {p.what}"
        where = f" ({p.group})" if p.group else ""
        found.append(line(f"{(name + where)[:33]:<34}", Run(numbers, p.name)))
    return found + [line(message) for message in fit.messages]
