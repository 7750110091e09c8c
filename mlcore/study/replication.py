"""A study repeated: one coefficient, several estimators, and how often each of them is right.

    bias = mean(b) - truth,      real SE = SD(b),      coverage = share of |b - truth| <= t se,
    rejected = share of |b| > t se: false positives if the truth is 0, power otherwise.

Every share or mean of n replications is itself an estimate, with a Monte Carlo error.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.errors import DataError

AT_ONCE = 100  # replications drawn together; the first 100 of 1,000 are those of a shorter run


@dataclass(frozen=True, eq=False)
class Replications:
    """B replications of a coefficient whose true value is `truth`, by E estimators with `names`.

    `estimate` and `se` are (B, E); `df` (E,) are those of t distributions, infinite for a z.
    """

    names: tuple[str, ...]
    truth: float
    estimate: Array
    se: Array
    df: Array

    @property
    def n(self) -> int:
        return len(self.estimate)

    @cached_property
    def p(self) -> Array:
        """Two-sided p-values (B, E) of the hypothesis that the coefficient is 0."""
        return tails(self.estimate / self.se, self.df)

    def summary(self, level: float = 0.05) -> pd.DataFrame:
        """By estimator: `bias`, `real_se` and mean reported `se`, `coverage`, `rejected`.

        Tests are at `level`, intervals cover 1 - `level`. `<name>_error` are Monte Carlo errors.
        """
        if not 0.0 < level < 1.0:
            raise DataError(f"level is between 0 and 1, such as 0.05, not {level!r}")
        error = self.estimate - self.truth
        spread = error.std(axis=0, ddof=1)
        covered = (tails(error / self.se, self.df) >= level).mean(axis=0)
        rejected = (self.p < level).mean(axis=0)
        table = {
            "bias": error.mean(axis=0),
            "bias_error": spread / np.sqrt(self.n),
            "real_se": spread,
            "se": self.se.mean(axis=0),
            "coverage": covered,
            "coverage_error": np.sqrt(covered * (1.0 - covered) / self.n),
            "rejected": rejected,
            "rejected_error": np.sqrt(rejected * (1.0 - rejected) / self.n),
        }
        return pd.DataFrame(table, index=pd.Index(self.names, name="estimator"))

    def first(self, n: int) -> "Replications":
        return Replications(self.names, self.truth, self.estimate[:n], self.se[:n], self.df)

    def __add__(self, other: "Replications") -> "Replications":
        """These, then the others."""
        return Replications(
            self.names,
            self.truth,
            np.concatenate([self.estimate, other.estimate]),
            np.concatenate([self.se, other.se]),
            self.df,
        )


class Study(Protocol):
    """Anything that can be repeated: draw responses, fit, report (see `study.studies`)."""

    def draw(self, rng: np.random.Generator, size: int) -> Replications: ...


def replicate(study: Study, n: int, *, seed: int) -> Iterator[Replications]:
    """Repeat a study n times; yields all replications so far, after every hundred.

    Whoever listens may show them, and stop by not asking for more.
    """
    if n < 2:
        raise DataError(f"a study is repeated 2 times or more, not {n}")
    rng = np.random.default_rng(seed)
    found: Replications | None = None
    for start in range(0, n, AT_ONCE):
        more = study.draw(rng, AT_ONCE).first(n - start)
        found = more if found is None else found + more
        yield found


def power(study: Study, n: int, *, seed: int, level: float = 0.05) -> pd.DataFrame:
    """By estimator, the share of n replications that reject a zero coefficient, and its `error`."""
    *_, found = replicate(study, n, seed=seed)
    table = found.summary(level)[["rejected", "rejected_error"]]
    return table.set_axis(["power", "error"], axis=1)


def tails(statistic: Array, df: Array) -> Array:
    """Two-sided p-values (B, E) of t distributions with df (E,), normal where infinite."""
    from scipy.special import ndtr, stdtr

    below = -np.abs(statistic)
    finite = np.isfinite(df)
    p: Array = 2.0 * np.where(finite, stdtr(np.where(finite, df, 1.0), below), ndtr(below))
    return p
