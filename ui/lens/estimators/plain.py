"""The plain listing of least squares, with what is particular to a panel."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore import PanelFit
from ui.lens.estimators.asked import Least, asked, clusters
from ui.lens.outputs import plain
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, line
from ui.prose import share


def note(fit: Least) -> str:
    counted = clusters(fit)
    if counted:
        return f"Intervals are by t, on degrees of freedom of the {counted:,} clusters."
    return "Intervals are normal." if asked(fit).estimator == "random" else "Intervals are by t."


def lines(fit: Least, parameters: Sequence[Parameter]) -> list[Line]:
    found = plain.lines(fit, parameters)
    if not isinstance(fit, PanelFit):
        return found
    known = fit.r2.dropna()
    found += [
        line(""),
        line(", ".join(f"R² {name} {share(value)}" for name, value in known.items())),
    ]
    if asked(fit).estimator == "random":
        low, high = share(fit.theta.min()), share(fit.theta.max())
        found.append(line(f"θ, the share of its group’s mean that a row loses: {low} to {high}"))
    return found
