"""The model in SPSS."""

from __future__ import annotations

from mlcore.language.formula import Term
from ui.lens import runs
from ui.lens.runs import Line, Run, line
from ui.lens.scripts.recipe import Recipe, expression
from ui.lens.scripts.stata import order
from ui.lens.terms import factor_of

TITLE, SUFFIX = "SPSS", "sps"
NOTE = (
    "Not executed here: SPSS is not free. It is written after the manual of MIXED. SPSS compares a "
    "factor’s categories with its last one, the others with its first."
)


def lines(recipe: Recipe) -> list[Line]:
    variables: dict[str, str] = {}
    response = expression(recipe.fit.design.formula.response, variables)
    terms = [term(each, variables) for each in recipe.fixed]
    factors = sorted({c for each in recipe.fixed for f in each if (c := factor_of(f))})
    covariates = sorted(
        {expression(f, variables) for each in recipe.fixed for f in each if factor_of(f) is None}
    )
    found = [
        *(line(text) for text in comment([*recipe.source("*"), *recipe.expected("*")])),
        line(""),
        line(f"GET DATA /TYPE=TXT /FILE='{recipe.file}' /ARRANGEMENT=DELIMITED"),
        line("  /DELIMITERS=',' /QUALIFIER='\"' /FIRSTCASE=2 /VARIABLES="),
        line(f"  {' '.join(f'{name} AUTO' for name in recipe.data.variables)}."),
    ]
    for name, column in recipe.made:
        if column.mean:
            found.append(
                line(
                    "AGGREGATE /OUTFILE=* MODE=ADDVARIABLES "
                    f"/BREAK={' '.join(recipe.grouping(column))} /{name}=MEAN({column.mean})."
                )
            )
        else:
            found.append(line(f"COMPUTE {name} = {column.formula}."))
    found += [line(f"COMPUTE {name} = {spelt(text)}.") for text, name in variables.items()]
    by = f" BY {' '.join(factors)}" if factors else ""
    covariate = f" WITH {' '.join(covariates)}" if covariates else ""
    found += [
        line("EXECUTE."),
        line(f"MIXED {response}{by}{covariate}"),
        line(f"  /FIXED={' '.join(terms)}"),
    ]
    for group, slopes in order(recipe):
        names = recipe.fit.effects[group].names
        listed = " ".join(["INTERCEPT", *(term(each, variables) for each in slopes)])
        kind = "UNR" if len(names) > 1 else "VC"
        subject = "*".join(reversed(group.split(":")))
        text = f"/RANDOM={listed} | SUBJECT({subject}) COVTYPE({kind})"
        found.append(line("  ", Run(text, f"sd({group},{names[0]})")))
    method = "REML" if recipe.reml or not recipe.random else "ML"
    return [*found, line(f"  /METHOD={method} /PRINT=SOLUTION TESTCOV.")]


def comment(lines: list[Line]) -> list[str]:
    """One comment of many lines; a full stop at the end of a line would end it."""
    texts = [text[2:].rstrip(".") for text in runs.plain(lines).splitlines()]
    return [f"* {texts[0]}", *(f"  {text}" for text in texts[1:]), "."]


def term(factors: Term, variables: dict[str, str]) -> str:
    return "*".join(factor_of(each) or expression(each, variables) for each in factors)


def spelt(text: str) -> str:
    """Arithmetic as SPSS writes it."""
    return text.replace("^", "**").replace("log(", "LN(")
