"""Quantile plots: sorted values against those of a normal sample, with the band chance allows.

The i-th of n independent standard normal values has the expected place Phi^-1((i - 3/8)/(n + 1/4)),
and lies between the quantiles of its exact distribution,

    Phi^-1(B(eta/2; i, n + 1 - i)),      Phi^-1(B(1 - eta/2; i, n + 1 - i)),

with probability 1 - eta, B being those of the beta distribution. The band is for all places at
once: eta, the same at each, is so small that the whole sample stays inside with probability .95.

Estimated random effects are drawn to zero, small groups' more than large ones'. What they would
scatter by, if the model were right, is

    Var(E(u_j | y)) = Var(u) - Var(u_j | y),

beta and the variances taken as known; divided by its root, they are standard normal, in generalised
models nearly so.

Reference: Aldor-Noiman et al. (2013), The American Statistician 67, 249-260; Blom (1958),
Statistical Estimates and Transformed Beta-Variables; Lange & Ryan (1989), Annals of Statistics 17,
624-642.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Flags, Indices
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.inference.residuals import row_residuals

# eta by the number of values: the 5th percentile of the smallest of the n local p-values in 3,000
# to 200,000 simulated samples, each with a Monte Carlo error of 1 to 9 %
LOCAL = {
    3: 0.0190,
    5: 0.0122,
    10: 0.00734,
    30: 0.00381,
    100: 0.00230,
    300: 0.00151,
    1_000: 0.00108,
    3_000: 0.00086,
    10_000: 0.00068,
    50_000: 0.00053,
}
MOST = 2_000  # points that are shown
ENDS = 200  # of them, at each end, that are never left out
STILL = 1e-6  # share of a variance below which an effect does not scatter


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Sorted `observed` values (k,) of `names` at their `expected` places, and the band there.

    Of `n` values k are kept, all that are near the ends. `outside` counts those of all n that leave
    the band. `what` they are is said in words.
    """

    names: pd.Index
    expected: Array
    observed: Array
    lower: Array
    upper: Array
    n: int
    outside: int
    what: str
    group: str = ""
    term: str = ""


def residual_quantiles(fit: Fit, *, seed: int = 1) -> Quantiles:
    """Of the residuals of rows, on their own scale."""
    found = row_residuals(fit, seed=seed)
    return quantiles(found.scaled, found.index, found.what)


def effect_quantiles(fit: Fit, group: str, term: str = "(Intercept)") -> Quantiles:
    """Of one term's effects over the levels of a grouping factor."""
    if group not in fit.effects:
        there = f"they vary over {', '.join(fit.effects)}" if fit.effects else "there are none"
        raise UnsupportedError(f"no random effects of {group} in this model: {there}")
    e = fit.effects[group]
    if term not in e.names:
        raise UnsupportedError(
            f"{term} does not vary over {group}: what varies is {', '.join(e.names)}"
        )
    place = e.names.index(term)
    total = float(e.covariance[place, place])
    scatter: Array = total - e.conditional[:, place, place]
    known: Flags = scatter > STILL * total
    if not known.any():
        raise UnsupportedError(
            f"the variance of {term} over {group} is estimated as zero: all its effects are zero"
        )
    values = e.values[known, place] / np.sqrt(scatter[known])
    what = "effects over the standard deviation that they would scatter by"
    return quantiles(values, e.grouping.levels[known], what, group, term)


def quantiles(
    values: Array, names: pd.Index, what: str, group: str = "", term: str = ""
) -> Quantiles:
    """Values (n,) that should be standard normal, sorted and compared."""
    from scipy.special import ndtri

    order = np.argsort(values, kind="stable")
    n = len(values)
    lower, upper = band(n)
    observed = values[order]
    outside = int(((observed < lower) | (observed > upper)).sum())
    kept = thinned(n)
    return Quantiles(
        names=names[order[kept]],
        expected=ndtri((kept + 0.625) / (n + 0.25)),
        observed=observed[kept],
        lower=lower[kept],
        upper=upper[kept],
        n=n,
        outside=outside,
        what=what,
        group=group,
        term=term,
    )


def band(n: int) -> tuple[Array, Array]:
    """Between what n sorted normal values lie, all of them 19 times of 20."""
    from scipy.special import betaincinv, ndtri

    i = np.arange(1, n + 1, dtype=float)
    some = thinned(n)
    ends = []
    eta = float(np.interp(np.log(n), np.log(list(LOCAL)), list(LOCAL.values())))
    for p in (eta / 2.0, 1.0 - eta / 2.0):
        exact = ndtri(betaincinv(i[some], n + 1.0 - i[some], p))
        ends.append(np.interp(i, i[some], exact))  # between the places kept it is all but straight
    return ends[0], ends[1]


def thinned(n: int) -> Indices:
    """Which of n sorted values are kept: all near the ends, and between them at equal steps."""
    if n <= MOST:
        return np.arange(n)
    middle = np.linspace(ENDS, n - 1 - ENDS, MOST - 2 * ENDS).astype(np.intp)
    return np.concatenate([np.arange(ENDS), middle, np.arange(n - ENDS, n)])
