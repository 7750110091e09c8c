"""Files that nobody here made: those that statsmodels brings along, read as pandas reads them."""

from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from workbench.files import read

SPEC = find_spec("statsmodels")
assert SPEC is not None
assert SPEC.origin is not None
FOLDER = Path(SPEC.origin).parent / "datasets"
SEPARATORS = {"anes96": "\t", "modechoice": ";", "spector": r"\s+", "E6_jmulti": r"\s+"}
HEADING: dict[str, None] = {"E6_jmulti": None}  # has none
FILES = sorted(FOLDER.glob("*/*.csv"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_is_read_as_pandas_reads_it_when_told_how(file: Path) -> None:
    separator, heading = SEPARATORS.get(file.stem, ","), HEADING.get(file.stem, 0)
    expected = pd.read_csv(file, sep=separator, header=heading).dropna(axis=1, how="all")
    table = read(file.name, file.read_bytes())
    found = table.dataset.frame
    assert found.shape == expected.shape
    for name, other in zip(found, expected, strict=True):
        values = expected[other].str.strip() if expected[other].dtype == "str" else expected[other]
        if table.dataset.variable(name).unit.startswith("days since"):
            days = pd.to_datetime(values)
            values = (days - days.min()) / pd.Timedelta(days=1)
        pd.testing.assert_series_equal(
            found[name], values, check_names=False, check_dtype=False, rtol=1e-15
        )  # pandas may be one unit off in the last digit


def test_there_are_many() -> None:
    assert len(FILES) > 20
    assert set(SEPARATORS) <= {file.stem for file in FILES}
