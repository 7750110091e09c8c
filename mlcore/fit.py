"""A fitted model: what was estimated is stored, what follows from it is worked out when asked for.

Numbers are in the units of the data. Fits are never changed; the tables they return may be kept but
should be copied before they are edited.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mlcore.arrays import Array
from mlcore.errors import DataError
from mlcore.gaussian.effects import GroupEffects, table
from mlcore.gaussian.profile import Profile
from mlcore.language.design import Design


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """A fitted linear model, with random effects or without.

    `beta` (p,) and `covariance` (p, p) are the fixed effects and their covariance, `df` (p,) the
    degrees of freedom of their t distributions. Those of `lmm` are infinite: the statistic is a z,
    since there is no exact t for a mixed model. `path` is the optimiser's.
    """

    design: Design
    method: str
    beta: Array
    covariance: Array
    df: Array
    sigma: float
    loglik: float
    df_model: int
    effects: Mapping[str, GroupEffects] = field(default_factory=dict)
    path: tuple[Profile, ...] = ()
    converged: bool = True
    boundary: bool = False
    messages: tuple[str, ...] = ()
    family: str = "gaussian"

    # as asked and as a whole ----------------------------------------------------------------------

    @property
    def formula(self) -> str:
        return self.design.formula.text

    @property
    def n(self) -> int:
        return self.design.n

    @property
    def n_groups(self) -> dict[str, int]:
        return {name: len(e.grouping.levels) for name, e in self.effects.items()}

    @property
    def deviance(self) -> float:
        """-2 log-likelihood; under REML the REML criterion."""
        return -2.0 * self.loglik

    @property
    def aic(self) -> float:
        return self.deviance + 2.0 * self.df_model

    @property
    def bic(self) -> float:
        """With the number of rows, under REML too, as lme4 and Stata count."""
        return self.deviance + self.df_model * float(np.log(self.n))

    # fixed effects --------------------------------------------------------------------------------

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """By term: `estimate, se, statistic, df, p` and the 95 % interval `lower, upper`."""
        from scipy.special import ndtr, ndtri, stdtr, stdtrit  # 70 ms that a first page can spare

        with np.errstate(all="ignore"):  # a sandwich of few clusters may have a variance of -0
            se = np.sqrt(np.diagonal(self.covariance))
            statistic = self.beta / se
        finite = np.isfinite(self.df)
        df = np.where(finite, self.df, 1.0)
        p = 2.0 * np.where(finite, stdtr(df, -np.abs(statistic)), ndtr(-np.abs(statistic)))
        half = se * np.where(finite, stdtrit(df, 0.975), ndtri(0.975))
        return pd.DataFrame(
            {
                "estimate": self.beta,
                "se": se,
                "statistic": statistic,
                "df": self.df,
                "p": p,
                "lower": self.beta - half,
                "upper": self.beta + half,
            },
            index=pd.Index(self.design.names, name="term"),
        )

    @cached_property
    def vcov(self) -> pd.DataFrame:
        """The covariance matrix of the fixed effects."""
        return pd.DataFrame(self.covariance, self.design.names, self.design.names)

    # random effects -------------------------------------------------------------------------------

    @cached_property
    def theta(self) -> Array:
        """The relative covariance factor's entries, as lme4 lists them."""
        thetas = [e.pattern.theta(e.root) for e in self.effects.values()]
        return np.concatenate(thetas) if thetas else np.empty(0)

    @cached_property
    def random_covariance(self) -> dict[str, pd.DataFrame]:
        """By grouping factor, the covariance matrix of the random effects."""
        return {
            group: pd.DataFrame(e.covariance, e.names, e.names) for group, e in self.effects.items()
        }

    @cached_property
    def variance_components(self) -> pd.DataFrame:
        """Rows `group, term1, term2, variance, sd, correlation`, the residual's, if any, last.

        `term2` is empty for a variance. Where it is not, `variance` holds the covariance of the two
        terms. The correlation with an effect that does not vary is NaN.
        """
        rows: list[tuple[str, str, str, float, float, float]] = []
        for group, e in self.effects.items():
            sd = np.sqrt(np.diagonal(e.covariance))
            for block in e.pattern.blocks:
                inside = range(block.start, block.stop)
                rows += [(group, e.names[a], "", sd[a] ** 2, sd[a], np.nan) for a in inside]
                for a in inside:
                    for b in range(a + 1, block.stop):
                        shared = e.covariance[a, b]
                        r = shared / (sd[a] * sd[b]) if sd[a] * sd[b] > 0 else np.nan
                        rows.append((group, e.names[a], e.names[b], shared, np.nan, r))
        if np.isfinite(self.sigma):
            rows.append(("Residual", "", "", self.sigma**2, self.sigma, np.nan))
        names = ["group", "term1", "term2", "variance", "sd", "correlation"]
        return pd.DataFrame(rows, columns=names)

    @cached_property
    def ranef(self) -> dict[str, pd.DataFrame]:
        """By grouping factor, a row per group: its effects and `se_<term>`, conditional SDs."""
        return {group: table(e) for group, e in self.effects.items()}

    @property
    def residual_variance(self) -> float:
        """What is left within groups; in a binary model, on the scale of the latent response."""
        return self.sigma**2

    @cached_property
    def icc(self) -> pd.Series:
        """By grouping factor, its share of the variance; NaN where slopes vary: see `icc_at`."""
        intercepts = {
            group: e.covariance[0, 0] if e.names == ("(Intercept)",) else np.nan
            for group, e in self.effects.items()
        }
        between = pd.Series(intercepts, dtype=float, name="icc")
        return between / (between.sum(skipna=False) + self.residual_variance)

    def icc_at(self, **values: ArrayLike) -> pd.DataFrame:
        """By grouping factor, its share of the variance where predictors have these values.

        `fit.icc_at(lrt=[-10, 0, 10])`: a row per value, z' Var(u) z over the total.
        """
        columns = {name: np.atleast_1d(v) for name, v in values.items()}
        data = pd.DataFrame(columns, index=None if columns else [0])
        between = pd.DataFrame(index=data.index)
        for group, e in self.effects.items():
            Z = self._random_columns(group, data)
            between[group] = np.einsum("ia,ab,ib->i", Z, e.covariance, Z)
        shares = between.div(between.sum(axis=1) + self.residual_variance, axis=0)
        return shares.set_index([data[name] for name in columns]) if columns else shares

    # rows -----------------------------------------------------------------------------------------

    @cached_property
    def fitted(self) -> pd.Series:
        """Fixed and random effects together, for the rows that were used."""
        eta = self.design.X @ self.beta
        for group, e in self.effects.items():
            effects = e.values[e.grouping.codes]
            eta = eta + np.einsum("ia,ia->i", self.design.Z(group), effects)
        return pd.Series(self.mean(eta), self.design.index, name="fitted")

    def residuals(self, level: str = "conditional") -> pd.Series:
        """The response less `fitted`; with level "marginal", less the fixed part only."""
        if level not in ("conditional", "marginal"):
            raise DataError(f"level is 'conditional' or 'marginal', not {level!r}")
        marginal = level == "marginal"
        fitted = self.mean(self.design.X @ self.beta) if marginal else self.fitted
        return pd.Series(self.observed - fitted, self.design.index, name="residual")

    def predict(self, data: pd.DataFrame, *, conditional: bool = True) -> pd.Series:
        """Expected responses for new rows, with the groups' random effects unless told otherwise.

        A group that the model has not seen gets an effect of 0, the mean of all groups; a row with
        a missing predictor gets NaN.
        """
        eta = self._linear(data, conditional=conditional)
        return pd.Series(self.mean(eta), data.index, name="predicted")

    def _linear(self, data: pd.DataFrame, *, conditional: bool) -> Array:
        """The linear predictor in new rows."""
        eta = self._fixed_columns(data) @ self.beta
        if conditional:
            for group, e in self.effects.items():
                codes = e.grouping.find(data)
                effects = np.where(codes[:, None] < 0, 0.0, e.values[codes])
                eta = eta + np.einsum("ia,ia->i", self._random_columns(group, data), effects)
        return eta

    @property
    def serial(self) -> bool:
        """Whether residuals are correlated with each other."""
        return False

    def correlate(self, noise: Array) -> Array:
        """Independent residuals (n, B) made such as the model has."""
        return noise

    @property
    def observed(self) -> Array:
        """The response on the scale of `fitted`."""
        return self.design.y

    def mean(self, eta: Array) -> Array:
        """The expected response at a value of the linear predictor."""
        return eta

    def _fixed_columns(self, data: pd.DataFrame) -> Array:
        return self.design.columns(self.design.formula.fixed, data)

    def _random_columns(self, group: str, data: pd.DataFrame) -> Array:
        parts = [part for part in self.design.random if part.group == group]
        return np.hstack([self.design.columns(part.term.terms, data) for part in parts])

    # in words -------------------------------------------------------------------------------------

    @cached_property
    def trace(self) -> pd.DataFrame:
        """A row per evaluation of the optimiser: theta, in the user's units, and the deviance."""
        columns: dict[str, Array] = {}
        for group, e in self.effects.items():
            pattern = e.pattern
            thetas = np.array([pattern.theta(e.back @ step.Lambda) for step in self.path])
            for k, (r, c) in enumerate(zip(*pattern.places, strict=True)):
                inner = f".{e.names[c]}" if r != c else ""
                columns[f"{group}.{e.names[r]}{inner}"] = thetas[:, k]
        columns["deviance"] = np.array([float(step.deviance) for step in self.path])
        return pd.DataFrame(columns)

    def __str__(self) -> str:
        groups = "".join(f", {count} {group}" for group, count in self.n_groups.items())
        likelihood = f"; log-likelihood {self.loglik:.3f}" if np.isfinite(self.loglik) else ""
        parts = [
            f"{self.method}: {self.formula}",
            f"{self.n} rows{groups}{likelihood}",
            "",
            self.coefficients.to_string(float_format=lambda v: f"{v:.4g}"),
        ]
        if self.effects:
            table = self.variance_components.to_string(
                index=False, na_rep="", float_format=lambda v: f"{v:.4g}"
            )
            parts += ["", table]
        return "\n".join([*parts, *(f"\n{message}" for message in self.messages)])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.method} {self.formula!r}, {self.n} rows>"
