"""How a dataset is built: how large its groups are, and what is missing."""

from __future__ import annotations

import pandas as pd

from datasets.dataset import Dataset


def summary(dataset: Dataset) -> str:
    """Count the units of every level: `1,000 nurses in 100 wards in 25 hospitals`."""
    smallest = dataset.levels[0]
    units = dataset.rows[smallest.count].sum() if smallest.count else len(dataset.rows)
    text = f"{units:,} {smallest.plural}"
    above = smallest.within
    while above:
        groups = [dataset.level(name) for name in above]
        counts = [f"{dataset.rows[group.column].nunique():,} {group.plural}" for group in groups]
        text += " in " + " and ".join(counts)
        above = tuple(name for group in groups for name in group.within)
    return text


def group_sizes(dataset: Dataset, level: str) -> pd.Series[int]:
    """Count the smallest units in each group of `level`; index: group, ascending by size.

    Units that belong to no group, such as people without an occupation, are not counted.
    """
    group = dataset.level(level).column
    count = dataset.levels[0].count
    groups = dataset.rows.groupby(group)
    sizes = groups[count].sum() if count else groups.size()
    return sizes.astype(int).sort_values(kind="stable").rename("size")


def missing(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the variables with missing values: `missing`, how many, and `share`, 0 to 1."""
    absent = frame.isna().sum()
    table = pd.DataFrame({"missing": absent, "share": absent / max(len(frame), 1)})
    return table[table["missing"] > 0].rename_axis("variable")
