"""Generalised models in R, Stata, SPSS and Python: what follows once the data are read."""

from __future__ import annotations

from mlcore import GlmFit
from ui.lens.discrete.scale import mixed
from ui.lens.discrete.scripts.python import by_statsmodels
from ui.lens.discrete.scripts.r import package
from ui.lens.discrete.scripts.stata import command

RIGHT = "Tested: {} runs it and gives these estimates."
NOTES = {
    "r": "Not executed here: it needs the package {}.",
    "stata": "Not executed here: Stata is not free. It is written after the manual of {}.",
    "spss": (
        "Not executed here: SPSS is not free. It is written after the manual of {}. SPSS compares "
        "a factor’s categories with its last one, the others with its first."
    ),
}


def note(key: str, fit: GlmFit) -> str:
    """Whether a script was run, and what it needs."""
    if key == "python":
        if by_statsmodels(fit):
            return RIGHT.format("Python")
        why = ": statsmodels does not fit this by maximum likelihood" if mixed(fit) else ""
        return f"{RIGHT.format('Python')} It uses this course’s core{why}."
    if key == "r":
        needed = package(fit)
        return NOTES["r"].format(needed) if needed else RIGHT.format("R")
    if key == "stata":
        return NOTES["stata"].format(command(fit))
    pseudo = " GENLINMIXED’s pseudo-likelihood gives smaller variances." if mixed(fit) else ""
    return NOTES["spss"].format("GENLINMIXED" if mixed(fit) else "GENLIN") + pseudo
