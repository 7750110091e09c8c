"""Two nested models, compared by their likelihoods.

    LR = 2 (loglik of the larger - loglik of the smaller)  ~  sum_k w_k chi^2_k,

under the smaller model. Where the larger one adds d parameters that may take either sign, all the
weight is on k = d. A variance cannot be negative, and the smaller model says it is 0: half of the
time its estimate would like to be, and then it is worth nothing. One new variance, whatever comes
with it (covariances, fixed effects), gives

    P(LR > c) = 1/2 P(chi^2_{d-1} > c) + 1/2 P(chi^2_d > c).

With several new variances the weights depend on the data; the same mixture is then an upper bound,
since their covariance matrices are a part of the half-space in which one of them is positive. The
smaller model's own variances have to be above 0.

Reference: Self & Liang (1987), JASA 82, 605-610; Stram & Lee (1994), Biometrics 50, 1171-1177.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mlcore.aggregate.rowless import MomentDesign
from mlcore.arrays import Array
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit

OUTSIDE = 1e-8  # share of a column's squares that the other model's columns leave: not rounding
BELOW = 1e-4  # how far the larger model's log-likelihood may be below the smaller's: stopping rules


@dataclass(frozen=True)
class LikelihoodRatio:
    """The statistic, the number of added parameters `df`, and the mixture that it is judged by.

    `weights` are those of chi-square distributions by their degrees of freedom; `variances` counts
    the variances that the smaller model says are zero.
    """

    statistic: float
    df: int
    weights: Mapping[int, float]
    variances: int

    @property
    def p(self) -> float:
        """With several new variances, an upper bound: see `exact`."""
        return sum(w * upper_tail(df, self.statistic) for df, w in self.weights.items())

    @property
    def naive_p(self) -> float:
        """What forgets that variances have a boundary; too large if there are any."""
        return upper_tail(self.df, self.statistic)

    @property
    def exact(self) -> bool:
        """Whether the weights are those of large samples, rather than a bound."""
        return self.variances < 2

    @property
    def sentence(self) -> str:
        p = "p < .001" if self.p < 0.001 else f"p = {self.p:.3f}".replace("0.", ".", 1)
        if not self.exact:
            p = f"at most {p}" if self.p < 0.001 else p.replace("=", "≤")
        mixture = " + ".join(
            f"{f'{w:g}'.lstrip('0')}·χ²({df})" if w < 1 else f"χ²({df})"
            for df, w in self.weights.items()
        )
        added = f"{self.df} parameter{'s' if self.df > 1 else ''}"
        why = ", since a variance cannot be negative" if self.variances else ""
        verdict = (
            "data like these would be rare if the smaller model were true"
            if self.p < 0.05
            else "the smaller model could well have given data like these"
        )
        return (
            f"The larger model adds {added}; LR = {self.statistic:.2f} against {mixture}{why}: "
            f"{p}, so {verdict}."
        )


def lr_test(small: Fit, large: Fit) -> LikelihoodRatio:
    """Compare two models of the same rows, of which `large` contains `small`."""
    same_rows(small, large)
    comparable_likelihoods(small, large)
    df = large.df_model - small.df_model
    if df <= 0:
        raise DataError(
            f"the larger model comes second and needs more parameters: {small.formula!r} has "
            f"{small.df_model}, {large.formula!r} has {large.df_model}",
            "no more parameters",
        )
    nested_fixed_parts(small, large)
    variances = new_variances(small, large)
    statistic = 2.0 * (large.loglik - small.loglik)
    if statistic < -2.0 * BELOW:
        raise DataError(
            f"{large.formula!r} fits worse than {small.formula!r}, which it should contain: the "
            "models are not nested, or one has not converged (see `messages`)",
            "fits worse",
        )
    weights = {df - 1: 0.5, df: 0.5} if variances else {df: 1.0}
    return LikelihoodRatio(max(statistic, 0.0), df, weights, variances)


def same_rows(small: Fit, large: Fit) -> None:
    if small.n != large.n:
        raise DataError(
            f"the models were fitted to {small.n} and {large.n} rows: drop the rows with missing "
            "values in any of the larger model's columns first, then fit both",
            "other rows",
        )
    if small.family != large.family or not np.array_equal(response(small), response(large)):
        raise DataError(
            "the models have different responses or rows: their likelihoods cannot be compared; "
            "fit both to one data set",
            "other response",
        )


def response(fit: Fit) -> Array:
    """What is known of the response: its rows, or the size, mean and squares of every group."""
    made = fit.design
    if isinstance(made, MomentDesign):
        k = len(made.names)
        return np.stack([made.sizes, made.means[:, k], made.products[:, k, k]])
    return fit.observed


def comparable_likelihoods(small: Fit, large: Fit) -> None:
    for fit in (small, large):
        if not np.isfinite(fit.loglik):
            raise UnsupportedError(
                f"{fit.method} has no likelihood: use a Wald test", "no likelihood"
            )
    kinds = [likelihood(fit) for fit in (small, large)]
    exact = kinds[0] == "ML" and not small.effects and kinds[1] != "REML"
    if kinds[0] != kinds[1] and not exact:
        remedy = "refit both by ML (reml=False)" if "REML" in kinds else "fit both by one method"
        raise UnsupportedError(
            f"{kinds[0]} and {kinds[1]} are two likelihoods: {remedy}", "other likelihood"
        )
    same_names = small.design.names == large.design.names
    by_moments = isinstance(large.design, MomentDesign)
    same = same_names and (by_moments or np.array_equal(small.design.X, large.design.X))
    if kinds[0] == "REML" and not same:
        raise UnsupportedError(
            "REML likelihoods of models with different fixed parts are those of different data: "
            "refit both by ML (reml=False)",
            "REML",
        )


def likelihood(fit: Fit) -> str:
    """What kind of likelihood the fit's is: that of least squares is the maximum.

    Without random effects there is nothing to integrate, and ML is every approximation's own.
    """
    kind = fit.method.partition(",")[0]
    return {"OLS": "ML", "ML": "ML", "REML": "REML"}.get(kind, fit.method)


def nested_fixed_parts(small: Fit, large: Fit) -> None:
    """Raise unless the columns of the smaller model are combinations of the larger's."""
    if set(small.design.names) <= set(large.design.names):
        return
    inner, outer = small.design.X, large.design.X
    left = inner - outer @ np.linalg.lstsq(outer, inner, rcond=None)[0]
    outside = np.sum(left**2, axis=0) > OUTSIDE * np.sum(inner**2, axis=0)
    if outside.any():
        names = ", ".join(np.array(small.design.names)[outside])
        raise DataError(
            f"the models are not nested: the larger one lacks {names}; compare AIC",
            "not nested",
            np.array(small.design.names)[outside].tolist(),
        )


def new_variances(small: Fit, large: Fit) -> int:
    """How many random effects the larger model has and the smaller has not."""
    if small.serial and small.method != large.method:
        raise DataError(
            f"the models are not nested: the larger one lacks the correlation of residuals of "
            f"{small.method}; compare AIC",
            "not nested",
            ["the correlation of residuals"],
        )
    added = 0
    for group, effects in large.effects.items():
        known = set(small.effects[group].names) if group in small.effects else set()
        added += len(set(effects.names) - known)
    lacking = [
        f"{name} over {group}"
        for group, effects in small.effects.items()
        for name in effects.names
        if group not in large.effects or name not in large.effects[group].names
    ]
    if lacking:
        raise DataError(
            f"the models are not nested: the larger one lacks the random effects of "
            f"{', '.join(lacking)}; compare AIC",
            "not nested",
            lacking,
        )
    return added


def upper_tail(df: int, value: float) -> float:
    """P(chi^2_df > value); chi^2_0 is always 0, and p is then 1 if there is nothing to explain."""
    from scipy.special import chdtrc

    return float(chdtrc(df, value)) if df else float(value <= 0.0)
