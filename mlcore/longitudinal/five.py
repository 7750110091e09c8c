"""Same data, five questions: what each estimator says of the same coefficients.

OLS                    how does y differ between any two rows that differ in x by one?
cluster-robust         the same line; how sure are we if rows of a group go together?
fixed effects          how do rows of one group differ? nothing that a group shares can be seen
random effects         a weighted mean of the slopes within and between groups
within-between         both of them, side by side (REWB)

The within slopes of REWB are those of fixed effects, to the last digit.

Reference: Bell, Fairbrother & Jones (2019), Quality & Quantity 53, 1051-1074.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.gaussian.linear import ols
from mlcore.gaussian.mixed import lmm
from mlcore.language.design import design
from mlcore.longitudinal.deviations import from_means, means
from mlcore.longitudinal.panel import panel
from mlcore.longitudinal.transforms import NOTHING

NAMES = ("OLS", "cluster-robust", "fixed effects", "random effects", "within-between")
INTERCEPT = "(Intercept)"


@dataclass(frozen=True, eq=False)
class Five:
    """The five `fits` by name, and what they say in one `table`.

    A line of the table is an estimator, a term of the formula and a level: "both" where one slope
    stands for all differences, "within" or "between". Its columns are those of `coefficients`.
    `shared` are the terms that are the same in all rows of each group.
    """

    fits: Mapping[str, Fit]
    table: pd.DataFrame
    shared: tuple[str, ...]
    group: str

    def of(self, term: str) -> pd.DataFrame:
        """What each estimator says of one term, by estimator and level."""
        if term not in self.table.index.get_level_values("term"):
            raise DataError(f"no term {term} in the five fits")
        lines = self.table.index.get_level_values("term") == term
        return self.table[lines].droplevel("term")

    def why_not(self, name: str, term: str) -> str:
        """Why an estimator has no coefficient for a term; empty if it has one."""
        if term in self.table.loc[name].index.get_level_values("term"):
            return ""
        if term == INTERCEPT:
            return f"each {self.group} has an intercept of its own"
        return (
            f"{term} is the same in all rows of each {self.group}, so the intercept of the "
            f"{self.group} has already taken it"
        )


def five(formula: str, data: pd.DataFrame, group: str) -> Five:
    """Fit `y ~ x + z` in five ways; random effects by REML, fixed effects by the within estimator.

    Every line but those of mixed models has a t, with clusters one of J - 1 degrees of freedom.
    """
    made = design(formula, data, groups=[group])
    if made.random or not made.has_intercept:
        raise DataError("five estimators are for y ~ x + z, with an intercept, without (… | g)")
    grouping = made.groupings[group]
    left = from_means(made.X, grouping)
    scale = np.einsum("ij,ij->j", made.X, made.X)
    changes = np.einsum("ij,ij->j", left, left) > NOTHING * scale
    names = np.array(made.names)
    within, shared = names[changes], names[~changes & (names != INTERCEPT)]
    if not len(within):
        raise DataError(f"no predictor changes within {group}: fixed effects can say nothing")
    slots = {name: f"x{k}" for k, name in enumerate(made.names)}
    middle = means(made.X, grouping)[grouping.codes]
    rows = pd.DataFrame(made.X, columns=list(slots.values())).assign(y=made.y, g=grouping.codes)
    for k in np.flatnonzero(changes):
        rows[f"x{k}_w"], rows[f"x{k}_b"] = left[:, k], middle[:, k]
    terms = [slots[n] for n in made.names[1:]]
    line = "y ~ " + " + ".join(terms)
    inside = "y ~ " + " + ".join(slots[n] for n in within)
    parts = [f"{slots[n]}_{kind}" for n in within for kind in ("w", "b")]
    differing = [part for part in parts if np.ptp(rows[part]) > NOTHING * np.abs(rows[part]).max()]
    both = "y ~ " + " + ".join([*differing, *(slots[n] for n in shared)])
    fits: dict[str, Fit] = {
        "OLS": ols(line, rows),
        "cluster-robust": ols(line, rows, cluster="g"),
        "fixed effects": panel(inside, rows, entity="g", estimator="within"),
        "random effects": lmm(f"{line} + (1 | g)", rows),
        "within-between": lmm(f"{both} + (1 | g)", rows),
    }
    back = {slot: (name, "both") for name, slot in slots.items()} | {INTERCEPT: (INTERCEPT, "both")}
    for name in within:
        back[f"{slots[name]}_w"] = (name, "within")
        back[f"{slots[name]}_b"] = (name, "between")
    found = [told(name, fit, back, tuple(shared)) for name, fit in fits.items()]
    return Five(MappingProxyType(fits), pd.concat(found), tuple(map(str, shared)), group)


def told(
    name: str, fit: Fit, back: Mapping[str, tuple[str, str]], shared: tuple[str, ...]
) -> pd.DataFrame:
    """A fit's coefficients under the names of the formula, and the level that they are about."""
    table = fit.coefficients
    lines = [back[term] for term in table.index]
    levels = [
        "between" if term in shared else "within" if name == "fixed effects" else level
        for term, level in lines
    ]
    index = pd.MultiIndex.from_arrays(
        [[name] * len(lines), [term for term, _ in lines], levels],
        names=["estimator", "term", "level"],
    )
    return table.set_axis(index, axis=0)
