"""What Stata prints for least squares: `regress`, with clusters, and `xtreg`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlcore import PanelFit
from ui.lens.estimators.asked import Asked, Least, asked, clusters
from ui.lens.estimators.fitted import chi_square, slopes, squares, wald
from ui.lens.outputs.stata import nine, rule, table
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line

XTREG = {
    "within": "Fixed-effects (within) regression",
    "between": "Between regression (regression on group means)",
    "random": "Random-effects GLS regression",
}


def note(fit: Least) -> str:
    of = asked(fit)
    if of.correction in ("CR0", "CR2") and of.cluster:
        return (
            f"Stata’s vce(cluster) gives CR1 standard errors; these are {of.correction}, which it "
            "does not have in regress. The estimates are the same."
        )
    if of.cluster:
        return (
            "vce(cluster) leaves the estimates as they are. Its t has one degree of freedom less "
            f"than there are clusters, {clusters(fit) - 1} here."
        )
    notes = {
        "within": "xtreg, fe prints a constant, the mean of the groups’ intercepts; plm prints "
        "none. Its sigma_u and rho are of the estimated intercepts: they hold chance, and all that "
        "groups share. t has as many degrees of freedom as rows less groups less slopes.",
        "between": "xtreg, be fits one row for each group, all with the same weight.",
        "random": "xtreg, re takes its spreads from the residuals within and between, not from a "
        "likelihood as mixed does, and prints z.",
        "first_difference": "regress of changes. The constant is the change where no predictor "
        "changes.",
    }
    return notes.get(of.estimator, "regress prints t with the degrees of freedom of the rows.")


def lines(fit: Least, parameters: Sequence[Parameter]) -> list[Line]:
    of = asked(fit)
    if isinstance(fit, PanelFit) and of.estimator in XTREG:
        return xtreg(fit, of, parameters)
    names = changed(fit) if of.estimator == "first_difference" else None
    if of.cluster:
        return [*robust(fit), *adjusted(of, fit), *table(fit, robust=True, names=names)]
    return [*analysis(fit), *table(fit, names=names)]


def changed(fit: Least) -> dict[str, str]:
    """The columns of changes that the script makes."""
    outcome = str(fit.design.formula.response)
    return {each: f"d_{each}" for each in (outcome, *fit.design.names) if each != "(Intercept)"}


def analysis(fit: Least) -> list[Line]:
    """The analysis of variance above the coefficients of `regress`."""
    of = squares(fit)
    model = of.total - of.residual
    total = of.rows - of.centred
    sums = {
        "Model": (model, total - of.df),
        "Residual": (of.residual, of.df),
        "Total": (of.total, total),
    }
    left = [line_of(name, *each) for name, each in sums.items()]
    gap = "-------------+----------------------------------"
    left = [f"{'Source':>12} |       SS           df       MS   ", gap, *left[:2], gap, left[2]]
    right = [
        ("Number of obs", f"{of.rows:,}"),
        *tested(fit),
        ("R-squared", f"{of.r2:.4f}"),
        ("Adj R-squared", f"{of.adjusted:.4f}"),
    ]
    found = [
        line(f"{one}   {name:<16}={value:>10}")
        for one, (name, value) in zip(left, right, strict=False)
    ]
    root = Run(f"{nine(float(f'{fit.sigma:.5g}')):>10}", "sigma")
    return [*found, line(f"{left[-1]}   {'Root MSE':<16}=", root), line("")]


def line_of(name: str, square: float, df: int) -> str:
    """A row of the analysis of variance; nine figures."""
    mean = f"{square / df:.9g}" if df else "."
    return f"{name:>12} | {square:>11.9g} {df:>9,} {mean:>11}"


def robust(fit: Least) -> list[Line]:
    of = squares(fit)
    right = [
        ("Number of obs", f"{of.rows:,}"),
        *tested(fit),
        ("R-squared", f"{of.r2:.4f}"),
    ]
    return [*heads(["Linear regression"], right), _last("Root MSE", f"{fit.sigma:.5g}", "sigma")]


def adjusted(of: Asked, fit: Least) -> list[Line]:
    text = f"(Std. err. adjusted for {clusters(fit):,} clusters in {of.cluster})"
    return [line(""), line(text.rjust(78))]


def xtreg(fit: PanelFit, of: Asked, parameters: Sequence[Parameter]) -> list[Line]:
    sizes, r2 = fit.panel.entity.sizes, fit.r2
    left = [
        XTREG[of.estimator],
        f"Group variable: {of.entity}",
        "",
        "R-squared:",
        *(f"     {name.capitalize():<7} = {_share(r2[name])}" for name in r2.index),
        "",
        "",
    ]
    right = [
        ("Number of obs", f"{fit.n:,}"),
        ("Number of groups", f"{len(sizes):,}"),
        ("", ""),
        ("Obs per group:", ""),
        ("          min", f"{sizes.min():,}"),
        ("          avg", f"{sizes.mean():,.1f}"),
        ("          max", f"{sizes.max():,}"),
        ("", ""),
        *tested(fit),
    ]
    if of.estimator == "within":
        left.append(f"corr(u_i, Xb) = {correlation(fit):.4f}")
    elif of.estimator == "random":
        left.append("corr(u_i, X) = 0 (assumed)")
    found = heads(left, right)
    if of.estimator == "between":
        found.append(line("sd(u_i + avg(e_i.)) = ", Run(nine(fit.sigma), "sigma")))
    found += adjusted(of, fit) if of.cluster else [line("")]
    body = table(fit, robust=bool(of.cluster))
    if of.estimator == "between":
        return [*found, *body]
    spread = [p for p in parameters if p.group]
    found += [
        *body[:-1],
        rule("+"),
        *(line(f"{'sigma_u':>12} |", Run(f"{nine(p.estimate):>11}", p.name)) for p in spread),
        line(f"{'sigma_e':>12} |", Run(f"{nine(fit.sigma_e):>11}", "sigma")),
        line(f"{'rho':>12} |{nine(fit.rho):>11}   (fraction of variance due to u_i)"),
        rule(),
    ]
    if of.estimator == "within" and not of.cluster:
        test = fit.effects_test
        text = f"F test that all u_i=0: F({test.df1}, {test.df2}) = {test.statistic:.2f}"
        found.append(line(f"{text:<56}Prob > F = {test.p:.4f}".ljust(78)))
    return found


def tested(fit: Least) -> list[tuple[str, str]]:
    """All slopes at once: chi-square where tests are z, else F."""
    if not slopes(fit):
        return [("F(0, .)", "."), ("Prob > F", ".")]
    if np.isinf(fit.df).all():
        value, df, p = chi_square(fit)
        return [(f"Wald chi2({df})", f"{value:.2f}"), ("Prob > chi2", f"{p:.4f}")]
    test = wald(fit)
    return [(f"F({test.df1}, {test.df2})", f"{test.statistic:.2f}"), ("Prob > F", f"{test.p:.4f}")]


def correlation(fit: PanelFit) -> float:
    """Of the groups' estimated intercepts and the line, over rows."""
    own = fit.entity_effects.to_numpy()[fit.panel.entity.codes]
    line_at = fit.design.X @ fit.beta
    return float(np.corrcoef(own, line_at)[0, 1]) if np.ptp(line_at) > 0 else 0.0


def heads(left: Sequence[str], right: Sequence[tuple[str, str]]) -> list[Line]:
    """Two columns above a table; the right one ends at the table's edge."""
    rows = max(len(left), len(right))
    texts = [*left, *[""] * (rows - len(left))]
    pairs = [*right, *[("", "")] * (rows - len(right))]
    return [
        line(f"{text:<48}{name:<18}{f'={value:>11}' if value else ''}".rstrip())
        for text, (name, value) in zip(texts, pairs, strict=True)
    ]


def _last(name: str, value: str, of: str) -> Line:
    return line(f"{'':48}{name:<18}=", Run(f"{value:>11}", of))


def _share(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else "."
