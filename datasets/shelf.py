"""The shelf of bundled datasets: what stands there, and how to take one down."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path

import pandas as pd

from datasets import card
from datasets.dataset import Dataset

SHELF = Path(__file__).parent


class UnknownDatasetError(ValueError):
    """A name that no bundled dataset has."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, names(), n=1)
        question = f": did you mean '{near[0]}'?" if near else "."
        super().__init__(
            f"unknown dataset '{name}'{question} The bundled ones are {', '.join(names())}."
        )


@cache
def names() -> tuple[str, ...]:
    """Names of the bundled datasets, in alphabetical order."""
    return tuple(sorted(path.stem for path in SHELF.glob("*.toml")))


@cache
def load(name: str) -> Dataset:
    """Return the dataset called `name`; it is read once and shared from then on."""
    if name not in names():
        raise UnknownDatasetError(name)
    text = (SHELF / f"{name}.toml").read_text(encoding="utf-8")
    return Dataset(name=name, card=text, _rows=_rows(name), **card.parse(text, name))


def _rows(name: str) -> pd.DataFrame:
    """Read the rows; counts and codes come back as 64-bit, so that products cannot overflow."""
    packed = SHELF / f"{name}.parquet"
    if not packed.exists():
        return pd.read_csv(SHELF / f"{name}.csv")
    frame = pd.read_parquet(packed)
    return frame.astype(dict.fromkeys(frame.select_dtypes("integer"), "int64"))
