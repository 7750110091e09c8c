"""Which columns could be groups, and what speaks for and against each.

No number tells a group from a measurement: 1 to 65 may be schools or points. What is looked at is
whether the card or the name says so, whether rows of a group stand together in the file, whether
other columns never vary within it, whether it is text; against it, that neighbouring values are
about equally frequent, as those of a measurement are. Each is worth points, which give the order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from datasets import Dataset
from workbench.readiness import names
from workbench.readiness.factors import Groups, Indices, crossed, numbered, whole
from workbench.readiness.kinds import kind_among

FEW, LEAST = 10, 6  # groups: a variance from fewer is poorly known; with fewer, a predictor
SAMPLE = 2_000  # rows by which it is seen what varies within groups
GROUPS = 30  # and from how many groups they are at least
FIRST = slice(200)  # rows of the sample that show most columns to vary
NEEDED = 2  # points that make a column plausible
CARD, NAME, TOGETHER, DESCRIBED, TEXT, SMOOTH, MEASURE = 100, 3, 2, 2, 1, -2, -3


@dataclass(frozen=True)
class Candidate:
    """A column as a grouping factor: its groups, their sizes in rows, and why or why not.

    `absent` rows have no group, `singletons` are groups of one row. `few` warns of a variance that
    so few groups tell little about.
    """

    column: str
    groups: int
    smallest: int
    median: float
    largest: int
    singletons: int
    absent: int
    plausible: bool
    why: str
    points: float = 0.0

    @property
    def few(self) -> bool:
        return self.groups < FEW

    @property
    def sizes(self) -> str:
        """`65 groups of 2 to 198 rows, median 60`"""
        counted = f"{self.groups:,} groups"
        if self.smallest == self.largest:
            return f"{counted} of {self.smallest:,} row{'s'[: self.smallest != 1]} each"
        median = f"{self.median:,.1f}".removesuffix(".0")
        return f"{counted} of {self.smallest:,} to {self.largest:,} rows, median {median}"


def candidates(frame: pd.DataFrame, dataset: Dataset | None = None) -> tuple[Candidate, ...]:
    """Every column that has groups of rows, the most plausible first; measurements are left out."""
    said = on_the_card(dataset)
    found = {}
    for column in frame.columns:
        if groups := as_groups(frame[column], str(column)):
            found[groups.factor] = groups
    judged = [judge(groups, frame, found, said) for groups in found.values()]
    judged.sort(key=lambda each: (not each.plausible, -each.points, -each.groups))
    first = next((each for each in judged if each.plausible), None)
    if first is not None:
        some = sample(found[first.column])
        judged = [
            each if each.column in said else seen_from(each, found[first.column], some, found)
            for each in judged
        ]
        judged.sort(key=lambda each: (not each.plausible, -each.points, -each.groups))
    return tuple(judged)


def on_the_card(dataset: Dataset | None) -> dict[str, str]:
    """Columns that a dataset's card names as levels above the row, and the levels' names."""
    if dataset is None:
        return {}
    return {level.column: level.plural for level in dataset.levels[1:] if level.column}


def as_groups(column: pd.Series, name: str) -> Groups | None:
    """The column's groups, unless it is a measurement, which has values and no groups."""
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        if not whole(values[np.isfinite(values)]):
            return None
    codes, labels = numbered(column)
    return Groups(name, codes, labels) if len(labels) > 1 else None


def judge(
    groups: Groups, frame: pd.DataFrame, all_groups: dict[str, Groups], said: dict[str, str]
) -> Candidate:
    """What speaks for and against one column by itself."""
    name, J, rows = groups.factor, groups.count, groups.rows
    points, reasons = 0.0, []
    if name in said:
        points, reasons = points + CARD, [f"the card says that these are {said[name]}"]
    if rows == J:
        why = "every row has its own value: it names rows, and nothing is left within a group"
        return candidate(groups, frame, points, plausible=False, why=why)
    if name not in said and J < LEAST:
        why = f"only {J} different values: rather a predictor than groups"
        return candidate(groups, frame, points + J - FEW, plausible=False, why=why)
    if names.says_group(name):
        points, reasons = points + NAME, [*reasons, "the name says so"]
    if not pd.api.types.is_numeric_dtype(groups.labels):
        points, reasons = points + TEXT, [*reasons, "it holds names"]
    if rows >= 2 * J and 0.9 * groups.runs <= J:
        points, reasons = points + TOGETHER, [*reasons, "its rows stand together in the file"]
    if described := describing(groups, all_groups.values()):
        points += DESCRIBED
        few = " and ".join(f"`{name}`" for name in described)
        few = few if len(described) < 3 else f"{len(described)} columns"
        verb = "never varies" if len(described) == 1 else "never vary"
        reasons.append(f"{few} {verb} within it")
    if names.says_measure(name):
        points += MEASURE
    if smooth(groups):
        points += SMOOTH
    plausible = name in said or (points >= NEEDED and kind_among(groups) != "date")
    if not plausible and pd.api.types.is_numeric_dtype(groups.labels):
        reasons = ["nothing but its whole numbers suggests groups: rather a measurement"]
    elif not plausible:
        reasons = ["text that returns, and nothing else that suggests groups: rather a predictor"]
    elif J < FEW:
        reasons.append(f"{J} groups are few to learn a variance from")
    return candidate(groups, frame, points, plausible=plausible, why="; ".join(reasons))


def is_measured(groups: Groups) -> bool:
    """Whether a value that never varies within other groups seems to describe these: a number that
    returns here and there, without the name of a group.
    """
    numeric = pd.api.types.is_numeric_dtype(groups.labels)
    return numeric and groups.count < groups.runs and not names.says_group(groups.factor)


def candidate(
    groups: Groups, frame: pd.DataFrame, points: float, *, plausible: bool, why: str
) -> Candidate:
    sizes = groups.sizes
    return Candidate(
        column=groups.factor,
        groups=groups.count,
        smallest=int(sizes.min()),
        median=float(np.median(sizes)),
        largest=int(sizes.max()),
        singletons=int((sizes == 1).sum()),
        absent=len(frame) - groups.rows,
        plausible=plausible,
        why=why,
        points=points,
    )


def describing(groups: Groups, others: Iterable[Groups]) -> list[str]:
    """Columns that never vary within the groups, and are not the groups by another name.

    Judged by a sample of groups; singletons, within which nothing can vary, say nothing.
    """
    rows = sample(groups)
    new = np.append(True, np.diff(groups.codes[rows]) != 0)
    J = int(new.sum())
    if J < 2:
        return []
    found = []
    for other in others:
        if other is groups or not 1 < other.count < groups.count:
            continue
        if all(never_varies(other.codes[rows[part]], new[part]) for part in (FIRST, slice(None))):
            values = other.codes[rows[new]]
            if 1 < len(np.unique(values)) < J:
                found.append(other.factor)
    return found


def never_varies(values: Indices, new: NDArray[np.bool_]) -> bool:
    """Whether a value changes only where a `new` group begins."""
    return bool(((values[1:] == values[:-1]) | new[1:]).all())


def varies(mine: Groups, best: Groups, rows: Indices) -> bool:
    """Whether a column has several values within a group, in some rows of it."""
    new = np.append(True, np.diff(best.codes[rows]) != 0)
    return not never_varies(mine.codes[rows], new)


def returns(mine: Groups, best: Groups, rows: Indices) -> bool:
    """Whether a value is found twice within a group, in some rows of it."""
    cells = best.codes[rows] * mine.count + mine.codes[rows]
    return len(np.unique(cells)) < len(cells)


def sample(groups: Groups) -> Indices:
    """Some rows of some groups that have several, group by group."""
    many = np.flatnonzero(groups.sizes > 1)
    rows = int(groups.sizes[many].sum())
    if not rows:
        return many
    wanted = max(GROUPS, len(many) * SAMPLE // rows)
    chosen = np.zeros(groups.count + 1, dtype=bool)  # the last is that of rows without a group
    chosen[many[:: max(1, len(many) // wanted)]] = True
    found = np.flatnonzero(chosen[groups.codes])
    found = found[:: max(1, len(found) // SAMPLE)]
    return found[np.argsort(groups.codes[found], kind="stable")]


def smooth(groups: Groups) -> bool:
    """Whether neighbouring values are about equally frequent, as those of a measurement are."""
    if groups.count < LEAST or not pd.api.types.is_numeric_dtype(groups.labels):
        return False
    sizes = groups.sizes.astype(float)
    one, other = sizes[:-1] - sizes[:-1].mean(), sizes[1:] - sizes[1:].mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return scale > 0.0 and float(one @ other) / scale > 0.5


def seen_from(each: Candidate, best: Groups, some: Indices, found: dict[str, Groups]) -> Candidate:
    """The same candidate, once it is known which is the most plausible: what it is within that.

    Of most columns `some` rows show that they both vary and return within its groups.
    """
    mine = found[each.column]
    if (
        mine is best
        or each.groups < LEAST
        or (returns(mine, best, some) and varies(mine, best, some))
    ):
        return each
    both = crossed([best, mine])
    why = ""
    if both.count == both.rows and each.groups < both.rows:
        why = f"no value twice within one of `{best.factor}`: it numbers or times its rows"
    elif both.count == best.count > mine.count and is_measured(mine):
        why = f"it never varies within `{best.factor}`: a characteristic of these groups"
    if not why:
        return each
    changed = {**vars(each), "plausible": False, "why": why, "points": each.points - NEEDED}
    return Candidate(**changed)
