"""What differs between groups in a generalised model: heights, slopes, and what rows share."""

from __future__ import annotations

from mlcore import GlmmFit
from ui.lens.discrete.amounts import interval
from ui.lens.discrete.place import Place
from ui.lens.discrete.scale import raised
from ui.lens.parameters import Parameter
from ui.lens.runs import Run, line
from ui.lens.told import Saying, coding
from ui.prose import fixed, percent, sentence, share


def heights(place: Place, p: Parameter) -> Saying:
    one, many = place.words.group(p.group)
    low, high = (place.eta() + sign * place.spread(p.group) for sign in (-1.0, 1.0))
    within = Run(fixed(p.estimate), p.name)
    head = line(
        f"On the scale of {place.scale.name} two {many} in three lie within ", within,
        f" of the median {one}", *interval(p, fixed), ". ",
    )  # fmt: skip
    at = "At the mean of all columns" if len(place.fit.beta) > 1 else "There"
    ends = Run(f"{place.said(place.chance(low))} and {place.said(place.chance(high))}", p.name)
    whole = place.said(place.averaged(place.eta()))
    over = many if len(place.fit.effects) == 1 else "groups"
    median = place.said(place.chance(place.eta()))
    says = (
        *head,
        f"{at} {place.expected} is between ",
        ends,
        f" in these; in the median one it is {median}, and on average over all {over} {whole}.",
    )
    fixed_scale = (
        "Not comparable with that of a model with other predictors: the scale is set by the "
        f"variance within groups, {place.scale.residual}, whatever they explain."
        if place.scale.residual
        else f"Not the spread of the recorded means of {many}, which carry the chance of their "
        f"{place.rows}."
    )
    return Saying(p.name, says, fixed_scale)


def slopes(place: Place, p: Parameter) -> Saying:
    one, many = place.words.group(p.group)
    names = list(place.fit.design.names)
    mean = float(place.fit.beta[names.index(p.term)]) if p.term in names else 0.0
    ends = (mean - p.estimate, mean + p.estimate)
    low, high = (raised(end) if place.scale.ratio else fixed(end) for end in ends)
    kind = place.scale.ratio or "coefficient"
    return Saying(
        p.name,
        line(
            f"The coefficient of {place.term(p.term)} differs between {many}: in two of three it "
            "lies within ",
            Run(fixed(p.estimate), p.name),
            " of the mean one",
            *interval(p, fixed),
            f", that is {kind}s from {low} to {high}.",
        ),
        f"Not the standard error of the mean, and not the spread of separate curves, {one} by "
        f"{one}.",
    )


def correlation(place: Place, p: Parameter) -> Saying:
    _, many = place.words.group(p.group)
    side = "larger" if p.estimate > 0 else "smaller"
    slope = f"a larger coefficient of {place.term(p.other)}"
    higher = "a higher intercept" if p.other == "(Intercept)" else slope
    return Saying(
        p.name,
        line(
            f"{sentence(many)} with {higher} tend to have {side} coefficients of "
            f"{place.term(p.term)}: the correlation is ",
            Run(share(p.estimate), p.name),
            *interval(p, share),
            ".",
        ),
        coding(p, many),
    )


def median_ratio(place: Place, fit: GlmmFit, p: Parameter) -> list[Saying]:
    if not place.scale.ratio:
        return []
    _, many = place.words.group(p.group)
    value = fixed(float(fit.median_odds_ratio[p.group]))
    counts = place.scale.kind == "count"
    what, those = ("a rate", "that") if counts else ("odds", "those")
    says = line(
        f"Of two {many} drawn at random the one with the larger effect has {what} ",
        Run(value, p.name),
        f" times {those} of the other, in the median, for equal {place.rows}.",
    )
    warns = f"A median over pairs of {many}: half of all pairs differ by more."
    return [Saying(p.name, says, warns)]


def latent(place: Place, fit: GlmmFit, p: Parameter) -> list[Saying]:
    if not place.scale.residual:
        return []
    one, many = place.words.group(p.group)
    left = "" if len(fit.beta) == 1 else " that the predictors leave"
    says = line(
        f"Of the variance of the variable behind {place.outcome}{left}, ",
        Run(percent(float(fit.icc[p.group])), p.name),
        f" lies between {many}.",
    )
    warns = (
        f"The correlation of that variable for two {place.rows} of one {one}. That of their "
        "outcomes as recorded is smaller, and depends on how common they are."
    )
    return [Saying(p.name, says, warns)]


def working(place: Place, p: Parameter) -> Saying:
    one, _ = place.group
    return Saying(
        p.name,
        line(
            f"What the predictors leave of two {place.rows} of one {one} is correlated by ",
            Run(share(p.estimate), p.name),
            ": with that the equations weigh the rows.",
        ),
        "A working correlation: were it wrong, the coefficients and their intervals would still "
        "hold with many groups, only less precisely. It has no interval here.",
    )


def root_of_scale(place: Place, p: Parameter) -> Saying:
    return Saying(
        p.name,
        line(
            f"Two {place.rows} in three lie within ",
            Run(fixed(p.estimate), p.name),
            f" of what the predictors say of their {place.outcome}.",
        ),
        f"It holds what differs between {place.group[1]} and what differs within them.",
    )
