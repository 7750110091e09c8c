"""What each number means for these data, with unit and uncertainty, and what it does not mean."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore import Fit
from mlcore.language.encoding import Parts
from ui.lens import spreads
from ui.lens.parameters import Parameter
from ui.lens.runs import Run, line
from ui.lens.terms import MOST, factor_of, named
from ui.lens.told import Saying, Told, amount, between, number
from ui.lens.words import Words, contrast, within_only
from ui.prose import sentence


def sentences(fit: Fit, parameters: Sequence[Parameter], words: Words) -> list[Saying]:
    """A saying for each parameter, then how alike rows of one group are."""
    told = Told(fit, words)
    found = fixed(told, parameters)
    for p in parameters:
        if p.role != "fixed":
            found.append(spread(told, p))
    return [*found, *spreads.unrelated(told), *spreads.shares(told)]


def spread(told: Told, p: Parameter) -> Saying:
    if p.name == "sigma":
        return spreads.residual(told, p)
    if p.symbol.startswith("ρ"):
        return spreads.correlation(told, p)
    return spreads.heights(told, p) if p.term == "(Intercept)" else spreads.slopes(told, p)


def fixed(told: Told, parameters: Sequence[Parameter]) -> list[Saying]:
    """Of each coefficient, of the many of one factor together."""
    known = {p.name: p for p in parameters if p.role == "fixed"}
    found = []
    design = told.fit.design
    for term in design.encoder.coefficients(design.formula.fixed):
        own = [(parts, known[named(parts)]) for parts in term if named(parts) in known]
        if len(own) > MOST:
            found.append(_categories(told, own))
        else:
            found += [_coefficient(told, p) if parts else _intercept(told, p) for parts, p in own]
    return found


def _intercept(told: Told, p: Parameter) -> Saying:
    one, _ = told.group
    empty = len(told.fit.beta) == 1
    where = "The" if empty else "Where every predictor is 0, the"
    average = f" in an average {told.groups}" if told.fit.effects else ""
    return Saying(
        p.name,
        line(f"{where} mean {told.outcome}{average} is ", amount(told, p), *between(p), "."),
        f"Not the mean of all {told.rows}: a large {one} does not count for more than the model "
        "lets it."
        if empty and told.fit.effects
        else "Of no interest where 0 is not a value that the predictors can take.",
    )


def _coefficient(told: Told, p: Parameter) -> Saying:
    parts = told.parts[p.term]
    if len(parts) > 1:
        return _interaction(told, p, parts)
    if full(told, parts):
        return _mean(told, p, parts)
    shared = told.shared.get(p.term)
    who = told.words.group(shared)[1] if shared else told.rows
    side = "higher" if p.estimate >= 0 else "lower"
    size = Run(f"{number(p, abs(p.estimate))} {told.unit}", p.name)
    codes = contrast(told.fit, told.words, p.term)
    if codes is not None:
        start = (
            f"{sentence(told.words.label(codes.column))}: {codes.code} against {codes.against}. "
        )
        head = f"{start}The first are "
    else:
        step = told.words.unit(p.term)
        by = f"one {step.removesuffix('s')}" if step else "1"
        head = f"{sentence(who)} that differ by {by} in {told.term(p.term)} differ by "
        side = f"in {told.outcome}" if p.estimate >= 0 else f"in {told.outcome}, the other way"
    tail = f" {side} in {told.outcome}" if codes is not None else f" {side}"
    says = line(head, size, f"{tail} on average, other predictors equal", *between(p), ".")
    return Saying(p.name, says, _taken_for(told, p))


def _interaction(told: Told, p: Parameter, parts: Parts) -> Saying:
    first, second = named(parts[:1]), named(parts[1:])
    codes = contrast(told.fit, told.words, second)
    step = (
        f"For {codes.code} against {codes.against}"
        if codes
        else f"With each unit of {told.term(second)}"
    )
    return Saying(
        p.name,
        line(
            f"{step} the slope of {told.term(first)} is ",
            Run(number(p, abs(p.estimate)), p.name),
            f" {'higher' if p.estimate >= 0 else 'lower'}",
            *between(p),
            ".",
        ),
        "The coefficients of the two alone now hold where the other one is 0.",
    )


def full(told: Told, parts: Parts) -> bool:
    """Whether a factor has a coefficient for each of its categories: the model has no intercept."""
    factor, label = parts[0]
    levels = told.fit.design.encoder.levels(factor)
    if len(parts) > 1 or not label or levels is None:
        return False
    return f"{factor}{levels.labels[0]}" in told.fit.design.names


def _mean(told: Told, p: Parameter, parts: Parts) -> Saying:
    """A coefficient of a category in a model without an intercept."""
    ((factor, label),) = parts
    column = factor_of(factor) or str(factor)
    others = any(told.parts[name][0][0] != factor for name in told.fit.design.names)
    return Saying(
        p.name,
        line(
            f"{sentence(told.words.label(column))}: {told.words.code(column, label)}. Their mean "
            f"{told.outcome} is ",
            amount(told, p),
            " where other predictors are 0" if others else "",
            *between(p),
            ".",
        ),
        "Not a difference: without an intercept each category has its own. Whether two of them "
        "differ is not said by whether one of them is 0.",
    )


def _categories(told: Told, own: Sequence[tuple[Parts, Parameter]]) -> Saying:
    """The lowest and the highest of a factor’s many coefficients."""
    ordered = sorted((p for _, p in own), key=lambda p: p.estimate)
    parts = own[0][0]
    heads = " × ".join(told.words.label(factor_of(each) or str(each)) for each, _ in parts)
    ends = [ordered[0], ordered[-1]]
    codes = contrast(told.fit, told.words, own[0][1].term) if len(parts) == 1 else None
    means = len(parts) == 1 and full(told, parts)
    what = "means" if means else "differences"
    against = f" from {codes.against}" if codes and not means else ""
    names = [_named(told, p) for p in ends]
    return Saying(
        ends[0].name,
        line(
            f"{sentence(heads)}: {len(own)} {what}{against} in {told.outcome}, the lowest ",
            Run(f"{number(ends[0], ends[0].estimate)} {told.unit}", ends[0].name),
            f" ({names[0]})",
            *between(ends[0]),
            ", the highest ",
            Run(f"{number(ends[1], ends[1].estimate)} {told.unit}", ends[1].name),
            f" ({names[1]})",
            *between(ends[1]),
            ".",
        ),
        "The lowest and the highest of many lie apart by chance alone, too; their intervals do not "
        "allow for having been picked.",
    )


def _named(told: Told, p: Parameter) -> str:
    """The categories of a coefficient."""
    labels = [(factor_of(f) or str(f), label) for f, label in told.parts[p.term] if label]
    return ", ".join(told.words.code(column, label) for column, label in labels)


def _taken_for(told: Told, p: Parameter) -> str:
    shared = told.shared.get(p.term)
    if shared:
        one, many = told.words.group(shared)
        return (
            f"It compares {many} with each other. It does not say what happens if a {one} changes."
        )
    if not told.fit.effects:
        return "A regression compares; it does not say what happens if something is changed."
    one, many = told.group
    if within_only(told.fit, str(told.factor))[p.term]:
        return f"It compares {told.rows} of one {one}, and says nothing of how {many} differ."
    return (
        f"Not the slope within {many} alone: it mixes differences within and between {many}, "
        f"unless the mean of each {one} is in the model too."
    )
