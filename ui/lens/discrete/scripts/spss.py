"""Generalised models in SPSS: GENLINMIXED, and GENLIN where there are no random effects."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore import GeeFit, GlmFit
from mlcore.language.formula import RandomTerm
from ui.lens.discrete.scale import clusters, mixed, scale, trials
from ui.lens.runs import Line, Run, line

DISTRIBUTIONS = {
    "binomial": "BINOMIAL",
    "poisson": "POISSON",
    "gaussian": "NORMAL",
    "ordinal": "MULTINOMIAL",
}
LINKS = {"logit": "LOGIT", "probit": "PROBIT", "log": "LOG", "identity": "IDENTITY"}


def spss(
    fit: GlmFit,
    response: str,
    terms: Sequence[str],
    factors: Sequence[str],
    covariates: Sequence[str],
    random: Sequence[tuple[RandomTerm, Sequence[str]]],
) -> list[Line]:
    """`random` are the terms with their effects as SPSS writes them."""
    if not mixed(fit):
        return _genlin(fit, response, terms, factors, covariates)
    size = f"FIELD({trials(fit)})" if trials(fit) else "NONE"
    reference = " REFERENCE=0" if scale(fit).kind == "binary" else ""
    law = f"DISTRIBUTION={DISTRIBUTIONS[fit.family]}"
    fixed = f" EFFECTS={' '.join(terms)}" if terms else ""
    subjects = list(dict.fromkeys(part for term, _ in random for part in _parts(term.factor)))
    found = [
        *([line(f"VARIABLE LEVEL {response} (ORDINAL).")] if fit.family == "ordinal" else []),
        line("GENLINMIXED"),
        line(f"  /DATA_STRUCTURE SUBJECTS={'*'.join(subjects)}"),
        line(f"  /FIELDS TARGET={response} TRIALS={size} OFFSET=NONE"),
        line(f"  /TARGET_OPTIONS{reference} {law} LINK={LINKS[fit.link]}"),
        line(f"  /FIXED{fixed} USE_INTERCEPT={_intercept(fit)}"),
    ]
    for term, effects in random:
        of = next(f"sd({p.group},{p.names[0]})" for p in fit.design.random if p.term == term)
        several = len(effects) + (() in term.terms) > 1
        kind = "UNSTRUCTURED" if several else "VARIANCE_COMPONENTS"
        own = f" EFFECTS={' '.join(effects)}" if effects else ""
        start = "TRUE" if () in term.terms else "FALSE"
        text = f"/RANDOM{own} USE_INTERCEPT={start} SUBJECTS={'*'.join(_parts(term.factor))}"
        found.append(line("  ", Run(f"{text} COVARIANCE_TYPE={kind}", of)))
    order = "TARGET_CATEGORY_ORDER=ASCENDING INPUTS_CATEGORY_ORDER=DESCENDING"
    return [*found, line(f"  /BUILD_OPTIONS {order}.")]


def _parts(factor: str) -> list[str]:
    """The columns of `ward:hospital`, the outer one first."""
    return list(reversed(factor.split(":")))


def _intercept(fit: GlmFit) -> str:
    return "TRUE" if fit.design.has_intercept else "FALSE"


def _genlin(
    fit: GlmFit,
    response: str,
    terms: Sequence[str],
    factors: Sequence[str],
    covariates: Sequence[str],
) -> list[Line]:
    target = {"binary": f"{response} (REFERENCE=FIRST)", "share": f"{response} OF {trials(fit)}"}
    by = f" BY {' '.join(factors)}" if factors else ""
    covariate = f" WITH {' '.join(covariates)}" if covariates else ""
    link = "CUMLOGIT" if fit.family == "ordinal" else LINKS[fit.link]
    model = f" {' '.join(terms)}" if terms else ""
    none = "" if fit.design.has_intercept else " INTERCEPT=NO"
    found = [
        line(f"GENLIN {target.get(scale(fit).kind, response)}{by}{covariate}"),
        line(f"  /MODEL{model}{none} DISTRIBUTION={DISTRIBUTIONS[fit.family]} LINK={link}"),
    ]
    if group := clusters(fit):
        same = isinstance(fit, GeeFit) and fit.alpha != 0.0
        kind = "EXCHANGEABLE" if same else "INDEPENDENT"
        text = f"/REPEATED SUBJECT={group} CORRTYPE={kind}"
        found.append(line("  ", Run(text, "alpha") if isinstance(fit, GeeFit) else text))
    ratios = "SOLUTION(EXPONENTIATED)" if scale(fit).ratio else "SOLUTION"
    return [*found, line(f"  /PRINT {ratios}.")]
