"""Rows that say the same: equal predictors in equal groups have one linear predictor.

Coded data repeat themselves: 63,388 people are some thousand combinations of age, sex and
occupation. Successes and trials, or counts, of a combination are added up, and an evaluation of the
likelihood no longer depends on the number of people.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.discrete.predictor import Predictor

SEED = 1


def merge(model: Predictor) -> Predictor:
    """The same likelihood from half as many rows or fewer, if so few are distinct."""
    n = len(model.X)
    columns = [*model.X.T, *(z for f in model.factors for z in f.Z)]
    columns += [f.codes.astype(float) for f in model.factors]
    # if half the rows were repetitions, this many would hold nine pairs
    sample = np.random.default_rng(SEED).choice(n, min(n, int(3.0 * np.sqrt(n))), replace=False)
    if len(np.unique(fingerprints([column[sample] for column in columns]))) == len(sample):
        return model
    kinds, first = alike(columns)
    outcome = model.outcome.merged(kinds, len(first)) if len(first) <= n // 2 else None
    if outcome is None:
        return model
    factors = tuple(
        replace(f, codes=f.codes[first], Z=np.ascontiguousarray(f.Z[:, first]))
        for f in model.factors
    )
    return Predictor(model.X[first], outcome, factors)


def alike(columns: Sequence[Array]) -> tuple[Indices, Indices]:
    """Number the distinct rows: the number of each row, and where each number first occurs."""
    n = len(columns[0])
    kinds, values = pd.factorize(fingerprints(columns))
    first = np.empty(len(values), dtype=np.intp)
    first[kinds[::-1]] = np.arange(n)[::-1]
    if all(np.array_equal(column[first][kinds], column) for column in columns):
        return kinds, first
    return np.arange(n), np.arange(n)  # two rows with one fingerprint: merge nothing


def fingerprints(columns: Sequence[Array]) -> Array:
    """A number for each row: equal for equal rows, and different but for odds of 1 in 10^15."""
    weights = np.random.default_rng(SEED).standard_normal(len(columns))
    total = np.zeros(len(columns[0]))
    for weight, column in zip(weights, columns, strict=True):
        total += weight * column
    return total
