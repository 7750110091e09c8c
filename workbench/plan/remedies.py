"""Requests that differ from one that failed by as little as may help.

Each is a button: words, and the request that takes the place of the other. A formula that says more
than the choices can show has none that change its terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from datasets import Dataset
from mlcore import FormulaError
from mlcore.language.expressions import Name
from mlcore.language.tokens import tokenise
from workbench.plan.columns import made
from workbench.plan.plan import Plan, PlanError, Varying
from workbench.plan.reading import NotChosenError, planned
from workbench.plan.request import KINDS, WITHOUT_EFFECTS, Request


@dataclass(frozen=True)
class Remedy:
    """What a button says, and the request that it makes."""

    words: str
    request: Request


def plan_of(request: Request, dataset: Dataset) -> Plan | None:
    """The choices behind a request, if there are any that show it."""
    try:
        return planned(request, (*dataset.variables, *dataset.derived))
    except (FormulaError, NotChosenError, PlanError):
        return None


def offered(request: Request, remedies: Iterable[Remedy | None]) -> tuple[Remedy, ...]:
    """Those that change something and can be tried, each once."""
    kept: dict[Request, Remedy] = {}
    for each in remedies:
        if each and each.request != request and not each.request.problems():
            kept.setdefault(each.request, each)
    return tuple(kept.values())


def renamed(request: Request, old: str, new: str) -> Remedy:
    """Another column wherever one is named, in the formula or as the group."""
    text, written = request.formula, str(Name(new))
    for token in reversed(tokenise(text)):
        if token.kind in ("name", "quoted") and token.text == old:
            end = token.position + len(token.text) + 2 * (token.kind == "quoted")
            text = text[: token.position] + written + text[end:]
    group = new if request.group == old else request.group
    time = new if request.time == old else request.time
    changed = replace(request, formula=text, group=group, time=time)
    return Remedy(f"Use {new}", changed)


def as_kind(request: Request, kind: str) -> Remedy:
    return Remedy(f"Take the outcome as {KINDS[kind]}", request.of_kind(kind))


def by(request: Request, estimator: str, words: str) -> Remedy:
    return Remedy(words, replace(request, estimator=estimator))


def without_term(plan: Plan, name: str) -> Remedy | None:
    """A predictor or an interaction left out, by the name of one of its coefficients."""
    if ":" not in name:
        fitting = {key: str(term) for key, term in plan.terms.items() if name.startswith(str(term))}
        key = (
            name if name in plan.terms else max(fitting, key=lambda k: len(fitting[k]), default="")
        )
        return Remedy(f"Leave {key} out", less(plan, key).request) if key else None
    for each in plan.interactions:
        parts = name.split(":")
        terms = [str(plan.terms.get(key, key)) for key in each]
        if len(parts) == len(terms) and all(map(str.startswith, parts, terms)):
            rest = tuple(other for other in plan.interactions if other != each)
            words = f"Leave the interaction {' × '.join(each)} out"
            return Remedy(words, replace(plan, interactions=rest).request)
    return None


def less(plan: Plan, key: str) -> Plan:
    """The choices without a predictor; one that came with its group mean may lose that alone."""
    if plan.predictor(key) is not None:
        return plan.without(key)
    predictors = tuple(
        replace(each, centring="group") if key in each.terms else each for each in plan.predictors
    )
    interactions = tuple(each for each in plan.interactions if key not in each)
    return replace(plan, predictors=predictors, interactions=interactions)


def without_correlations(plan: Plan, factor: str) -> list[Remedy]:
    """The effects that vary over a factor kept, and how they go together left out."""
    words = f"Leave out how the effects of {factor} go together"
    return [
        Remedy(words, swapped(plan, each, replace(each, correlated=False)).request)
        for each in plan.random
        if each.factor == factor and each.correlated and len(each.slopes) + each.intercept > 1
    ]


def without_slopes(plan: Plan, factor: str) -> list[Remedy]:
    """One slope less over a factor, each of them in turn."""
    found = []
    for each in plan.random:
        for slope in each.slopes if each.factor == factor else ():
            rest = tuple(other for other in each.slopes if other != slope)
            less = replace(each, slopes=rest) if rest or each.intercept else None
            words = f"Give {slope} the same slope in every {factor}"
            found.append(Remedy(words, swapped(plan, each, less).request))
    return found


def without_factor(plan: Plan, factor: str) -> Remedy:
    """A grouping factor left out; where it was the only one, a model without random effects."""
    rest = tuple(each for each in plan.random if each.factor != factor)
    estimator = plan.estimator if rest else WITHOUT_EFFECTS[plan.kind]
    words = f"Leave {factor} out" if rest else f"Leave {factor} out, and with it all random effects"
    return Remedy(words, replace(plan, random=rest, estimator=estimator).request)


def swapped(plan: Plan, old: Varying, new: Varying | None) -> Plan:
    """A random term changed or left out; without any, a model without random effects."""
    random = tuple(new if each is old else each for each in plan.random)
    left = tuple(each for each in random if each is not None)
    estimator = plan.estimator if left else WITHOUT_EFFECTS[plan.kind]
    return replace(plan, random=left, estimator=estimator)


def rows_without(request: Request, dataset: Dataset, columns: Sequence[str]) -> dict[str, int]:
    """How many rows would be complete if one of the columns were not used, most first."""
    known = made(request.formula, dataset).columns(columns)[list(columns)].notna()
    left = {c: int(known.drop(columns=c).all(axis=1).sum()) for c in known.columns}
    return dict(sorted(left.items(), key=lambda item: -item[1]))
