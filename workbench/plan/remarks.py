"""What to know of a fit before it is believed.

A boundary, few groups or rows left out do not make a fit wrong; a search that did not end does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from datasets import Dataset
from mlcore import Fit, GlmmFit, PanelFit
from mlcore.discrete.glmm import ENDLESS
from workbench.plan import remedies
from workbench.plan.asked import Asked
from workbench.plan.problems import Problem, listed
from workbench.plan.remedies import Remedy, as_kind, offered
from workbench.plan.request import Request

FEW = 25  # groups: what is said of fewer is contested, and said to be
SCATTERED = 2.0  # times the variance that a Poisson model expects
GONE = 1e-8  # standard deviation of what does not vary; the core says 0 below 1e-4


def remarks(fit: Fit, dataset: Dataset, request: Request) -> tuple[Problem, ...]:
    """What there is to say of a fit, the gravest first."""
    it = Asked(dataset, request)
    found = [
        unconverged(fit, it),
        endless(fit, it),
        flat(fit, it),
        *boundaries(fit, it),
        *few_groups(fit, it),
        scattered(fit, it),
        dropped(fit, it),
    ]
    return tuple(each for each in found if each is not None)


# the search ---------------------------------------------------------------------------------------


def unconverged(fit: Fit, it: Asked) -> Problem | None:
    if fit.converged:
        return None
    return Problem(
        "not converged",
        "The search for the best estimates did not come to an end.",
        "These are not the estimates of the model: do not use them. Mostly a model asks for more "
        "than the data can tell, or a predictor’s numbers are huge.",
        "Let fewer effects vary, or leave a predictor out.",
        offered(it.request, [*slopes(fit, it), *it.fewer_factors(*fit.effects)]),
    )


def endless(fit: Fit, it: Asked) -> Problem | None:
    large = [g for g, e in fit.effects.items() if float(np.abs(e.root).max()) > ENDLESS]
    if not isinstance(fit, GlmmFit) or not large:
        return None
    return Problem(
        "endless variance",
        f"The variance over {listed(large)} has grown almost without limit.",
        "In most groups the outcome is the same in all rows: the groups tell it nearly without "
        "error, and nothing says how large their differences are.",
        "Leave the random term out, merge groups, or collect more rows in each.",
        offered(it.request, [*slopes(fit, it), *it.fewer_factors(*large)]),
    )


def flat(fit: Fit, it: Asked) -> Problem | None:
    if not isinstance(fit, GlmmFit) or np.isfinite(fit.covariance).all():
        return None
    return Problem(
        "flat",
        "There are no standard errors: in some direction the likelihood is flat.",
        "A predictor may tell the outcome of some groups without error (quasi-separation), or "
        "there are more effects than the data can bear.",
        "Cross the outcome with each predictor and look for empty cells; let fewer effects vary.",
        offered(it.request, [*slopes(fit, it), *it.without(*fit.design.names[1:])])[:4],
    )


def slopes(fit: Fit, it: Asked) -> list[Remedy | None]:
    return [remedy for factor in fit.effects for remedy in it.simpler(factor)]


# the boundary -------------------------------------------------------------------------------------


def boundaries(fit: Fit, it: Asked) -> list[Problem]:
    """One for each factor with a variance of zero or a correlation of one."""
    if isinstance(fit, PanelFit):
        nothing = fit.estimator == "random" and fit.sigma_u == 0.0
        return [no_variance(it, it.request.group, ["(Intercept)"])] if nothing else []
    if not fit.boundary:
        return []
    found = []
    for group, e in fit.effects.items():
        Z = fit.design.Z(group)
        root = np.sqrt((Z**2).mean(axis=0))[:, None] * e.root  # in units of the outcome's noise
        still = [name for name, row in zip(e.names, root, strict=True) if np.abs(row).max() < GONE]
        blocks = [root[block, block] for block in e.pattern.blocks]
        if still:
            found.append(no_variance(it, group, still))
        elif any(np.linalg.matrix_rank(block, tol=GONE) < len(block) for block in blocks):
            found.append(together(it, group, e.names))
    return found


def no_variance(it: Asked, group: str, names: list[str]) -> Problem:
    what = listed("intercepts" if name == "(Intercept)" else f"slopes of {name}" for name in names)
    words = [f" {name} " for name in names]
    if "(Intercept)" in names:
        fewer = it.fewer_factors(group)
    else:
        fewer = [r for r in it.fewer_slopes(group) if r and any(w in r.words for w in words)]
    return Problem(
        "boundary",
        f"The variance of the {what} over {group} is estimated as zero (a singular fit).",
        "That is a valid estimate: the groups differ no more than chance alone would make them. It "
        "does not show that they are all alike; with few groups or few rows a small variance is "
        "easily missed.",
        "Keep it if the design has these groups, and report it as zero; or leave the term out, "
        "which gives the same fixed effects.",
        offered(it.request, fewer),
        grave=False,
    )


def together(it: Asked, group: str, names: tuple[str, ...]) -> Problem:
    two = len(names) == 2
    effects = ["the intercept" if n == "(Intercept)" else f"the slope of {n}" for n in names]
    tie = "a correlation of 1 or −1" if two else "some combination of them does not vary"
    return Problem(
        "boundary",
        f"Over {group}, {listed(effects)} are tied to each other: {tie} (a singular fit).",
        "The model allows more ways for groups to differ than these data show. The variances may "
        "still be read, the correlations may not.",
        "Leave the correlation out, or let fewer slopes vary.",
        offered(it.request, it.simpler(group)),
        grave=False,
    )


# the data -----------------------------------------------------------------------------------------


def few_groups(fit: Fit, it: Asked) -> list[Problem]:
    found = [few(it, group, J) for group, J in fit.n_groups.items() if J < FEW and fit.effects]
    if it.request.estimator in ("cluster", "glm-cluster", "gee"):
        clusters = fit.design.groupings[it.request.group]
        found += [few_clusters(fit, it, len(clusters.levels))] if len(clusters.levels) < FEW else []
    return found


def few(it: Asked, group: str, J: int) -> Problem:
    plan, request = it.plan, it.request
    measured = request.kind == "continuous"
    found: list[Remedy | None] = []
    if request.estimator == "ml":
        found.append(remedies.by(request, "reml", "Estimate by REML"))
    if plan and measured and len(plan.random) == 1 and ":" not in group:
        within = replace(plan, random=(), estimator="within", group=group).request
        found.append(Remedy(f"Compare only within {group} (fixed effects)", within))
    tests = ", and use REML with t tests (Satterthwaite, Kenward–Roger)" if measured else ""
    return Problem(
        "few groups",
        f"There are {J} groups of {group}.",
        f"Their variance is estimated from {J} values, so that its interval is wide; and z tests "
        f"of what describes {group} reject too often. How many groups are enough is contested: "
        "rules of thumb ask for 20 to 50; for a measurement, REML and degrees of freedom for small "
        "samples do well with 10 or so; for other outcomes more are needed.",
        f"Report the interval of the variance, take few predictors of groups{tests}.",
        offered(request, found),
        grave=False,
    )


def few_clusters(fit: Fit, it: Asked, J: int) -> Problem:
    none = len(fit.beta) >= J  # the sandwich has no more dimensions than groups
    worst = (
        f" With {J} groups and {len(fit.beta)} coefficients they are worth nothing: some are zero "
        "whatever the data."
    )
    return Problem(
        "few groups",
        f"There are {J} groups of {it.request.group}.",
        "Standard errors by group are right if there are many groups; with few they are too small "
        "on average. How many are enough is contested: 40 to 50 is a common rule, more if groups "
        f"differ in size.{worst if none else ''}",
        "Fit a mixed model by REML as well, and compare the standard errors.",
        (),
        grave=none,
    )


def scattered(fit: Fit, it: Asked) -> Problem | None:
    if it.request.kind != "count":
        return None
    mean = fit.fitted.to_numpy()
    times = float(((fit.observed - mean) ** 2 / mean).sum() / (fit.n - len(fit.beta)))
    if times < SCATTERED or it.request.estimator in ("glm-cluster", "gee"):
        return None
    found: list[Remedy | None] = [it.logarithm(), as_kind(it.request, "continuous")]
    if it.plan and len(it.plan.random) == 1 and ":" not in it.plan.random[0].factor:
        group = it.plan.random[0].factor
        robust = replace(it.plan, random=(), estimator="glm-cluster", group=group).request
        found = [Remedy(f"Use standard errors by {group}", robust), *found]
    return Problem(
        "scattered counts",
        f"The counts scatter {times:,.1f} times as much as a Poisson model expects.",
        "Its standard errors take the variance of a count to be its mean: here they are too small, "
        "and the model finds more than there is.",
        "Use standard errors by group, or take the logarithm of the count as a measurement.",
        offered(it.request, found),
        grave=False,
    )


def dropped(fit: Fit, it: Asked) -> Problem | None:
    rows = len(it.frame)
    lost = rows - fit.n
    if lost <= 0:
        return None
    named = [name.name for name in fit.design.formula.variables()]
    named += [name for name in (it.request.group, it.request.time) if name in it.frame]
    missing = it.frame[list(dict.fromkeys(named))].isna().sum().sort_values(ascending=False)
    missing = missing[missing > 0]
    if missing.empty:
        return None
    return Problem(
        "rows left out",
        f"{lost:,} of {rows:,} rows lack a value and are left out: "
        f"{listed(f'{name} in {count:,}' for name, count in missing.items())}.",
        "The fit describes the rows that are complete. If values are missing for a reason that has "
        "to do with the outcome, it may mislead. Models with other predictors use other rows.",
        "Say so in the report; for comparisons, fit both models to the rows that they share.",
        offered(it.request, it.without(*(n for n in missing.index if not it.is_outcome(n))))[:2],
        grave=False,
    )
