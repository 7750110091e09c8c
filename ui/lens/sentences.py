"""What each number means for these data, with unit and uncertainty, and what it does not mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from mlcore import Fit
from ui.lens.parameters import Parameter
from ui.lens.runs import Line, Run, line
from ui.lens.terms import named
from ui.lens.words import Words, contrast, made_of, response, varies, within_only
from ui.prose import fixed, percent, sentence, share


@dataclass(frozen=True)
class Saying:
    """What the parameter `of` says, and a warning: what it is easily taken for."""

    of: str
    says: Line
    warns: str


@dataclass(frozen=True)
class Told:
    """What every sentence needs: the model, its words, the outcome and its unit."""

    fit: Fit
    words: Words

    @property
    def outcome(self) -> str:
        return self.words.label(response(self.fit))

    @property
    def unit(self) -> str:
        return self.words.unit(response(self.fit)) or "units"

    @property
    def factor(self) -> str | None:
        return next(iter(self.fit.effects), None)

    @property
    def group(self) -> tuple[str, str]:
        """One and several of what the first factor groups by; without one, of the rows."""
        return self.words.group(self.factor) if self.factor else self.words.row

    def term(self, term: str) -> str:
        return self.words.term(self.fit.design, term)

    @property
    def rows(self) -> str:
        return self.words.row[1]


def sentences(fit: Fit, parameters: Sequence[Parameter], words: Words) -> list[Saying]:
    """A saying for each parameter, then the intraclass correlation where it is one number."""
    told = Told(fit, words)
    found = [_say(told, p) for p in parameters]
    if len(fit.effects) == 1 and all(len(e.names) == 1 for e in fit.effects.values()):
        found.append(_icc(told))
    return found


def _say(told: Told, p: Parameter) -> Saying:
    if p.name == "sigma":
        return _residual(told, p)
    if p.role == "fixed":
        return _intercept(told, p) if p.term == "(Intercept)" else _coefficient(told, p)
    if p.symbol.startswith("ρ"):
        return _correlation(told, p)
    return _spread_of_heights(told, p) if p.term == "(Intercept)" else _spread_of_slopes(told, p)


def _intercept(told: Told, p: Parameter) -> Saying:
    one, _ = told.group
    empty = len(told.fit.beta) == 1
    where = "The" if empty else "Where every predictor is 0, the"
    average = f" in an average {one}" if told.factor else ""
    return Saying(
        p.name,
        line(f"{where} mean {told.outcome}{average} is ", _amount(told, p), *_between(p), "."),
        f"Not the mean of all {told.rows}: a large {one} does not count for more than the model "
        "lets it."
        if empty
        else "Of no interest where 0 is not a value that the predictors can take.",
    )


def _coefficient(told: Told, p: Parameter) -> Saying:
    _, many = told.group
    shared = bool(told.factor) and not _inside(told)[p.term]
    who = many if shared else told.rows
    side = "higher" if p.estimate >= 0 else "lower"
    size = Run(f"{_number(p, abs(p.estimate))} {told.unit}", p.name)
    parts = made_of(told.fit.design)[p.term]
    if len(parts) > 1:
        first, second = named(parts[:1]), named(parts[1:])
        codes = contrast(told.fit, told.words, second)
        step = (
            f"For {codes.code} against {codes.against}"
            if codes
            else (f"With each unit of {told.term(second)}")
        )
        return Saying(
            p.name,
            line(
                f"{step} the slope of {told.term(first)} is ",
                Run(_number(p, abs(p.estimate)), p.name),
                f" {side}",
                *_between(p),
                ".",
            ),
            "The coefficients of the two alone now hold where the other one is 0.",
        )
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
    says = line(head, size, f"{tail} on average, other predictors equal", *_between(p), ".")
    return Saying(p.name, says, _taken_for(told, p, shared))


def _taken_for(told: Told, p: Parameter, shared: bool) -> str:
    one, many = told.group
    if shared:
        return (
            f"It compares {many} with each other. It does not say what happens if a {one} changes."
        )
    if told.factor is None:
        return "A regression compares; it does not say what happens if something is changed."
    if within_only(told.fit, told.factor)[p.term]:
        return f"It compares {told.rows} of one {one}, and says nothing of how {many} differ."
    return (
        f"Not the slope within {many} alone: it mixes differences within and between {many}, "
        f"unless the mean of each {one} is in the model too."
    )


def _spread_of_heights(told: Told, p: Parameter) -> Saying:
    _, many = told.words.group(p.group)
    centre = f"the mean of all {many}" if len(told.fit.beta) == 1 else "what the predictors say"
    return Saying(
        p.name,
        line(
            f"The model’s estimate is that in {told.outcome} two {many} in three lie within ",
            _amount(told, p),
            f" of {centre}",
            *_between(p),
            ".",
        ),
        f"Not the spread of the {many}’ own means, which is larger: those carry the chance of "
        f"their {told.rows}. And no share of anything until it is squared.",
    )


def _spread_of_slopes(told: Told, p: Parameter) -> Saying:
    one, many = told.words.group(p.group)
    names = list(told.fit.design.names)
    reach = ""
    if p.term in names:
        mean = float(told.fit.beta[names.index(p.term)])
        low, high = (_number(p, mean + sign * p.estimate) for sign in (-1, 1))
        reach = f", from {low} to {high}"
    return Saying(
        p.name,
        line(
            f"The slope of {told.term(p.term)} differs between {many}: in two of three it "
            "lies within ",
            Run(_number(p, p.estimate), p.name),
            f" of the mean slope{reach}",
            *_between(p),
            ".",
        ),
        f"Not the standard error of the mean slope, and not the spread of separate lines, {one} by "
        f"{one}.",
    )


def _correlation(told: Told, p: Parameter) -> Saying:
    _, many = told.words.group(p.group)
    _, _, other = p.name[5:-1].rpartition(",")
    lines = "steeper" if p.estimate > 0 else "flatter"
    return Saying(
        p.name,
        line(
            f"{sentence(many)} with a higher intercept tend to have {lines} lines in "
            f"{told.term(other)}: the correlation is ",
            Run(share(p.estimate), p.name),
            *(
                (" (95 % interval ", Run(f"{share(p.lower)} to {share(p.upper)}", p.name), ")")
                if p.known
                else ()
            ),
            ".",
        ),
        f"Not a fact about the {many} alone: it holds where the predictors are 0, and changes when "
        "the origin moves.",
    )


def _residual(told: Told, p: Parameter) -> Saying:
    of_one = f" of one {told.group[0]}" if told.factor else ""
    return Saying(
        p.name,
        line(
            f"{sentence(told.rows)}{of_one} differ, too: two in three lie within ",
            _amount(told, p),
            f" of what the model expects of their {told.outcome}",
            *_between(p),
            ".",
        ),
        "Not an error that somebody made: it holds all that the model leaves out.",
    )


def _icc(told: Told) -> Saying:
    factor = str(told.factor)
    one, many = told.group
    name = f"sd({factor},(Intercept))"
    left = "" if len(told.fit.beta) == 1 else " that the predictors leave"
    return Saying(
        name,
        line(
            f"Of the variance of {told.outcome}{left}, ",
            Run(percent(float(told.fit.icc[factor])), name),
            f" lies between {many}. It is also the correlation of two {told.rows} of one {one}.",
        ),
        f"Not the share that the {many} cause, and not a fixed property of the outcome: it changes "
        "with the predictors and with who was sampled.",
    )


def _inside(told: Told) -> dict[str, bool]:
    return dict(zip(told.fit.design.names, varies(told.fit.design, str(told.factor)), strict=True))


def _between(p: Parameter) -> tuple[Run | str, ...]:
    if not p.known:
        return (" (no interval: it is on its boundary)",) if p.role == "between" else ()
    ends = f"{_number(p, p.lower)} to {_number(p, p.upper)}"
    return (" (95 % interval ", Run(ends, p.name), ")")


def _number(p: Parameter, value: float) -> str:
    """With so many decimals that the standard error would have two figures."""
    ground = p.se if isfinite(p.se) and p.se > 0 else abs(p.estimate) or 1.0
    return fixed(value, min(6, max(0, 1 - floor(log10(ground)))))


def _amount(told: Told, p: Parameter) -> Run:
    return Run(f"{_number(p, p.estimate)} {told.unit}", p.name)
