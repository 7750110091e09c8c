"""What R prints: `summary()` of lme4's glmer, of glm, and in the manner of ordinal and geepack."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlcore import Fit, GeeFit, GlmFit, GlmmFit, OrdinalFit
from mlcore.discrete.outcomes import Binomial, Poisson
from ui.lens.discrete.likelihood import null, saturated
from ui.lens.discrete.scale import clusters, mixed, trials
from ui.lens.outputs.columns import coefficients, column
from ui.lens.outputs.r import (
    criteria,
    formula,
    groups,
    printed,
    random_effects,
    renamed,
)
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line

MIXED = (
    "glmer’s first choice is Laplace’s approximation, Stata’s is quadrature with seven points, for "
    "which glmer allows a single intercept only. There is no row Residual: within groups the "
    "outcome varies as its mean says. Its effects are modes, Stata’s are means. Tests are z."
)
ORDERED = (
    "In the manner of the package ordinal, whose estimates ours were compared with. A positive "
    "coefficient is towards higher categories, as in Stata."
)
AVERAGED = (
    "In the manner of the package geepack. Wald is the square of z. Errors of the scale and of "
    "alpha, which it prints too, are left out."
)
ALONE = "Tests are z. In R 4.2 and before there is also a table of deviance residuals."
CLUSTERED = (
    'In the manner of lmtest::coeftest with sandwich::vcovCL(type = "HC0"), which has the factor '
    "G / (G − 1), as Stata."
)


def note(fit: GlmFit) -> str:
    if isinstance(fit, GeeFit):
        return AVERAGED
    if isinstance(fit, OrdinalFit):
        return ORDERED
    return MIXED if mixed(fit) else CLUSTERED if clusters(fit) else ALONE


def lines(fit: GlmFit, parameters: Sequence[Parameter]) -> list[Line]:
    if isinstance(fit, OrdinalFit):
        return cumulative(fit)
    if isinstance(fit, GeeFit):
        return equations(fit)
    return summary(fit) if isinstance(fit, GlmmFit) else generalised(fit)


def summary(fit: GlmmFit) -> list[Line]:
    """`summary()` of a glmerMod object."""
    loglik = fit.loglik - (saturated(fit.outcome) if fit.n_quad > 1 else 0.0)
    title = [*_title(fit), f" Family: {fit.family}  ( {fit.link} )"]
    return printed(fit, title, call(fit), criteria(fit, loglik), pearson(fit), table(fit))


def _title(fit: GlmmFit) -> tuple[str, str]:
    start = "Generalized linear mixed model fit by maximum likelihood"
    if fit.n_quad == 1:
        return f"{start} (Laplace", "  Approximation) [glmerMod]"
    return f"{start} (Adaptive", f"  Gauss-Hermite Quadrature, nAGQ = {fit.n_quad}) [glmerMod]"


def call(fit: GlmFit) -> str:
    """The formula as R takes it; several trials as successes beside failures."""
    if size := trials(fit):
        left, _, right = formula(fit).partition("~")
        return f"cbind({left.strip()}, {size} - {left.strip()}) ~{right}"
    return formula(fit)


def pearson(fit: GlmFit) -> NDArray[np.float64]:
    """Residuals over the standard deviation that their mean implies."""
    mean = np.asarray(fit.fitted)
    variance = mean if isinstance(fit.outcome, Poisson) else mean * (1.0 - mean)
    trials = fit.outcome.trials if isinstance(fit.outcome, Binomial) else 1.0
    found: NDArray[np.float64] = (fit.observed - mean) / np.sqrt(variance / trials)
    return found


def table(fit: Fit) -> list[Line]:
    found = fit.coefficients
    return coefficients(found, [renamed(str(term)) for term in found.index])


def generalised(fit: GlmFit) -> list[Line]:
    """`summary()` of a glm object, as since R 4.3; or its coefficients with clustered errors."""
    if clusters(fit):
        return [line("z test of coefficients:"), line(""), *table(fit)]
    most = saturated(fit.outcome)
    own = 2.0 * (most - fit.loglik)
    numbers = column([2.0 * (most - null(fit)), own], 5)
    df = f"{fit.n - 1}", f"{fit.n - len(fit.beta)}"
    shown = [
        f"{head}: {number:>{max(map(len, numbers))}}  on {k:>{max(map(len, df))}}"
        for head, number, k in zip(
            ("    Null deviance", "Residual deviance"), numbers, df, strict=True
        )
    ]
    lost = sum(int(said.split()[0]) for said in fit.messages if "rows dropped" in said)
    name = 'binomial(link = "probit")' if fit.link == "probit" else fit.family
    return [
        line("Call:"),
        line(f"glm(formula = {call(fit)}, family = {name}, data = d)"),
        line(""),
        line("Coefficients:"),
        *table(fit),
        line(""),
        line(f"(Dispersion parameter for {fit.family} family taken to be 1)"),
        line(""),
        *(line(f"{each}  degrees of freedom") for each in shown),
        *([line(f"  ({lost} observations deleted due to missingness)")] if lost else []),
        line(f"AIC: {column([fit.aic], 5)[0]}"),
    ]


def cumulative(fit: OrdinalFit) -> list[Line]:
    """`summary()` of ordinal's clmm, or clm, but for what is said of its search."""
    heads = ("link", "threshold", "nobs", "logLik", "AIC")
    cells = ("logit", "flexible", f"{fit.n}", f"{fit.loglik:.2f}", f"{fit.aic:.2f}")
    wide = [max(map(len, pair)) for pair in zip(heads, cells, strict=True)]
    found = [
        line(f"formula: {formula(fit)}"),
        line("data:    d"),
        line(""),
        *(
            line("".join(f" {text:<{w}}" for text, w in zip(row, wide, strict=True)).rstrip())
            for row in (heads, cells)
        ),
        line(""),
    ]
    if fit.effects:
        how = (
            "the Laplace approximation"
            if fit.n_quad == 1
            else f"the adaptive Gauss-Hermite quadrature approximation with {fit.n_quad} points"
        )
        found = [
            line(f"Cumulative Link Mixed Model fitted with {how}"),
            line(""),
            *found,
            line("Random effects:"),
            *random_effects(fit),
            line(f"Number of groups:  {groups(fit).replace(',', '')}"),
            line(""),
        ]
    thresholds = fit.thresholds.assign(statistic=lambda t: t["estimate"] / t["se"])
    return [
        *found,
        *([line("Coefficients:"), *table(fit)] if len(fit.beta) else [line("No Coefficients")]),
        line(""),
        line("Threshold coefficients:"),
        *coefficients(thresholds, list(thresholds.index), tests=False),
    ]


def equations(fit: GeeFit) -> list[Line]:
    """`summary()` of geepack's geeglm: Wald's chi-square; errors of scale and alpha left out."""
    found = fit.coefficients
    wald = found.assign(statistic=found["statistic"] ** 2)
    kind = "independence" if fit.alpha == 0.0 else "exchangeable"
    group = clusters(fit)
    family = f", family = {fit.family}" if fit.family != "gaussian" else ""
    sizes = fit.design.groupings[group].sizes
    scale = f"{fit.scale:8.4g}"
    return [
        line("Call:"),
        line(f"geeglm(formula = {formula(fit)}{family}, data = d, "),
        line(f'    id = {group}, corstr = "{kind}")'),
        line(""),
        line(" Coefficients:"),
        *coefficients(wald, [renamed(str(term)) for term in found.index], "W"),
        line(""),
        line(f"Correlation structure = {kind} "),
        line("Estimated Scale Parameters:"),
        line(""),
        line("            Estimate"),
        line("(Intercept) ", Run(scale, "sigma") if fit.family == "gaussian" else scale),
        line("  Link = identity "),
        line(""),
        line("Estimated Correlation Parameters:"),
        line("      Estimate"),
        line("alpha ", Run(f"{fit.alpha:8.4g}", "alpha")),
        line(f"Number of clusters:   {len(sizes)}  Maximum cluster size: {sizes.max()} "),
    ]
