"""Printed figures, as tables show them, beside what a dataset gives."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

REFERENCE = Path(__file__).parents[1] / "reference"
TABLES: dict[str, Any] = json.loads(
    (REFERENCE / "published_not_public.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Figure:
    """One number of a table, with its stars, and ours.

    Met if ours rounds to the printed digits, or differs by no more than `within`, and has as many
    stars: one for p < .05, two for .01, three for .001.
    """

    name: str
    printed: str
    ours: float
    p: float | None = None
    within: float = 0.0

    @property
    def met(self) -> bool:
        digits = self.printed.rstrip("*")
        half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
        near = abs(self.ours - float(digits)) <= max(half * (1 + 1e-9), self.within)
        return bool(near) and (self.p is None or self.printed.count("*") == stars(self.p))

    def __str__(self) -> str:
        given = "" if self.p is None else "*" * stars(self.p)
        return f"{self.name}: printed {self.printed}, here {self.ours:.6g}{given}"


def stars(p: float) -> int:
    return int(np.sum(p < np.array([0.05, 0.01, 0.001])))
