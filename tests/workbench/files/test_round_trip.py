"""Every bundled dataset, saved by other programs and read back the same."""

import pandas as pd
import pytest

from datasets import Dataset, load, names
from tests.workbench.files import saved
from workbench.files import Options, Table, read, safe_csv

pytestmark = pytest.mark.usefixtures("here")
NAMES = names()
RENAMED = {"class": "class_"}


def same_values(table: Table, frame: pd.DataFrame, **how: float | bool) -> None:
    """Values are the same to the last digit; whole numbers may be int64 where they were float64."""
    pd.testing.assert_frame_equal(
        table.dataset.frame,
        frame.rename(columns=RENAMED),
        check_dtype=False,
        **(how or {"check_exact": True}),  # type: ignore[arg-type]
    )


def same_labels(table: Table, dataset: Dataset) -> None:
    for name, variable in dataset.variables.items():
        found = table.dataset.variables[RENAMED.get(name, name)]
        assert dict(found.values) == dict(variable.values)
        assert found.label == variable.label[:80].strip()


@pytest.mark.parametrize("program", saved.LABELLED)
@pytest.mark.parametrize("name", NAMES)
def test_with_labels(name: str, program: str) -> None:
    ending, save = saved.LABELLED[program]
    table = read(name + ending, save(load(name)))
    same_values(table, load(name).frame)
    same_labels(table, load(name))


@pytest.mark.parametrize("program", saved.PLAIN)
@pytest.mark.parametrize("name", NAMES)
def test_plain(name: str, program: str) -> None:
    ending, save = saved.PLAIN[program]
    table = read(name + ending, save(load(name)))
    same_values(table, load(name).frame)
    assert table.dataset.name == name


@pytest.mark.parametrize("name", NAMES)
def test_workbook(name: str) -> None:
    frame = load(name).frame.head(saved.MOST_WRITTEN)
    frame = frame[[column for column in frame if frame[column].notna().any()]]
    table = read(f"{name}.xlsx", saved.workbook(frame))
    same_values(table, frame, rtol=1e-15)  # openpyxl writes 16 digits


@pytest.mark.parametrize("name", NAMES)
def test_what_we_save(name: str) -> None:
    same_values(read("own.csv", safe_csv(load(name).frame).encode()), load(name).frame)


def test_options_as_they_were_used_read_the_same() -> None:
    _, save = saved.PLAIN["CSV of a German Excel"]
    content = save(load("school"))
    table = read("school.csv", content)
    assert table.options == Options(";", ",", "utf-8", header=True)
    again = read("school.csv", content, table.options)
    assert again.notes == table.notes
    assert again.digest == table.digest
    assert read("school.csv", content, Options(decimal=".")).digest != table.digest
    same_values(again, table.dataset.frame)


def test_a_dataset_has_what_pages_ask_of_it() -> None:
    dataset = read("my school (1).csv", safe_csv(load("school").frame).encode()).dataset
    assert dataset.name == "my_school_1"
    assert dataset.title == "my school (1).csv"
    assert [level.name for level in dataset.levels] == ["row"]
    assert not dataset.synthetic
    assert list(dataset.variables) == list(dataset.frame)
    assert dataset.csv() == load("school").csv()
    pd.testing.assert_frame_equal(dataset.extended, dataset.frame)
