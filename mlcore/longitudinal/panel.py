"""Panel estimators: five questions to the same rows, each a transformation and least squares.

    y*_it = x*_it beta + e_it,      Var(b) = s^2 (X*'X*)^-1,      or a sandwich of clusters

`longitudinal.transforms` says which rows each estimator fits. Statistics are t, with random effects
z, and with clusters t with one degree of freedom less than there are clusters.

Reference: Baltagi (2021), Econometric Analysis of Panel Data, chapters 2 and 3.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.errors import DataError, UnsupportedError
from mlcore.gaussian.sandwich import sandwich
from mlcore.gaussian.scaling import Scaling, standardise
from mlcore.language import checks
from mlcore.language.design import Design, Grouping, design
from mlcore.longitudinal.deviations import TwoWay, once_each
from mlcore.longitudinal.panel_fit import PanelFit
from mlcore.longitudinal.swamy_arora import FORMS
from mlcore.longitudinal.transforms import Panel, Rows, transform

ESTIMATORS = ("pooled", "within", "between", "random", "first_difference")
EFFECTS = ("individual", "twoways")


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
    "plm", says how "random" treats entities of unequal numbers of rows: `longitudinal.swamy_arora`.
    `cluster` names the column of groups whose errors may go together: Stata's CR1.
    """
    one_of("estimator", estimator, ESTIMATORS)
    one_of("effects", effects, EFFECTS)
    one_of("form", form, FORMS)
    twoways = effects == "twoways"
    if twoways and estimator not in ("within", "random"):
        raise UnsupportedError(f"'twoways' goes with 'within' or 'random', not with {estimator!r}")
    if time is None and (twoways or estimator == "first_difference"):
        raise DataError(
            f"{'twoways' if twoways else estimator!r} needs time: name its column", "time"
        )
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
        raise DataError(
            f"{entity} has one level only: a panel has several entities", "one group", [entity]
        )
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
    checks.predictors(labels, np.asfortranarray(rows.X))
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
