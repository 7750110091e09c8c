"""What SPSS prints for `MIXED … /PRINT=SOLUTION TESTCOV`: two tables of estimates."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, isfinite, sqrt

from mlcore import Fit, small_sample
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line

NOTE = (
    "SPSS fits by REML unless told otherwise. It prints t with Satterthwaite’s degrees of freedom, "
    "and variances. Its Wald Z for a variance is of little use near zero."
)
WIDE = 36
HEADS = ("Estimate", "Std. Error", "df", "t", "Sig.", "Lower Bound", "Upper Bound")


def lines(fit: Fit, parameters: Sequence[Parameter]) -> list[Line]:
    return [*fixed(fit), line(""), *covariance(parameters)]


def fixed(fit: Fit) -> list[Line]:
    """Estimates of Fixed Effects, by Satterthwaite's t where the model has random effects."""
    table = (small_sample(fit) if fit.effects else fit).coefficients
    found = [line("Estimates of Fixed Effects"), _head(HEADS)]
    for term, row in zip(map(str, table.index), table.to_dict("records"), strict=True):
        cells = [six(row["estimate"]), six(row["se"]), f"{row['df']:.3f}"]
        cells += [f"{row['statistic']:.3f}", sig(row["p"]), six(row["lower"]), six(row["upper"])]
        name = "Intercept" if term == "(Intercept)" else term
        tied = {0, 1, 5, 6}
        runs = [Run(c.rjust(12), term) if i in tied else c.rjust(12) for i, c in enumerate(cells)]
        found.append(line(name[:WIDE].ljust(WIDE), *runs))
    return found


def covariance(parameters: Sequence[Parameter]) -> list[Line]:
    """Estimates of Covariance Parameters; correlations as `COVTYPE(UNR)` has them."""
    heads = ("Estimate", "Std. Error", "Wald Z", "Sig.", "Lower Bound", "Upper Bound")
    found = [line("Estimates of Covariance Parameters"), _head(heads)]
    found += [variance("Residual", p) for p in parameters if p.name == "sigma"]
    order = {p.name: i for i, p in enumerate(parameters)}
    for p in sorted((p for p in parameters if p.group), key=lambda p: (p.group, order[p.name])):
        if p.symbol.startswith("ρ"):
            cells = [six(p.estimate), six(p.se), *row_of_wald(p.estimate, p.se)]
            cells += [six(p.lower), six(p.upper)]
            found.append(_row(f"  Corr, {p.term} [{p.group}]", cells, p.name))
        else:
            term = "Intercept" if p.term == "(Intercept)" else p.term
            found.append(variance(f"{term} [subject = {p.group}] Var", p))
    return found


def variance(name: str, p: Parameter) -> Line:
    """A variance from its SD: the standard error by the delta method, the ends squared."""
    size, se = p.estimate**2, 2.0 * p.estimate * p.se
    ends = [six(end**2) if isfinite(end) else "." for end in (p.lower, p.upper)]
    return _row(name, [six(size), six(se), *row_of_wald(size, se), *ends], p.name)


def _row(name: str, cells: Sequence[str], of: str) -> Line:
    return line(name[:WIDE].ljust(WIDE), Run("".join(cell.rjust(12) for cell in cells), of))


def row_of_wald(value: float, se: float) -> list[str]:
    if not isfinite(se) or se == 0.0:
        return [".", "."]
    return [f"{value / se:.3f}", sig(erfc(abs(value / se) / sqrt(2.0)))]


def _head(heads: Sequence[str]) -> Line:
    return line("Parameter".ljust(WIDE) + "".join(head.rjust(12) for head in heads))


def six(value: float) -> str:
    """Six decimals without a zero before the point, as SPSS's tables of MIXED."""
    if not isfinite(value):
        return "."
    text = f"{value:.6f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def sig(p: float) -> str:
    return _three if (_three := f"{p:.3f}"[1:]) != ".000" else "<.001"
