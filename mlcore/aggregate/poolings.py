"""Complete, no and partial pooling of means, from moments of groups or from rows.

    complete    the mean of all rows, se = s / sqrt(N)
    none        the group's own mean, se_j = s_j / sqrt(n_j)
    partial     beta_0 + u_j with its conditional SD, one residual SD for all groups

An interval of the second kind is wide because the group's rows are few or because they differ much:
se_a / se_b = sqrt(n_b / n_a) * s_a / s_b. That of the third knows only the first reason.
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.aggregate.moments import Moments
from mlcore.errors import DataError
from mlcore.fit import Fit
from mlcore.gaussian.mixed import lmm
from mlcore.gaussian.pooling import pooling_weight


@dataclass(frozen=True, eq=False)
class Poolings:
    """The `mean` of all rows with its `se`, a `table` by group, and the `fit` of partial pooling.

    The table has `n, sd`, then estimate, standard error and 95 % interval without pooling, `none,
    none_se, none_lower, none_upper`, and the same for `partial`; `lambda` is the weight kept.
    """

    mean: float
    se: float
    table: pd.DataFrame
    fit: Fit

    def apart(self, a: Hashable, b: Hashable) -> "pd.Series[float]":
        """How many times as wide a's interval is as b's without pooling, and why.

        `width` = `size` * `spread`: for having fewer rows, and for rows that differ more; `partial`
        is the same ratio with partial pooling.
        """
        for name in (a, b):
            if name not in self.table.index:
                raise DataError(f"no group {name} in the table")
        columns = ["n", "sd", "none_se", "partial_se"]
        one, other = self.table.loc[[a, b], columns].to_numpy(dtype=float)
        n, sd, se, partial_se = one / other
        found = {"width": se, "size": np.sqrt(1.0 / n), "spread": sd, "partial": partial_se}
        return pd.Series(found, dtype=float, name="ratio")


def poolings(data: Moments, variable: str) -> Poolings:
    """Pool the means of a variable in three ways; groups of one row have no interval of their own.

    From rows: `moments(moment_table(data, group="school", variables=["gcse"]), ...)`.
    """
    from scipy.special import ndtri, stdtrit

    fit = lmm(f"`{variable}` ~ 1 + (1 | `{data.group}`)", data)
    k, n, N = data.place(variable), data.n, float(data.n.sum())
    own = data.means[:, k]
    overall = float(n @ own / N)
    squares = float(data.products[:, k, k].sum() + n @ (own - overall) ** 2)
    (ranef,) = fit.ranef.values()
    sd = data.sd(variable).to_numpy()
    with np.errstate(invalid="ignore"):
        se = sd / np.sqrt(n)
        t = stdtrit(np.maximum(n - 1.0, 1.0), 0.975)
    partial = fit.beta[0] + ranef["(Intercept)"].to_numpy()
    partial_se, z = ranef["se_(Intercept)"].to_numpy(), float(ndtri(0.975))
    tau = float(np.sqrt(fit.variance_components["variance"].iloc[0]))
    table = {
        "n": n,
        "sd": sd,
        "none": own,
        "none_se": se,
        "none_lower": own - t * se,
        "none_upper": own + t * se,
        "partial": partial,
        "partial_se": partial_se,
        "partial_lower": partial - z * partial_se,
        "partial_upper": partial + z * partial_se,
        "lambda": pooling_weight(n, tau, fit.sigma),
    }
    se_all = float(np.sqrt(squares / (N - 1.0) / N))
    return Poolings(overall, se_all, pd.DataFrame(table, index=data.groups.index), fit)


def moment_lines(data: Moments, outcome: str, predictor: str) -> pd.DataFrame:
    """No pooling: each group's own least-squares line, `intercept, slope, se, n`.

    `se` is the slope's; a group in which the predictor does not vary has NaN.
    """
    y, x, n = data.place(outcome), data.place(predictor), data.n
    P = data.products
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(P[:, x, x] > 0.0, P[:, x, y] / P[:, x, x], np.nan)
        left = P[:, y, y] - slope * P[:, x, y]
        se = np.sqrt(np.where(n > 2.0, left / (n - 2.0) / P[:, x, x], np.nan))
    intercept = data.means[:, y] - slope * data.means[:, x]
    table = {"intercept": intercept, "slope": slope, "se": se, "n": n}
    return pd.DataFrame(table, index=data.groups.index)
