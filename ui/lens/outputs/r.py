"""What R prints: `summary(lmer(...))` of lme4."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlcore import Fit
from ui.lens.outputs.columns import coefficients, column, padded
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line

NOTE = (
    "lmer reports variances and standard deviations without standard errors, and t values without "
    "p-values, since their degrees of freedom are not known exactly. It fits by REML unless told "
    "otherwise."
)


def lines(fit: Fit, parameters: Sequence[Parameter]) -> list[Line]:
    reml = fit.method == "REML"
    title = f"Linear mixed model fit by {'REML' if reml else 'maximum likelihood '} ['lmerMod']"
    found = criterion(fit) if reml else criteria(fit, fit.loglik)
    residuals = np.asarray(fit.residuals()) / fit.sigma
    return printed(fit, [title], formula(fit), found, residuals, fixed_effects(fit))


def printed(
    fit: Fit,
    title: Sequence[str],
    call: str,
    likelihood: Sequence[Line],
    residuals: NDArray[np.float64],
    fixed: Sequence[Line],
) -> list[Line]:
    """What `summary()` prints of lmer's models and of glmer's."""
    return [
        *map(line, title),
        line(f"Formula: {call}"),
        line("   Data: d"),
        line(""),
        *likelihood,
        line(""),
        *quartiles(residuals),
        line("Random effects:"),
        *random_effects(fit),
        line(f"Number of obs: {fit.n}, groups:  {groups(fit)}"),
        line(""),
        line("Fixed effects:"),
        *fixed,
        *correlation(fit),
    ]


def formula(fit: Fit) -> str:
    """The formula as R takes it: its `C()` is another function."""
    return renamed(fit.formula)


def renamed(text: str) -> str:
    return re.sub(r"\bC\(", "factor(", text)


def criterion(fit: Fit) -> list[Line]:
    """Of REML, which has no likelihood to compare models of other fixed parts by."""
    return [line(f"REML criterion at convergence: {_short(fit.deviance, 1)}")]


def criteria(fit: Fit, loglik: float) -> list[Line]:
    heads = ("AIC", "BIC", "logLik", "deviance", "df.resid")
    k = fit.df_model
    values = (2 * k - 2 * loglik, k * np.log(fit.n) - 2 * loglik, loglik, -2 * loglik)
    cells = [*(f"{value:.1f}" for value in values), str(fit.n - k)]
    width = max(map(len, (*heads, *cells)))
    return [line(" ".join(each.rjust(width) for each in row)) for row in (heads, cells)]


def quartiles(residuals: NDArray[np.float64]) -> list[Line]:
    """Of residuals over their standard deviation."""
    scaled = np.quantile(residuals, [0, 0.25, 0.5, 0.75, 1])
    heads = ("Min", "1Q", "Median", "3Q", "Max")
    return [
        line("Scaled residuals: "),
        line(" ".join(head.rjust(7) for head in heads)),
        line(" ".join(f"{value:.4f}".rjust(7) for value in scaled)),
        line(""),
    ]


def random_effects(fit: Fit) -> list[Line]:
    table = fit.variance_components
    order = {name: -count for name, count in fit.n_groups.items()}
    spreads = table[table["term2"] == ""]
    spreads = spreads.iloc[np.argsort([order.get(g, 1) for g in spreads["group"]], kind="stable")]
    variance, sd = (padded(column(spreads[each].tolist())) for each in ("variance", "sd"))
    wide = max(6, *(len(str(g)) for g in spreads["group"]))
    name = max(4, *(len(str(t)) for t in spreads["term1"]))
    v, s = max(8, *map(len, variance)), max(8, *map(len, sd))
    found = [
        line(
            f" {'Groups'.ljust(wide)} {'Name'.ljust(name)} {'Variance'.ljust(v)} "
            f"{'Std.Dev.'.ljust(s)}{' Corr' if len(table) > len(spreads) else ''}".rstrip()
        )
    ]
    seen = ""
    for i, row in enumerate(spreads.itertuples(index=False)):
        group, term = str(row.group), str(row.term1)
        own = "sigma" if group == "Residual" else f"sd({group},{term})"
        shown = "" if group == seen else group
        label = "" if group == "Residual" else term
        parts: list[Run | str] = [
            f" {shown.ljust(wide)} {label.ljust(name)} ",
            Run(variance[i].ljust(v), own),
            " ",
            Run(sd[i].ljust(s), own),
        ]
        pairs = table[(table["group"] == group) & (table["term2"] == term) & (term != "")]
        for other in pairs.itertuples():
            rho = f"corr({group},{other.term1},{term})"
            parts += [" ", Run(f"{other.correlation:.2f}".rjust(4), rho)]
        found.append(tuple(parts))
        seen = group
    return found


def fixed_effects(fit: Fit) -> list[Line]:
    names = [renamed(str(term)) for term in fit.coefficients.index]
    return coefficients(fit.coefficients, names, "t", tests=False)


def correlation(fit: Fit) -> list[Line]:
    """The correlations of the fixed effects, as lme4 prints them for twelve terms at most."""
    names = [renamed(str(name)) for name in fit.design.names]
    if not 1 < len(names) <= 12 or not np.isfinite(fit.covariance).all():
        return []
    se = np.sqrt(np.diagonal(fit.covariance))
    r = fit.covariance / np.outer(se, se)
    cells = [[f"{r[i, j]:.3f}" for j in range(i)] for i in range(1, len(names))]
    most = max(len(cell) for row in cells for cell in row)
    heads = [abbreviated(name, 6) for name in names[:-1]]
    rows = [abbreviated(name, 11) for name in names[1:]]
    wide, width = max(map(len, rows)), [max(most, len(head)) for head in heads]
    found = [line(""), line("Correlation of Fixed Effects:")]
    for label, texts in zip(["", *rows], [heads, *cells], strict=True):
        shown = (
            t.rjust(most).ljust(w) if label else t.ljust(w)
            for t, w in zip(texts, width, strict=False)
        )
        found.append(line(" ".join([label.ljust(wide), *shown]).rstrip()))
    return found


def _short(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def groups(fit: Fit) -> str:
    counts = sorted(fit.n_groups.items(), key=lambda item: -item[1])
    return "; ".join(f"{name}, {count}" for name, count in counts)


def abbreviated(name: str, most: int) -> str:
    """R's `abbreviate`: small vowels go first, then small letters, the last ones before others."""
    for letters in ("aeiou", "abcdefghijklmnopqrstuvwxyz"):
        place = len(name) - 1
        while len(name) > most and place > 0:
            if name[place] in letters:
                name = name[:place] + name[place + 1 :]
            place -= 1
    return name
