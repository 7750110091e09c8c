"""What least squares says: of which differences a slope speaks, and how sure it is of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlcore import LinearFit, PanelFit
from ui.lens import sentences as general
from ui.lens import spreads
from ui.lens.estimators.asked import Asked, Least, asked, classical, clusters
from ui.lens.parameters import Parameter
from ui.lens.runs import Run, line
from ui.lens.told import Saying, Told, amount, between, number, possessive
from ui.lens.words import Words, contrast
from ui.prose import fixed, percent, sentence, share

FEW = 40  # clusters below which CR1 errors are known to be too small


def sentences(fit: Least, parameters: Sequence[Parameter], words: Words) -> list[Saying]:
    """A saying for each parameter, then what clusters do, and what the estimator has left out."""
    of = asked(fit)
    told = Told(fit, words, by=of.group)
    found = []
    for saying in general.fixed(told, parameters):
        p = next((each for each in parameters if each.name == saying.of), None)
        plain = of.estimator in ("ols", "pooled") or p is None or len(told.parts[p.term]) > 1
        found.append(saying if plain or p is None else _particular(told, of, p, saying))
    for p in parameters:
        if p.role == "between":
            found.append(_between_groups(told, of, p))
        elif p.name == "sigma":
            found.append(_residual(told, of, p))
    if isinstance(fit, PanelFit) and of.estimator == "random":
        found.append(_weights(told, fit))
    if of.cluster:
        found.append(_clusters(told, of))
    return [*found, *_lost(told, of)]


def _particular(told: Told, of: Asked, p: Parameter, usual: Saying) -> Saying:
    """A coefficient of rows that were transformed."""
    if p.term == "(Intercept)":
        return _constant(told, of, p, usual)
    one, many = told.group
    codes = contrast(told.fit, told.words, p.term)
    other = "" if p.estimate >= 0 else ", the other way"
    size = Run(f"{number(p, abs(p.estimate))} {told.unit}", p.name)
    if codes is not None:
        label = sentence(told.words.label(codes.column))
        head = f"{label}: {codes.code} against {codes.against}{_where(told, of, p)}. The first are "
        tail = f" {'lower' if other else 'higher'} in {told.outcome} on average"
        return Saying(p.name, line(head, size, tail, *between(p), "."), _taken_for(told, of))
    step = told.words.unit(p.term)
    by = f"one {step.removesuffix('s')}" if step else "1"
    what = told.term(p.term)
    heads = {
        "within": f"{sentence(told.rows)} of one {one} that differ by {by} in {what} differ by ",
        "between": f"{sentence(many)} whose means differ by {by} in {what} differ by ",
        "random": f"{sentence(told.rows)} that differ by {by} in {what} differ by ",
        "first_difference": f"Where {what} rises by {by} from one occasion to the next, the "
        "change is ",
    }
    tail = f" in {told.outcome}{other} on average, other predictors equal"
    return Saying(
        p.name, line(heads[of.estimator], size, tail, *between(p), "."), _taken_for(told, of)
    )


def _where(told: Told, of: Asked, p: Parameter) -> str:
    """Between which rows a factor's categories are compared."""
    one, many = told.group
    return {
        "within": f", within one {one}",
        "between": "" if p.term in told.shared else f", {many} with them alone",
        "first_difference": f", the same {one} before and after a change",
    }.get(of.estimator, "")


def _taken_for(told: Told, of: Asked) -> str:
    one, many = told.group
    return {
        "within": f"It says nothing of how {many} differ. What all {told.rows} of a {one} share, "
        "known or not, is held; what changes within it is not.",
        "between": f"Not a statement about {told.rows}: their slope within a {one} may have the "
        "other sign.",
        "random": f"One slope for two questions: it mixes the slope within {many} and the one "
        "between them, more of the first the nearer θ is to 1.",
        "first_difference": f"It uses neighbouring occasions of one {one} only. An effect that "
        "takes longer than from one to the next is missed.",
    }[of.estimator]


def _constant(told: Told, of: Asked, p: Parameter, usual: Saying) -> Saying:
    one, many = told.group
    if of.estimator == "within":
        says = f"The {possessive(many)} own intercepts are "
        return Saying(
            p.name,
            line(says, amount(told, p), " on average, over all rows", *between(p), "."),
            "It is printed by Stata, not by plm, and depends on where the predictors have their 0.",
        )
    if of.estimator == "first_difference":
        says = f"Where no predictor changes, {told.outcome} moves from one occasion to the next by "
        return Saying(
            p.name,
            line(says, amount(told, p), " on average", *between(p), "."),
            f"Not a level: differences know none. It is a drift that every {one} shares.",
        )
    return usual


def _between_groups(told: Told, of: Asked, p: Parameter) -> Saying:
    one, many = told.group
    assert isinstance(told.fit, PanelFit)
    part = percent(told.fit.rho)
    if of.estimator == "within":
        return Saying(
            p.name,
            line(
                f"The {possessive(many)} estimated intercepts have a standard deviation of ",
                amount(told, p),
                f"; Stata’s rho makes that {part} of the variance.",
            ),
            f"Not how much {many} differ: each estimate carries the chance of its {told.rows}, so "
            "that it is too large. And it holds the effects of all that a "
            f"{one} shares, which fixed effects cannot tell apart.",
        )
    if p.estimate == 0.0:
        return spreads.heights(told, p)
    return Saying(
        p.name,
        line(
            f"{sentence(many)} differ with a standard deviation of ",
            amount(told, p),
            f" around what the predictors say: {part} of the variance that these leave.",
        ),
        "Found from the residuals within and between, not from a likelihood, so that it has no "
        "standard error, and is not quite what a mixed model finds.",
    )


def _residual(told: Told, of: Asked, p: Parameter) -> Saying:
    one, many = told.group
    size = amount(told, p)
    if of.estimator == "between":
        return Saying(
            p.name,
            line(
                f"The means of {many} lie around the line with a standard deviation of ", size, "."
            ),
            f"Not the spread of {many} in the population: the means of few {told.rows} scatter "
            "more.",
        )
    if of.estimator == "first_difference":
        return Saying(
            p.name,
            line("Changes lie around the line with a standard deviation of ", size, "."),
            "Not the residual of one occasion: a change has the chance of two.",
        )
    if of.estimator in ("within", "random"):
        return Saying(
            p.name,
            line(
                f"{sentence(told.rows)} of one {one} lie around what is expected of them with a "
                "standard deviation of ",
                size,
                ".",
            ),
            f"How {many} differ is not in it.",
        )
    plain = Told(told.fit, told.words)
    return spreads.residual(plain, p)


def _weights(told: Told, fit: PanelFit) -> Saying:
    """θ, the share of its mean that a row loses."""
    one, many = told.group
    low, high = fit.theta.min(), fit.theta.max()
    spread = f"sd({fit.panel.entity.name},(Intercept))"
    numbers = share(low) if high - low < 0.005 else f"{share(low)} to {share(high)}"
    return Saying(
        spread,
        line(f"Each row loses a share θ of the mean of its {one}: ", Run(numbers, spread), "."),
        f"At 0 it would be least squares as if there were no {many}, at 1 fixed effects. Large "
        f"{many} are nearer to 1.",
    )


def _clusters(told: Told, of: Asked) -> Saying:
    """What clustered errors change: the intervals, not the estimates."""
    fit = told.fit
    one, many = told.words.group(of.cluster)
    counted = clusters(fit) if isinstance(fit, (LinearFit, PanelFit)) else 0
    change = ""
    first = fit.design.names[-1]
    if isinstance(fit, LinearFit):
        ratios = np.sqrt(np.diagonal(fit.covariance)) / classical(fit)
        most = int(np.argmax(np.abs(np.log(ratios))))
        first = fit.design.names[most]
        times = fixed(float(ratios[most]), 1)
        change = f" The standard error of {told.term(first)} is {times} times that of single rows."
    low, high = fit.df.min(), fit.df.max()
    df = f"{low:,.0f}" if high - low < 0.5 else f"{low:,.0f} to {high:,.0f}"
    few = counted < FEW and of.correction != "CR2"
    return Saying(
        first,
        line(
            f"The intervals let {told.rows} of one {one} go together in any way: {counted:,} "
            f"{many} count, with {df} degrees of freedom.",
            Run(change, first),
        ),
        f"With {counted} {many} such errors are too small: CR2 corrects for that."
        if few
        else f"The estimates are those of least squares; how {many} differ is allowed for, not "
        "described.",
    )


def _lost(told: Told, of: Asked) -> list[Saying]:
    """Predictors that the estimator cannot see."""
    one, many = told.group
    why = {
        "within": f"is the same in all {told.rows} of each {one}, whose own intercept has taken it",
        "between": f"has the same mean in every one of the {many}",
    }.get(of.estimator, f"does not change within any {one}")
    dropped = [m.rpartition(":")[0] for m in told.fit.messages if m.endswith(": dropped")]
    lost = [name for name in told.parts if any(text.startswith(f"{name} ") for text in dropped)]
    labels = dict.fromkeys(told.term(name).partition(":")[0] for name in lost)
    return [
        Saying(
            "",
            line(f"{sentence(label)} {why}, so there is no coefficient."),
            "That is no finding about it: this estimator cannot see it. Another one can.",
        )
        for label in labels
    ]
