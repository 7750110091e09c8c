"""Four ways to draw lines through grouped data, from complete pooling to none and between.

overall        y = a + b x                        one line
separate       y = a_j + b_j x                    a least-squares line in each group
intercepts     y = a + u_j + b x                  heights partially pooled
coefficients   y = a + u_0j + (b + u_1j) x        heights and slopes partially pooled
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.linear import ols
from mlcore.gaussian.mixed import lmm
from mlcore.gaussian.pooling import separate_lines

NAMES = ("overall", "separate", "intercepts", "coefficients")


@dataclass(frozen=True, eq=False)
class Families:
    """The four fits to one set of data; `separate` has a row per group: `intercept, slope, n`."""

    overall: Fit
    separate: pd.DataFrame
    intercepts: Fit
    coefficients: Fit

    @property
    def slope_sd(self) -> float:
        """The SD of the slopes between groups that random coefficients estimate."""
        (covariance,) = self.coefficients.random_covariance.values()
        return float(np.sqrt(covariance.to_numpy()[1, 1]))

    def lines(self, name: str) -> pd.DataFrame:
        """The lines of one family as `intercept, slope`: a row per group, or one for all."""
        return self._lines[name]

    @cached_property
    def _lines(self) -> dict[str, pd.DataFrame]:
        fitted = {name: fitted_lines(getattr(self, name)) for name in NAMES if name != "separate"}
        return {**fitted, "separate": self.separate[["intercept", "slope"]]}


def line_families(outcome: str, predictor: str, group: str, data: pd.DataFrame) -> Families:
    """Fit the four families by least squares and by REML."""
    line = f"`{outcome}` ~ `{predictor}`"
    return Families(
        ols(line, data),
        separate_lines(line, data, group),
        lmm(f"{line} + (1 | `{group}`)", data),
        lmm(f"{line} + (1 + `{predictor}` | `{group}`)", data),
    )


def fitted_lines(fit: Fit) -> pd.DataFrame:
    """Each group's fitted line, fixed effects plus its random effects; one row if there are none.

    The fit has one predictor: `y ~ x`, with or without random effects of one grouping factor.
    """
    if len(fit.beta) != 2 or len(fit.effects) > 1:
        raise UnsupportedError("lines are drawn for one predictor and one grouping factor at most")
    intercept, slope = fit.beta
    if not fit.effects:
        return pd.DataFrame({"intercept": [intercept], "slope": [slope]})
    (effects,) = fit.ranef.values()
    predictor = fit.design.names[1]
    steeper = effects.get(predictor, 0.0)
    return pd.DataFrame(
        {"intercept": intercept + effects["(Intercept)"], "slope": slope + steeper},
        index=effects.index,
    )


def held_out_error(
    outcome: str, predictor: str, group: str, data: pd.DataFrame, *, seed: int
) -> pd.Series:
    """Root mean squared error of the four families in rows they have not seen.

    Half of each group's rows, drawn at random and rounded down, are hidden and the families
    fitted to the rest. Compared are the hidden rows of groups that have a separate line.
    """
    draw = np.random.default_rng(seed).random(len(data))
    place = pd.Series(draw, data.index).groupby(data[group]).rank()
    hidden = place <= data.groupby(group)[group].transform("size") // 2
    families = line_families(outcome, predictor, group, data[~hidden])
    rows = data[hidden]
    names = rows[group]
    known = names.map(families.separate["slope"]).notna()
    errors = {}
    for name in NAMES:
        lines = families.lines(name)
        if len(lines) == 1:
            a, b = lines.iloc[0]
        else:
            a, b = names.map(lines["intercept"]), names.map(lines["slope"])
        missed = (rows[outcome] - a - b * rows[predictor])[known]
        errors[name] = float(np.sqrt((missed**2).mean()))
    return pd.Series(errors, name="error")
