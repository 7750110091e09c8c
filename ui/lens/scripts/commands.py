"""Commands that several scripts share."""

from __future__ import annotations

from collections.abc import Sequence

from ui.lens.runs import Line, line
from ui.lens.scripts.recipe import Recipe


def mixed(
    recipe: Recipe,
    response: str,
    terms: Sequence[str],
    factors: Sequence[str],
    covariates: Sequence[str],
) -> list[Line]:
    """The head of MIXED."""
    by = f" BY {' '.join(factors)}" if factors else ""
    covariate = f" WITH {' '.join(covariates)}" if covariates else ""
    none = "" if recipe.fit.design.has_intercept else " | NOINT"
    return [line(f"MIXED {response}{by}{covariate}"), line(f"  /FIXED={' '.join(terms)}{none}")]
