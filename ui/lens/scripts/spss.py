"""The model in SPSS."""

from __future__ import annotations

from mlcore import GlmFit
from mlcore.language.expressions import Expression
from mlcore.language.formula import Term
from ui.lens import runs
from ui.lens.discrete.scripts import spss as generalised
from ui.lens.estimators import scripts as least
from ui.lens.estimators.asked import is_least
from ui.lens.runs import Line, Run, line
from ui.lens.scripts.commands import mixed
from ui.lens.scripts.recipe import Recipe, arithmetic, centred, expression
from ui.lens.scripts.stata import order

TITLE, SUFFIX = "SPSS", "sps"
NOTE = (
    "Not executed here: SPSS is not free. It is written after the manual of MIXED. SPSS compares a "
    "factor’s categories with its last one, the others with its first."
)


def lines(recipe: Recipe) -> list[Line]:
    if "poly" in recipe.functions:
        return [line("* SPSS has no orthogonal polynomials: compute powers, and fit these.")]
    variables: dict[Expression, str] = {}
    response = recipe.outcome(variables)
    terms = [term(recipe, each, variables) for each in recipe.fixed]
    factors = sorted({c for each in recipe.fixed for f in each if (c := recipe.factor(f))})
    covariates = sorted(
        {expression(f, variables) for each in recipe.fixed for f in each if not recipe.factor(f)}
    )
    listed = [
        (part, [term(recipe, each, variables) for each in part.terms if each])
        for _, parts in order(recipe)
        for part in parts
    ]
    random = _random(recipe, variables)
    found = [
        *(line(text) for text in comment([*recipe.source("*"), *recipe.expected("*")])),
        line(""),
        line(f"GET DATA /TYPE=TXT /FILE='{recipe.file}' /ARRANGEMENT=DELIMITED"),
        line("  /DELIMITERS=',' /QUALIFIER='\"' /FIRSTCASE=2 /VARIABLES="),
        line(f"  {' '.join(f'{name} AUTO' for name in recipe.data.variables)}."),
    ]
    for name, column in recipe.made:
        if column.mean:
            by = " ".join(recipe.grouping(column))
            found.append(added(f"/BREAK={by} /{name}=MEAN({column.mean})"))
        else:
            found.append(line(f"COMPUTE {name} = {column.formula}."))
    if any(map(centred, variables)):
        found.append(line(f"SELECT IF NMISS({', '.join(recipe.numbers)}) = 0."))
    for each, name in variables.items():
        found += made(each, name)
    found.append(line("EXECUTE."))
    if is_least(recipe.fit):
        return [*found, *least.spss(recipe, recipe.fit, response, terms, factors, covariates)]
    if isinstance(recipe.fit, GlmFit):
        return [
            *found,
            *generalised.spss(recipe.fit, response, terms, factors, covariates, listed),
        ]
    method = "REML" if recipe.reml else "ML"
    return [
        *found,
        *mixed(recipe, response, terms, factors, covariates),
        *random,
        line(f"  /METHOD={method} /PRINT=SOLUTION TESTCOV."),
    ]


def _random(recipe: Recipe, variables: dict[Expression, str]) -> list[Line]:
    """A line for each random term; those of one factor that are apart do not correlate."""
    found = []
    for group, parts in order(recipe):
        for part in parts:
            own = next(p for p in recipe.fit.design.random if p.term == part)
            listed = [term(recipe, each, variables) if each else "INTERCEPT" for each in part.terms]
            kind = "UNR" if len(own.names) > 1 else "VC"
            subject = "*".join(reversed(group.split(":")))
            text = f"/RANDOM={' '.join(listed)} | SUBJECT({subject}) COVTYPE({kind})"
            found.append(line("  ", Run(text, f"sd({group},{own.names[0]})")))
    return found


def added(text: str) -> Line:
    return line(f"AGGREGATE /OUTFILE=* MODE=ADDVARIABLES {text}.")


def made(each: Expression, name: str) -> list[Line]:
    """The commands that make a variable."""
    of = centred(each)
    if of is None:
        return [line(f"COMPUTE {name} = {spelt(arithmetic(each))}.")]
    function, inner = of
    start = [line(f"COMPUTE {name} = {spelt(inner)}.")]
    middle = added(f"/BREAK= /{name}_m=MEAN({name}) /{name}_s=SD({name})")
    spread = f" / {name}_s" if function == "scale" else ""
    return [*start, middle, line(f"COMPUTE {name} = ({name} - {name}_m){spread}.")]


def comment(lines: list[Line]) -> list[str]:
    """One comment of many lines; a full stop at the end of a line would end it."""
    texts = [text[2:].rstrip(".") for text in runs.plain(lines).splitlines()]
    return [f"* {texts[0]}", *(f"  {text}" for text in texts[1:]), "."]


def term(recipe: Recipe, factors: Term, variables: dict[Expression, str]) -> str:
    return "*".join(recipe.factor(each) or expression(each, variables) for each in factors)


def spelt(text: str) -> str:
    """Arithmetic as SPSS writes it."""
    for ours, theirs in (("^", "**"), ("log(", "LN("), ("exp(", "EXP("), ("sqrt(", "SQRT(")):
        text = text.replace(ours, theirs)
    return text
