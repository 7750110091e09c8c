"""Ordinary least squares, from rows or from moments.

b = (X'X)^-1 X'y,      Var(b) = s^2 (X'X)^-1, or a sandwich where there are clusters
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.aggregate.moments import Moments
from mlcore.aggregate.rowless import MomentDesign, moment_design
from mlcore.aggregate.totals import standardised_products
from mlcore.arrays import Array, cholesky
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.sandwich import CORRECTIONS, from_clusters, sandwich, several
from mlcore.gaussian.scaling import Scaling, standardise
from mlcore.language import checks
from mlcore.language.design import Design, design


@dataclass(frozen=True)
class FTest:
    """An F statistic with its degrees of freedom: of all slopes at once, or of all groups."""

    statistic: float
    df1: int
    df2: int

    @property
    def p(self) -> float:
        from scipy.special import fdtrc

        return float(fdtrc(self.df1, self.df2, self.statistic))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LinearFit(Fit):
    """Least squares, with the analysis of variance of the response.

    `ss_total` is about the mean, in a model without an intercept about zero.
    """

    ss_total: float
    clusters: int | None = None

    @property
    def ss_residual(self) -> float:
        return self.sigma**2 * (self.n - len(self.beta))

    @property
    def ss_model(self) -> float:
        return self.ss_total - self.ss_residual

    @property
    def r2(self) -> float:
        return self.ss_model / self.ss_total

    @property
    def r2_adjusted(self) -> float:
        total = self.n - self.design.has_intercept
        return 1.0 - (1.0 - self.r2) * total / (self.n - len(self.beta))

    @cached_property
    def f_test(self) -> FTest:
        """The hypothesis that every slope is zero; Wald's form where errors are clustered."""
        slopes = slice(int(self.design.has_intercept), None)
        b = self.beta[slopes]
        if not len(b):
            raise DataError(f"{self.formula!r} has no slopes to test")
        wald = float(b @ np.linalg.solve(self.covariance[slopes, slopes], b))
        df2 = self.n - len(self.beta) if self.clusters is None else self.clusters - 1
        return FTest(wald / len(b), len(b), df2)


@dataclass(frozen=True, eq=False)
class Solution:
    """Least squares on the scale of `scaling`, where R'R = X'X.

    `b` (p,), the residual and total sums of squares; with clusters, `middle` (p, p) of the sandwich
    between R^-1 and R'^-1, and the degrees of freedom (p,).
    """

    b: Array
    back: Array
    rss: float
    total: float
    scaling: Scaling
    clustered: tuple[Array, Array] | None


def ols(
    formula: str,
    data: pd.DataFrame | Moments,
    *,
    cluster: str | None = None,
    correction: str = "CR1",
) -> LinearFit:
    """Fit by least squares; `cluster` names the column that says which rows belong together.

    Moments may be clustered by their groups.
    """
    if correction not in CORRECTIONS:
        raise DataError(f"correction is one of {', '.join(CORRECTIONS)}, not {correction!r}")
    if isinstance(data, Moments):
        reduced = moment_design(formula, data, cluster=cluster)
        no_random_effects(reduced)
        return describe(reduced, from_moments(reduced, cluster, correction), cluster, correction)
    model = design(formula, data, cluster=cluster)
    no_random_effects(model)
    return describe(model, from_rows(model, cluster, correction), cluster, correction)


def no_random_effects(model: Design) -> None:
    if model.random:
        term = model.random[0].term
        raise UnsupportedError(f"ols has no random effects: fit (... | {term.factor}) with lmm")


def from_rows(model: Design, cluster: str | None, correction: str) -> Solution:
    made = standardise(model)
    X, y = made.X, made.columns[:, -1]
    Q, R = np.linalg.qr(X)
    b = np.linalg.solve(R, Q.T @ y)
    e = y - X @ b
    back = made.scaling.fixed @ np.linalg.inv(R)
    found = sandwich(Q, e, model.groupings[cluster], correction, back) if cluster else None
    return Solution(b, back, float(e @ e), float(y @ y), made.scaling, found)


def from_moments(model: MomentDesign, cluster: str | None, correction: str) -> Solution:
    """The same from X'X and X'y, which in standardised columns loses few digits."""
    made = standardised_products(model)
    p = len(model.names)
    S = made.total
    L = cholesky(S[: p + 1, : p + 1])
    inverted = np.linalg.inv(L[:p, :p])
    b = inverted.T @ L[p, :p]
    back = made.scaling.fixed @ inverted.T
    found = None
    if cluster is not None:
        several(model.groupings[cluster])
        by_group = np.moveaxis(made.by_group, -1, 0)
        scores = (by_group[:, :p, p] - by_group[:, :p, :p] @ b) @ inverted.T
        M = inverted @ by_group[:, :p, :p] @ inverted.T if correction == "CR2" else None
        found = from_clusters(scores, M, model.n, correction, back)
    return Solution(b, back, float(L[p, p] ** 2), float(S[p, p]), made.scaling, found)


def describe(model: Design, least: Solution, cluster: str | None, correction: str) -> LinearFit:
    """The estimates, in the user's units."""
    n, p = model.n, len(model.names)
    checks.residual(model.formula, least.rss / least.total)
    spherical = np.eye(p) * least.rss / (n - p), np.full(p, float(n - p))
    middle, df = least.clustered or spherical
    return LinearFit(
        design=model,
        method="OLS" if cluster is None else f"OLS, {correction} by {cluster}",
        beta=least.scaling.beta(least.b),
        covariance=least.back @ middle @ least.back.T,
        df=df,
        sigma=float(np.sqrt(least.rss / (n - p))),
        loglik=-0.5 * n * (1.0 + float(np.log(2.0 * np.pi * least.rss / n))),
        df_model=p + 1,
        messages=model.messages,
        ss_total=least.total,
        clusters=len(model.groupings[cluster].levels) if cluster else None,
    )
