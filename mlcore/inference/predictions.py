"""What a fit says of values that one chooses: the fixed part with its 95 % interval,

    h(x'beta +- z sqrt(x' Var(beta) x)),

h being the inverse link: the uncertainty of the line, not of a single response. All other
predictors stay at their means, or where they are codes or text at the most frequent value.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.discrete.generalised import GlmmFit
from mlcore.discrete.ordinal import OrdinalFit
from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.inference.residuals import rows_of
from mlcore.language.expressions import names_in
from mlcore.longitudinal.panel_fit import PanelFit

Z = 1.959964
STEPS = 25
CODES = 12  # different whole numbers, up to which they are codes and their mean means nothing
INNER = (0.01, 0.99)  # between these quantiles predictions begin and end


@dataclass(frozen=True, eq=False)
class Predictions:
    """`table` by value of the `predictor`: `fixed`, the response expected at effects of zero, with
    `lower` and `upper`, NaN for ordered outcomes; `average` over groups in a generalised mixed
    model; `fitted` in the group asked for. `held` says where all else stays.
    """

    table: pd.DataFrame
    predictor: str
    response: str
    held: Mapping[str, object]


def predictions(
    fit: Fit,
    data: pd.DataFrame,
    predictor: str,
    *,
    values: Sequence[object] | None = None,
    at: Mapping[str, object] | None = None,
    groups: Mapping[str, Hashable] | None = None,
) -> Predictions:
    """Over `values` of a predictor, by default over its range or its codes.

    `at` sets other predictors; `groups` is the group whose effects are added, `{"school": 53}`.
    """
    used = predictors(fit)
    for name in (predictor, *(at or {})):
        if name not in used:
            raise DataError(f"{name} is no predictor of this model: it has {', '.join(used)}")
    rows = rows_of(fit, data)
    held = reference(rows, [name for name in used if name != predictor]) | dict(at or {})
    grid = span(rows[predictor]) if values is None else list(values)
    frame = filled(rows, {predictor: grid, **held}, len(grid))
    table = pd.DataFrame({predictor: grid})
    table["fixed"] = fit.predict(frame, conditional=False).to_numpy()
    table["lower"], table["upper"] = interval(fit, frame)
    if isinstance(fit, GlmmFit) and fit.effects:
        table["average"] = fit.curve(frame)["average"].to_numpy()
    if groups is not None:
        inside = filled(rows, {**held, **groups, predictor: grid}, len(grid))
        table["fitted"] = fit.predict(inside).to_numpy()
    return Predictions(table, predictor, str(fit.design.formula.response), held)


def predictors(fit: Fit) -> list[str]:
    """The columns that the fixed part is made of."""
    names = [name.name for name in fit.design.formula.variables(response=False)]
    groups = {c.name for t in fit.design.formula.random for c in t.group}
    fixed = {n.name for term in fit.design.formula.fixed for f in term for n in names_in(f)}
    return [name for name in names if name in fixed or name not in groups]


def reference(rows: pd.DataFrame, columns: Sequence[str]) -> dict[str, object]:
    """Where predictors are held: means of measurements, the most frequent of codes and of text."""
    return {name: centre(rows[name]) for name in columns}


def centre(column: pd.Series) -> object:
    if is_measured(column):
        return float(column.mean())
    return column.mode().iloc[0]


def is_measured(column: pd.Series) -> bool:
    """Whether a column is a number with more than a few values."""
    return pd.api.types.is_numeric_dtype(column) and column.nunique() > CODES


def span(column: pd.Series) -> list[object]:
    """Evenly over the range of a measurement without its ends; all values of codes and text."""
    if is_measured(column):
        low, high = column.quantile(list(INNER))
        return list(np.linspace(float(low), float(high), STEPS))
    return sorted(column.dropna().unique().tolist())


def filled(rows: pd.DataFrame, values: Mapping[str, object], n: int) -> pd.DataFrame:
    """A table of n rows with these values, of the types that the data have."""
    frame = pd.DataFrame({**values}, index=range(n))
    for name in frame.columns:
        if name in rows.columns and isinstance(rows[name].dtype, pd.CategoricalDtype):
            frame[name] = frame[name].astype(rows[name].dtype)
    return frame


def interval(fit: Fit, frame: pd.DataFrame) -> tuple[Array, Array]:
    """Around the fixed part, on the scale of the response."""
    if isinstance(fit, OrdinalFit):
        none = np.full(len(frame), np.nan)
        return none, none
    X = fit.design.columns(fit.design.formula.fixed, frame)
    X = X[:, fit.rows.kept] if isinstance(fit, PanelFit) else X
    eta, half = X @ fit.beta, Z * np.sqrt(np.einsum("ia,ab,ib->i", X, fit.covariance, X))
    return fit.mean(eta - half), fit.mean(eta + half)
