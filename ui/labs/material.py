"""What findings are computed from: the rows of a dataset, and models fitted to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from datasets import Dataset, load
from ui import cache
from ui.prose import fixed
from workbench.plan import Request, fit


@dataclass(frozen=True)
class Material:
    """A dataset by its name; its fits are shared by all learners."""

    data: str

    @property
    def dataset(self) -> Dataset:
        return load(self.data)

    @property
    def rows(self) -> pd.DataFrame:
        """With the derived columns: to be read, never changed."""
        return cache.rows(self.data)

    def fit(self, request: Request) -> Any:
        """As the core returns it: a mixed model, a panel estimator, a marginal model."""
        return fitted(self.data, request)


@lru_cache(maxsize=8)  # those of the panel hold a hundred thousand rows each
def fitted(data: str, request: Request) -> Any:
    return fit(load(data), request)


def estimate(fit: Any, term: str, digits: int = 2) -> str:
    """A coefficient with its standard error: `0.56 (0.01)`."""
    row = fit.coefficients.loc[term]
    return f"{fixed(row['estimate'], digits)} ({fixed(row['se'], digits)})"


def estimates(names: Mapping[str, str], *fits: Any, digits: int = 3) -> list[tuple[str, ...]]:
    """By term a row of a table: its name, and its estimate in each fit, or a dash without one."""
    return [
        (
            name,
            *(
                estimate(fit, term, digits) if term in fit.coefficients.index else "–"
                for fit in fits
            ),
        )
        for term, name in names.items()
    ]


def variance(fit: Any, group: str = "Residual", term: str = "(Intercept)") -> float:
    """Of the intercepts over `group`, of another `term`, or of what is left within groups."""
    found = fit.variance_components
    own = found["term2"].eq("") & found["group"].eq(group)
    return float(found.loc[own & found["term1"].isin([term, ""]), "variance"].iloc[0])


def correlation(fit: Any, group: str) -> float:
    """Of the two random effects over `group`."""
    found = fit.variance_components
    return float(found.loc[found["group"].eq(group), "correlation"].dropna().iloc[0])
