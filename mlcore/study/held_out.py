"""Which score of a group predicts the people one did not see? Asked of samples of a large dataset.

A share of all rows is drawn, scores of groups are made from it, and compared with the means of the
groups among the rest:

    raw       the group's mean in the sample,
    none      the mean of the whole sample, for every group,
    esres     the mean plus the random intercept's estimate.

A method's error is the root of the mean over groups, each counted once, of the squared difference;
over several samples, the mean of these errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.aggregate.moments import Moments
from mlcore.arrays import Array, Flags, Indices
from mlcore.errors import DataError
from mlcore.gaussian.mixed import lmm

SCORES = ("raw", "none", "esres")


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample: a row per group with its rows `n` and scores, and its mean in the rest, `rest`.

    Groups that the sample or the rest has not are left out.
    """

    scores: pd.DataFrame

    @property
    def errors(self) -> "pd.Series[float]":
        """By method, the root mean squared difference from the rest."""
        apart = self.scores[list(SCORES)].sub(self.scores["rest"], axis=0)
        squared: pd.Series[float] = (apart**2).mean()
        return squared**0.5


def sample_scores(
    outcome: str, group: str, data: pd.DataFrame, *, share: float, seed: int, least: int = 1
) -> Sample:
    """Draw one sample; of groups with fewer than `least` rows in all the data nothing is said."""
    y, codes, levels = used(outcome, group, data, least)
    return drawn(y, codes, levels, np.random.default_rng(seed).random(len(y)) < known(share))


def score_errors(
    outcome: str,
    group: str,
    data: pd.DataFrame,
    *,
    shares: Sequence[float],
    least: int = 1,
    samples: int = 20,
    seed: int,
) -> pd.DataFrame:
    """By share, the mean errors of the three scores over so many samples.

    `<score>_error` is its Monte Carlo error. A larger sample holds the smaller one of the same
    draw, so that the errors run smoothly over the shares.
    """
    y, codes, levels = used(outcome, group, data, least)
    rng = np.random.default_rng(seed)
    found = np.empty((samples, len(shares), len(SCORES)))
    for k in range(samples):
        chance = rng.random(len(y))
        for j, share in enumerate(shares):
            found[k, j] = drawn(y, codes, levels, chance < known(share)).errors
    mean = found.mean(axis=0)
    error = found.std(axis=0, ddof=1) / np.sqrt(samples) if samples > 1 else np.nan * mean
    columns = [*SCORES, *(f"{name}_error" for name in SCORES)]
    index = pd.Index(shares, name="share")
    return pd.DataFrame(np.hstack([mean, error]), index=index, columns=columns)


def used(
    outcome: str, group: str, data: pd.DataFrame, least: int
) -> tuple[Array, Indices, pd.Index]:
    """The values and group codes of the rows of groups that are large enough."""
    if lacking := [name for name in (outcome, group) if name not in data]:
        raise DataError(f"no column {lacking[0]} in the data")
    rows = data[[outcome, group]].dropna()
    rows = rows[rows.groupby(group)[group].transform("size") >= least]
    codes, levels = pd.factorize(rows[group], sort=True)
    if len(levels) < 3:
        raise DataError(f"fewer than 3 groups have {least} rows: lower the smallest size")
    return rows[outcome].to_numpy(float), codes, pd.Index(levels, name=group)


def drawn(y: Array, codes: Indices, levels: pd.Index, inside: Flags) -> Sample:
    """The scores of one sample, from sums over its rows and over the rest."""
    J = len(levels)
    n, total = np.bincount(codes, minlength=J), np.bincount(codes, y, J)
    m, part = np.bincount(codes[inside], minlength=J), np.bincount(codes[inside], y[inside], J)
    kept = (m > 0) & (n > m)
    if kept.sum() < 3:
        raise DataError("fewer than 3 groups are in the sample and in the rest: draw a larger one")
    mean = part[kept] / m[kept]
    spread = np.bincount(codes[inside], y[inside] ** 2, J)[kept] - m[kept] * mean**2
    named = pd.DataFrame({"group": levels[kept]}, index=levels[kept].rename("group"))
    fit = lmm(
        "y ~ 1 + (1 | group)",
        Moments(
            "group",
            ("y",),
            m[kept].astype(float),
            mean[:, None],
            np.maximum(spread, 0.0)[:, None, None],
            named,
        ),
    )
    esres = fit.beta[0] + fit.ranef["group"]["(Intercept)"].to_numpy()
    table = {
        "n": m[kept],
        "raw": mean,
        "none": np.full(len(mean), part.sum() / m.sum()),
        "esres": esres,
        "rest": (total - part)[kept] / (n - m)[kept],
    }
    return Sample(pd.DataFrame(table, index=levels[kept]))


def known(share: float) -> float:
    if not 0.0 < share < 1.0:
        raise DataError(f"a share is between 0 and 1, such as 0.05, not {share!r}")
    return share
