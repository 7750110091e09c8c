"""The parameters of a model as every face shows them: one symbol, one colour, one meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mlcore import Fit, GeeFit, OrdinalFit, wald_intervals

Role = Literal["fixed", "between", "within"]
LETTERS = "uvwz"  # random effects of the first, second, … grouping factor
NORMAL = 1.959963984540054  # half a 95 % interval, in standard errors


@dataclass(frozen=True)
class Parameter:
    """One parameter; `name` is what `mlcore.parameters` calls it, and ties the faces together.

    `symbol` is in the markup of `ui.stage.text`. `term` is the predictor it belongs to, `group` the
    grouping factor. The interval is a 95 % Wald interval (for spreads on the log scale); NaN where
    there is none.
    """

    name: str
    symbol: str
    role: Role
    what: str
    estimate: float
    se: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    term: str = ""
    group: str = ""

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
    names = list(fit.design.names)
    first = 0 if "(Intercept)" in names else 1
    found = [_fixed(i, str(term), table.iloc[i - first]) for i, term in enumerate(names, first)]
    for k, (group, effects) in enumerate(fit.effects.items()):
        found += _spreads(table, group, [str(name) for name in effects.names], k)
    if isinstance(fit, OrdinalFit):
        found += [_threshold(fit, k) for k in range(len(fit.kappa))]
    if isinstance(fit, GeeFit):
        found.append(Parameter("alpha", "ρ_w", "between", "working correlation", fit.alpha))
    if np.isfinite(fit.sigma):
        numbers = _numbers(_row(table, "sigma")) if fit.effects else (fit.sigma,)
        found.append(Parameter("sigma", "σ_e", "within", "residual SD", *numbers))
    return tuple(found)


def _spreads(table: pd.DataFrame, group: str, names: list[str], k: int) -> list[Parameter]:
    """The SDs and correlations of the k-th grouping factor's effects."""
    found = []
    letter = LETTERS[min(k, len(LETTERS) - 1)]
    for i, one in enumerate(names):
        name = f"sd({group},{one})"
        symbol = f"σ_{letter}{i}" if len(names) > 1 else f"σ_{letter}"
        what = "spread of intercepts" if one == "(Intercept)" else f"spread of slopes of {one}"
        found.append(_spread(name, symbol, what, _row(table, name), one, group))
        for j, other in enumerate(names[:i]):
            name = f"corr({group},{other},{one})"
            if name in table.index:
                symbol = f"ρ_{letter}{j}{i}"
                found.append(_spread(name, symbol, "correlation", _row(table, name), one, group))
    return found


def _threshold(fit: OrdinalFit, k: int) -> Parameter:
    """Between the k-th category and the next; its name is the core's, `good|fair`."""
    row = fit.thresholds.iloc[k]
    name, estimate, se = str(fit.thresholds.index[k]), float(row["estimate"]), float(row["se"])
    ends = estimate - NORMAL * se, estimate + NORMAL * se
    what = f"threshold {name}"
    return Parameter(name, f"κ_{k + 1}", "fixed", what, estimate, se, *ends)


def _fixed(i: int, term: str, row: pd.Series[float]) -> Parameter:
    what = "intercept" if term == "(Intercept)" else f"coefficient of {term}"
    return Parameter(term, f"β_{i}", "fixed", what, *_numbers(row), term=term)


def _spread(
    name: str, symbol: str, what: str, row: pd.Series[float], term: str, group: str
) -> Parameter:
    return Parameter(name, symbol, "between", what, *_numbers(row), term=term, group=group)


def _row(table: pd.DataFrame, name: str) -> pd.Series[float]:
    return table.iloc[list(table.index).index(name)]


def _numbers(row: pd.Series[float]) -> tuple[float, float, float, float]:
    return float(row["estimate"]), float(row["se"]), float(row["lower"]), float(row["upper"])
