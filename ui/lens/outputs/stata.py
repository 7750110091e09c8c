"""What Stata prints for `mixed` with standard deviations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np

from mlcore import Fit
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line

NOTE = (
    "Stata’s mixed fits by ML unless told otherwise, prints z and normal intervals, and variances "
    "unless asked for standard deviations. Its standard errors come from the observed information; "
    "ours of the fixed effects are lme4’s, so that last digits may differ."
)
RULE = 13, 64
_DUMMY = re.compile(r"(?:C|factor|as\.factor)\((\w+)\)([\w.]+)")


def lines(fit: Fit, parameters: Sequence[Parameter]) -> list[Line]:
    chosen = "REML" if fit.method == "REML" else "ML"
    return [
        *header(fit, chosen),
        *table(fit),
        line(""),
        *random_table(fit, parameters),
    ]


def header(fit: Fit, method: str) -> list[Line]:
    label = "Log restricted-likelihood" if method == "REML" else "Log likelihood"
    names = list(fit.effects)
    right: list[tuple[str, str]] = [("Number of obs", f"{fit.n:,}")]
    if len(names) == 1:
        sizes = fit.effects[names[0]].grouping.sizes
        right += [
            ("Number of groups", f"{len(sizes):,}"),
            ("Obs per group: min", f"{sizes.min():,}"),
            ("avg", f"{sizes.mean():,.1f}"),
            ("max", f"{sizes.max():,}"),
        ]
    else:
        right += [(f"Groups of {name}", f"{count:,}") for name, count in fit.n_groups.items()]
    if test := wald(fit):
        right.append((f"Wald chi2({test[1]})", f"{test[0]:.2f}"))
    left = [
        f"Mixed-effects {method} regression",
        f"Group variable: {', '.join(names)}",
        *[""] * (len(right) - 3),
        f"{label} = {fit.loglik:.{log_digits(fit.loglik)}f}",
    ]
    left += [""] * (len(right) - len(left))
    return [
        line(f"{one.ljust(42)}{name.rjust(22)} = {value.rjust(10)}".rstrip())
        for one, (name, value) in zip(left, right, strict=False)
    ]


def wald(fit: Fit) -> tuple[float, int] | None:
    """Of all slopes together, chi-square and its degrees of freedom; None where there is none."""
    slopes = [i for i, name in enumerate(fit.design.names) if str(name) != "(Intercept)"]
    if not slopes or not np.isfinite(fit.covariance).all():
        return None
    b, V = fit.beta[slopes], fit.covariance[np.ix_(slopes, slopes)]
    return float(b @ np.linalg.solve(V, b)), len(slopes)


def table(fit: Fit, *, robust: bool = False, names: Mapping[str, str] | None = None) -> list[Line]:
    """Fixed effects: z and normal intervals, or t; `names` of columns that a script has made."""
    found = fit.coefficients
    known = names or {}
    letter = "z" if np.isinf(found["df"]).all() else "t"
    outcome = str(fit.design.formula.response)
    error = "std. err." if robust else "Std. err."
    heads = f"{'Coefficient':>11}  {error:>9}{letter:>7}    P>|{letter}|"
    above = [line(f"{'':12} |               Robust")] if robust else []
    rows: list[Line] = [
        rule(),
        *above,
        line(f"{cut(known.get(outcome, outcome))} | {heads}     [95% conf. interval]"),
        rule("+"),
    ]
    order = [t for t in found.index if str(t) != "(Intercept)"] + [
        t for t in found.index if str(t) == "(Intercept)"
    ]
    for term in order:
        row = found.loc[term]
        name = known.get(str(term)) or stata_name(str(term))
        rows.append(
            line(
                f"{cut(name)} |",
                Run(nine(row["estimate"]).rjust(11), str(term)),
                "  ",
                Run(nine(row["se"]).rjust(9), str(term)),
                f"{_two(row['statistic']):>9}   {_three(row['p']):>5}   ",
                Run(f"{nine(row['lower']):>10}  {nine(row['upper']):>10}", str(term)),
            )
        )
    return [*rows, rule()]


def _two(value: float) -> str:
    return f"{value:.2f}" if isfinite(value) else "."


def _three(value: float) -> str:
    return f"{value:.3f}" if isfinite(value) else "."


def stata_name(term: str) -> str:
    """`_cons`, and `2.schgend` for the dummy of a code."""
    if term == "(Intercept)":
        return "_cons"
    return _DUMMY.sub(r"\2.\1", term).replace(":", "#")


def random_table(fit: Fit, parameters: Sequence[Parameter]) -> list[Line]:
    rows: list[Line] = [
        line("-" * 30 + "-" * 49),
        line("  Random-effects parameters  |   Estimate   Std. err.     [95% conf. interval]"),
        line("-" * 29 + "+" + "-" * 49),
    ]
    for group, effects in fit.effects.items():
        kind = "Identity" if len(effects.names) == 1 else "Unstructured"
        rows.append(line(f"{group}: {kind}".ljust(29) + "|"))
        rows += [_random(p) for p in parameters if p.group == group and p.name.startswith("sd")]
        rows += [_random(p) for p in parameters if p.group == group and p.name.startswith("corr")]
        rows.append(line("-" * 29 + "+" + "-" * 49))
    rows += [_random(p) for p in parameters if p.name == "sigma"]
    return [*rows, line("-" * 79)]


def _random(p: Parameter) -> Line:
    name = _STATA.get(p.name, "")
    if not name:
        inner = p.name[p.name.index(",") + 1 : -1].replace("(Intercept)", "_cons")
        name = f"{p.name[: p.name.index('(')]}({','.join(reversed(inner.split(',')))})"
    interval = (
        f"{nine(p.se):>10}    {nine(p.lower):>10}  {nine(p.upper):>10}"
        if isfinite(p.se)
        else f"{'.':>10}    {'.':>10}  {'.':>10}"
    )
    return line(f"{name:>28} | ", Run(f"{nine(p.estimate):>10} {interval}", p.name))


_STATA = {"sigma": "sd(Residual)"}


def nine(value: float) -> str:
    """A number in Stata's %9.0g: seven figures and decimals at most, no zero before the point."""
    if not isfinite(value):
        return "."
    text = f"{value:.7g}"
    if "e" in text or len(text.partition(".")[2]) > 7:
        text = f"{value:.7f}".rstrip("0").rstrip(".")
    sign, size = ("-", text[1:]) if text.startswith("-") else ("", text)
    return sign + (size[1:] if size.startswith("0.") else size)


def log_digits(value: float) -> int:
    return max(0, 8 - len(f"{abs(value):.0f}"))


def cut(name: str) -> str:
    return (name if len(name) <= 12 else name[:9] + "~" + name[-2:]).rjust(12)


def rule(joint: str = "-") -> Line:
    left, right = RULE
    return line("-" * left + joint + "-" * right)
