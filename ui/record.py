"""What a learner answered, as plain data that a browser can keep and a file can carry.

A record is `{"version": 1, "predictions": {id: …}, "checks": {id: …}, "puzzles": {id: …}}`.
Identifiers read `lesson.question`, so that progress by lesson follows from them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import Any, Literal

VERSION = 1
LARGEST = 1_000_000
SURE = ("a guess", "fairly sure", "certain")

Value = str | float | list[str] | None


class RecordError(ValueError):
    """A saved record that cannot be read, with what to do about it."""


@dataclass(frozen=True)
class Prediction:
    """A committed guess, or a prediction that the learner chose to skip (`value` None)."""

    value: Value
    sure: str | None = None
    misconception: str | None = None

    @property
    def skipped(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Puzzle:
    """Hints taken so far, and whether the target was reached."""

    hints: int = 0
    solved: bool = False


@dataclass(frozen=True)
class Record:
    """Everything one learner has done, immutable; `with_*` return the next one."""

    predictions: dict[str, Prediction] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    puzzles: dict[str, Puzzle] = field(default_factory=dict)

    def with_prediction(self, name: str, prediction: Prediction) -> Record:
        return replace(self, predictions={**self.predictions, name: prediction})

    def without_prediction(self, name: str) -> Record:
        kept = {key: value for key, value in self.predictions.items() if key != name}
        return replace(self, predictions=kept)

    def with_check(self, name: str, option: int) -> Record:
        return replace(self, checks={**self.checks, name: option})

    def with_puzzle(self, name: str, puzzle: Puzzle) -> Record:
        return replace(self, puzzles={**self.puzzles, name: puzzle})

    def merged(self, other: Record) -> Record:
        """Both records as one; where both answer, this one is kept."""
        return Record(
            {**other.predictions, **self.predictions},
            {**other.checks, **self.checks},
            {**other.puzzles, **self.puzzles},
        )

    def done(self, lesson: str) -> int:
        """How many of a lesson's predictions, checks and puzzles have been dealt with.

        A task that is asked of several datasets, `lesson.task-dataset`, counts once.
        """
        names = [
            *self.predictions,
            *self.checks,
            *(name for name, puzzle in self.puzzles.items() if puzzle.solved),
        ]
        return len({name.partition("-")[0] for name in names if name.startswith(f"{lesson}.")})

    def dump(self) -> dict[str, Any]:
        return {"version": VERSION, **asdict(self)}


def parse(saved: object) -> Record:
    """Read a record from a file's text or from decoded JSON.

    Raises `RecordError`, which says what is wrong, for anything that `Record.dump` could
    not have written; nothing is repaired silently.
    """
    if isinstance(saved, str | bytes):
        if len(saved) > LARGEST:
            raise RecordError("the file is larger than any saved work: choose the one saved here")
        try:
            saved = json.loads(saved)
        except ValueError as error:
            raise RecordError(
                "the file is not one that was saved here: it is not valid JSON"
            ) from error
    if not isinstance(saved, dict) or "version" not in saved:
        raise RecordError("the file is not one that was saved here: it has no version")
    if saved["version"] != VERSION:
        raise RecordError(
            f"the file says version {saved['version']!r}; this app reads version {VERSION}"
        )
    return Record(
        {name: _prediction(name, entry) for name, entry in _section(saved, "predictions")},
        {name: _check(name, entry) for name, entry in _section(saved, "checks")},
        {name: _puzzle(name, entry) for name, entry in _section(saved, "puzzles")},
    )


def _section(saved: dict[str, Any], name: Literal["predictions", "checks", "puzzles"]) -> Any:
    section = saved.get(name, {})
    if not isinstance(section, dict):
        raise RecordError(f"the part {name!r} of the file is damaged: it should be a table")
    return section.items()


def _damaged(name: str) -> RecordError:
    return RecordError(f"the entry {name!r} of the file is damaged")


def _prediction(name: str, entry: object) -> Prediction:
    if not isinstance(entry, dict):
        raise _damaged(name)
    match entry:
        case {"value": bool()}:
            raise _damaged(name)
        case {"value": int() | float() as number} if isfinite(number):
            value: Value = float(number)
        case {"value": None | str() as value}:
            pass
        case {"value": [*items]} if all(isinstance(item, str) for item in items):
            value = items
        case _:
            raise _damaged(name)
    sure, misconception = entry.get("sure"), entry.get("misconception")
    if sure not in (None, *SURE) or not isinstance(misconception, str | None):
        raise _damaged(name)
    return Prediction(value, sure, misconception)


def _check(name: str, entry: object) -> int:
    if isinstance(entry, bool) or not isinstance(entry, int) or entry < 0:
        raise _damaged(name)
    return entry


def _puzzle(name: str, entry: object) -> Puzzle:
    match entry:
        case {"hints": int() as hints, "solved": bool() as solved} if hints >= 0:
            return Puzzle(hints, solved)
        case _:
            raise _damaged(name)
