"""How much entities differ, from the residuals of two regressions (Swamy & Arora).

With s_w^2 the residual variance within entities and s_b^2 that of the entities' means,

    sigma_e^2 = s_w^2,        sigma_u^2 = max(0, s_b^2 - sigma_e^2 / n),

n being the number of rows per entity. Where that varies there are two forms:

    "stata"   n is the harmonic mean of the n_i, and every mean counts alike (Stata's xtreg, re);
    "plm"     means are weighted by n_i, and the squares are set equal to their expectation
              (R's plm; Baltagi & Chang; Stata's option sa).

Random effects are then least squares after a share theta of each mean has been subtracted,

    y_it - theta_i y_i.,      theta_i = 1 - sigma_e / sqrt(n_i sigma_u^2 + sigma_e^2).

Reference: Swamy & Arora (1972), Econometrica 40, 261-275; Baltagi & Chang (1994), Journal of
Econometrics 62, 67-89; Baltagi (2021), Econometric Analysis of Panel Data, sections 2.3, 3.3, 9.2.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array
from mlcore.errors import DataError
from mlcore.language.design import Grouping
from mlcore.longitudinal.deviations import TwoWay, from_means, means

FORMS = ("stata", "plm")


@dataclass(frozen=True, eq=False)
class Components:
    """The variances `between` levels of entity, and of time where there are two ways, and `within`.

    `theta` is (entities,), or for two ways (3,), of entity, of time and of the mean of all.
    `log_det` is log |V / within|.
    """

    within: float
    between: dict[str, float]
    theta: Array
    log_det: float


def one_way(X: Array, y: Array, entity: Grouping, form: str) -> Components:
    """Components for X (n, p), the intercept included, and y (n,)."""
    G, sizes = len(entity.levels), entity.sizes.astype(float)
    rss, rank = least_squares(from_means(X, entity), from_means(y[:, None], entity))
    within = variance(rss, len(y) - G - rank, "within entities")
    X_mean, y_mean = means(X, entity), means(y[:, None], entity)
    if form == "stata":
        rss, rank = least_squares(X_mean, y_mean)
        left = variance(rss, G - rank, "between entities")
        between = left - within * float(np.mean(1.0 / sizes))
    else:
        weight = np.sqrt(sizes)[:, None]
        rss, rank = least_squares(weight * X_mean, weight * y_mean)
        variance(rss, G - rank, "between entities")
        once = (weight * X_mean).T @ (weight * X_mean)
        twice = (sizes[:, None] * X_mean).T @ (sizes[:, None] * X_mean)
        expected = len(y) - float(np.trace(np.linalg.pinv(once, hermitian=True) @ twice))
        between = (rss - (G - rank) * within) / expected
    between = max(0.0, between)
    ratio = 1.0 + sizes * between / within
    theta = 1.0 - 1.0 / np.sqrt(ratio)
    return Components(within, {entity.name: between}, theta, float(np.log(ratio).sum()))


def two_way(X: Array, y: Array, ways: TwoWay) -> Components:
    """Components of entities and times, each seen with each other once."""
    if not ways.balanced:
        who, when = ways.entity.name, ways.time.name
        raise DataError(
            f"two-way random effects need every {who} at every {when}: fit "
            f"(1 | {who}) + (1 | {when}) with lmm, or effects='individual'"
        )
    G, T = len(ways.entity.levels), len(ways.time.levels)
    rss, rank = least_squares(ways.sweep(X), ways.sweep(y[:, None]))
    within = variance(rss, (G - 1) * (T - 1) - rank, "within entities and times")
    between = {}
    for group, rows in ((ways.entity, T), (ways.time, G)):
        rss, rank = least_squares(means(X, group), means(y[:, None], group))
        left = variance(rss, len(group.levels) - rank, f"between levels of {group.name}")
        between[group.name] = max(0.0, left - within / rows)
    entity, time = T * between[ways.entity.name], G * between[ways.time.name]
    ratios = 1.0 + np.array([entity, time, entity + time]) / within
    alone = 1.0 - 1.0 / np.sqrt(ratios)
    theta = np.array([alone[0], alone[1], alone[0] + alone[1] - alone[2]])
    log_det = float(np.array([G - 1, T - 1, 1]) @ np.log(ratios))
    return Components(within, between, theta, log_det)


def least_squares(X: Array, y: Array) -> tuple[float, int]:
    """The residual sum of squares, and the rank of X: columns may have lost their variation."""
    b, _, rank, _ = np.linalg.lstsq(X, y, rcond=1e-10)
    return float(np.sum((y - X @ b) ** 2)), int(rank)


def variance(rss: float, df: int, where: str) -> float:
    if df < 1:
        raise DataError(
            f"no degrees of freedom are left {where}, so that variances cannot be estimated: drop "
            "predictors, or fit by lmm",
            "too few rows",
        )
    return rss / df
