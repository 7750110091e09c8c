"""What the spreads of a mixed model mean: of heights and slopes, within groups, and as shares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ui.lens.parameters import Parameter
from ui.lens.runs import Run, line
from ui.lens.told import Saying, Told, amount, between, coding, nested, number, possessive
from ui.prose import percent, sentence, share

PERFECT = 0.9999  # a correlation on its boundary
NOTHING = 1e-6  # of the residual's spread: less is a spread on its boundary


def heights(told: Told, p: Parameter) -> Saying:
    one, many = told.words.group(p.group)
    if _still(told, p):
        return Saying(
            p.name,
            line(
                f"{sentence(many)} are estimated not to differ in {told.outcome} beyond what the "
                "chance of their ",
                f"{told.rows} puts into their means: their spread is ",
                amount(told, p),
                ".",
            ),
            f"Not a proof that all {many} are alike: a small spread is estimated as 0 in many "
            f"samples. There is no interval of Wald’s on the boundary; the model is valid, and "
            f"each {one} is put at the mean of all.",
        )
    empty = len(told.fit.beta) == 1
    centre = f"the mean of all {many}" if empty else "what the predictors say"
    outer = [g for g in told.fit.effects if g != p.group and nested(told.fit, p.group, g)]
    if outer:
        above = told.words.group(outer[0])[0]
        centre = f"the mean of their {above}" if empty else f"what predictors and {above} say"
    return Saying(
        p.name,
        line(
            f"The model’s estimate is that in {told.outcome} two {many} in three lie within ",
            amount(told, p),
            f" of {centre}",
            *between(p),
            ".",
        ),
        f"Not the spread of the {possessive(many)} own means, which is larger: those carry the "
        f"chance of their {told.rows}. And no share of anything until it is squared.",
    )


def slopes(told: Told, p: Parameter) -> Saying:
    one, many = told.words.group(p.group)
    if _still(told, p):
        return Saying(
            p.name,
            line(
                f"The slope of {told.term(p.term)} is estimated to be the same in all {many}: its "
                "spread is ",
                Run(number(p, p.estimate), p.name),
                ".",
            ),
            "Not a proof: too few rows of a group, or too little that the predictor moves in it, "
            "give 0 as well. On the boundary there is no interval of Wald’s.",
        )
    names = list(told.fit.design.names)
    reach = ""
    if p.term in names:
        mean = float(told.fit.beta[names.index(p.term)])
        low, high = (number(p, mean + sign * p.estimate) for sign in (-1, 1))
        reach = f", from {low} to {high}"
    return Saying(
        p.name,
        line(
            f"The slope of {told.term(p.term)} differs between {many}: in two of three it "
            "lies within ",
            Run(number(p, p.estimate), p.name),
            f" of the mean slope{reach}",
            *between(p),
            ".",
        ),
        f"Not the standard error of the mean slope, and not the spread of separate lines, {one} by "
        f"{one}.",
    )


def correlation(told: Told, p: Parameter) -> Saying:
    _, many = told.words.group(p.group)
    heights = p.other == "(Intercept)"
    what = "intercept" if heights else f"slope of {told.term(p.other)}"
    if not abs(p.estimate) < PERFECT:
        return _perfect(p, f"{sentence(what)} and slope of {told.term(p.term)} of {many}")
    lines = "steeper" if p.estimate > 0 else "flatter"
    higher = f"a higher {what}" if heights else f"a larger {what}"
    return Saying(
        p.name,
        line(
            f"{sentence(many)} with {higher} tend to have {lines} lines in "
            f"{told.term(p.term)}: the correlation is ",
            Run(share(p.estimate), p.name),
            *between(p, share),
            ".",
        ),
        coding(p, many),
    )


def _perfect(p: Parameter, what: str) -> Saying:
    """A correlation of 1 or −1, or with something that does not vary."""
    sign = "1" if p.estimate > 0 else "−1"
    why = f"are estimated to go together without exception, at {sign}"
    if not abs(p.estimate) >= PERFECT:
        why = "have no correlation, since one of the two does not vary"
    return Saying(
        p.name,
        line(f"{what} ", Run(why, p.name), "."),
        "The model asks for more than these groups can say: it is on its boundary. Fit it without "
        "the correlation, or without the slopes, and see what changes.",
    )


def residual(told: Told, p: Parameter) -> Saying:
    of_one = f" of one {told.groups}" if told.factor else ""
    return Saying(
        p.name,
        line(
            f"{sentence(told.rows)}{of_one} differ, too: two in three lie within ",
            amount(told, p),
            f" of what the model expects of their {told.outcome}",
            *between(p),
            ".",
        ),
        "Not an error that somebody made: it holds all that the model leaves out.",
    )


def unrelated(told: Told) -> list[Saying]:
    """That `||` lets some effects of a group have no correlation."""
    found = []
    for group, effects in told.fit.effects.items():
        if len(effects.pattern.sizes) > 1:
            _, many = told.words.group(group)
            found.append(
                Saying(
                    f"sd({group},{effects.names[0]})",
                    line(
                        f"Effects of {many} that are in different brackets, or apart by ||, are "
                        "taken to have nothing to do with each other."
                    ),
                    "That can be so at one origin only. Where a predictor starts elsewhere the "
                    "same lines do correlate, and the model fits less well.",
                )
            )
    return found


def shares(told: Told) -> list[Saying]:
    """The parts of the variance where all effects are heights: one, or one for each factor."""
    effects = told.fit.effects
    if any(len(e.names) > 1 or e.names[0] != "(Intercept)" for e in effects.values()):
        return []
    return [_one(told)] if len(effects) == 1 else [_parts(told), _alike(told)] if effects else []


def _one(told: Told) -> Saying:
    factor = str(told.factor)
    one, many = told.group
    name = f"sd({factor},(Intercept))"
    return Saying(
        name,
        line(
            f"Of the variance of {told.outcome}{_left(told)}, ",
            Run(percent(float(told.fit.icc[factor])), name),
            f" lies between {many}. It is also the correlation of two {told.rows} of one {one}.",
        ),
        f"Not the share that the {many} cause, and not a fixed property of the outcome: it changes "
        "with the predictors and with who was sampled.",
    )


def _parts(told: Told) -> Saying:
    """The share of the variance at each level, the one with fewest groups first."""
    order = _order(told)
    runs: list[Run | str] = [f"Of the variance of {told.outcome}{_left(told)}, "]
    for k, factor in enumerate(order):
        outer = [g for g in order[:k] if nested(told.fit, factor, g)]
        of = f" of one {told.words.group(outer[-1])[0]}" if outer else ""
        size = percent(float(told.fit.icc[factor]))
        lies = " lies" if k == 0 else ""
        many = told.words.group(factor)[1]
        runs += [Run(size, f"sd({factor},(Intercept))"), f"{lies} between {many}{of}, "]
    rest = percent(1.0 - float(told.fit.icc.sum()))
    runs += ["and ", Run(rest, "sigma"), f" between {told.rows} of one {told.groups}."]
    return Saying(
        "sigma",
        tuple(runs),
        "Not what these groups cause, and not fixed: the shares change with the predictors, and "
        "a level that is left out gives its share to the others.",
    )


def _alike(told: Told) -> Saying:
    """How alike two rows are that share some of their groups."""
    order = _order(told)
    chain = all(nested(told.fit, b, a) for a, b in pairwise(order))
    runs: list[Run | str] = [f"Two {told.rows} of "]
    total = 0.0
    for k, factor in enumerate(order):
        size = float(told.fit.icc[factor])
        total += size
        others = order[k + 1 :] if chain else [each for each in order if each != factor]
        different = " and ".join(
            told.words.group(each)[1] for each in others[: 1 if chain else None]
        )
        but = f" but different {different}" if different else ""
        verb = " correlate" if k == 0 else ""
        name = f"sd({factor},(Intercept))"
        runs.append(f"one {told.words.group(factor)[0]}{but}{verb} at ")
        runs.append(Run(share(total if chain else size), name))
        runs.append("." if chain and k == len(order) - 1 else ", of ")
    if not chain:
        each = " and one ".join(told.words.group(factor)[0] for factor in order)
        runs += [f"one {each} at ", Run(share(total), f"sd({order[0]},(Intercept))"), "."]
    return Saying(
        f"sd({order[0]},(Intercept))",
        tuple(runs),
        "Not the correlation of one person with herself later, and not of two predictors: of two "
        f"{told.rows}, drawn at random from the same group.",
    )


def _order(told: Told) -> Sequence[str]:
    return sorted(told.fit.effects, key=lambda name: told.fit.n_groups[name])


def _left(told: Told) -> str:
    return "" if len(told.fit.beta) == 1 else " that the predictors leave"


def _still(told: Told, p: Parameter) -> bool:
    return bool(p.estimate <= NOTHING * told.fit.sigma) and not p.known
