"""Generalised models in R: lme4's glmer, glm, and polr; ordinal's and geepack's functions."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore import GeeFit, GlmFit, GlmmFit, OrdinalFit
from ui.lens.discrete.scale import clusters, mixed, ratios, trials
from ui.lens.outcome import named
from ui.lens.runs import Line, Run, line

BOBYQA = 'control = glmerControl(optimizer = "bobyqa")'


def package(fit: GlmFit) -> str:
    """The package that a script needs beyond R and lme4."""
    if isinstance(fit, GeeFit):
        return "geepack"
    if isinstance(fit, OrdinalFit):
        return "ordinal" if mixed(fit) else ""
    return "GLMMadaptive" if slopes_by_quadrature(fit) else ""


def r(fit: GlmFit, formula: Sequence[Run | str]) -> list[Line]:
    """From `formula` as R takes it, its random terms tied to their spreads."""
    if size := trials(fit):
        y, _, rest = str(formula[0]).partition("~")
        formula = [f"cbind({y.strip()}, {size} - {y.strip()}) ~{rest}", *formula[1:]]
    if isinstance(fit, OrdinalFit):
        return _ordered_in_r(fit, formula)
    family = f'binomial("{fit.link}")' if fit.link == "probit" else fit.family
    if isinstance(fit, GeeFit):
        group = clusters(fit)
        kind = "independence" if fit.alpha == 0.0 else "exchangeable"
        return [
            line("library(geepack)"),
            line(f"d <- d[order(d${group}), ]   # rows of a group have to follow each other"),
            line("m <- geeglm(", *formula, f", family = {family}, data = d,"),
            line(f"            id = {group}, ", Run(f'corstr = "{kind}"', "alpha"), ")"),
            line("summary(m)"),
        ]
    if isinstance(fit, GlmmFit) and slopes_by_quadrature(fit):
        return _adaptive(fit, formula, family)
    if isinstance(fit, GlmmFit):
        points = f", nAGQ = {fit.n_quad}" if fit.n_quad > 1 else ""
        return [
            line("library(lme4)"),
            line("m <- glmer(", *formula, ","),
            line(f"           data = d, family = {family}{points},"),
            line(f"           {BOBYQA})"),
            line("summary(m)"),
            line('print(VarCorr(m), comp = c("Variance", "Std.Dev."))'),
            *_ratios_in_r(fit, "fixef(m)", 'confint(m, parm = "beta_", method = "Wald")'),
        ]
    return [
        line("m <- glm(", *formula, f", family = {family}, data = d)"),
        line("summary(m)"),
        *(_clusters_in_r(clusters(fit)) if clusters(fit) else []),
        *_ratios_in_r(fit, "coef(m)", "confint.default(m)"),
    ]


def slopes_by_quadrature(fit: GlmFit) -> bool:
    """What glmer does not fit: it has quadrature for a single intercept only."""
    several = any(len(e.names) > 1 for e in fit.effects.values())
    return isinstance(fit, GlmmFit) and fit.n_quad > 1 and several


def _adaptive(fit: GlmmFit, formula: Sequence[Run | str], family: str) -> list[Line]:
    fixed = str(formula[0]).rstrip(" +")
    inside = next(each for each in formula if isinstance(each, Run))
    return [
        line("library(GLMMadaptive)   # glmer has quadrature for a single intercept only"),
        line(f"m <- mixed_model(fixed = {fixed},"),
        line("                 ", Run(f"random = ~ {inside.text[1:-1]}", inside.of), ","),
        line(f"                 data = d, family = {family}, nAGQ = {fit.n_quad})"),
        line("summary(m)"),
    ]


def _ratios_in_r(fit: GlmFit, estimate: str, interval: str) -> list[Line]:
    if not ratios(fit) or clusters(fit):
        return []
    return [line(f"# {ratios(fit)}"), line(f"exp(cbind(ratio = {estimate}, {interval}))")]


def _clusters_in_r(group: str) -> list[Line]:
    """The sandwich of sandwich::vcovCL(m, type = "HC0"), by hand."""
    return [
        line("# errors that allow for clusters, without a package"),
        line('U <- model.matrix(m) * (residuals(m, "working") * m$weights)'),
        line(f'U <- rowsum(U, d[names(residuals(m)), "{group}"])'),
        line("V <- vcov(m) %*% crossprod(U) %*% vcov(m) * nrow(U) / (nrow(U) - 1)"),
        line("cbind(estimate = coef(m), se = sqrt(diag(V)), z = coef(m) / sqrt(diag(V)))"),
    ]


def _ordered_in_r(fit: OrdinalFit, formula: Sequence[Run | str]) -> list[Line]:
    y = named(fit.design)
    _, _, rest = str(formula[0]).partition("~")
    right = [rest, *formula[1:]]
    levels = ", ".join(quoted(each) for each in fit.categories)
    start = [
        line("# the order of the categories"),
        line(f"d${y} <- factor(d${y}, levels = c({levels}))"),
    ]
    if not mixed(fit):
        return [
            *start,
            line("library(MASS)"),
            line(f"m <- polr({y} ~", *right, ", data = d, Hess = TRUE)"),
            line("summary(m)"),
            *([line("exp(coef(m))   # odds ratios")] if ratios(fit) else []),
        ]
    alone = fit.n_quad > 1 and not slopes_by_quadrature(fit)
    points = f", nAGQ = {fit.n_quad}" * alone  # clmm has it for a single intercept only
    return [
        *start,
        line("library(ordinal)"),
        line(f"m <- clmm({y} ~", *right, f", data = d{points})"),
        line("summary(m)"),
        *([line("exp(m$beta)   # odds ratios")] if ratios(fit) else []),
    ]


def quoted(text: str) -> str:
    """A string of R or Python."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
