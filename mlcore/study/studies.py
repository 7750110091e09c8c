"""Studies that can be repeated: of groups, in closed form, and of rows, by refitting.

In J groups of n with a predictor x of the groups, everything follows from the groups' means and
the sum of squares within groups, which are drawn as such:

    mean_j ~ N(beta x_j, tau^2 + sigma^2 / n),      SSW ~ sigma^2 chi^2_{J(n-1)}.

All estimators then have the slope b of the means on x. They differ in its variance: with the mean
squares between, B = n sum_j r_j^2 / (J - 2), and within, W = SSW / (J (n - 1)), r_j the residuals
of the means, S = sum_j (x_j - x.)^2,

    least squares        (SSW + n sum_j r_j^2) / (J n - 2) / (n S)
    CR0, CR1             sum_j (x_j - x.)^2 r_j^2 / S^2, times J/(J-1) (Jn-1)/(Jn-2) for CR1
    multilevel (REML)    B / (n S) where B > W; else tau is 0, and it is that of least squares.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array
from mlcore.errors import DataError, UnsupportedError
from mlcore.gaussian.blocks import indicator
from mlcore.gaussian.scaling import standardise
from mlcore.language.design import Design, Grouping
from mlcore.study.refits import refit
from mlcore.study.replication import Replications
from mlcore.study.simulation import simulate

Estimates = tuple[str, Array, Array, float]  # a name, estimates and standard errors, their df
FIVE = ("OLS", "CR0, z", "CR1, t(J − 1)", "multilevel, z", "multilevel, t(J − 2)")


@dataclass(frozen=True)
class GroupStudy:
    """Balanced groups, a standard normal predictor of them drawn anew each time, variance 1 in all.

    `icc` is tau^2, `effect` the slope of the predictor.
    """

    groups: int
    size: int
    icc: float
    effect: float = 0.0

    def __post_init__(self) -> None:
        if self.groups < 3 or self.size < 2:
            raise DataError("a study needs 3 groups or more, of 2 or more")
        if not 0.0 <= self.icc < 1.0:
            raise DataError(f"icc is at least 0 and below 1, not {self.icc!r}")

    def draw(self, rng: np.random.Generator, size: int) -> Replications:
        J, n, within = self.groups, self.size, 1.0 - self.icc
        x = rng.standard_normal((size, J))
        spread = np.sqrt(self.icc + within / n)
        means = self.effect * x + spread * rng.standard_normal((size, J))
        ssw = within * rng.chisquare(J * (n - 1), size)
        estimate, se = closed_forms(x, means, ssw, n)
        df = np.array([J * n - 2.0, np.inf, J - 1.0, np.inf, J - 2.0])
        return Replications(FIVE, self.effect, estimate, se, df)


def closed_forms(x: Array, means: Array, ssw: Array, n: int) -> tuple[Array, Array]:
    """Estimates and standard errors (B, 5) from x and means (B, J), and SSW (B,)."""
    J = x.shape[1]
    dx, dy = x - x.mean(axis=1, keepdims=True), means - means.mean(axis=1, keepdims=True)
    S = np.einsum("bj,bj->b", dx, dx)
    b = np.einsum("bj,bj->b", dx, dy) / S
    r = dy - b[:, None] * dx
    between = n * np.einsum("bj,bj->b", r, r)
    ols = (ssw + between) / (J * n - 2) / (n * S)
    cr0 = np.einsum("bj,bj->b", dx * r, dx * r) / S**2
    cr1 = cr0 * J / (J - 1) * (J * n - 1) / (J * n - 2)
    clustered = between / (J - 2) > ssw / (J * (n - 1))
    mixed = np.where(clustered, between / (J - 2) / (n * S), ols)
    variances = np.stack([ols, cr0, cr1, mixed, mixed], axis=1)
    return np.repeat(b[:, None], len(FIVE), axis=1), np.sqrt(variances)


@dataclass(frozen=True, eq=False)
class RowStudy:
    """Any design: responses are drawn from one model and fitted by others, right ones or wrong.

    `truth` has one grouping factor, `covariance` (q, q) of its effects, and the coefficients
    `beta`. Of every fitted model the coefficient `term` is reported: without random effects by
    least squares, with the truth's groups as clusters, and else by REML.
    """

    truth: Design
    beta: Array
    covariance: Array
    sigma: float
    term: str
    fitted: Mapping[str, Design]

    def __post_init__(self) -> None:
        for name, model in {"truth": self.truth, **self.fitted}.items():
            if len(model.groupings) > 1 or (name == "truth" and not model.groupings):
                raise UnsupportedError(
                    f"the model {name!r} needs one grouping factor, not {len(model.groupings)}"
                )
        for name, model in self.fitted.items():
            if self.term not in model.names:
                raise DataError(f"the model {name!r} has no coefficient {self.term}")
            if model.n != self.truth.n:
                raise DataError(f"the model {name!r} has other rows than the truth")

    def draw(self, rng: np.random.Generator, size: int) -> Replications:
        Y = simulate(
            self.truth,
            seed=rng,
            size=size,
            beta=self.beta,
            covariance=self.covariance,
            sigma=self.sigma,
        )
        (clusters,) = self.truth.groupings.values()
        found = [
            column
            for name, model in self.fitted.items()
            for column in (
                multilevel(name, model, self.term, Y)
                if model.random
                else least_squares(name, model, self.term, Y, clusters)
            )
        ]
        names, estimates, errors, df = zip(*found, strict=True)
        known = self.term in self.truth.names
        return Replications(
            names=names,
            truth=float(self.beta[self.truth.names.index(self.term)]) if known else 0.0,
            estimate=np.column_stack(estimates),
            se=np.column_stack(errors),
            df=np.array(df),
        )


def least_squares(
    name: str, model: Design, term: str, Y: Array, clusters: Grouping
) -> list[Estimates]:
    """By least squares for every column of Y: classical, CR0 and CR1 standard errors.

    The coefficient is h'y; CR0 is the sum over clusters of the squares of h_g'e_g.
    """
    made = standardise(model)
    n, p = model.X.shape
    G = len(clusters.levels)
    Q, R = np.linalg.qr(made.X)
    row = made.scaling.fixed[model.names.index(term)]
    direction = np.linalg.solve(R.T, row)
    h = Q @ direction
    E = Y - Q @ (Q.T @ Y)
    classical = np.einsum("ib,ib->b", E, E) / (n - p) * (direction @ direction)
    cr0 = np.sum((indicator(clusters, h) @ E) ** 2, axis=0)
    cr1 = cr0 * G / (G - 1) * (n - 1) / (n - p)
    b = h @ Y
    return [
        (name, b, np.sqrt(classical), float(n - p)),
        (f"{name}, CR0, z", b, np.sqrt(cr0), np.inf),
        (f"{name}, CR1, t", b, np.sqrt(cr1), G - 1.0),
    ]


def multilevel(name: str, model: Design, term: str, Y: Array) -> list[Estimates]:
    """By REML for every column of Y, with a z and with a t."""
    k = model.names.index(term)
    found = refit(model, Y, reml=True)
    b, se = found.beta[:, k], found.se[:, k]
    return [(f"{name}, z", b, se, np.inf), (f"{name}, t", b, se, between_within(model, k))]


def between_within(model: Design, k: int) -> float:
    """Degrees of freedom of a coefficient, counted where its predictor varies.

    Between J groups, J less the columns that vary only between them (with the intercept); within
    them, n - J less the others. A predictor whose slope varies has those between groups.
    """
    (group,) = model.groupings.values()
    J = len(group.levels)
    means = np.stack([np.bincount(group.codes, x, J) for x in model.X.T]) / group.sizes
    left = model.X - means.T[group.codes]
    varies = np.abs(left).max(axis=0) > 1e-9 * np.abs(model.X).max(axis=0)
    random = {name for part in model.random for name in part.names}
    if not varies[k] or model.names[k] in random:
        return float(J - np.sum(~varies))
    return float(model.n - J - np.sum(varies))
