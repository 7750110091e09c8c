"""What Stata prints: `melogit`, `mepoisson`, `meologit`, and without groups `logit`, `xtgee`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from mlcore import GeeFit, GlmFit, GlmmFit
from mlcore.discrete.uncertainty import component_errors
from ui.lens.discrete.likelihood import null
from ui.lens.discrete.scale import clusters, mixed
from ui.lens.outputs.stata import log_digits, nine, rule, stata_name, table, wald
from ui.lens.parameters import NORMAL, Parameter
from ui.lens.runs import Line, Run, line

MIXED = (
    "Stata’s first choice is quadrature with seven points around each group’s mean (mvaghermite), "
    "glmer’s is Laplace’s approximation. It prints variances, and their intervals are made on the "
    "logarithmic scale; there is none for the residual. It predicts effects by their posterior "
    "means, glmer by their modes."
)
AVERAGED = (
    "xtgee estimates the working correlation in another way than R’s geepack, whose numbers these "
    "are, and multiplies robust variances by G / (G − 1): last figures differ."
)
ALONE = "Tests are z. Clustered errors have the factor G / (G − 1), which others may leave out."
WIDE = 78
NAMES = {
    ("binomial", "logit"): ("logistic", "Logistic"),
    ("binomial", "probit"): ("probit", "Probit"),
    ("poisson", "log"): ("Poisson", "Poisson"),
    ("ordinal", "logit"): ("ologit", "Ordered logistic"),
}


def note(fit: GlmFit) -> str:
    if isinstance(fit, GeeFit):
        return AVERAGED
    return MIXED if mixed(fit) else ALONE


def lines(fit: GlmFit, parameters: Sequence[Parameter]) -> list[Line]:
    if isinstance(fit, GeeFit):
        return [*averaged(fit), *table(fit, robust=True), *working(parameters)]
    blocks = [*header(fit), *table(fit, robust=bool(clusters(fit)))[:-1]]
    cuts = [p for p in parameters if p.symbol.startswith("κ")]
    if cuts:
        blocks += [rule("+"), *(cut(k, p) for k, p in enumerate(cuts, start=1))]
    if isinstance(fit, GlmmFit) and fit.effects:
        blocks += components(fit)
    return [*blocks, rule("-")]


def header(fit: GlmFit) -> list[Line]:
    """What was fitted, and to how many rows and groups."""
    mixed, alone = NAMES[fit.family, fit.link]
    robust = clusters(fit)
    likelihood = f"Log {'pseudo' * bool(robust)}likelihood = {shown(fit.loglik)}"
    right = [("Number of obs", f"{fit.n:,}")]
    left = [f"{f'Mixed-effects {mixed}' if fit.effects else alone} regression"]
    if isinstance(fit, GlmmFit) and fit.effects:
        right += grouped(fit)
        points = fit.n_quad > 1
        left += [f"Group variable: {', '.join(fit.effects)}", ""]
        left += [f"Integration method: {'mvaghermite' if points else 'laplace'}"]
        right += [("Integration pts.", f"{fit.n_quad}")] * points
    test = wald(fit)
    if test and (fit.effects or robust):
        right.append((f"Wald chi2({test[1]})", f"{test[0]:.2f}"))
    elif test:
        right.append((f"LR chi2({test[1]})", f"{2.0 * (fit.loglik - null(fit)):.2f}"))
    if not fit.effects:
        right.append(("Pseudo R2", f"{1.0 - fit.loglik / null(fit):.4f}"))
    left += [""] * (len(right) - len(left) - 1)
    found = beside([*left, likelihood], right)
    if robust:
        count = len(fit.design.groupings[robust].levels)
        found.append(line(f"(Std. err. adjusted for {count} clusters in {robust})".rjust(WIDE)))
    return found


def grouped(fit: GlmFit) -> list[tuple[str, str]]:
    if len(fit.effects) > 1:
        return [(f"Groups of {name}", f"{count:,}") for name, count in fit.n_groups.items()]
    (effects,) = fit.effects.values()
    return of_sizes(effects.grouping.sizes)


def of_sizes(counts: np.ndarray) -> list[tuple[str, str]]:
    return [
        ("Number of groups", f"{len(counts):,}"),
        ("Obs per group: min", f"{counts.min():,}"),
        ("avg", f"{counts.mean():,.1f}"),
        ("max", f"{counts.max():,}"),
    ]


def averaged(fit: GeeFit) -> list[Line]:
    """The head of `xtgee`."""
    group = clusters(fit)
    left = [
        "GEE population-averaged model",
        f"Group variable: {group}",
        f"Family: {fit.family.capitalize()}",
        f"Link:   {fit.link.capitalize()}",
        f"Correlation: {'independent' if fit.alpha == 0.0 else 'exchangeable'}",
    ]
    right = [("Number of obs", f"{fit.n:,}"), *of_sizes(fit.design.groupings[group].sizes)]
    if test := wald(fit):
        right.append((f"Wald chi2({test[1]})", f"{test[0]:.2f}"))
    scale = nine(fit.scale if fit.family == "gaussian" else 1.0)
    said = f"(Std. err. adjusted for clustering on {group})"
    return [*beside([*left, f"Scale parameter = {scale}"], right), line(said.rjust(WIDE))]


def working(parameters: Sequence[Parameter]) -> list[Line]:
    """What `estat wcorrelation` adds, and the square root of the scale."""
    named = {"alpha": "Working correlation", "sigma": "Root of the scale"}
    return [
        line(f"{named[p.name]} = ", Run(nine(p.estimate), p.name))
        for p in parameters
        if p.name in named
    ]


def beside(left: Sequence[str], right: Sequence[tuple[str, str]]) -> list[Line]:
    rows = max(len(left), len(right))
    left = [*left, *[""] * (rows - len(left))]
    cells = [f"{name.rjust(22)} = {value.rjust(10)}" for name, value in right]
    cells += [""] * (rows - len(cells))
    return [line(f"{a.ljust(43)}{b}".rstrip()) for a, b in zip(left, cells, strict=True)]


def cut(k: int, p: Parameter) -> Line:
    """A threshold."""
    return _row(f"/cut{k}", p.name, p.estimate, p.se, p.lower, p.upper)


def components(fit: GlmmFit) -> list[Line]:
    """By factor, its variances, then covariances, with their own standard errors."""
    found: list[Line] = []
    errors = component_errors(fit)
    for group, e in fit.effects.items():
        S = e.covariance
        found += [rule("+"), line(f"{group[:12]:<13}|")]
        own = [
            (int(r), int(c), float(se))
            for r, c, se in zip(*e.pattern.places, errors[group], strict=True)
        ]
        names = [stata_name(str(name)) for name in e.names]
        for r, _, se in (each for each in own if each[0] == each[1]):
            v = float(S[r, r])
            ends = (v * np.exp(sign * NORMAL * se / v) if v > 0 else np.nan for sign in (-1, 1))
            of = f"sd({group},{e.names[r]})"
            found.append(_row(f"var({names[r]})", of, v, se, *map(float, ends)))
        for r, c, se in (each for each in own if each[0] != each[1]):
            v = float(S[r, c])
            of = f"corr({group},{e.names[c]},{e.names[r]})"
            label = f"cov({names[r]},{names[c]})"
            found.append(_row(label, of, v, se, v - NORMAL * se, v + NORMAL * se))
    return found


def _row(label: str, of: str, estimate: float, se: float, lower: float, upper: float) -> Line:
    """A row without a test."""
    text = label if len(label) <= 13 else label[:10] + "~" + label[-2:]
    numbers = f"{nine(estimate):>11}  {nine(se):>9}{'':20}{nine(lower):>10}  {nine(upper):>10}"
    return line(f"{text:>13}|", Run(numbers, of))


def shown(value: float) -> str:
    return f"{value:.{log_digits(value)}f}" if isfinite(value) else "."
