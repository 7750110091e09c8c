"""The bundled data: each dataset is a file of rows and a card that explains them.

`names()` lists them; `load("school").frame` is a DataFrame, the rest of the `Dataset` is what
its card says. To add one, put `<name>.csv` (or `.parquet`) and `<name>.toml` in this folder.
"""

from datasets.card import CardError
from datasets.dataset import Dataset, Level, Model, Variable
from datasets.shelf import UnknownDatasetError, load, names
from datasets.structure import group_sizes, groups, missing, preview, summary

__all__ = [
    "CardError",
    "Dataset",
    "Level",
    "Model",
    "UnknownDatasetError",
    "Variable",
    "group_sizes",
    "groups",
    "load",
    "missing",
    "names",
    "preview",
    "summary",
]
