"""What R prints for least squares: `summary(lm)`, lmtest's `coeftest`, `summary` of plm."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

import numpy as np

from mlcore import PanelFit
from mlcore.arrays import Array
from ui.lens.estimators.asked import Asked, Least, asked, clusters
from ui.lens.estimators.fitted import chi_square, slopes, squares, wald
from ui.lens.outputs.columns import chances, coefficients, column, padded, stars
from ui.lens.outputs.r import formula, renamed
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line

TITLES = {
    "pooled": "Pooling Model",
    "within": "Within Model",
    "between": "Between Model",
    "random": "Random Effect Model ",
    "first_difference": "First-Difference Model",
}
MODELS = {"pooled": "pooling", "first_difference": "fd"}
QUARTERS = (0, 0.25, 0.5, 0.75, 1)
NAMES = ("Min.", "1st Qu.", "Median", "3rd Qu.", "Max.")


def note(fit: Least) -> str:
    of = asked(fit)
    if of.correction == "CR2":
        return (
            "In the manner of clubSandwich: CR2 standard errors and Satterthwaite’s degrees of "
            "freedom, for few clusters."
        )
    if of.cluster and of.estimator == "ols":
        return (
            "In the manner of lmtest’s coeftest with sandwich’s vcovCL. lm alone knows nothing of "
            f"clusters. Without df = {clusters(fit) - 1} coeftest would use the degrees of freedom "
            "of rows."
        )
    notes = {
        "ols": "lm prints t with the degrees of freedom of the rows.",
        "within": "In the manner of plm, which prints no intercept: each group has its own. Stata "
        "prints their mean. plm’s R² is within groups.",
        "random": "In the manner of plm, which weights groups of unequal size in another way than "
        "Stata unless all are of one size, so that variances and slopes may differ slightly.",
    }
    return notes.get(of.estimator, "In the manner of plm.")


def lines(fit: Least, parameters: Sequence[Parameter]) -> list[Line]:
    of = asked(fit)
    if isinstance(fit, PanelFit):
        return panel(fit, of)
    if of.correction == "CR2":
        return few_clusters(fit)
    return clustered(fit) if of.cluster else least_squares(fit)


def least_squares(fit: Least) -> list[Line]:
    """`summary()` of an lm object."""
    of = squares(fit)
    found = [
        *called("lm", [f"formula = {formula(fit)}", "data = d"]),
        *five(np.asarray(fit.residuals()), ("Min", "1Q", "Median", "3Q", "Max"), 4),
        line("Coefficients:"),
        *coefficients(fit.coefficients, names(fit), "t"),
        line(""),
        line(
            "Residual standard error: ",
            Run(f"{fit.sigma:.4g}", "sigma"),
            f" on {of.df:.0f} degrees of freedom",
        ),
    ]
    if not slopes(fit):
        return found
    test = wald(fit)
    return [
        *found,
        line(f"Multiple R-squared:  {of.r2:.4g},\tAdjusted R-squared:  {of.adjusted:.4g} "),
        line(
            f"F-statistic: {test.statistic:.4g} on {test.df1} and {test.df2} DF,  "
            f"p-value: {_p(test.p, 4)}"
        ),
    ]


def clustered(fit: Least) -> list[Line]:
    """`coeftest()` with clustered standard errors."""
    found = coefficients(fit.coefficients, names(fit), "t", figures=5)
    return [line("t test of coefficients:"), line(""), *found]


def few_clusters(fit: Least) -> list[Line]:
    """`coef_test()` of clubSandwich."""
    table = fit.coefficients
    small = [p < 0.001 for p in table["p"]]
    known = iter(column([p for p in table["p"] if p >= 0.001], 3))
    cells = {
        "Coef.": names(fit),
        "Estimate": column(list(table["estimate"]), 3),
        "SE": column(list(table["se"]), 3),
        "t-stat": column(list(table["statistic"]), 3),
        "d.f. (Satt)": column(list(table["df"]), 3),
        "p-val (Satt)": ["< 0.001" if s else next(known) for s in small],
        "Sig.": stars(list(table["p"])),
    }
    wide = {head: max(len(head), *map(len, texts)) for head, texts in cells.items()}
    found = [line(" ", " ".join(head.rjust(wide[head]) for head in cells))]
    for i, term in enumerate(map(str, table.index)):
        name, estimate, se, *rest = (texts[i].rjust(wide[head]) for head, texts in cells.items())
        runs = Run(estimate, term), " ", Run(se, term)
        found.append(line(f" {name} ", *runs, f" {' '.join(rest)}"))
    return found


def panel(fit: PanelFit, of: Asked) -> list[Line]:
    """`summary()` of a plm object."""
    sums = squares(fit)
    heads = [TITLES[of.estimator]]
    if of.estimator != "pooled":
        heads[0] = f"{'Twoways' if of.two_ways else 'Oneway (individual)'} effect {heads[0]}"
    if of.estimator == "random":
        heads.append("   (Swamy-Arora's transformation)")
    index = f'"{of.entity}"' if not of.time else f'c("{of.entity}", "{of.time}")'
    parts = [
        f"formula = {formula(fit)}",
        "data = d",
        *(['effect = "twoways"'] if of.two_ways else []),
        f'model = "{MODELS.get(of.estimator, of.estimator)}"',
        f"index = {index}",
    ]
    used = (
        [line(f"Observations used in estimation: {len(fit.rows.y)}")]
        if of.estimator in ("between", "first_difference")
        else []
    )
    shown = fit.coefficients
    if of.estimator == "within":
        shown = shown[shown.index != "(Intercept)"]
    labels = [renamed(str(name)) for name in shown.index]
    random = of.estimator == "random"
    letter = "z" if random else "t"
    return [
        *map(line, heads),
        line(""),
        *called("plm", parts),
        line(balance(fit)),
        *used,
        line(""),
        *(effects(fit, of) if random else []),
        *five(sums.residuals, NAMES, 5, mean=random),
        line("Coefficients:" if len(shown) else "No coefficients"),
        *(coefficients(shown, labels, letter, figures=5, joint="-") if labels else []),
        line(""),
        line(f"Total Sum of Squares:    {_plain(sums.total)}"),
        line(f"Residual Sum of Squares: {_plain(sums.residual)}"),
        line(f"R-Squared:      {_plain(sums.r2)}"),
        line(f"Adj. R-Squared: {_plain(sums.adjusted)}"),
        *last(fit, random),
    ]


def last(fit: PanelFit, random: bool) -> list[Line]:
    """The test of all slopes."""
    if not slopes(fit):
        return []
    if random:
        value, df, p = chi_square(fit)
        return [line(f"Chisq: {value:.6g} on {df} DF, p-value: {_p(p, 5)}")]
    test = wald(fit)
    return [
        line(
            f"F-statistic: {test.statistic:.6g} on {test.df1} and {test.df2} DF, "
            f"p-value: {_p(test.p, 5)}"
        )
    ]


def effects(fit: PanelFit, of: Asked) -> list[Line]:
    """The variances between and within, and the shares of the means that were taken off."""
    assert fit.rows.components is not None
    between = fit.rows.components.between
    variance = np.array([fit.rows.components.within, *between.values()])
    both = np.concatenate([variance, np.sqrt(variance)])
    decimals = max(1, 3 - floor(log10(both[both > 0].min())))
    cells = padded(column([*np.round(both, decimals)]))
    sizes, spreads = cells[: len(variance)], cells[len(variance) :]
    shares = column([*np.round(variance / variance.sum(), 3)])
    kinds = ["idiosyncratic", "individual", "time"][: len(variance)]
    names = ["sigma", *(f"sd({group},(Intercept))" for group in between)]
    wide = max(3, *map(len, sizes)), max(7, *map(len, spreads)), max(5, *map(len, shares))
    found = [line("Effects:"), line(f"{'':13} {'var':>{wide[0]}} {'std.dev':>{wide[1]}} share")]
    for i, kind in enumerate(kinds):
        numbers = f"{sizes[i]:>{wide[0]}} {spreads[i]:>{wide[1]}}"
        found.append(line(f"{kind:13} ", Run(numbers, names[i]), f" {shares[i]:>{wide[2]}}"))
    if of.two_ways:
        return [*found, line(f"theta: {' '.join(column([*fit.theta]))}"), line("")]
    theta = fit.theta[fit.panel.entity.codes]
    if np.ptp(theta) < 1e-12:
        return [*found, line(f"theta: {theta[0]:.4g}"), line("")]
    cuts = np.quantile(theta, QUARTERS)
    cells = column([*cuts[:3], theta.mean(), *cuts[3:]])
    return [*found, line("theta:"), *_heads([*NAMES[:3], "Mean", *NAMES[3:]], cells), line("")]


def balance(fit: PanelFit) -> str:
    sizes = fit.panel.entity.sizes
    even = sizes.min() == sizes.max()
    times = f"{sizes.min()}" if even else f"{sizes.min()}-{sizes.max()}"
    word = "Balanced" if even else "Unbalanced"
    return f"{word} Panel: n = {len(sizes)}, T = {times}, N = {fit.n}"


def names(fit: Least) -> list[str]:
    return [renamed(str(term)) for term in fit.design.names]


def five(residuals: Array, heads: Sequence[str], figures: int, *, mean: bool = False) -> list[Line]:
    """The quartiles of the residuals; with their mean, which is 0 in most fits, if it is not."""
    cuts, named = [*np.quantile(residuals, QUARTERS)], [*heads]
    uneven = mean and abs(residuals.mean()) > 1e-10
    if uneven:
        cuts.insert(3, residuals.mean())
        named.insert(3, "Mean")
    if uneven or figures == 4:
        decimals = floor(5.5 - log10(max(abs(cut) for cut in cuts)))
        cuts = [round(cut, max(0, decimals)) for cut in cuts]
    return [line("Residuals:"), *_heads(named, column(cuts, figures)), line("")]


def _heads(heads: Sequence[str], cells: Sequence[str]) -> list[Line]:
    wide = max(map(len, [*heads, *cells]))
    return [line(" ".join(text.rjust(wide) for text in row) + " ") for row in (heads, cells)]


def called(function: str, parts: Sequence[str]) -> list[Line]:
    """The call as R breaks it: after a comma behind the sixtieth character."""
    pieces = ", ".join(parts).split(", ")
    texts = [f"{function}("]
    for i, piece in enumerate(pieces):
        texts[-1] += piece + (", " if i < len(pieces) - 1 else ")")
        if len(texts[-1]) > 60 and i < len(pieces) - 1:
            texts.append("    ")
    return [line("Call:"), *map(line, texts), line("")]


def _plain(value: float) -> str:
    """Five figures without an exponent."""
    return f"{float(f'{value:.5g}'):.12f}".rstrip("0").rstrip(".")


def _p(p: float, figures: int) -> str:
    return chances([p], figures)[0]
