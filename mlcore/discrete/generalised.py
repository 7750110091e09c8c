"""A fitted generalised mixed model: binary outcomes, counts, ordered categories.

The random effects are normal on the scale of the linear predictor, and the response follows from it
by a curve; so a prediction may be meant for the median group, for a group that was seen, or for
the population, which is an average over groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.discrete.outcomes import Binomial, Outcome
from mlcore.discrete.population import attenuation, average
from mlcore.discrete.posterior import posterior
from mlcore.discrete.predictor import Predictor
from mlcore.discrete.search import Maximum
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.covariance import Pattern
from mlcore.language.design import Grouping

MEDIAN_OF_DIFFERENCES = 0.9538725524166  # sqrt(2) times the upper quartile of the standard normal


@dataclass(frozen=True, eq=False)
class ModalEffects:
    """Random effects at their conditional modes, with the curvature there for their variance."""

    grouping: Grouping
    names: tuple[str, ...]
    pattern: Pattern
    back: Array
    root: Array
    values: Array
    conditional: Array

    @property
    def covariance(self) -> Array:
        covariance: Array = self.root @ self.root.T
        return covariance


@dataclass(frozen=True, eq=False, repr=False)
class GlmFit(Fit):
    """Estimates for a response that is not normal, by maximum likelihood."""

    outcome: Outcome = field(kw_only=True)

    @property
    def link(self) -> str:
        return self.outcome.link

    @property
    def observed(self) -> Array:
        """The response; of several trials, the share that succeeded."""
        y = self.outcome.y
        return y / self.outcome.trials if isinstance(self.outcome, Binomial) else y

    def mean(self, eta: Array) -> Array:
        return self.outcome.mean(eta)

    @cached_property
    def ratios(self) -> pd.DataFrame:
        """Exp of the coefficients with their 95 % interval: ratios of odds, or of rates."""
        if self.link == "probit":
            raise UnsupportedError("a probit has no odds ratios: fit it with link='logit'")
        table = self.coefficients
        wanted = {"ratio": "estimate", "lower": "lower", "upper": "upper"}
        return pd.DataFrame({new: np.exp(table[old]) for new, old in wanted.items()})


@dataclass(frozen=True, eq=False, repr=False)
class GlmmFit(GlmFit):
    """Estimates by maximum marginal likelihood, with `n_quad` points of quadrature, 1 for Laplace.

    Standard errors are those of the observed information of fixed effects and variances together.
    `icc` is on the scale of the latent response, whose variance within groups is pi^2/3 for the
    logit and 1 for the probit; a count has none.
    """

    predictor: Predictor = field(kw_only=True)
    maximum: Maximum = field(kw_only=True)
    n_quad: int = 1

    @property
    def residual_variance(self) -> float:
        return self.outcome.residual

    @cached_property
    def median_odds_ratio(self) -> pd.Series:
        """By grouping factor, the median ratio of odds (of rates) between two groups.

        Of two groups drawn at random, that with the larger effect over the other; NaN where slopes
        vary. Reference: Larsen & Merlo (2005), American Journal of Epidemiology 161, 81-88.
        """
        if self.link == "probit":
            raise UnsupportedError("a probit has no odds ratios: fit it with link='logit'")
        ratios = {
            group: np.exp(MEDIAN_OF_DIFFERENCES * e.root[0, 0])
            if e.names == ("(Intercept)",)
            else np.nan
            for group, e in self.effects.items()
        }
        return pd.Series(ratios, dtype=float, name="median odds ratio")

    # the median group and the population ----------------------------------------------------------

    def curve(self, data: pd.DataFrame) -> pd.DataFrame:
        """For new rows, the expected response `median_group`, with effects 0, and `average`."""
        eta = self._fixed_columns(data) @ self.beta
        variance = self._variance({g: self._random_columns(g, data) for g in self.effects}, eta)
        columns = {"median_group": self.mean(eta), "average": average(self.mean, eta, variance)}
        return pd.DataFrame(columns, index=data.index)

    @cached_property
    def marginal_coefficients(self) -> pd.Series:
        """Slopes of the population's curve, on the link's scale: what a marginal model estimates.

        The fixed effects times the attenuation, averaged over the rows. Intercepts are left out.
        """
        eta = self.design.X @ self.beta
        variance = self._variance({g: self.design.Z(g) for g in self.effects}, eta)
        factor = float(attenuation(self.outcome, eta, variance).mean())
        slopes = pd.Series(factor * self.beta, self.design.names, name="marginal")
        return slopes.drop("(Intercept)", errors="ignore")

    def _variance(self, columns: Mapping[str, Array], eta: Array) -> Array:
        """Of each row, that of z'u: how much groups differ there."""
        variance = np.zeros_like(eta)
        for group, Z in columns.items():
            variance += np.einsum("ia,ab,ib->i", Z, self.effects[group].covariance, Z)
        return variance

    # random effects -------------------------------------------------------------------------------

    @cached_property
    def posterior_means(self) -> pd.DataFrame:
        """A row per group: the effects' posterior means, and `sd_<term>`.

        `ranef` has their modes, as lme4; these are what Stata's melogit predicts. The two differ
        where a group's rows say little. For one grouping factor.
        """
        if len(self.effects) > 1:
            raise UnsupportedError("posterior means are worked out for one grouping factor only")
        (e,) = self.effects.values()
        means, sds = posterior(self.maximum.at, self.predictor)
        return pd.DataFrame(
            np.hstack([means, sds]),
            index=e.grouping.levels,
            columns=[*e.names, *(f"sd_{name}" for name in e.names)],
        )

    @cached_property
    def trace(self) -> pd.DataFrame:
        """Each evaluation of the search: theta and beta, on standardised columns, and deviance."""
        columns: list[str] = []
        for f in self.predictor.factors:
            for r, c in zip(*f.pattern.places, strict=True):
                inner = f".{f.names[c]}" if r != c else ""
                columns.append(f"{f.grouping.name}.{f.names[r]}{inner}")
        columns += self.design.names
        columns += [f"threshold {k + 1}" for k in range(self.predictor.size - len(columns))]
        table = pd.DataFrame([phi for phi, _ in self.maximum.path], columns=columns)
        constant = 2.0 * self.outcome.constant
        return table.assign(deviance=[deviance - constant for _, deviance in self.maximum.path])
