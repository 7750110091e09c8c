"""How a dataset is built: how large its groups are, and what is missing."""

from __future__ import annotations

from math import isnan

import pandas as pd

from datasets.dataset import Dataset, Level


def summary(dataset: Dataset) -> str:
    """Count the units of every level: `1,000 nurses in 100 wards in 25 hospitals`."""
    frame, smallest = dataset.frame, dataset.levels[0]
    units = frame[smallest.count].sum() if smallest.count else len(frame)
    text = f"{units:,} {smallest.plural}"
    above = smallest.within
    while above:
        levels = [dataset.level(name) for name in above]
        counts = [f"{frame[level.column].nunique():,} {level.plural}" for level in levels]
        text += " in " + " and ".join(counts)
        above = tuple(name for level in levels for name in level.within)
    return text


def group_sizes(dataset: Dataset, level: str) -> pd.Series[int]:
    """Count the smallest units in each group of `level`; index: group, ascending by size.

    Units that belong to no group, such as people without an occupation, are not counted.
    """
    rows = dataset.frame.groupby(dataset.level(level).column)
    count = dataset.levels[0].count
    sizes = rows[count].sum() if count else rows.size()
    return sizes.astype(int).sort_values(kind="stable").rename("size")


def groups(dataset: Dataset) -> pd.DataFrame:
    """List every group: its `level` in the plural, its name in `group`, the units it holds.

    The last column is named after the units, as in `pupils`; the highest level comes first,
    and groups ascend by size within a level.
    """
    units = dataset.levels[0].plural
    tables = []
    for level in reversed(dataset.levels[1:]):
        sizes = group_sizes(dataset, level.name)
        labels = dataset.variables[level.column].values
        named = [labels.get(code) or _name(level, code) for code in sizes.index]
        tables.append(pd.DataFrame({"level": level.plural, "group": named, units: sizes.array}))
    return pd.concat(tables, ignore_index=True)


def _name(level: Level, code: int | str) -> str:
    return code if isinstance(code, str) else f"{level.name} {code}"


def preview(dataset: Dataset, rows: int = 3) -> pd.DataFrame:
    """The first rows as text, turned: a line for each variable, a column for each row."""
    labels = {column: variable.label for column, variable in dataset.variables.items()}
    first = dataset.frame.head(rows).set_axis([f"row {row + 1}" for row in range(rows)])
    return first.map(_text).rename(columns=labels).T.rename_axis("Variable").reset_index()


def _text(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if isnan(value):
        return "none"
    return format(value, "d" if isinstance(value, int) else ".6g").replace("-", "−")


def missing(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the variables with missing values: `missing`, how many, and `share`, 0 to 1."""
    absent = frame.isna().sum()
    table = pd.DataFrame({"missing": absent, "share": absent / max(len(frame), 1)})
    return table[table["missing"] > 0].rename_axis("variable")
