"""Taking a dataset down: names, errors, every digit, and a shelf nobody can disarrange."""

import csv
from dataclasses import FrozenInstanceError
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import datasets
from datasets import UnknownDatasetError

SHELF = Path(datasets.__file__).parent


def test_every_data_file_has_a_card_and_every_card_a_data_file():
    rows = {path.stem for pattern in ("*.csv", "*.parquet") for path in SHELF.glob(pattern)}
    assert set(datasets.names()) == rows


def test_an_unknown_name_is_answered_with_a_near_one():
    with pytest.raises(UnknownDatasetError) as caught:
        datasets.load("skool")
    assert str(caught.value) == (
        "unknown dataset 'skool': did you mean 'school'? "
        f"The bundled ones are {', '.join(datasets.names())}."
    )


def test_a_name_like_no_other_is_answered_with_the_list():
    with pytest.raises(UnknownDatasetError, match=r"^unknown dataset 'xyzzy'\. The bundled ones"):
        datasets.load("xyzzy")


@pytest.mark.parametrize("name", ["", "../school", "school.csv", "SCHOOL"])
def test_only_the_exact_name_opens_a_dataset(name):
    with pytest.raises(UnknownDatasetError):
        datasets.load(name)


def test_a_dataset_is_read_once():
    assert datasets.load("school") is datasets.load("school")


DISARRAY = {
    "a cell": lambda frame: frame.__setitem__("gcse", 0.0),
    "one value": lambda frame: frame.loc.__setitem__((0, "gcse"), 99.0),
    "the array below": lambda frame: frame["gcse"].array.__setitem__(0, 99.0),
    "a column's name": lambda frame: setattr(frame, "columns", range(frame.shape[1])),
    "the index": lambda frame: setattr(frame.index, "name", "pupil"),
    "a column less": lambda frame: frame.pop("gcse"),
    "attributes": lambda frame: frame.attrs.__setitem__("mine", 1),
}


@pytest.mark.parametrize("disarrange", list(DISARRAY.values()), ids=list(DISARRAY))
def test_what_a_caller_does_to_the_frame_stays_with_the_caller(disarrange):
    dataset = datasets.load("school")
    before = dataset.frame
    mine = dataset.frame
    disarrange(mine)
    after = datasets.load("school").frame
    pd.testing.assert_frame_equal(after, before)
    assert after.index.name is None
    assert after.attrs == {}


def test_a_dataset_is_frozen():
    with pytest.raises(FrozenInstanceError):
        datasets.load("school").title = "Mine"


@pytest.mark.parametrize("name", datasets.names())
def test_the_downloaded_text_reads_back_as_the_same_rows(name):
    dataset = datasets.load(name)
    read = pd.read_csv(StringIO(dataset.csv()))
    pd.testing.assert_frame_equal(read, dataset.frame, check_exact=True)


@pytest.mark.parametrize("path", sorted(SHELF.glob("*.csv")), ids=lambda path: path.stem)
def test_numbers_are_read_to_the_last_digit(path):
    frame = datasets.load(path.stem).frame
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for column in frame.select_dtypes("number"):
        written = [float(row[column] or "nan") for row in rows]
        pd.testing.assert_series_equal(
            frame[column].astype(float), pd.Series(written, name=column), check_exact=True
        )
