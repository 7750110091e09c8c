"""The parameters of a model as every face shows them: one symbol, one colour, one meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal, NamedTuple

import numpy as np

from mlcore import Design, Fit, GeeFit, OrdinalFit, PanelFit, wald_intervals
from mlcore.gaussian.covariance import Pattern
from mlcore.inference.parameters import spread_names
from mlcore.several.factors import by_factor, factors
from ui.lens.discrete.scale import Kind

Role = Literal["fixed", "between", "within"]
LETTERS = "uvwz"  # random effects of the first, second, … grouping factor
NORMAL = 1.959963984540054  # half a 95 % interval, in standard errors


@dataclass(frozen=True)
class Parameter:
    """One parameter; `name` is what `mlcore.parameters` calls it, and ties the faces together.

    `symbol` is in the markup of `ui.stage.text`. `term` is the predictor it belongs to, `group` the
    grouping factor, `other` the term whose effects a correlation sets beside those of `term`. The
    interval is a 95 % Wald interval (for spreads on the log scale); NaN where there is none.
    """

    name: str
    symbol: str
    role: Role
    what: str
    estimate: float
    se: float = nan
    lower: float = nan
    upper: float = nan
    term: str = ""
    group: str = ""
    other: str = ""

    @property
    def short(self) -> str:
        """What it is in a word or two, beside its symbol."""
        if self.name == "sigma":
            return "within"
        if self.symbol.startswith("ρ"):
            return "correlation"
        if self.symbol.startswith("κ"):
            return "threshold"
        if self.role == "between":
            return "between" if self.term == "(Intercept)" else f"slopes of {self.term}"
        return "overall" if self.term == "(Intercept)" else self.term

    @property
    def known(self) -> bool:
        """Whether there is an interval: not on a boundary."""
        return bool(np.isfinite(self.lower) and np.isfinite(self.upper))


def read(fit: Fit) -> tuple[Parameter, ...]:
    """Fixed effects, then spreads and correlations by grouping factor, then what rows differ by.

    That is σ_e in a model of measurements, thresholds where categories are ordered, and nothing
    where the mean of an outcome says how it varies.
    """
    table = wald_intervals(fit) if fit.effects else fit.coefficients
    columns = table[["estimate", "se", "lower", "upper"]].to_numpy(float)
    numbers = dict(zip(map(str, table.index), map(Numbers._make, columns.tolist()), strict=True))
    patterns = {group: (e.names, e.pattern) for group, e in fit.effects.items()}
    found = [*_fixed(fit.design.names, numbers), *_random(patterns, numbers)]
    if isinstance(fit, OrdinalFit):
        found += [_threshold(fit, k) for k in range(len(fit.kappa))]
    if isinstance(fit, GeeFit):
        found.append(Parameter("alpha", "ρ_w", "between", "working correlation", fit.alpha))
    if isinstance(fit, PanelFit) and isfinite(fit.sigma_u):
        effects = "of intercepts" if fit.estimator == "random" else "of estimated intercepts"
        found.append(between_entities(fit.panel.entity.name, effects, fit.sigma_u))
    if isfinite(fit.sigma):
        found.append(_sigma(numbers.get("sigma", Numbers(fit.sigma))))
    return tuple(found)


def planned(design: Design, kind: Kind) -> tuple[Parameter, ...]:
    """The parameters of a model that is not fitted yet: without numbers."""
    fixed = [n for n in design.names if n != "(Intercept)" or kind != "ordered"]
    patterns = {f.grouping.name: (f.names, f.pattern) for f in factors(by_factor(design))}
    spreads = [n for group, pattern in patterns.items() for n in spread_names(group, *pattern)]
    numbers = dict.fromkeys([*fixed, *spreads], Numbers())
    sigma = [_sigma(Numbers())] if kind == "continuous" else []
    return (*_fixed(fixed, numbers), *_random(patterns, numbers), *sigma)


class Numbers(NamedTuple):
    """An estimate, its standard error and its interval."""

    estimate: float = nan
    se: float = nan
    lower: float = nan
    upper: float = nan


def _fixed(names: Sequence[str], numbers: Mapping[str, Numbers]) -> list[Parameter]:
    """β_0 is the intercept."""
    found = []
    for i, term in enumerate(names, start=0 if "(Intercept)" in names[:1] else 1):
        what = "intercept" if term == "(Intercept)" else f"coefficient of {term}"
        found.append(Parameter(term, f"β_{i}", "fixed", what, *numbers[term], term=term))
    return found


def _random(
    patterns: Mapping[str, tuple[tuple[str, ...], Pattern]], numbers: Mapping[str, Numbers]
) -> list[Parameter]:
    """The spreads of each factor's effects, each followed by its correlations with those before."""
    found: list[Parameter] = []

    def add(name: str, symbol: str, what: str, term: str, group: str, other: str = "") -> None:
        found.append(Parameter(name, symbol, "between", what, *numbers[name], term, group, other))

    for k, (group, (names, _)) in enumerate(patterns.items()):
        letter = LETTERS[min(k, len(LETTERS) - 1)]
        for i, one in enumerate(names):
            index = str(i) if len(names) > 1 else ""
            what = "spread of intercepts" if one == "(Intercept)" else f"spread of slopes of {one}"
            add(f"sd({group},{one})", f"σ_{letter}{index}", what, one, group)
            for j, other in enumerate(names[:i]):
                if (name := f"corr({group},{other},{one})") in numbers:
                    add(name, f"ρ_{letter}{j}{i}", "correlation", one, group, other)
    return found


def _threshold(fit: OrdinalFit, k: int) -> Parameter:
    """Between the k-th category and the next; its name is the core's, `good|fair`."""
    row = fit.thresholds.iloc[k]
    name, estimate, se = str(fit.thresholds.index[k]), float(row["estimate"]), float(row["se"])
    ends = estimate - NORMAL * se, estimate + NORMAL * se
    what = f"threshold {name}"
    return Parameter(name, f"κ_{k + 1}", "fixed", what, estimate, se, *ends)


def between_entities(entity: str, of: str = "of intercepts", size: float = nan) -> Parameter:
    name, term = f"sd({entity},(Intercept))", "(Intercept)"
    return Parameter(name, "σ_u", "between", f"spread {of}", size, term=term, group=entity)


def _sigma(numbers: Numbers) -> Parameter:
    return Parameter("sigma", "σ_e", "within", "residual SD", *numbers)
