"""The bundled data: each dataset is a file of rows and a card that explains them.

`names()` lists them; `load("school").frame` is a DataFrame, the rest of the `Dataset` is what
its card says. To add one, put `<name>.csv` (or `.parquet`) and `<name>.toml` in this folder.
`case("nurses-hospitals")` is a dataset looked at in one of the ways that its card lists;
`printed("school-ols")` a table that a lecture printed from it.
"""

from datasets.card import CardError
from datasets.case import Case, case, cases
from datasets.dataset import Dataset, Derived, Level, Model, Variable
from datasets.shelf import UnknownDatasetError, load, names
from datasets.structure import group_sizes, groups, missing, preview, summary
from datasets.tables import Comparison, Figure, Table, agrees, printed, printed_names

__all__ = [
    "CardError",
    "Case",
    "Comparison",
    "Dataset",
    "Derived",
    "Figure",
    "Level",
    "Model",
    "Table",
    "UnknownDatasetError",
    "Variable",
    "agrees",
    "case",
    "cases",
    "group_sizes",
    "groups",
    "load",
    "missing",
    "names",
    "preview",
    "printed",
    "printed_names",
    "summary",
]
