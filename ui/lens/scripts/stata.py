"""The model in Stata."""

from __future__ import annotations

import numpy as np

from mlcore.language.formula import Term
from ui.lens.runs import Line, Run, line
from ui.lens.scripts.recipe import Recipe, expression
from ui.lens.terms import factor_of

TITLE, SUFFIX = "Stata", "do"
NOTE = (
    "Not executed here: Stata is not free. Stored results of Stata’s were compared with the core."
)


def lines(recipe: Recipe) -> list[Line]:
    found = [
        *recipe.source("*"),
        *recipe.expected("*"),
        line(""),
        line(f"import delimited using {recipe.file}, clear case(preserve)"),
    ]
    for name, column in recipe.made:
        if column.mean:
            groups = " ".join(recipe.grouping(column))
            found.append(line(f"egen double {name} = mean({column.mean}), by({groups})"))
        else:
            found.append(line(f"generate double {name} = {column.formula.replace('**', '^')}"))
    variables: dict[str, str] = {}
    terms = " ".join(term(each, variables) for each in recipe.fixed)
    response = expression(recipe.fit.design.formula.response, variables)
    random: list[Run | str] = []
    for group, slopes in order(recipe):
        names = recipe.fit.effects[group].names
        listed = " ".join(term(each, variables) for each in slopes)
        covariance = ", covariance(unstructured)" if len(names) > 1 else ""
        of = f"sd({group},{names[0]})"
        equation = f"|| {key(recipe, group)} {listed}".rstrip()
        random += [" ", Run(f"{equation}{covariance}", of)]
    found += [line(f"generate double {name} = {text}") for text, name in variables.items()]
    if not recipe.random:
        return [*found, line(f"regress {response} {terms}".rstrip())]
    found += [
        line(f"egen {_joined(group)} = group({group.replace(':', ' ')})")
        for group in recipe.fit.effects
        if ":" in group and _joined(group) in key(recipe, group)
    ]
    simple = all(len(e.names) == 1 for e in recipe.fit.effects.values())
    method = "reml" if recipe.reml else "mle"
    comma = " " if any("covariance" in str(r) for r in random[-1:]) else ", "
    return [
        *found,
        line(f"mixed {response} {terms}".rstrip(), *random, f"{comma}{method} stddeviations"),
        line("estat icc" if simple else "estat recovariance"),
    ]


def order(recipe: Recipe) -> list[tuple[str, list[Term]]]:
    """Grouping factors, the one with fewest groups first, with their slopes."""
    found: dict[str, list[Term]] = {}
    for random in recipe.random:
        found.setdefault(random.factor, []).extend(t for t in random.terms if t)
    return sorted(found.items(), key=lambda item: recipe.fit.n_groups[item[0]])


def key(recipe: Recipe, group: str) -> str:
    """The factor's variable: `ward` within hospitals, `_all: R.primary` if the next crosses it."""
    names = [name for name, _ in order(recipe)]
    place = names.index(group)
    if place < len(names) - 1 and crossed(recipe, group, names[place + 1]):
        return f"_all: R.{_joined(group)}"
    inner, _, outer = group.partition(":")
    return f"{inner if outer and outer in names[:place] else _joined(group)}:"


def crossed(recipe: Recipe, one: str, other: str) -> bool:
    """Whether some group of `other` occurs in several groups of `one`."""
    a, b = (recipe.fit.effects[name].grouping.codes for name in (one, other))
    pairs = np.unique(np.stack([b, a]), axis=1)
    return bool(len(np.unique(pairs[0])) < pairs.shape[1])


def term(factors: Term, variables: dict[str, str]) -> str:
    """An interaction as `c.a#i.b`, a single column by its name."""
    if len(factors) == 1 and factor_of(factors[0]) is None:
        return expression(factors[0], variables)
    parts = []
    for each in factors:
        column = factor_of(each)
        parts.append(f"i.{column}" if column else f"c.{expression(each, variables)}")
    return "#".join(parts)


def _joined(group: str) -> str:
    return group.replace(":", "_")
