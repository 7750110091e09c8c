"""The model in Python: with statsmodels where it is fitted right, else with this course's core."""

from __future__ import annotations

from mlcore import GlmFit
from ui.lens.discrete.scripts import python as generalised
from ui.lens.estimators import scripts as least
from ui.lens.estimators.asked import is_least
from ui.lens.runs import Line, Run, line
from ui.lens.scripts.r import RANDOM
from ui.lens.scripts.recipe import Recipe

TITLE, SUFFIX = "Python", "py"
NOTE = (
    "Tested: Python runs it and gives these estimates. statsmodels is used for random intercepts, "
    "with an optimiser that is slower and does not stop short as its own first choice can; random "
    "slopes and several factors are left to this course’s core."
)
MOST = 500
FORMULAS = "import statsmodels.formula.api as smf"
SEARCH = 'method="nm", maxiter=5000, xtol=1e-8, ftol=1e-10'


def lines(recipe: Recipe) -> list[Line]:
    found = [*recipe.source("#"), *recipe.expected("#"), line("")]
    standard = by_statsmodels(recipe)
    if is_least(recipe.fit):
        needed = [least.imports(recipe, recipe.fit)]
    elif isinstance(recipe.fit, GlmFit):
        needed = generalised.imports(recipe.fit, recipe.functions)
    else:
        ours, theirs = "from mlcore import lmm  # of this course", FORMULAS
        needed = [theirs if standard else ours]
    found += [line("import pandas as pd"), *map(line, needed), line("")]
    found.append(line(f'd = pd.read_csv("{recipe.file}")'))
    for name, column in recipe.made:
        if column.mean:
            groups = recipe.grouping(column)
            by = f'"{groups[0]}"' if len(groups) == 1 else str([*groups]).replace("'", '"')
            found.append(line(f'd["{name}"] = d.groupby({by})["{column.mean}"].transform("mean")'))
        else:
            found.append(line(f'd["{name}"] = d.eval("{column.formula}")'))
    if is_least(recipe.fit):
        return [*found, *least.python(recipe, recipe.fit)]
    fixed = RANDOM.sub("", recipe.fit.formula).rstrip(" +")
    fixed = fixed.replace("^", "**")
    fixed = f"{fixed} 1" if fixed.endswith("~") else fixed
    if isinstance(recipe.fit, GlmFit):
        return [*found, *generalised.python(recipe.fit, fixed, recipe.functions, recipe.used)]
    if not standard:
        reml = "" if recipe.reml else ", reml=False"
        return [
            *found,
            line(f'm = lmm("{recipe.fit.formula}", d{reml})'),
            line("print(m.coefficients)"),
            line("print(m.variance_components)"),
        ]
    (random,) = recipe.random
    used = '", "'.join(recipe.used)
    name = f"sd({random.factor},(Intercept))"
    return [
        *found,
        line(f'd = d.dropna(subset=["{used}"])'),
        line(f'm = smf.mixedlm("{fixed}", d, ', Run(f'groups="{random.factor}"', name), ")"),
        line(f"m = m.fit(reml={recipe.reml}, {SEARCH})"),
        line("print(m.summary())   # its group variance is in units of the outcome squared"),
        line(f'print("sd({random.factor})", ', Run("m.cov_re.iloc[0, 0] ** 0.5", name), ")"),
        line('print("sigma", ', Run("m.scale ** 0.5", "sigma"), ")"),
    ]


def by_statsmodels(recipe: Recipe) -> bool:
    """One factor of some hundred groups, intercepts only: there it can be relied on, in seconds."""
    effects = recipe.fit.effects
    if sum(recipe.fit.n_groups.values()) > MOST or recipe.functions - least.SHARED:
        return False
    simple = all(tuple(e.names) == ("(Intercept)",) for e in effects.values())
    return (
        len(effects) == 1 and simple and not recipe.fit.boundary and ":" not in next(iter(effects))
    )
