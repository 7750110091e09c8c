"""A column, or several crossed, as a grouping factor: which group each row is in.

Files are large and columns many, so whole numbers of a narrow range are counted, not sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Indices = NDArray[np.intp]
NARROW = 8  # a range of so many times the number of rows is counted through


@dataclass(frozen=True, eq=False)
class Groups:
    """`codes` (n,) number the groups of a factor from 0, −1 for a row without one.

    `labels` (J,) are what they are called.
    """

    factor: str
    codes: Indices
    labels: pd.Index

    @property
    def count(self) -> int:
        return len(self.labels)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        return self.codes >= 0

    @cached_property
    def sizes(self) -> Indices:
        """Rows of each group, (J,)."""
        return np.bincount(self.codes[self.known], minlength=self.count)

    @property
    def rows(self) -> int:
        """How many rows belong to a group."""
        return int(self.sizes.sum())

    @cached_property
    def runs(self) -> int:
        """Unbroken stretches of rows of one group, in the order of the file."""
        codes = self.codes[self.known]
        return int(np.count_nonzero(np.diff(codes)) + 1) if len(codes) else 0


def grouped(frame: pd.DataFrame, factor: str) -> Groups:
    """The groups of a column, or of `hospital:ward`; groups are in the order of their labels."""
    if factor in frame.columns:
        codes, labels = numbered(frame[factor])
        return Groups(factor, codes, labels)
    names = factor.split(":")
    for name in names:
        if name not in frame.columns:
            raise KeyError(f"no column {name} in the data")
    parts = [grouped(frame, name) for name in names]
    cells = crossed(parts)
    places = np.unravel_index(cells.labels, shape_of(parts))
    texts = [part.labels[place].astype(str) for part, place in zip(parts, places, strict=True)]
    labels = texts[0]
    for text in texts[1:]:
        labels = labels + ":" + text
    return Groups(factor, cells.codes, pd.Index(labels))


def crossed(parts: Sequence[Groups]) -> Groups:
    """The groups that several factors form together where there are rows, labelled by numbers."""
    known = np.logical_and.reduce([part.known for part in parts])
    inside, present = renumbered(
        np.ravel_multi_index([part.codes[known] for part in parts], shape_of(parts))
    )
    codes = np.full(len(known), -1, dtype=np.intp)
    codes[known] = inside
    return Groups(":".join(part.factor for part in parts), codes, pd.Index(present))


def shape_of(parts: Sequence[Groups]) -> list[int]:
    """Of the table of all cells."""
    return [max(part.count, 1) for part in parts]


def numbered(column: pd.Series) -> tuple[Indices, pd.Index]:
    """Codes of the values in ascending order, −1 where one is missing, and the values."""
    if not pd.api.types.is_numeric_dtype(column):
        mixed = column.dtype == object  # values that may not be compared with each other
        codes, labels = pd.factorize(column.astype("string") if mixed else column, sort=True)
        return codes.astype(np.intp), pd.Index(labels)
    values = column.to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(values)
    codes = np.full(len(values), -1, dtype=np.intp)
    found = values[known]
    if not len(found):
        return codes, pd.Index([])
    low, high = found.min(), found.max()
    if whole(found) and high - low < max(NARROW * len(found), 1000):
        codes[known], present = renumbered((found - low).astype(np.intp))
        labels = present + low
    else:
        inside, labels = pd.factorize(found, sort=True)
        codes[known] = inside
    return codes, pd.Index(labels.astype(np.int64) if whole(labels) else labels)


def renumbered(codes: Indices) -> tuple[Indices, Indices]:
    """Codes without gaps, and those that are present, ascending."""
    if not len(codes):
        return codes.astype(np.intp), codes.astype(np.intp)
    high = int(codes.max())
    if high > max(NARROW * len(codes), 1000):
        inside, present = pd.factorize(codes, sort=True)
        return inside.astype(np.intp), np.asarray(present, dtype=np.intp)
    seen = np.zeros(high + 1, dtype=bool)
    seen[codes] = True
    place = np.cumsum(seen) - 1
    return place[codes], np.flatnonzero(seen)


def whole(values: NDArray[np.float64]) -> bool:
    """Whether all numbers are whole ones that a 64-bit integer can hold."""
    some = values[: 1 << 10]  # most measurements show in the first rows that they are none
    return bool(
        (some == np.floor(some)).all()
        and (values == np.floor(values)).all()
        and (np.abs(values) < 2.0**53).all()
    )
