"""What each number of a generalised model means: as a ratio, as a probability at a place, and not.

A coefficient of a model with groups compares within a group; one of a marginal model, or without
groups' effects, compares in the population. The two are different numbers where the curve bends.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlcore import GeeFit, GlmFit, GlmmFit
from mlcore.discrete.outcomes import logistic
from ui.lens.discrete.amounts import as_ratio, interval
from ui.lens.discrete.place import Place, placed
from ui.lens.discrete.scale import clusters
from ui.lens.discrete.spreads import (
    correlation,
    heights,
    latent,
    median_ratio,
    root_of_scale,
    slopes,
    working,
)
from ui.lens.outcome import named
from ui.lens.parameters import Parameter
from ui.lens.runs import Run, line
from ui.lens.told import Saying
from ui.lens.words import Words, varies
from ui.prose import fixed, sentence


def sentences(fit: GlmFit, parameters: Sequence[Parameter], words: Words) -> list[Saying]:
    """A saying for each parameter, then what the spread comes to as a ratio and as a share."""
    place = placed(fit, words)
    found = [_say(place, p) for p in parameters]
    spreads = [p for p in parameters if p.name.startswith("sd(") and p.term == "(Intercept)"]
    if isinstance(fit, GlmmFit) and all(len(e.names) == 1 for e in fit.effects.values()):
        for p in spreads:
            found += median_ratio(place, fit, p)
            found += latent(place, fit, p)
    return found


def _say(place: Place, p: Parameter) -> Saying:
    if p.name == "alpha":
        return working(place, p)
    if p.name == "sigma":
        return root_of_scale(place, p)
    if p.symbol.startswith("κ"):
        return _threshold(place, p)
    if p.symbol.startswith("ρ"):
        return correlation(place, p)
    if p.role == "between":
        return heights(place, p) if p.term == "(Intercept)" else slopes(place, p)
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
            sentence(f"{where}the mean of {place.outcome} is "), mean, *interval(p, fixed), "."
        )
        return Saying(p.name, says, f"The mean of all {place.rows}, whatever their {one}.")

    def curve(eta: float) -> str:
        return place.said(float(place.fit.mean(np.array([eta]))[0]))

    says = line(
        sentence(f"{where}{place.expected}{who} is "),
        Run(curve(p.estimate), p.name),
        *interval(p, curve),
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
    ratio, shown = place.scale.ratio, as_ratio(p)
    tail = _at_place(place, p)
    if not ratio:
        side = "up" if p.estimate >= 0 else "down"
        size = Run(f"{fixed(abs(p.estimate))}", p.name)
        says = line(
            f"{_step(place, p)} the variable behind {place.event} moves ", size, f" {side}",
            *interval(p, fixed), f", in units of its SD within groups.{tail}",
        )  # fmt: skip
        return Saying(p.name, says, f"A probit has no odds ratio. {_compares(place, p)}")
    what = {
        "count": f"the expected {place.outcome} is",
        "ordered": f"the odds of a higher category of {place.outcome} are",
    }.get(place.scale.kind, f"the odds of {place.event} are")
    if len(place.parts.get(p.term, ())) > 1:
        what = f"the {ratio} of the other is"
    says = line(
        f"{_step(place, p)} {what} multiplied by ",
        Run(shown(p.estimate), p.name),
        *interval(p, shown),
        f".{tail}",
    )
    return Saying(p.name, says, f"{_taken_for(place)} {_compares(place, p)}")


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
    parts = place.parts.get(p.term, ())
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


def _taken_for(place: Place) -> str:
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
    inside = dict(zip(fit.design.names, varies(fit.design, str(place.factor)), strict=True))
    shared = not inside.get(p.term, True)
    who = f"{many} with the same effect" if shared else f"{place.rows} of one {one}"
    if place.scale.ratio != "odds ratio" or place.scale.kind == "ordered":
        return f"It compares {who}."
    population = fit.marginal_coefficients[p.term]
    other = as_ratio(p)(float(population))
    return f"It compares {who}; in the population, over all {many}, the ratio is about {other}."


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
        *interval(p, below),
        ".",
    )
    return Saying(
        p.name,
        says,
        "It says how common the categories are, not how far they are apart, and moves with the "
        "origin of the predictors.",
    )


def _difference(place: Place, p: Parameter) -> Saying:
    unit = place.words.unit(named(place.fit.design))
    says = line(
        f"{_step(place, p)} {place.outcome} differs by ",
        Run(f"{fixed(p.estimate)}{unit and f' {unit}'}", p.name),
        *interval(p, fixed),
        " on average.",
    )
    return Saying(p.name, says, f"It compares in the population, over all {place.group[1]}.")
