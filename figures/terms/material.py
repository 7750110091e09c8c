"""What the pictures are drawn from: fits of the core to bundled data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.fit import Fit
from mlcore.gaussian.families import Families


@dataclass(frozen=True, eq=False)
class Interval:
    """An estimate with two standard errors: as if rows were independent, and by cluster."""

    estimate: float
    plain: float
    robust: float


@dataclass(frozen=True)
class School:
    """A school's pupils, its own mean, the model's estimate with its SD, and the pooling weight."""

    name: str
    n: int
    mean: float
    estimate: float
    se: float
    weight: float


@dataclass(frozen=True, eq=False)
class Hill:
    """The deviance of one model over the SD between groups, by ML and REML, lowest at 0."""

    sd: Array
    ml: Array
    reml: Array


@dataclass(frozen=True, eq=False)
class Material:
    """The exam scores of schools, and the reaction times of people over days.

    `null` is the model without a predictor and `shrunk` what it does to each school, smallest
    first; `families` are the lines of exam on reading score, `pupils` a few of
    the points that they go through; `slopes` within and between schools;
    `days` the growth model; `boys` the coefficient of a boys’ school.
    """

    null: Fit
    shrunk: pd.DataFrame
    families: Families
    pupils: list[tuple[float, float]]
    within: float
    between: float
    days: Fit
    hill: Hill
    boys: Interval

    @cached_property
    def schools(self) -> dict[str, School]:
        """Every school by name, smallest first."""
        columns = [self.shrunk[name].tolist() for name in ("n", "mean", "estimate", "se", "lambda")]
        rows = zip(self.shrunk.index, *columns, strict=True)
        return {str(name): School(str(name), *row) for name, *row in rows}

    def lines(self, family: str) -> list[tuple[float, float]]:
        """Intercept and slope of every school's line in one family, lowest first."""
        found = self.families.lines(family)[["intercept", "slope"]].to_numpy()
        return sorted((float(a), float(b)) for a, b in found)

    @cached_property
    def tau(self) -> float:
        return float(self.null.variance_components["sd"].iloc[0])

    @cached_property
    def sigma(self) -> float:
        return float(self.null.variance_components["sd"].iloc[1])

    @cached_property
    def icc(self) -> float:
        return self.tau**2 / (self.tau**2 + self.sigma**2)

    @cached_property
    def covariance(self) -> Array:
        """Of the schools' intercepts and slopes."""
        (found,) = self.families.coefficients.random_covariance.values()
        return np.asarray(found)
