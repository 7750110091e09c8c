"""The covariance of least squares where errors of a cluster go together.

    Var(b) = (X'X)^-1 [ sum_g X_g' A_g e_g e_g' A_g X_g ] (X'X)^-1,

with A_g = I for CR0; for CR1 the same times G/(G-1) (N-1)/(N-K), as Stata; for CR2
A_g = (I - H_gg)^-1/2, which is unbiased if errors are in truth independent and alike.

t distributions have G - 1 degrees of freedom for CR0 and CR1, Satterthwaite's for CR2.
Reference: Bell & McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky & Tipton (2018),
JBES 36, 672-683.
"""

import numpy as np

from mlcore.arrays import Array
from mlcore.errors import DataError
from mlcore.gaussian.blocks import indicator
from mlcore.language.design import Grouping

CORRECTIONS = ("CR0", "CR1", "CR2")


def sandwich(
    Q: Array, e: Array, clusters: Grouping, correction: str, back: Array
) -> tuple[Array, Array]:
    """The middle of the sandwich for X = QR, shape (p, p), and the degrees of freedom (p,)."""
    several(clusters)
    scores = indicator(clusters, e) @ Q
    shares = None
    if correction == "CR2":
        shares = np.stack([indicator(clusters, q) @ Q for q in Q.T], axis=1)
    return from_clusters(scores, shares, len(Q), correction, back)


def from_clusters(
    scores: Array, M: Array | None, n: int, correction: str, back: Array
) -> tuple[Array, Array]:
    """The same from what clusters contribute: Q_g'e_g (G, p) and, for CR2, Q_g'Q_g (G, p, p).

    I - H_gg = I - Q_g Q_g' has at most p eigenvalues that are not 1, so that all that CR2 needs is
    W_g = (I - Q_g'Q_g)^-1/2, of shape (p, p): Q_g' A_g = W_g Q_g'.
    """
    G, p = scores.shape
    if M is None:
        factor = G / (G - 1) * (n - 1) / (n - p) if correction == "CR1" else 1.0
        return factor * scores.T @ scores, np.full(p, float(G - 1))
    shares, axes = np.linalg.eigh(np.eye(p) - M)
    safe = np.maximum(shares, 1e-10)
    W = (axes * np.where(shares > 1e-10, safe**-0.5, 0.0)[:, None, :]) @ np.swapaxes(axes, 1, 2)
    scores = np.einsum("gab,gb->ga", W, scores)
    return scores.T @ scores, satterthwaite(M, W, back)


def several(clusters: Grouping) -> None:
    if len(clusters.levels) < 2:
        raise DataError(
            f"{clusters.name} has one level only: clusters need company",
            "one group",
            [clusters.name],
        )


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
