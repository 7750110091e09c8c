"""Rows and predictors from which nothing can be computed."""

from __future__ import annotations

from dataclasses import replace

from mlcore.discrete.responses import MOST_CATEGORIES
from workbench.plan import remedies
from workbench.plan.plan import Predictor, Varying
from workbench.plan.problems import listed
from workbench.plan.refusals.refusal import Parts, Refusal
from workbench.plan.remedies import Remedy, as_kind
from workbench.plan.request import ESTIMATORS


def no_rows(it: Refusal) -> Parts:
    return "The data have no rows.", "There is nothing to fit.", "Open a file that has some.", []


def all_missing(it: Refusal) -> Parts:
    (name,) = it.about
    return (
        f"{name} has no value in any row.",
        "A row is used only if it has a value in every column of the model: none is left.",
        f"Leave {name} out, or choose another column.",
        it.without(name),
    )


def none_complete(it: Refusal) -> Parts:
    left = remedies.rows_without(it.request, it.dataset, it.about)
    worst = next(iter(left))
    if left[worst]:
        meaning = f"{worst} is to blame most: without it {left[worst]:,} rows are complete."
        helps = [name for name, rows in left.items() if rows]
    else:
        meaning, helps = "No single column is to blame: two or more have to be left out.", []
    return (
        f"No row has a value in all of {listed(it.about)}.",
        f"A row is used only if it is complete, and none is. {meaning}",
        f"Leave {listed(helps, 'or')} out." if helps else "Begin with fewer columns.",
        it.without(*helps),
    )


def not_finite(it: Refusal) -> Parts:
    return (
        it.said,
        "The logarithm of 0, the root of a negative number and a division by 0 have no value, and "
        "a fit needs one in every row.",
        "Add a constant before you take a logarithm, as in log(x + 1), or leave the term out.",
        it.without(*it.about),
    )


def not_a_number(it: Refusal) -> Parts:
    (name,) = it.about
    found: list[Remedy | None] = [] if it.is_outcome(name) else it.without(name)
    if it.is_outcome(name) and 2 <= it.frame[name].nunique() <= MOST_CATEGORIES:
        found = [as_kind(it.request, "ordered")]
    if it.plan and (predictor := it.plan.predictor(name)):
        coded = Predictor(name, categorical=True)
        changed = tuple(coded if each is predictor else each for each in it.plan.predictors)
        request = replace(it.plan, predictors=changed).request
        found = [Remedy(f"Take {name} as categories", request), *found]
    return (
        f"{name} holds words, and numbers are needed there.",
        "Words can be categories, of a predictor or of an ordered outcome; nothing can be added up "
        "or taken off them.",
        f"Take {name} as categories, or correct the column if it was meant to be numbers.",
        found,
    )


def one_value(it: Refusal) -> Parts:
    name = it.about[0]
    return (
        f"{name} has the same value in every row that is used.",
        "What does not vary explains nothing. Rows that lack another column may have been the ones "
        "in which it differed.",
        f"Leave {name} out.",
        it.without(name),
    )


def many_levels(it: Refusal) -> Parts:
    (name,) = it.about
    found: list[Remedy | None] = []
    if it.plan and it.plan.predictor(name):
        random = (*it.plan.random, Varying(name))
        first = ESTIMATORS[it.request.kind][0]
        estimator = it.request.estimator if it.request.mixed else first
        changed = replace(it.plan.without(name), random=random, estimator=estimator)
        found = [Remedy(f"Let the intercept vary over {name}", changed.request)]
    return (
        f"{name} has {it.frame[name].nunique():,} categories, too many for a predictor.",
        "Each would get a coefficient of its own. A column that says which unit a row belongs to "
        "is a grouping factor.",
        f"Take {name} as a group, or leave it out.",
        [*found, *it.without(name)],
    )


def too_few_rows(it: Refusal) -> Parts:
    keys = list(it.plan.terms) if it.plan else []
    return (
        it.said,
        "There are as many coefficients as rows or groups, or more: they would fit anything.",
        "Use fewer predictors.",
        it.without(*reversed(keys)),
    )


def collinear(it: Refusal) -> Parts:
    first, *others = it.about
    also = [name for name in others if name != "(Intercept)"]
    return (
        f"{first} can be worked out from {listed(others)}.",
        "The predictors say the same twice, so that no data can tell their effects apart. A mean "
        "of all groups, or all categories of one thing, do so as well.",
        f"Keep only some of them: leave {first} out, or {listed(also, 'or')}."
        if also
        else f"Leave {first} out.",
        it.without(first, *also),
    )
