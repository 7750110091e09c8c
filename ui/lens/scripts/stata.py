"""The model in Stata."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlcore import GlmFit
from mlcore.language.expressions import Call, Expression
from mlcore.language.formula import RandomTerm, Term
from ui.lens import runs
from ui.lens.discrete.scripts import stata as generalised
from ui.lens.estimators import scripts as least
from ui.lens.estimators.asked import is_least
from ui.lens.runs import Line, Run, line
from ui.lens.scripts.recipe import Recipe, arithmetic, centred, expression
from ui.lens.told import nested

LONGEST = 32  # characters of a name
TITLE, SUFFIX = "Stata", "do"
NOTE = (
    "Not executed here: Stata is not free. Stored results of Stata’s were compared with the core."
)


def lines(recipe: Recipe) -> list[Line]:
    long = [name for name, _ in recipe.made if len(name) > LONGEST]
    short = {name: f"{name[: LONGEST - 3]}_{k}" for k, name in enumerate(long, 1)}
    return [tuple(spelt(run, short) for run in each) for each in script(recipe)]


def spelt(run: Run | str, short: Mapping[str, str]) -> Run | str:
    """A run with names that are too long for Stata made shorter."""
    text = run if isinstance(run, str) else run.text
    for name, new in short.items():
        text = re.sub(rf"\b{name}\b", new, text)
    return text if isinstance(run, str) else replace(run, text=text)


def script(recipe: Recipe) -> list[Line]:
    """The script, with columns by the names that they have elsewhere."""
    found = [
        *inert([*recipe.source("*"), *recipe.expected("*")]),
        line(""),
        line(f"import delimited using {recipe.file}, clear case(preserve)"),
    ]
    for name, column in recipe.made:
        if column.mean:
            groups = " ".join(recipe.grouping(column))
            found.append(line(f"egen double {name} = mean({column.mean}), by({groups})"))
        else:
            found.append(line(f"generate double {name} = {column.formula.replace('**', '^')}"))
    variables: dict[Expression, str] = {}
    terms = " ".join(term(recipe, each, variables) for each in recipe.fixed)
    response = recipe.outcome(variables)
    if not recipe.fit.design.has_intercept:
        terms += ", noconstant"
    random = _random(recipe, variables) if recipe.random else []
    if any(map(centred, variables)):
        found.append(line(f"keep if !missing({', '.join(recipe.used)})"))
    found += [line(text) for each, name in variables.items() for text in made(each, name)]
    found += [line(f"encode {each}, generate({each}_n)") for each in recipe.texts]
    if is_least(recipe.fit):
        return [*found, *least.stata(recipe.fit, response, terms)]
    found += [
        line(f"egen {_joined(group)} = group({group.replace(':', ' ')})")
        for group in recipe.fit.effects
        if ":" in group and _joined(group) in key(recipe, group)
    ]
    if isinstance(recipe.fit, GlmFit):
        return [*found, *generalised.stata(recipe.fit, response, terms, random)]
    simple = all(len(e.names) == 1 for e in recipe.fit.effects.values())
    method = "reml" if recipe.reml else "mle"
    comma = " " if "," in runs.plain([tuple(random[-1:])]) else ", "
    return [
        *found,
        line(f"mixed {response} {terms}".rstrip(), *random, f"{comma}{method} stddeviations"),
        line("estat icc" if simple else "estat recovariance"),
    ]


def inert(comments: Sequence[Line]) -> list[Line]:
    """Comments without what would reach beyond their line."""
    texts = runs.plain(comments).replace("/*", "/ *").replace("///", "/ / /").splitlines()
    return [line(text) for text in texts]


def _random(recipe: Recipe, variables: dict[Expression, str]) -> list[Run | str]:
    """An equation for each random term; those of one factor that are apart do not correlate."""
    found: list[Run | str] = []
    for group, parts in order(recipe):
        for part in parts:
            listed = " ".join(term(recipe, each, variables) for each in part.terms if each)
            options = []
            if () not in part.terms:
                options.append("noconstant")
            if len(part.terms) > 1 or len(listed.split()) + (() in part.terms) > 1:
                options.append("covariance(unstructured)")
            of = f"sd({group},{_first(recipe, part)})"
            equation = f"|| {key(recipe, group)} {listed}".rstrip()
            found += [" ", Run(", ".join(filter(None, (equation, " ".join(options)))), of)]
    return found


def _first(recipe: Recipe, term: RandomTerm) -> str:
    return next(part.names[0] for part in recipe.fit.design.random if part.term == term)


def made(each: Expression, name: str) -> list[str]:
    """The commands that make a variable."""
    of = centred(each)
    if of is not None:
        function, inner = of
        spread = " / r(sd)" if function == "scale" else ""
        return [
            f"quietly summarize {inner}",
            f"generate double {name} = ({inner} - r(mean)){spread}",
        ]
    if isinstance(each, Call) and each.function == "poly":
        inner, degree = map(str, each.arguments)
        return [
            f"orthpoly {inner}, generate({name}_1-{name}_{degree}) degree({degree})",
            f"foreach v of varlist {name}_1-{name}_{degree} {{",
            "    replace `v' = `v' / sqrt(_N)",
            "}",
        ]
    return [f"generate double {name} = {arithmetic(each)}"]


def order(recipe: Recipe) -> list[tuple[str, list[RandomTerm]]]:
    """Grouping factors, the one with fewest groups first, with their random terms."""
    found: dict[str, list[RandomTerm]] = {}
    for random in recipe.random:
        found.setdefault(random.factor, []).append(random)
    return sorted(found.items(), key=lambda item: recipe.fit.n_groups[item[0]])


def key(recipe: Recipe, group: str) -> str:
    """The factor's variable: `ward` within hospitals, `_all: R.primary` if the next crosses it."""
    names = [name for name, _ in order(recipe)]
    place = names.index(group)
    if place < len(names) - 1 and not nested(recipe.fit, names[place + 1], group):
        return f"_all: R.{_joined(group)}"
    inner, _, outer = group.partition(":")
    return f"{inner if outer and outer in names[:place] else _joined(group)}:"


def term(recipe: Recipe, factors: Term, variables: dict[Expression, str]) -> str:
    """An interaction as `c.a#i.b`, a single column by its name."""
    parts = [_part(recipe, each, variables) for each in factors]
    return parts[0].removeprefix("c.") if len(parts) == 1 else "#".join(parts)


def _part(recipe: Recipe, each: Expression, variables: dict[Expression, str]) -> str:
    column = recipe.factor(each)
    if column:
        return f"i.{column}_n" if column in recipe.texts else f"i.{column}"
    name = expression(each, variables)
    if isinstance(each, Call) and each.function == "poly":
        return f"c.({name}_*)"
    return f"c.{name}"


def _joined(group: str) -> str:
    return group.replace(":", "_")
