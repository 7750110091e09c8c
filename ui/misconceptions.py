"""Misconceptions by name: why each tempts, and a counter-case. Later lessons test them again."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Misconception:
    """`claim` is what its holder would say; `tempts` why; `counter` what speaks against it.

    `lesson` is the path of the lesson that treats it.
    """

    claim: str
    tempts: str
    counter: str
    lesson: str


@cache
def catalogue() -> dict[str, Misconception]:
    text = (Path(__file__).parent / "misconceptions.toml").read_text(encoding="utf-8")
    return {name: Misconception(**entry) for name, entry in tomllib.loads(text).items()}
