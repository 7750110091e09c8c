"""Makes `ghq_households`: python -m datasets.recipes.households.

Calibrated to three columns of the lecture: GHQ of individuals in households, by REML, with
employment raw, with its household mean beside it, and as deviation and mean. In three steps:

1. households, whose sizes give the printed log-likelihood;
2. who is employed, so that the coefficients may differ between columns as the printed ones do;
3. scores, drawn from the second column's model and then moved by at most one point.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from datasets.recipes.calibration import Array, Whole, exchange, write

SEED = 1991
PEOPLE = 13_790

# Printed: constant, fem, age, age2, cohab, gdn, emp_10hrs, hh_emp, each with its last digit
RAW = np.array([8.596, 1.184, 0.1906, -0.00196, -0.683, -0.5321, -1.665])
CONTEXT = np.array([8.664, 1.193, 0.1908, -0.001973, -0.6713, -0.5299, -1.53, -0.2322])
DIGIT = np.array([1e-3, 1e-3, 1e-4, 1e-6, 1e-4, 1e-4, 1e-3, 1e-4])
SHARE = np.array([0.06, 0.2, 0.06, 0.1, 0.25, 0.25, 0.1, 0.25])  # of it that may be missed
LOG_SD_HOUSEHOLD = 0.7664
LOG_SD = 1.599
LOGLIK = -42738.522  # to the second decimal from the printed BIC

# Invented: shares of kinds of household
KINDS = {"single": 0.448, "couple": 0.335, "family": 0.12, "lone parent": 0.06, "sharers": 0.037}


@dataclass(frozen=True)
class Households:
    """People in households: index of the household, sex, age, couple, garden."""

    home: Whole
    fem: Whole
    age: Whole
    cohab: Whole
    gdn: Whole

    @cached_property
    def sizes(self) -> Whole:
        return np.bincount(self.home)

    def sums(self, values: Array) -> Array:
        """Of each household, given back to all in it; values (..., people)."""
        first = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])  # people stand by household
        return np.asarray(np.add.reduceat(values, first, axis=-1)[..., self.home])

    def columns(self, emp: Whole, context: bool) -> Array:
        """Predictors in the order of the printed rows, shape (7 or 8, people)."""
        age = self.age.astype(float)
        rows = [np.ones(PEOPLE), self.fem, age, age**2, self.cohab, self.gdn, emp]
        if context:
            rows.append(self.sums(emp.astype(float)) / self.sizes[self.home])
        return np.stack(rows)


@dataclass(frozen=True)
class Intercepts:
    """A random intercept with these SDs: what REML asks of a response with predictors X."""

    homes: Households
    X: Array
    tau: float
    sigma: float

    def weighted(self, values: Array) -> Array:
        """V^-1 values, along the last axis."""
        share = self.tau**2 / (self.sigma**2 + self.homes.sizes * self.tau**2)
        spread = share[self.homes.home] * self.homes.sums(values)
        return np.asarray((values - spread) / self.sigma**2)

    @cached_property
    def XV(self) -> Array:
        return self.weighted(self.X)

    @cached_property
    def covariance(self) -> Array:
        return np.asarray(np.linalg.inv(self.XV @ self.X.T))

    @property
    def estimator(self) -> Array:
        """Rows whose products with the response are the coefficients."""
        return self.covariance @ self.XV

    def curvature(self, c: float) -> Array:
        """The diagonal of V^-1 (M - c I), where M takes household means."""
        sizes = self.homes.sizes[self.homes.home]
        share = self.tau**2 / (self.sigma**2 + sizes * self.tau**2)
        return np.asarray(((1 / sizes - share) - c * (1 - share)) / self.sigma**2)

    @property
    def loglik(self) -> float:
        """Restricted, where these SDs are the estimates: then y'Py = N - p."""
        p, n = self.X.shape
        sizes = self.homes.sizes
        logdet = np.log1p(sizes * (self.tau / self.sigma) ** 2).sum() + 2 * n * np.log(self.sigma)
        logdet -= np.linalg.slogdet(self.covariance)[1]
        return float(-0.5 * ((n - p) * (np.log(2 * np.pi) + 1) + logdet))

    def variance_equations(self, residual: Array) -> tuple[Array, Array, Array]:
        """How log SDs change with the response: rows (2, people), and by how much they are off.

        Third, what moving one response by one point adds, up or down.
        """
        tau2, sigma2, sizes = self.tau**2, self.sigma**2, self.homes.sizes
        total = sigma2 + sizes * tau2
        r = self.weighted(residual)
        slopes = np.stack(
            [2 * tau2 * self.weighted(self.homes.sums(r)), 2 * sigma2 * self.weighted(r)]
        )
        expected = np.array(
            [np.sum(2 * tau2 * sizes / total), np.sum(2 * (sizes - 1) + 2 * sigma2 / total)]
        )
        inner = self.weighted(self.XV)
        expected -= 2 * sigma2 * np.array([0.0, np.trace(self.covariance @ inner @ self.X.T)])
        between = self.XV @ self.homes.sums(self.XV).T
        expected -= 2 * tau2 * np.array([np.trace(self.covariance @ between), 0.0])
        off = 0.5 * (slopes @ residual - expected)
        a = 2 * tau2 * sizes / total
        b = 2 * sigma2 / total
        information = 0.5 * np.array(
            [[np.sum(a * a), np.sum(a * b)], [np.sum(a * b), np.sum(b * b + 4 * (sizes - 1))]]
        )
        inverse = np.linalg.inv(information)
        squares = np.array(
            [np.sum(tau2 * sizes / total**2), np.sum((sizes - 1) / sigma2 + sigma2 / total**2)]
        )
        return inverse @ slopes, inverse @ off, inverse @ squares / sizes.sum()


def households(rng: np.random.Generator) -> Households:
    """Invented households, until there are enough people."""
    people: list[tuple[int, int, int, int, int]] = []
    home = 0
    while len(people) < PEOPLE:
        kind = rng.choice(list(KINDS), p=list(KINDS.values()))
        first = int(np.clip(rng.normal(48, 17), 18, 92))
        members: list[tuple[int, int, int]] = []
        if kind == "single":
            age = int(np.clip(rng.normal(54, 20), 17, 95))
            members.append((int(rng.random() < 0.45 + 0.004 * (age - 40)), age, 0))
        if kind in ("couple", "family"):
            one = int(np.clip(rng.normal(51, 7), 36, 75)) if kind == "family" else first
            other = int(np.clip(one - 2 + rng.normal(0, 4), 17, 92))
            members += [(0, one, 1), (1, other, 1)]
        if kind == "lone parent":
            one = int(np.clip(rng.normal(48, 10), 34, 85))
            members.append((int(rng.random() < 0.8), one, 0))
        if kind in ("family", "lone parent"):
            for _ in range(1 + int(rng.random() < 0.3)):
                age = int(np.clip(members[-1][1] - 27 + rng.normal(0, 4), 16, 45))
                members.append((int(rng.random() < 0.45), age, 0))
                members.sort(key=lambda member: -member[2])
        if kind == "sharers":
            for _ in range(2 + int(rng.random() < 0.4)):
                members.append(
                    (int(rng.random() < 0.5), int(np.clip(rng.normal(27, 7), 16, 60)), 0)
                )
        garden = int(rng.random() < {"single": 0.78, "sharers": 0.7}.get(kind, 0.94))
        members = members[: PEOPLE - len(people)]
        people += [(home, fem, age, cohab, garden) for fem, age, cohab in members]
        home += 1
    return Households(*np.array(people).T)


def employment(homes: Households, rng: np.random.Generator) -> Whole:
    """Who works, so that the household's mean goes with the other predictors as it must.

    Leaving the mean out turns the second column's coefficients b2 into b1 = b2 + c g, where g is
    the mean's coefficient and c those of its regression on the other predictors.
    """
    c = (RAW - CONTEXT[:7]) / CONTEXT[7]
    age, fem = homes.age, homes.fem
    peak = 1.9 - 0.004 * (age - 38.0) ** 2 - 0.6 * fem + 0.4 * homes.cohab
    shared = rng.normal(0, 0.6, len(homes.sizes))[homes.home]
    emp: Whole = (rng.random(PEOPLE) < 1 / (1 + np.exp(-peak - shared))).astype(np.int64)
    for _ in range(4):
        X = homes.columns(emp, context=True)
        model = Intercepts(homes, X[:7], np.exp(LOG_SD_HOUSEHOLD), np.exp(LOG_SD))
        rest = X[7] - c @ X[:7]
        slopes = homes.sums(model.XV) / homes.sizes[homes.home] - c[6] * model.XV
        slopes[6] += model.weighted(rest) + (1 - 2 * emp) * model.curvature(c[6])
        within = 0.1 * DIGIT[:7] / abs(CONTEXT[7])
        rows = model.covariance @ slopes / within[:, None]
        target = rows @ emp - model.estimator @ rest / within
        emp = exchange(
            emp,
            rows,
            target,
            lower=0,
            upper=1,
            steps=800,
            rng=rng,
        )
    return emp


def residual_sd(homes: Households, X: Array) -> float:
    """Within the last digit of the printed one, so that the log-likelihood is right."""
    tau = float(np.exp(LOG_SD_HOUSEHOLD))

    def miss(log_sd: float) -> float:
        return Intercepts(homes, X, tau, np.exp(log_sd)).loglik - LOGLIK

    return float(np.exp(brentq(miss, LOG_SD - 0.01, LOG_SD + 0.01)))


def scores(homes: Households, emp: Whole, rng: np.random.Generator) -> Whole:
    """GHQ, whole numbers from 0 to 36: drawn, then moved by at most one point."""
    X = homes.columns(emp, context=True)
    tau, sigma = np.exp(LOG_SD_HOUSEHOLD), residual_sd(homes, X[:7])
    raw, context = Intercepts(homes, X[:7], tau, sigma), Intercepts(homes, X, tau, sigma)
    expected = CONTEXT @ X
    u = tau * (rng.gamma(4.0, size=len(homes.sizes)) - 4.0) / 2.0
    e = sigma * (rng.gamma(3.0, size=PEOPLE) - 3.0) / np.sqrt(3.0)
    drawn = np.clip(np.rint(expected + u[homes.home] + e), 0, 36).astype(np.int64)
    variances = [np.diag(raw.covariance), np.diag(context.covariance), np.array([1e-3, 5e-5])]
    se = np.sqrt(np.concatenate(variances))
    digits = np.concatenate([DIGIT[:7] * SHARE[:7], DIGIT * SHARE, [2e-5, 6e-6]])
    y: Whole = drawn
    for ease in np.append(np.geomspace(0.03, 0.0002, 14), 0.0):  # from rough to fine
        slopes, off, bend = raw.variance_equations(y - RAW @ raw.X)
        rows = [raw.estimator, context.estimator, slopes]
        target = np.concatenate([RAW, CONTEXT, slopes @ y - off])
        within = digits + ease * se
        y = exchange(
            y,
            np.vstack(rows) / within[:, None],
            target / within,
            lower=np.maximum(drawn - 1, 0),
            upper=np.minimum(drawn + 1, 36),
            steps=1200,
            bend=np.concatenate([np.zeros(15), bend]) / within,
            rng=rng,
        )
    return y


def make() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    homes = households(rng)
    emp = employment(homes, rng)
    ghq = scores(homes, emp, rng)
    return pd.DataFrame(
        {
            "ohid": homes.home + 1,
            "ghq": ghq,
            "fem": homes.fem,
            "age": homes.age,
            "cohab": homes.cohab,
            "gdn": homes.gdn,
            "emp_10hrs": emp,
        }
    )


if __name__ == "__main__":
    write("ghq_households", make())
