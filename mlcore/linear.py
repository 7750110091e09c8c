"""Ordinary least squares, with standard errors that may allow for clusters.

    Var(b) = (X'X)^-1 [ sum_g X_g' A_g e_g e_g' A_g X_g ] (X'X)^-1,

with A_g = I for CR0; for CR1 the same times G/(G-1) (N-1)/(N-K), as Stata; for CR2
A_g = (I - H_gg)^-1/2, which is unbiased if errors are in truth independent and alike.

t distributions have G - 1 degrees of freedom for CR0 and CR1, Satterthwaite's for CR2.
Reference: Bell & McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky & Tipton (2018),
JBES 36, 672-683.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore import checks
from mlcore.arrays import Array
from mlcore.blocks import indicator
from mlcore.design import Grouping, design
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.scaling import standardise

CORRECTIONS = ("CR0", "CR1", "CR2")


@dataclass(frozen=True)
class FTest:
    """All slopes at once: an F statistic with its degrees of freedom."""

    statistic: float
    df1: int
    df2: int

    @property
    def p(self) -> float:
        from scipy.special import fdtrc

        return float(fdtrc(self.df1, self.df2, self.statistic))


@dataclass(frozen=True, eq=False, repr=False)
class LinearFit(Fit):
    """Least squares, with the analysis of variance of the response."""

    clusters: int | None = None

    @cached_property
    def ss_residual(self) -> float:
        return float(np.sum(self.residuals() ** 2))

    @cached_property
    def ss_total(self) -> float:
        """About the mean; about zero in a model without an intercept."""
        y = self.design.y
        return float(np.sum((y - (y.mean() if self.design.has_intercept else 0.0)) ** 2))

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


def ols(
    formula: str, data: pd.DataFrame, *, cluster: str | None = None, correction: str = "CR1"
) -> LinearFit:
    """Fit by least squares; `cluster` names the column that says which rows belong together."""
    if correction not in CORRECTIONS:
        raise DataError(f"correction is one of {', '.join(CORRECTIONS)}, not {correction!r}")
    model = design(formula, data, cluster=cluster)
    if model.random:
        term = model.random[0].term
        raise UnsupportedError(f"ols has no random effects: fit (... | {term.factor}) with lmm")
    made = standardise(model)
    X, y, scale = made.X, made.columns[:, -1], made.scaling
    Q, R = np.linalg.qr(X)
    b = np.linalg.solve(R, Q.T @ y)
    e = y - X @ b
    n, p = X.shape
    rss = float(e @ e)
    checks.residual(model.formula, rss / float(y @ y))
    back = scale.fixed @ np.linalg.inv(R)
    if cluster is None:
        middle, df = np.eye(p) * rss / (n - p), np.full(p, float(n - p))
    else:
        middle, df = sandwich(Q, e, model.groupings[cluster], correction, back)
    return LinearFit(
        design=model,
        method="OLS" if cluster is None else f"OLS, {correction} by {cluster}",
        beta=scale.beta(b),
        covariance=back @ middle @ back.T,
        df=df,
        sigma=float(np.sqrt(rss / (n - p))),
        loglik=-0.5 * n * (1.0 + float(np.log(2.0 * np.pi * rss / n))),
        df_model=p + 1,
        messages=model.messages,
        clusters=len(model.groupings[cluster].levels) if cluster else None,
    )


def sandwich(
    Q: Array, e: Array, clusters: Grouping, correction: str, back: Array
) -> tuple[Array, Array]:
    """The middle of the sandwich for X = QR, shape (p, p), and the degrees of freedom (p,).

    I - H_gg = I - Q_g Q_g' has at most p eigenvalues that are not 1, so that all that CR2 needs is
    W_g = (I - Q_g'Q_g)^-1/2, of shape (p, p): Q_g' A_g = W_g Q_g'.
    """
    n, p = Q.shape
    G = len(clusters.levels)
    if G < 2:
        raise DataError(f"{clusters.name} has one level only: clusters need company")
    scores = indicator(clusters, e) @ Q
    if correction != "CR2":
        factor = G / (G - 1) * (n - 1) / (n - p) if correction == "CR1" else 1.0
        return factor * scores.T @ scores, np.full(p, float(G - 1))
    M = np.stack([indicator(clusters, Q[:, k]) @ Q for k in range(p)], axis=1)
    shares, axes = np.linalg.eigh(np.eye(p) - M)
    safe = np.maximum(shares, 1e-10)
    W = (axes * np.where(shares > 1e-10, safe**-0.5, 0.0)[:, None, :]) @ np.swapaxes(axes, 1, 2)
    scores = np.einsum("gab,gb->ga", W, scores)
    return scores.T @ scores, satterthwaite(M, W, back)


def satterthwaite(M: Array, W: Array, back: Array) -> Array:
    """Degrees of freedom 2 E(v)^2 / Var(v) of each variance v, were errors independent and alike.

    v is a quadratic form in the errors with the matrix P = diag(b'W_g M_g W_g b) - T T', where
    row g of T is M_g W_g b, and b the row of `back` for the coefficient.
    """
    df = np.empty(len(back))
    for k, b in enumerate(back):
        Wb = W @ b
        T = np.einsum("gab,gb->ga", M, Wb)
        own = np.einsum("ga,ga->g", T, Wb)
        inner = T.T @ T
        norms = np.einsum("ga,ga->g", T, T)
        trace = own.sum() - norms.sum()
        square = (own**2).sum() - 2.0 * (own * norms).sum() + (inner**2).sum()
        df[k] = trace**2 / square
    return df
