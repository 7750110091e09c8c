"""The next step of a model, in a sentence that says why, and one click that takes it.

The order is that of a lecture: the null model and its ICC, predictors of rows, what differs between
groups, slopes that vary, cross-level interactions, further groups. It is a way to learn about data,
and no way to the right model: that depends on the question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from datasets import Dataset
from mlcore import Fit, GlmmFit
from workbench.plan.plan import Plan, Predictor, Varying
from workbench.plan.problems import listed
from workbench.plan.remarks import remarks
from workbench.plan.request import Request
from workbench.plan.setting import Setting
from workbench.readiness import Candidate, relation

LITTLE = 0.05  # the share of a predictor's variance between groups that is worth splitting
SMALL = 0.02  # an ICC that is called small


@dataclass(frozen=True)
class Suggestion:
    """`request` is None where the words leave it to the learner; `step` is a word for the step."""

    step: str
    words: str
    request: Request | None = None


def suggest(
    dataset: Dataset,
    request: Request,
    fits: Sequence[Fit] = (),
    candidates: Sequence[Candidate] | None = None,
) -> Suggestion:
    """The next step after a request, given the fits of this dataset so far.

    `candidates` are those of `readiness.candidates`, if they are known already.
    """
    it = Setting(dataset, request, tuple(fits), None if candidates is None else tuple(candidates))
    if it.plan is None:
        return Suggestion(
            "typed",
            "The formula says more than the choices can show: which step is next is left to you.",
        )
    for step in STEPS:
        found = step(it)
        if found is not None:
            return found
    return Suggestion(
        "look",
        "The usual steps are taken. Look at the residuals and at the groups one by one, compare "
        "the models side by side, and ask which of them answers your question.",
    )


def then(step: str, words: str, plan: Plan) -> Suggestion:
    return Suggestion(step, words, plan.request)


# one function a step ------------------------------------------------------------------------------


def choose_groups(it: Setting) -> Suggestion | None:
    """Without groups there is nothing to go on with."""
    if it.factors:
        return None
    return Suggestion(
        "groups",
        "No column looks like groups of rows. Choose one if the rows came in groups; if they did "
        "not, least squares is enough.",
    )


def fit_the_null(it: Setting) -> Suggestion | None:
    if it.has_fitted_null() and it.request.mixed:
        return None
    if it.is_null() and it.request == it.null.request:
        return None
    (factor, *_) = it.factors
    outcome, groups = it.choices.outcome, it.groups(factor)
    if not it.has_fitted_null():
        words = (
            f"Begin with the null model, which has no predictor: it says how much of {outcome} "
            f"lies between {groups}, before anything explains it."
        )
        return then("null", words, it.null)
    random = tuple(Varying(each) for each in it.factors)
    words = (
        f"This estimator does not say how {groups} differ. A mixed model with the same predictors "
        "does: the two answer different questions."
    )
    mixed = replace(it.choices, random=random, group="", estimator=it.mixed)
    return then("mixed", words, mixed)


def fit_this(it: Setting) -> Suggestion | None:
    if it.fit is not None:
        return None
    return then("fit", "Fit this model: what it says decides the next step.", it.choices)


def mend(it: Setting) -> Suggestion | None:
    """A slope that does not vary, or a search without an end, is undone first."""
    assert it.fit is not None
    for problem in remarks(it.fit, it.dataset, it.request):
        slopes = any(each.slopes for each in it.choices.random)
        if problem.remedies and (problem.grave or (problem.kind == "boundary" and slopes)):
            first = problem.remedies[0]
            words = f"{problem.happened} {first.words}: see what changes and what does not."
            return Suggestion("mend", words, first.request)
    return None


def predict_by_rows(it: Setting) -> Suggestion | None:
    """A first predictor of rows, after a word on how groups differ without any."""
    offered = it.offered(of_groups=False)
    if it.of_rows() or not offered:
        return None
    name = offered[0].column
    why = between(it) if it.is_null() else f"So far nothing tells the {it.rows} of one group apart."
    words = (
        f"{why} Next, a predictor that differs between {it.rows}, such as {name}: part of what "
        "lies between groups may come from who is in them."
    )
    return then("rows", words, added(it.choices, offered[0]))


def between(it: Setting) -> str:
    """What the null model says, with its number."""
    if len(it.factors) == 1:
        return how_much(it, it.factors[0])
    shares = [
        f"{100 * it.share(factor):.0f} % between {it.groups(factor)}"
        for factor in it.factors
        if np.isfinite(it.share(factor))
    ]
    return f"Of the variance of {it.choices.outcome} there are {listed(shares)}." if shares else ""


def how_much(it: Setting, factor: str) -> str:
    """The ICC in words; of a count, whose variance within groups is not one number, a ratio."""
    assert it.fit is not None
    outcome, groups, share = it.choices.outcome, it.groups(factor), it.share(factor)
    if it.request.kind == "count" and isinstance(it.fit, GlmmFit):
        ratio = float(it.fit.median_odds_ratio[factor])
        return (
            f"Of two {groups} drawn at random, one expects a {outcome} {ratio:.2f} times the "
            "other’s, in the median."
        )
    if share == 0.0:
        return (
            f"None of the variance of {outcome} is estimated to lie between {groups}: they differ "
            "no more than chance would make them. Predictors may bring differences to light."
        )
    measured = it.request.kind == "continuous"
    alike = f", and two {it.rows} of one {it.group(factor)} correlate by {share:.2f}"
    scale = alike if measured else ", on the scale of the logit"
    small = f" That is little, but slopes may still differ between {groups}."
    return (
        f"The ICC is {share:.2f}: {100 * share:.0f} % of the variance of {outcome} lies between "
        f"{groups}{scale}.{small if share < SMALL else ''}"
    )


def split(it: Setting) -> Suggestion | None:
    """Mundlak's step: what a predictor does within groups, and what its group means do."""
    (factor, *_) = it.factors
    for each in it.of_rows():
        share = it.profiles[each.column].icc
        plain = not each.by_group and not each.typed and not each.categorical
        if not plain or not share >= LITTLE or f"{each.column}_mean" in " ".join(it.choices.terms):
            continue
        halves = Predictor(each.column, centring="both", over=factor)
        predictors = tuple(halves if p is each else p for p in it.choices.predictors)
        words = (
            f"{100 * share:.0f} % of the variance of {each.column} lies between "
            f"{it.groups(factor)}: its slope mixes what {each.column} does within a "
            f"{it.group(factor)} with what the {it.group(factor)}’s mean does. Split it in two: "
            "the deviation from the mean, and the mean (Mundlak)."
        )
        return then("means", words, replace(it.choices, predictors=predictors))
    return None


def predict_by_groups(it: Setting) -> Suggestion | None:
    offered = it.offered(of_groups=True)
    if it.of_groups() or not offered:
        return None
    name = offered[0].column
    factor = it.level(name)
    words = (
        f"{remaining(it, factor)}What describes {it.groups(factor)}, such as {name}, may explain "
        "part of it; it can say nothing of differences within them."
    )
    return then("groups’ predictors", words, added(it.choices, offered[0]))


def remaining(it: Setting, factor: str) -> str:
    """How much variance between groups is left."""
    assert it.fit is not None
    left = it.share(factor)
    if not np.isfinite(left):
        return f"The {it.groups(factor)} still differ. "
    return (
        f"Of the variance that the predictors leave, {100 * left:.0f} % lies between "
        f"{it.groups(factor)}. "
    )


def let_a_slope_vary(it: Setting) -> Suggestion | None:
    (factor, *_) = it.factors
    first = next((each for each in it.choices.random if each.factor == factor), None)
    if first is None or first.slopes or it.fit is None:
        return None
    groups = it.fit.n_groups.get(factor, 0)
    if it.fit.n <= 3 * groups:
        return None
    for each in it.of_rows():
        if each.categorical or each.typed:
            continue
        random = tuple(
            replace(r, slopes=(each.column,)) if r is first else r for r in it.choices.random
        )
        plan = replace(it.choices, random=random)
        if it.has_fitted(plan):
            continue
        words = (
            f"The slope of {each.column} is taken to be the same in all {groups} "
            f"{it.groups(factor)}. Let it vary, and see whether the data tell {it.groups(factor)} "
            "with steep slopes from those with flat ones."
        )
        return then("slopes", words, plan)
    return None


def cross_levels(it: Setting) -> Suggestion | None:
    for varying in it.choices.random:
        for slope in varying.slopes:
            for other in it.of_groups():
                pair = {slope, other.column}
                taken = any(pair <= {*each} for each in it.choices.interactions)
                if other.column == slope or taken:
                    continue
                words = (
                    f"The slope of {slope} varies between {it.groups(varying.factor)}. Does it go "
                    f"with {other.column}? Their product, a cross-level interaction, asks that."
                )
                both = (*it.choices.interactions, (slope, other.column))
                return then("cross-level", words, replace(it.choices, interactions=both))
    return None


def add_groups(it: Setting) -> Suggestion | None:
    """A further grouping: a third level, one that crosses, or groups numbered anew in others."""
    known = {part for factor in it.factors for part in factor.split(":")}
    known |= {it.choices.outcome, *it.choices.terms}
    (factor, *_) = it.factors
    for column in [each for each in it.groupings if each not in known]:
        frame = it.dataset.columns([*factor.split(":"), column])
        found = relation(frame, factor, column)
        if found.trap:
            how = f"{found.trap.inner} seems to be numbered anew in each {found.trap.outer}"
        elif column in it.plausible and found.kind == "nested":
            how = f"{found.inner} lies in {found.outer}: that is a third level"
        elif column in it.plausible and found.kind == "crossed":
            how = f"{column} crosses {factor}"
        else:
            continue
        new = found.trap.factor if found.trap else column
        words = (
            f"The {it.rows} are grouped by {column} as well; {how}. What {it.groups(new)} have in "
            f"common is now counted as if it belonged to others. Add {new}."
        )
        random = (*it.choices.random, Varying(new))
        by = "laplace" if it.choices.estimator == "quadrature" else it.choices.estimator
        return then("further groups", words, replace(it.choices, random=random, estimator=by))
    return None


def added(plan: Plan, predictor: Predictor) -> Plan:
    return replace(plan, predictors=(*plan.predictors, predictor))


STEPS: tuple[Callable[[Setting], Suggestion | None], ...] = (
    choose_groups,
    fit_the_null,
    fit_this,
    mend,
    predict_by_rows,
    split,
    predict_by_groups,
    let_a_slope_vary,
    cross_levels,
    add_groups,
)
