"""The scale on which a generalised model adds up: log-odds, probits, log rates.

There the groups' effects are normal, coefficients are differences, and exp() of one is a ratio. No
parameter holds the residual: its variance is that of the distribution behind the link, if any.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite
from typing import Literal

from mlcore import Fit, GlmFit
from mlcore.discrete.outcomes import Binomial

LARGEST = 700.0  # what exp() can still be taken of
Kind = Literal["binary", "share", "count", "ordered", "continuous"]


@dataclass(frozen=True)
class Scale:
    """`mean` is the symbol of the expected outcome, `link` the function of it that is a sum.

    `name` is the scale in words, `ratio` what exp() of a coefficient is called, empty for a probit,
    `residual` the variance within groups of the latent outcome, empty where there is none.
    """

    kind: Kind
    mean: str
    link: str
    name: str
    ratio: str = ""
    residual: str = ""


def scale(fit: GlmFit) -> Scale:
    if fit.family == "ordinal":
        return Scale("ordered", "η", "", "log-odds", "odds ratio", "π²/3")
    if fit.family == "poisson":
        return Scale("count", "μ", "log", "log rates", "rate ratio")
    if fit.family == "gaussian":
        return Scale("continuous", "μ", "", "the outcome")
    kind: Kind = "share" if trials(fit) else "binary"
    if fit.link == "probit":
        return Scale(kind, "p", "probit", "the probit", residual="1")
    return Scale(kind, "p", "logit", "log-odds", "odds ratio", "π²/3")


def mixed(fit: GlmFit) -> bool:
    """Whether it has random effects."""
    return bool(fit.effects)


def trials(fit: GlmFit) -> str:
    """The column that says how many trials a row has; empty where each is one."""
    return fit.outcome.column if isinstance(fit.outcome, Binomial) else ""


def clusters(fit: GlmFit) -> str:
    """The column whose groups the standard errors of a model without random effects allow for."""
    if fit.effects:
        return ""
    return next(iter(fit.design.groupings), "")


def ratios(fit: GlmFit) -> str:
    """What exp() of its coefficients are, if it has any beside the intercept: `odds ratios`."""
    several = any(name != "(Intercept)" for name in fit.design.names)
    return f"{ratio(fit)}s" if several and ratio(fit) else ""


def ratio(fit: Fit) -> str:
    """What exp() of a coefficient is called, if anything: `odds ratio`."""
    return scale(fit).ratio if isinstance(fit, GlmFit) else ""


def raised(value: float) -> str:
    """Exp of a coefficient, with three decimals, or three figures where it is far from 1."""
    if not isfinite(value):
        return "."
    found = exp(min(value, LARGEST))
    return f"{found:.3f}" if 1e-3 <= found < 1e5 else f"{found:.3g}"
