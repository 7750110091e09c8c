"""What SPSS prints for least squares: MIXED without random effects, GENLIN for clusters."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt

from mlcore import LinearFit
from ui.lens.estimators.asked import Least, asked, clusters
from ui.lens.outputs.spss import WIDE, fixed, sig, six, variance
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line

NORMAL = 1.959963984540054
NOTES = {
    "ols": "MIXED without /RANDOM is least squares. REGRESSION prints the same, with a table of "
    "variance.",
    "pooled": "MIXED without /RANDOM is least squares.",
    "within": "SPSS has no command for fixed effects: the group is a factor, whose many rows, and "
    "the intercept, which is that of the last group, are left out here.",
    "between": "SPSS has no command for it: AGGREGATE makes the means, and least squares takes "
    "these.",
    "random": "SPSS has no such command. MIXED fits the same model by REML, which is the mixed "
    "model of this course: its spreads are close, not equal.",
    "first_difference": "SPSS has no command for it: LAG makes the changes, and least squares "
    "takes these.",
}


def note(fit: Least) -> str:
    of = asked(fit)
    if of.cluster and of.estimator == "ols":
        return (
            "SPSS has clusters in GENLIN. Its robust standard errors are CR0, without a correction "
            "for few clusters, and its tests are Wald’s χ² where Stata has t."
        )
    return NOTES[of.estimator]


def lines(fit: Least, parameters: Sequence[Parameter]) -> list[Line]:
    of = asked(fit)
    if of.cluster and isinstance(fit, LinearFit):
        return genlin(fit) if of.correction != "CR2" else [line("SPSS has no CR2.")]
    if of.estimator == "random":
        return [line("SPSS has no Swamy–Arora estimator.")]
    table = fixed(fit)
    if of.estimator == "within":
        table = [row for row in table if not str(row[0]).startswith("Intercept")]
    head = line("Estimates of Covariance Parameters")
    residual = [p for p in parameters if p.name == "sigma"]
    return [*table, line(""), head, *(variance("Residual", p) for p in residual)]


def genlin(fit: LinearFit) -> list[Line]:
    """Parameter Estimates of GENLIN with an independent working correlation."""
    of, n, p, G = asked(fit), fit.n, len(fit.beta), clusters(fit)
    shrink = (G - 1) / G * (n - p) / (n - 1) if of.correction == "CR1" else 1.0
    heads = ("B", "Std. Error", "Lower", "Upper", "Wald χ²", "df", "Sig.")
    found = [
        line("Parameter Estimates"),
        line("Parameter".ljust(WIDE) + "".join(head.rjust(12) for head in heads)),
    ]
    for name, row in zip(fit.design.names, fit.coefficients.to_dict("records"), strict=True):
        b, se = row["estimate"], row["se"] * sqrt(shrink)
        tied = [six(value) for value in (b, se, b - NORMAL * se, b + NORMAL * se)]
        test = [f"{(b / se) ** 2:.3f}", "1", sig(erfc(abs(b / se) / sqrt(2.0)))]
        label = "(Intercept)" if name == "(Intercept)" else name
        found.append(
            line(
                label[:WIDE].ljust(WIDE),
                *(Run(cell.rjust(12), name) for cell in tied),
                "".join(cell.rjust(12) for cell in test),
            )
        )
    return [*found, line("(Scale)".ljust(WIDE), Run(six(fit.sigma**2).rjust(12), "sigma"))]
