"""What a panel estimator finds: a line, how much entities differ from it, and what it explains."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.linear import FTest
from mlcore.gaussian.scaling import standardise
from mlcore.language.design import Grouping
from mlcore.longitudinal.deviations import from_means, means
from mlcore.longitudinal.swamy_arora import least_squares
from mlcore.longitudinal.transforms import NOTHING, Panel, Rows


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PanelFit(Fit):
    """What one of the estimators finds in a `panel`; `rows` are those that were fitted.

    `n` counts the rows of the data. The log-likelihood is that of the transformed rows; with random
    effects that of the estimates, which do not maximise it.
    """

    estimator: str
    panel: Panel
    rows: Rows

    @property
    def n_groups(self) -> dict[str, int]:
        groups = (self.panel.entity, self.panel.time)
        return {group.name: len(group.levels) for group in groups if group is not None}

    @property
    def bic(self) -> float:
        """With the number of transformed rows."""
        return self.deviance + self.df_model * float(np.log(len(self.rows.y)))

    @property
    def sigma_e(self) -> float:
        """The SD within entities, or of what else the estimator leaves unexplained."""
        return self.sigma

    @cached_property
    def sigma_u(self) -> float:
        """The SD between entities: a variance component, or that of the estimated effects."""
        if self.rows.components is not None:
            return float(np.sqrt(self.rows.components.between[self.panel.entity.name]))
        return float(self.entity_effects.std()) if self.estimator == "within" else np.nan

    @property
    def rho(self) -> float:
        """The share of the variance that is between entities."""
        return self.sigma_u**2 / (self.sigma_u**2 + self.sigma_e**2)

    @cached_property
    def theta(self) -> Array:
        """The share of its entity's mean that a row has lost: one for each entity, (G,).

        With two-way random effects (3,): of the means of entity and of time, and of that of all.
        """
        if self.rows.components is not None:
            return self.rows.components.theta
        lost = {"pooled": 0.0, "within": 1.0}.get(self.estimator, np.nan)
        return np.full(len(self.panel.entity.levels), lost)

    def correlate(self, noise: Array) -> Array:
        """Only a pooled fit says all that there is about how rows differ."""
        if self.estimator != "pooled":
            raise UnsupportedError(
                f"responses are not drawn from a {self.method!r} fit: fit (1 | "
                f"{self.panel.entity.name}) with lmm and draw from that"
            )
        return noise

    def __str__(self) -> str:
        parts = {"sigma_u": self.sigma_u, "sigma_e": self.sigma_e, "rho": self.rho}
        spread = ", ".join(
            f"{name} {value:.4g}" for name, value in parts.items() if np.isfinite(value)
        )
        r2 = ", ".join(f"{name} {value:.4f}" for name, value in self.r2.items())
        return f"{super().__str__()}\n\n{spread}\nR2: {r2}"

    @cached_property
    def entity_effects(self) -> "pd.Series[float]":
        """How far each entity is from the line: its mean residual, shrunk with random effects."""
        return self._effects_of(self.panel.entity)

    @cached_property
    def time_effects(self) -> "pd.Series[float]":
        """How far each time is from the mean of all, in a two-way within fit."""
        if self.panel.time is None:
            raise UnsupportedError("the fit knows no times: name their column, effects='twoways'")
        return self._effects_of(self.panel.time)

    def _effects_of(self, group: Grouping) -> "pd.Series[float]":
        if group.name not in self._deviations:
            raise UnsupportedError(
                f"{self.method} has no effects of single levels of {group.name}: use 'within', or "
                f"(1 | {group.name}) in lmm"
            )
        return pd.Series(self._deviations[group.name], group.levels, name="effect")

    @cached_property
    def _deviations(self) -> dict[str, Array]:
        """By grouping, the effects of its levels, where the estimator has them."""
        entity, ways = self.panel.entity, self.panel.ways
        left = (self.design.y - self.design.X @ self.beta)[:, None]
        if self.estimator == "within" and ways is not None:
            a, d = ways.effects(left)
            return {entity.name: a[:, 0], ways.time.name: d[:, 0]}
        if self.estimator == "within" or (self.estimator == "random" and ways is None):
            # theta (2 - theta) = n_i sigma_u^2 / (n_i sigma_u^2 + sigma_e^2)
            return {entity.name: self.theta * (2.0 - self.theta) * means(left, entity)[:, 0]}
        return {}

    @cached_property
    def r2(self) -> "pd.Series[float]":
        """Squared correlations of X b and y `within` entities, `between` means, `overall`."""
        entity = self.panel.entity
        pair = np.column_stack([self.design.X @ self.beta, self.design.y])
        pair -= pair.mean(axis=0)
        parts = {
            "within": from_means(pair, entity),
            "between": means(pair, entity),
            "overall": pair,
        }
        found = {name: squared_correlation(*part.T) for name, part in parts.items()}
        return pd.Series(found, name="r2")

    @cached_property
    def effects_test(self) -> FTest:
        """The hypothesis that the effects which a within fit has swept out are all zero."""
        if self.estimator != "within":
            raise UnsupportedError("whether effects are all zero is tested in a 'within' fit")
        made = standardise(self.design)
        pooled, _ = least_squares(made.X, made.columns[:, -1])
        df1, df2 = self.rows.absorbed, self.rows.residual_df
        within = self.sigma**2 * df2
        return FTest((pooled - within) / df1 / self.sigma**2, df1, df2)

    @cached_property
    def fitted(self) -> "pd.Series[float]":
        """X b, with the effects of entities, and times, that the estimator has."""
        values = self._with_effects(self._line(self.design.X), lambda group: group.codes)
        return pd.Series(values, self.design.index, name="fitted")

    def predict(self, data: pd.DataFrame, *, conditional: bool = True) -> "pd.Series[float]":
        """Expected responses for new rows, with known entities' effects unless told otherwise."""
        columns = self.design.columns(self.design.formula.fixed, data)
        values = self._line(columns[:, self.rows.kept])
        if conditional:
            values = self._with_effects(values, lambda group: group.find(data))
        return pd.Series(values, data.index, name="predicted")

    def _line(self, X: Array) -> Array:
        if self.estimator == "first_difference":
            raise UnsupportedError("differences know no levels: predict from 'within' or 'random'")
        return X @ self.beta

    def _with_effects(self, values: Array, codes: Callable[[Grouping], Indices]) -> Array:
        for group in (self.panel.entity, self.panel.time):
            if group is not None and group.name in self._deviations:
                place = codes(group)
                values = values + np.where(place < 0, 0.0, self._deviations[group.name][place])
        return values


def squared_correlation(x: Array, y: Array) -> float:
    """NaN where one of them does not vary."""
    x, y = x - x.mean(), y - y.mean()
    size = float(x @ x) * float(y @ y)
    still = float(x @ x) <= NOTHING * float(y @ y)
    return np.nan if still else float(x @ y) ** 2 / size
