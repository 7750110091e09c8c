"""Fits shared by all learners: computed once, bounded in number, never mutated."""

from __future__ import annotations

from functools import lru_cache

import datasets
import mlcore
from datasets import load

__all__ = ["fit", "load"]


@lru_cache(maxsize=64)
def fit(formula: str, name: str, *, reml: bool = True) -> mlcore.Fit:
    """The mixed model `formula` on the bundled dataset `name`."""
    return mlcore.lmm(formula, datasets.load(name).rows, reml=reml)
