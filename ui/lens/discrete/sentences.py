"""What each number of a generalised model means: as a ratio, as a probability at a place, and not.

A coefficient of a model with groups compares within a group; one of a marginal model, or without
groups' effects, compares in the population. The two are different numbers where the curve bends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, floor, isfinite, log10

import numpy as np

from mlcore import GeeFit, GlmFit, GlmmFit
from mlcore.discrete.outcomes import logistic
from ui.lens.discrete.place import Place
from ui.lens.discrete.scale import LARGEST, clusters, raised
from ui.lens.outcome import named
from ui.lens.parameters import Parameter
from ui.lens.runs import Run, line
from ui.lens.told import Saying
from ui.lens.words import Words, made_of, varies
from ui.prose import fixed, percent, sentence, share


def sentences(fit: GlmFit, parameters: Sequence[Parameter], words: Words) -> list[Saying]:
    """A saying for each parameter, then what the spread comes to as a ratio and as a share."""
    place = Place(fit, words)
    found = [_say(place, p) for p in parameters]
    spreads = [p for p in parameters if p.name.startswith("sd(") and p.term == "(Intercept)"]
    if isinstance(fit, GlmmFit) and all(len(e.names) == 1 for e in fit.effects.values()):
        for p in spreads:
            found += _median_ratio(place, fit, p)
            found += _latent(place, fit, p)
    return found


def _say(place: Place, p: Parameter) -> Saying:
    if p.name == "alpha":
        return _working(place, p)
    if p.name == "sigma":
        return _scale(place, p)
    if p.symbol.startswith("κ"):
        return _threshold(place, p)
    if p.symbol.startswith("ρ"):
        return _correlation(place, p)
    if p.role == "between":
        return _heights(place, p) if p.term == "(Intercept)" else _slopes(place, p)
    if p.term == "(Intercept)":
        return _intercept(place, p)
    return _difference(place, p) if place.scale.kind == "continuous" else _coefficient(place, p)


def _intercept(place: Place, p: Parameter) -> Saying:
    one, many = place.group
    where = "" if len(place.fit.beta) == 1 else "Where every predictor is 0, "
    who = f" among {place.rows}" if place.marginal else f" in a median {one}"
    if place.scale.kind == "continuous":
        mean = Run(f"{fixed(p.estimate)}", p.name)
        says = line(
            sentence(f"{where}the mean of {place.outcome} is "), mean, *_ends(p, fixed), "."
        )
        return Saying(p.name, says, f"The mean of all {place.rows}, whatever their {one}.")

    def curve(eta: float) -> str:
        return place.said(float(place.fit.mean(np.array([eta]))[0]))

    says = line(
        sentence(f"{where}{place.expected}{who} is "),
        Run(curve(p.estimate), p.name),
        *_ends(p, curve),
        ".",
    )
    if place.marginal:
        return Saying(p.name, says, "Of no interest where 0 is not a value of the predictors.")
    whole = place.said(place.averaged(p.estimate)) if len(place.fit.beta) == 1 else ""
    over = f", which is {whole}" if whole else ""
    return Saying(
        p.name,
        says,
        f"Not the mean of all {place.rows}{over}: an average over {many} is another number, "
        "since the curve bends.",
    )


def _coefficient(place: Place, p: Parameter) -> Saying:
    """As a ratio, or on the probit's scale, and as expected outcomes at the place."""
    ratio, shown = place.scale.ratio, _ratio(p)
    tail = _at_place(place, p)
    if not ratio:
        side = "up" if p.estimate >= 0 else "down"
        size = Run(f"{fixed(abs(p.estimate))}", p.name)
        says = line(
            f"{_step(place, p)} the variable behind {place.event} moves ", size, f" {side}",
            *_ends(p, fixed), f", in units of its SD within groups.{tail}",
        )  # fmt: skip
        return Saying(p.name, says, f"A probit has no odds ratio. {_compares(place, p)}")
    what = {
        "count": f"the expected {place.outcome} is",
        "ordered": f"the odds of a higher category of {place.outcome} are",
    }.get(place.scale.kind, f"the odds of {place.event} are")
    if len(made_of(place.fit.design).get(p.term, ())) > 1:
        what = f"the {ratio} of the other is"
    says = line(
        f"{_step(place, p)} {what} multiplied by ",
        Run(shown(p.estimate), p.name),
        *_ends(p, shown),
        f".{tail}",
    )
    return Saying(p.name, says, f"{_taken_for(place, p)} {_compares(place, p)}")


def _step(place: Place, p: Parameter) -> str:
    """What is compared: a category with the first, or one more of a unit."""
    equal = ", other predictors equal," if len(place.fit.beta) > 2 else ""
    codes = place.contrast(p.term)
    if codes is not None:
        label = sentence(place.words.label(codes.column))
        return f"{label}: {codes.code} against {codes.against}. For the first{equal}"
    first, space, rest = place.words.unit(p.term).partition(" ")
    more = f"each {first.removesuffix('s')}{space}{rest} more of" if first else "each 1 more in"
    return f"With {more} {place.term(p.term)}{equal}"


def _at_place(place: Place, p: Parameter) -> str:
    """The two expected outcomes that differ by one unit, or by the dummy, at the means."""
    parts = made_of(place.fit.design).get(p.term, ())
    if len(parts) != 1:
        return ""
    dummy = place.contrast(p.term) is not None
    start = 0.0 if dummy else float(place.means[list(place.fit.design.names).index(p.term)])
    held = place.siblings(p.term) if dummy else {}
    low, high = (place.chance(place.eta(**{**held, p.term: start + k})) for k in (0.0, 1.0))
    one, _ = place.group
    where = "" if place.marginal else f" in a median {one}"
    return (
        f" At the mean of all other columns {place.expected}{where} is {place.said(high)} "
        f"{'against' if dummy else 'after'} {place.said(low)}."
    )


def _taken_for(place: Place, p: Parameter) -> str:
    if place.scale.kind == "count":
        return "A ratio, not a difference: it adds more where more is expected."
    if place.scale.kind == "ordered":
        top = place.categories[-1]
        return (
            f"Higher is towards “{top}”. That the ratio is the same at every threshold is an "
            "assumption."
        )
    return "Not a ratio of probabilities, which is nearer to 1."


def _compares(place: Place, p: Parameter) -> str:
    """Within a group, or in the population; with the other one's number where it is known."""
    one, many = place.group
    fit = place.fit
    if isinstance(fit, GeeFit):
        return (
            f"It compares in the population, over all {many}; within one {one} the ratio is "
            "further from 1."
            if place.scale.ratio == "odds ratio"
            else f"It compares in the population, over all {many}."
        )
    if not isinstance(fit, GlmmFit) or not fit.effects:
        if clusters(fit):
            return f"It compares all {place.rows}; its interval allows for {many}."
        return f"It compares all {place.rows}, and takes them to be independent."
    inside = dict(zip(fit.design.names, varies(fit.design, place.factor), strict=True))
    shared = not inside.get(p.term, True)
    who = f"{many} with the same effect" if shared else f"{place.rows} of one {one}"
    if place.scale.ratio != "odds ratio" or place.scale.kind == "ordered":
        return f"It compares {who}."
    population = fit.marginal_coefficients[p.term]
    other = _ratio(p)(float(population))
    return f"It compares {who}; in the population, over all {many}, the ratio is about {other}."


def _heights(place: Place, p: Parameter) -> Saying:
    one, many = place.words.group(p.group)
    low, high = (place.eta() + sign * place.spread(p.group) for sign in (-1.0, 1.0))
    within = Run(fixed(p.estimate), p.name)
    head = line(
        f"On the scale of {place.scale.name} two {many} in three lie within ", within,
        f" of the median {one}", *_ends(p, fixed), ". ",
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


def _slopes(place: Place, p: Parameter) -> Saying:
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
            *_ends(p, fixed),
            f", that is {kind}s from {low} to {high}.",
        ),
        f"Not the standard error of the mean, and not the spread of separate curves, {one} by "
        f"{one}.",
    )


def _correlation(place: Place, p: Parameter) -> Saying:
    _, many = place.words.group(p.group)
    _, _, other = p.name[5:-1].rpartition(",")
    side = "larger" if p.estimate > 0 else "smaller"
    return Saying(
        p.name,
        line(
            f"{sentence(many)} with a higher intercept tend to have {side} coefficients of "
            f"{place.term(other)}: the correlation is ",
            Run(share(p.estimate), p.name),
            *_ends(p, share),
            ".",
        ),
        f"Not a fact about the {many} alone: it holds where the predictors are 0, and changes when "
        "the origin moves.",
    )


def _threshold(place: Place, p: Parameter) -> Saying:
    k = int(p.symbol.partition("_")[2]) - 1
    one, _ = place.group
    where = "Where every predictor is 0, the" if len(place.fit.beta) else "The"
    who = f" in a median {one}" if place.fit.effects else ""

    def below(kappa: float) -> str:
        return place.said(float(logistic(np.array(kappa))))

    says = line(
        f"{where} probability of “{place.categories[k]}”{' or lower' if k else ''}{who} is ",
        Run(below(p.estimate), p.name),
        *_ends(p, below),
        ".",
    )
    return Saying(
        p.name,
        says,
        "It says how common the categories are, not how far they are apart, and moves with the "
        "origin of the predictors.",
    )


def _median_ratio(place: Place, fit: GlmmFit, p: Parameter) -> list[Saying]:
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


def _latent(place: Place, fit: GlmmFit, p: Parameter) -> list[Saying]:
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


def _working(place: Place, p: Parameter) -> Saying:
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


def _difference(place: Place, p: Parameter) -> Saying:
    unit = place.words.unit(named(place.fit.design))
    says = line(
        f"{_step(place, p)} {place.outcome} differs by ",
        Run(f"{fixed(p.estimate)}{unit and f' {unit}'}", p.name),
        *_ends(p, fixed),
        " on average.",
    )
    return Saying(p.name, says, f"It compares in the population, over all {place.group[1]}.")


def _scale(place: Place, p: Parameter) -> Saying:
    return Saying(
        p.name,
        line(
            f"Two {place.rows} in three lie within ",
            Run(fixed(p.estimate), p.name),
            f" of what the predictors say of their {place.outcome}.",
        ),
        f"It holds what differs between {place.group[1]} and what differs within them.",
    )


def _ends(p: Parameter, shown: Callable[[float], str]) -> tuple[Run | str, ...]:
    if not p.known:
        return (" (no interval: it is on its boundary)",) if p.role == "between" else ()
    ends = f"{shown(p.lower)} to {shown(p.upper)}"
    return (" (95 % interval ", Run(ends, p.name), ")")


def _ratio(p: Parameter) -> Callable[[float], str]:
    """Exp of a value, with so many decimals that its standard error would have two figures."""
    ratio = exp(min(p.estimate, LARGEST))
    ground = ratio * p.se if isfinite(p.se) and p.se > 0 else ratio
    decimals = min(4, max(0, 1 - floor(log10(max(ground, 1e-300)))))
    return lambda value: fixed(exp(min(value, LARGEST)), decimals)
