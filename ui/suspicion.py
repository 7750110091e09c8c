"""Do groups differ in ways that go with the predictors? Hausman's and Mundlak's tests of a case.

Both are of the same model, with the predictors of the case that vary within groups. Random effects
are Swamy and Arora's, as in Stata's `xtreg, re`. Where Hausman's difference of variances is not
positive definite there is no statistic, and the core says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

import mlcore
from ui import cache
from ui.prose import fixed


@dataclass(frozen=True, eq=False)
class Suspicion:
    """The `terms` that were compared, and both tests; `hausman` is None where it has no value."""

    name: str
    terms: tuple[str, ...]
    hausman: mlcore.WaldTest | None
    mundlak: mlcore.WaldTest


@lru_cache(maxsize=16)
def suspicion(name: str, *, alone: bool = False) -> Suspicion:
    """Both tests on a case; `alone` with its `compared` predictor only."""
    it, rows = cache.case(name), cache.rows(name)
    outcome, group = it.model.outcome, it.model.group
    shared = cache.five(name).shared
    listed = [term.strip() for term in it.model.fixed.split("+")]
    terms = [t for t in listed if not any(s == t or s.startswith(t) for s in shared)]
    chosen = (it.compared,) if alone else tuple(terms)
    formula = f"{outcome} ~ {' + '.join(chosen)}"
    fits = [
        mlcore.panel(formula, rows, entity=group, estimator=estimator)
        for estimator in ("within", "random")
    ]
    try:
        compared = mlcore.hausman(*fits)
    except mlcore.DataError:
        compared = None
    return Suspicion(name, chosen, compared, mlcore.mundlak(formula, rows, entity=group))


def table(names: Sequence[str]) -> pd.DataFrame:
    """Both tests of several cases in words, a line each."""
    found = [suspicion(name) for name in names]
    return pd.DataFrame(
        {
            "dataset": [
                f"{cache.case(each.name).title}: {', '.join(each.terms)}" for each in found
            ],
            "Hausman": [said(each.hausman) for each in found],
            "Mundlak": [said(each.mundlak) for each in found],
        }
    )


def said(test: mlcore.WaldTest | None) -> str:
    """`10.8 (1), p = .001`, or that there is no such number."""
    if test is None:
        return "not computable here, use Mundlak"
    digits = 1 if test.statistic >= 10 else 2
    return f"{fixed(test.statistic, digits)} ({test.df}), {chance(test.p)}"


def chance(p: float) -> str:
    """`p = .001`; below that, `p < .001`."""
    return "p < .001" if p < 0.0005 else f"p = {fixed(p, 3).lstrip('0')}"
