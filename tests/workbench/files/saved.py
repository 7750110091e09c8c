"""A bundled dataset as other programs save it: the bytes of a file, by the file's ending."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat

from datasets import Dataset

MOST_WRITTEN = 3000  # rows of a workbook, which take openpyxl 16 µs a cell to write


def labels(dataset: Dataset) -> dict[str, dict[int | float, str]]:
    return {name: dict(each.values) for name, each in dataset.variables.items() if each.values}


def titles(dataset: Dataset) -> dict[str, str | None]:
    """Labels of the variables; Stata's have 80 characters at most."""
    return {name: each.label[:80] for name, each in dataset.variables.items()}


def stata_by_pandas(dataset: Dataset) -> bytes:
    """Stata has no variable called class: pandas wants another name for it."""
    new = {name: f"{name}_" if name == "class" else name for name in dataset.variables}
    held = io.BytesIO()
    dataset.frame.rename(columns=new).to_stata(
        held,
        write_index=False,
        version=118,
        variable_labels={new[name]: title or "" for name, title in titles(dataset).items()},
        value_labels={new[name]: each for name, each in labels(dataset).items()},
    )
    return held.getvalue()


def through_a_file(write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved"
        write(path)
        return path.read_bytes()


def stata_by_readstat(dataset: Dataset) -> bytes:
    return through_a_file(
        lambda path: pyreadstat.write_dta(
            dataset.frame,
            path,
            column_labels=titles(dataset),
            variable_value_labels=labels(dataset),
        )
    )


def spss(dataset: Dataset, *, compress: bool = False) -> bytes:
    return through_a_file(
        lambda path: pyreadstat.write_sav(
            dataset.frame,
            path,
            column_labels=titles(dataset),
            variable_value_labels=labels(dataset),
            compress=compress,
        )
    )


def workbook(frame: pd.DataFrame) -> bytes:
    held = io.BytesIO()
    frame.to_excel(held, index=False)
    return held.getvalue()


def parquet(dataset: Dataset) -> bytes:
    held = io.BytesIO()
    dataset.frame.to_parquet(held, index=False)
    return held.getvalue()


LABELLED: dict[str, tuple[str, Callable[[Dataset], bytes]]] = {
    "Stata by pandas": (".dta", stata_by_pandas),
    "Stata by readstat": (".dta", stata_by_readstat),
    "SPSS": (".sav", spss),
    "SPSS compressed": (".zsav", lambda dataset: spss(dataset, compress=True)),
}
PLAIN: dict[str, tuple[str, Callable[[Dataset], bytes]]] = {
    "Parquet": (".parquet", parquet),
    "CSV with a mark": (".csv", lambda d: d.frame.to_csv(index=False).encode("utf-8-sig")),
    "CSV of a German Excel": (
        ".csv",
        lambda d: d.frame.to_csv(index=False, sep=";", decimal=",").encode("cp1252"),
    ),
    "tabs in UTF-16": (".txt", lambda d: d.frame.to_csv(index=False, sep="\t").encode("utf-16")),
    "bars": (".dat", lambda d: d.frame.to_csv(index=False, sep="|").encode()),
}
