"""Groups that cannot be told apart, or not from chance."""

from __future__ import annotations

from dataclasses import replace

from workbench.plan import remedies
from workbench.plan.problems import listed
from workbench.plan.refusals.refusal import Parts, Refusal
from workbench.plan.remedies import Remedy


def one_group(it: Refusal) -> Parts:
    (factor,) = it.about
    return (
        f"All rows that are used belong to one group of {factor}.",
        "How much groups differ cannot be seen in one.",
        "Choose a column with several groups, or a model without groups.",
        it.fewer_factors(factor),
    )


def single_rows(it: Refusal) -> Parts:
    (factor,) = it.about
    found: list[Remedy | None] = []
    if it.plan:
        taken = {each.factor for each in it.plan.random}
        for level in it.dataset.levels[1:]:
            if level.column and level.column not in taken:
                random = tuple(
                    replace(each, factor=level.column) if each.factor == factor else each
                    for each in it.plan.random
                )
                request = replace(it.plan, random=random).request
                found.append(Remedy(f"Group by {level.column}", request))
    return (
        f"Every row is a group of its own in {factor}.",
        "What a group adds cannot be told from what its one row adds by chance.",
        "Choose a column whose groups have several rows each.",
        [*found, *it.fewer_factors(factor)],
    )


def never_varies(it: Refusal) -> Parts:
    (factor,) = it.about
    return (
        f"Within each group of {factor} the outcome is the same in all rows.",
        "The groups tell the outcome without error: their variance would grow for ever. Perhaps "
        "the outcome was measured once for each group.",
        "Choose groups within which the outcome varies, or fit one row for each group.",
        it.fewer_factors(factor),
    )


def too_many_slopes(it: Refusal) -> Parts:
    (factor,) = it.about
    return (
        it.said,
        "Each group would get more effects of its own than its rows can tell apart from chance.",
        "Let fewer slopes vary.",
        [*it.fewer_slopes(factor), *it.fewer_factors(factor)],
    )


def varies_twice(it: Refusal) -> Parts:
    factor, name = it.about
    what = "The intercept" if name == "(Intercept)" else f"The slope of {name}"
    return (
        f"{what} varies over {factor} in two random terms.",
        "The two variances add up, and data can tell only their sum.",
        "Keep it in one of the two: in the other write 0 +, as in (0 + x | group).",
        [],
    )


def collinear_slopes(it: Refusal) -> Parts:
    factor, first, *others = it.about
    return (
        f"Among the effects that vary over {factor}, {first} can be worked out from "
        f"{listed(others)}.",
        "Their variances cannot be told apart. A column that does not vary within groups has no "
        "slope of its own there.",
        f"Leave the random slope of {first} out.",
        [r for r in it.fewer_slopes(factor) if r and f" {first} " in r.words],
    )


def same_groups(it: Refusal) -> Parts:
    one, two = it.about
    return (
        f"{one} and {two} put the rows into the same groups.",
        "They are one factor by two names: their variances cannot be told apart.",
        "Keep one of the two.",
        it.fewer_factors(two, one),
    )


def memory(it: Refusal) -> Parts:
    factors = [each.factor for each in it.plan.random] if it.plan else []
    slopes = [remedy for factor in factors for remedy in it.fewer_slopes(factor)]
    return (
        it.said,
        "Where groups of several factors cross, the effects of all of them have to be found "
        "together, and the table for that would not fit into memory.",
        "Leave out random slopes, or the factor that matters least.",
        [*slopes, *it.fewer_factors(*factors)],
    )


def quadrature(it: Refusal) -> Parts:
    return (
        "Quadrature does not suit this model.",
        "Quadrature adds up over a grid of values of the random effects. It is for one grouping "
        "factor and few slopes; Laplace’s approximation has no grid.",
        "Use Laplace’s approximation.",
        [remedies.by(it.request, "laplace", "Use Laplace’s approximation")],
    )
