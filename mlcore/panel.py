"""Panel estimators: five questions to the same rows, each a transformation and least squares.

    y*_it = x*_it beta + e_it,      Var(b) = s^2 (X*'X*)^-1,      or a sandwich of clusters

`mlcore.transforms` says which rows each estimator fits. Statistics are t, with random effects
z, and with clusters t with one degree of freedom less than there are clusters.

Reference: Baltagi (2021), Econometric Analysis of Panel Data, chapters 2 and 3.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore import checks
from mlcore.arrays import Array, Indices
from mlcore.design import Design, Grouping, design
from mlcore.deviations import TwoWay, from_means, means, once_each
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.linear import FTest
from mlcore.sandwich import sandwich
from mlcore.scaling import Scaling, standardise
from mlcore.swamy_arora import FORMS, least_squares
from mlcore.transforms import NOTHING, Panel, Rows, transform

ESTIMATORS = ("pooled", "within", "between", "random", "first_difference")
EFFECTS = ("individual", "twoways")


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
        values = self._with_effects(self.design.X @ self.beta, lambda group: group.codes)
        return pd.Series(values, self.design.index, name="fitted")

    def predict(self, data: pd.DataFrame, *, conditional: bool = True) -> "pd.Series[float]":
        """Expected responses for new rows, with known entities' effects unless told otherwise."""
        columns = self.design.columns(self.design.formula.fixed, data)
        values: Array = columns[:, self.rows.kept] @ self.beta
        if conditional:
            values = self._with_effects(values, lambda group: group.find(data))
        return pd.Series(values, data.index, name="predicted")

    def _with_effects(self, values: Array, codes: Callable[[Grouping], Indices]) -> Array:
        if self.estimator == "first_difference":
            raise UnsupportedError("differences know no levels: predict from 'within' or 'random'")
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


def panel(
    formula: str,
    data: pd.DataFrame,
    *,
    entity: str,
    time: str | None = None,
    estimator: str,
    effects: str = "individual",
    form: str = "stata",
    cluster: str | None = None,
) -> PanelFit:
    """Fit `y ~ x` to entities that are seen several times.

    `effects="twoways"` gives times effects too, "within" and "random" only. `form`, "stata" or
    "plm", says how "random" treats entities with unequal numbers of rows (`mlcore.swamy_arora`).
    `cluster` names the column of groups whose errors may go together: Stata's CR1.
    """
    one_of("estimator", estimator, ESTIMATORS)
    one_of("effects", effects, EFFECTS)
    one_of("form", form, FORMS)
    twoways = effects == "twoways"
    if twoways and estimator not in ("within", "random"):
        raise UnsupportedError(f"'twoways' goes with 'within' or 'random', not with {estimator!r}")
    if time is None and (twoways or estimator == "first_difference"):
        raise DataError(f"{'twoways' if twoways else estimator!r} needs time: name its column")
    layout = lay_out(formula, data, entity, time, cluster, twoways=twoways)
    made, scale = columns(layout.design, differenced=estimator == "first_difference")
    return describe(layout, transform(layout, made, estimator, form), scale, estimator, cluster)


def one_of(what: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise DataError(f"{what} is one of {', '.join(allowed)}, not {value!r}")


def lay_out(
    formula: str,
    data: pd.DataFrame,
    entity: str,
    time: str | None,
    cluster: str | None,
    *,
    twoways: bool,
) -> Panel:
    """Apply the formula, and find entities and times."""
    named = [name for name in (entity, time) if name is not None]
    model = design(formula, data, groups=named, cluster=cluster)
    if model.random:
        raise UnsupportedError(
            f"panel has no terms such as (1 | {model.random[0].group}): say entity="
            f"{model.random[0].group!r} and estimator='random', or fit the formula with lmm"
        )
    who, when = model.groupings[entity], model.groupings[time] if time else None
    if len(who.levels) < 2:
        raise DataError(f"{entity} has one level only: a panel has several entities")
    if when is not None:
        once_each(who, when)
    return Panel(model, who, when, TwoWay(who, when) if twoways and when else None)


def columns(model: Design, *, differenced: bool) -> tuple[Array, Scaling]:
    """[X y], standardised unless they are to be differenced: differences have no origin."""
    if differenced:
        p = len(model.names)
        return np.column_stack([model.X, model.y]), Scaling(np.eye(p), np.empty((0, 0)), 0.0)
    made = standardise(model)
    return np.column_stack([made.X, made.columns[:, -1]]), made.scaling


def describe(
    layout: Panel, rows: Rows, scale: Scaling, estimator: str, cluster: str | None
) -> PanelFit:
    """Least squares on the transformed rows, in the user's units."""
    model, kept = layout.design, rows.kept
    names = [model.names[k] for k in kept]
    what = {"between": "mean", "first_difference": "change"}.get(estimator)
    labels = [f"the {what} of {n}" if what and n != "(Intercept)" else n for n in names]
    checks.predictors(labels, rows.X)
    m, p = rows.X.shape
    df = rows.residual_df
    if df < 1:
        raise DataError(
            f"{m} rows cannot determine {p} coefficients and {rows.absorbed} effects: drop "
            "predictors or add rows"
        )
    Q, R = np.linalg.qr(rows.X)
    b = np.linalg.solve(R, Q.T @ rows.y)
    e = rows.y - rows.X @ b
    rss = float(e @ e)
    checks.residual(model.formula, rss / float(rows.y @ rows.y))

    T = scale.fixed[np.ix_(kept, kept)]
    back = T @ np.linalg.inv(R)
    middle, dfs = np.eye(p) * rss / df, np.full(p, np.inf if estimator == "random" else float(df))
    if cluster is not None:
        middle, dfs = sandwich(Q, e, grouped(model.groupings[cluster], layout, rows), "CR1", back)
    found = rows.components
    within = rss / m if found is None else found.within
    spread = 0.0 if found is None else found.log_det + rss / found.within - m
    method = estimator.replace("_", " ") + (", two ways" if layout.ways else "")
    return PanelFit(
        design=replace(model, X=model.X[:, kept], names=tuple(names)),
        method=f"{method}, CR1 by {cluster}" if cluster else method,
        beta=replace(scale, fixed=T).beta(b),
        covariance=back @ middle @ back.T,
        df=dfs,
        sigma=float(np.sqrt(rss / df if found is None else found.within)),
        loglik=-0.5 * (m * (1.0 + float(np.log(2.0 * np.pi * within))) + spread),
        df_model=p + rows.absorbed + (len(found.between) if found else 0) + 1,
        messages=model.messages + rows.messages,
        estimator=estimator,
        panel=layout,
        rows=rows,
    )


def grouped(cluster: Grouping, layout: Panel, rows: Rows) -> Grouping:
    """The clusters of transformed rows."""
    entity = layout.entity
    if rows.averaged and (cluster.codes[rows.source][entity.codes] != cluster.codes).any():
        raise DataError(
            f"{cluster.name} varies within {entity.name}: means of {entity.name} cannot be "
            "clustered by it"
        )
    present, codes = np.unique(cluster.codes[rows.source], return_inverse=True)
    return replace(cluster, codes=codes, levels=cluster.levels[present])
