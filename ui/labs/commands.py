"""A model in a few lines of R, Stata or SPSS: the script of the lens without what goes around it.

The lens has the whole script, which reads the file and prints; here is what makes the columns and
fits the model. R's panel estimators are those of packages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from datasets import load
from ui.labs.material import fitted
from ui.lens import parameters, runs
from ui.lens.panel import SCRIPTS
from ui.lens.scripts.recipe import Recipe
from workbench.plan import Request, made

PROGRAMS = {"r": "R", "stata": "Stata", "spss": "SPSS"}
READ = {"r": r"d <- read\.csv", "stata": r"import delimited", "spss": r".*AUTO\.$"}
ASIDE = re.compile(r"(summary|print|confint|cat)\(|estat|EXECUTE\.|#")  # prints, or says why
BY_HAND = "d <- d[complete.cases"  # where R's script goes on without packages
PACKAGES = {
    "cluster": "lmtest::coeftest(lm({f}, data = d), vcov = sandwich::vcovCL, cluster = ~{g})",
    "within": 'plm::plm({f}, data = d, index = "{g}", model = "within")',
    "between": 'plm::plm({f}, data = d, index = "{g}", model = "between")',
    "random": 'plm::plm({f}, data = d, index = "{g}", model = "random")  # a little different',
}


@lru_cache(maxsize=256)
def commands(data: str, request: Request, program: str) -> str:
    """The lines of `program`, one of `PROGRAMS`, once the file is read."""
    fit = fitted(data, request)
    recipe = Recipe(fit, parameters.read(fit), made(request.formula, load(data)))
    lines = runs.plain(SCRIPTS[program].lines(recipe)).splitlines()
    read = next(i for i, text in enumerate(lines) if re.match(READ[program], text))
    packages = [text for text in lines[:read] if text.startswith("library")]
    found = packages + [text for text in lines[read + 1 :] if text and not ASIDE.match(text)]
    if program == "r" and request.estimator in PACKAGES:
        columns = takewhile(lambda text: not text.startswith(BY_HAND), found)
        call = PACKAGES[request.estimator].format(f=request.formula, g=request.group)
        found = [*columns, call]
    return "\n".join(found)
