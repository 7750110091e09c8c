"""What a learner answered, as plain data that a browser can keep and a file can carry.

A record is `{"version": 2, "predictions": {id: …}, "checks": {id: …}, "puzzles": {id: …}}`.
Identifiers read `lesson.task`, `lesson.task-dataset` where a task is asked of several datasets,
and end in `@code` where the learner had typed a code. Beside each answer stand the words that
were on the page then, so that a record can be read without the lesson.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

VERSION = 2
LARGEST = 1_000_000
LONGEST = 400
SURE = ("a guess", "fairly sure", "certain")

Value = str | float | list[str] | None
Answer = TypeVar("Answer")


def short(text: str) -> str:
    """`text`, cut to what a record keeps of one text: `LONGEST` characters."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


@dataclass(frozen=True)
class Prediction:
    """A committed guess, or a prediction that the learner chose to skip (`value` None).

    `question`, `said`, `truth` and `gap` are in words, as at the time of locking; `right` is
    whether the guess was met; `reason` is the learner's own.
    """

    value: Value
    sure: str | None = None
    misconception: str | None = None
    question: str = ""
    said: str = ""
    truth: str = ""
    gap: str = ""
    right: bool | None = None
    reason: str = ""

    @property
    def skipped(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Check:
    """The number of the chosen option, and in words what was asked, chosen and said about it."""

    option: int
    question: str = ""
    said: str = ""
    right: bool | None = None
    truth: str = ""
    reason: str = ""
    misconception: str | None = None


@dataclass(frozen=True)
class Puzzle:
    """Hints taken so far, whether the target was reached, and with which settings.

    `settings` are the controls as the address has them: `sigma_u=1.3&n=48%3A5`.
    """

    hints: int = 0
    solved: bool = False
    goal: str = ""
    settings: str = ""


@dataclass(frozen=True)
class Record:
    """Everything one learner has done, immutable; `with_*` return the next one."""

    predictions: dict[str, Prediction] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    puzzles: dict[str, Puzzle] = field(default_factory=dict)

    def with_prediction(self, name: str, prediction: Prediction) -> Record:
        return replace(self, predictions={**self.predictions, name: prediction})

    def without_prediction(self, name: str) -> Record:
        kept = {key: value for key, value in self.predictions.items() if key != name}
        return replace(self, predictions=kept)

    def with_check(self, name: str, check: Check) -> Record:
        return replace(self, checks={**self.checks, name: check})

    def with_puzzle(self, name: str, puzzle: Puzzle) -> Record:
        return replace(self, puzzles={**self.puzzles, name: puzzle})

    def merged(self, other: Record) -> Record:
        """Both records as one; where both answer, this one is kept."""
        return Record(
            {**other.predictions, **self.predictions},
            {**other.checks, **self.checks},
            {**other.puzzles, **self.puzzles},
        )

    @property
    def codes(self) -> list[str]:
        """The codes under which something was answered, in order; "" is no code."""
        return sorted({name.partition("@")[2] for name in self._names})

    def sheet(self, code: str) -> Record:
        """What was answered under one code, each under the plain name of its task."""
        return Record(
            _under(code, self.predictions), _under(code, self.checks), _under(code, self.puzzles)
        )

    @property
    def lessons(self) -> set[str]:
        """The lessons in which something was answered."""
        return {name.partition(".")[0] for name in self._names}

    def done(self, lesson: str) -> int:
        """How many of a lesson's predictions, checks and puzzles have been dealt with.

        A task that is asked of several datasets, `lesson.task-dataset`, counts once.
        """
        unsolved = {name for name, puzzle in self.puzzles.items() if not puzzle.solved}
        names = [name for name in self._names if name not in unsolved]
        return len({name.partition("-")[0] for name in names if name.startswith(f"{lesson}.")})

    def dump(self) -> dict[str, Any]:
        """The record as JSON has it, without the fields that say nothing."""
        return {
            "version": VERSION,
            "predictions": {name: _plain(each) for name, each in self.predictions.items()},
            "checks": {name: _plain(each) for name, each in self.checks.items()},
            "puzzles": {name: _plain(each) for name, each in self.puzzles.items()},
        }

    @property
    def _names(self) -> list[str]:
        return [*self.predictions, *self.checks, *self.puzzles]


def _under(code: str, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    parted = [(name.partition("@"), answer) for name, answer in answers.items()]
    return {name: answer for (name, _, mark), answer in parted if mark == code}


def _plain(answer: Prediction | Check | Puzzle) -> dict[str, Any]:
    """The fields of an answer that differ from their defaults, and those that have none."""
    said = {each.name: (getattr(answer, each.name), each.default) for each in fields(answer)}
    return {name: value for name, (value, default) in said.items() if value != default}
