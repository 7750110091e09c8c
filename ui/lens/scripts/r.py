"""The model in R with lme4."""

from __future__ import annotations

import re

from mlcore import GlmFit
from ui.lens.discrete.scripts import r as generalised
from ui.lens.estimators import scripts as least
from ui.lens.estimators.asked import is_least
from ui.lens.outputs.r import renamed
from ui.lens.runs import Line, Run, line
from ui.lens.scripts.recipe import Recipe

TITLE, SUFFIX, NOTE = "R", "R", "Tested: R runs it and gives these estimates."
RANDOM = re.compile(r"\([^()|]*\|{1,2}([^()|]*)\)")


def lines(recipe: Recipe) -> list[Line]:
    mixed, discrete = bool(recipe.random), isinstance(recipe.fit, GlmFit)
    found = [
        *recipe.source("#"),
        *recipe.expected("#"),
        line(""),
        *([line("library(lme4)")] if mixed and not discrete else []),
        line(f'd <- read.csv("{recipe.file}")'),
    ]
    for name, column in recipe.made:
        if column.mean:
            by = ", ".join(f"d${group}" for group in recipe.grouping(column))
            mean = f"ave(d${column.mean}, {by}, FUN = function(x) mean(x, na.rm = TRUE))"
            found.append(line(f"d${name} <- {mean}"))
        else:
            found.append(line(f"d${name} <- with(d, {column.formula.replace('**', '^')})"))
    for name in recipe.texts:
        order = f'levels = sort(unique(d${name}), method = "radix")'
        found.append(line(f"d${name} <- factor(d${name}, {order})   # not the language’s order"))
    if recipe.functions & {"center", "scale", "poly"}:
        used = ", ".join(f'"{name}"' for name in recipe.used)
        found.append(line(f"d <- d[complete.cases(d[, c({used})]), ]"))
    if "center" in recipe.functions:
        found.append(line("center <- function(x) x - mean(x)"))
    if is_least(recipe.fit):
        return [*found, *least.r(recipe.fit)]
    if isinstance(recipe.fit, GlmFit):
        return [*found, *generalised.r(recipe.fit, formula(recipe))]
    return [*found, *_mixed(recipe)]


def formula(recipe: Recipe) -> list[Run | str]:
    """The formula as R takes it, its random terms tied to the first spread that they bring."""
    text = renamed(recipe.fit.formula)
    parts: list[Run | str] = []
    end = 0
    for found in RANDOM.finditer(text):
        written = found[1].replace(" ", "")
        outer = written.partition("/")[0]
        name = written if written in recipe.fit.effects else outer
        first = recipe.fit.effects[name].names[0] if name in recipe.fit.effects else ""
        parts += [text[end : found.start()], Run(found[0], f"sd({name},{first})")]
        end = found.end()
    return [*parts, text[end:]]


def _mixed(recipe: Recipe) -> list[Line]:
    reml = "" if recipe.reml else ", REML = FALSE"
    return [
        line("m <- lmer(", *formula(recipe), f", data = d{reml})"),
        line("summary(m)"),
        line('print(VarCorr(m), comp = c("Variance", "Std.Dev."))'),
        line('confint(m, method = "profile")   # takes a moment'),
    ]
