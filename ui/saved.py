"""A record read from a browser's copy or from a file, which may come from anywhere.

Anything that `Record.dump` could not have written is refused with what is wrong; nothing is
repaired silently. Version 1, which kept no words, is read too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeVar

from ui.record import LARGEST, LONGEST, SURE, VERSION, Check, Prediction, Puzzle, Record, Value

Answer = TypeVar("Answer")

_NOT_OURS = "the file is not one that was saved here"


class RecordError(ValueError):
    """A saved record that cannot be read, with what to do about it."""


class _DamagedError(ValueError):
    """An entry that no record has written."""


def parse(saved: object) -> Record:
    """Read a record from a file's text or from decoded JSON. Raises `RecordError`."""
    if isinstance(saved, str | bytes):
        if len(saved) > LARGEST:
            raise RecordError("the file is larger than any saved work: choose the one saved here")
        try:
            saved = json.loads(saved)
        except (ValueError, RecursionError) as error:
            raise RecordError(f"{_NOT_OURS}: it is not valid JSON") from error
    if not isinstance(saved, dict) or "version" not in saved:
        raise RecordError(f"{_NOT_OURS}: it has no version")
    version = saved["version"]
    if isinstance(version, bool) or version not in range(1, VERSION + 1):
        raise RecordError(
            f"the file says version {str(version)[:20]}; this app reads versions 1 to {VERSION}"
        )
    return Record(
        _section(saved, "predictions", _prediction),
        _section(saved, "checks", _old_check if version == 1 else _check),
        _section(saved, "puzzles", _puzzle),
    )


def _section(
    saved: Mapping[str, Any], name: str, read: Callable[[object], Answer]
) -> dict[str, Answer]:
    section = saved.get(name, {})
    if not isinstance(section, dict):
        raise RecordError(f"the part {name!r} of the file is damaged: it should be a table")
    found = {}
    for task, entry in section.items():
        try:
            found[_text(task)] = read(entry)
        except _DamagedError as error:
            raise RecordError(f"the entry {task[:60]!r} of the file is damaged") from error
    return found


def _prediction(found: object) -> Prediction:
    entry = _table(found)
    match entry:
        case {"value": bool()}:
            raise _DamagedError
        case {"value": int() | float() as number} if abs(number) < 1e300 and isfinite(number):
            value: Value = float(number)
        case {"value": None}:
            value = None
        case {"value": str() as text}:
            value = _text(text)
        case {"value": [*items]} if len(items) <= LONGEST:
            value = [_text(item) for item in items]
        case _:
            raise _DamagedError
    sure = entry.get("sure")
    if sure not in (None, *SURE):
        raise _DamagedError
    return Prediction(
        value,
        sure,
        _maybe(entry.get("misconception")),
        question=_text(entry.get("question", "")),
        said=_text(entry.get("said", "")),
        truth=_text(entry.get("truth", "")),
        gap=_text(entry.get("gap", "")),
        right=_flag(entry.get("right")),
        reason=_text(entry.get("reason", "")),
    )


def _old_check(entry: object) -> Check:
    return Check(_count(entry))


def _check(found: object) -> Check:
    entry = _table(found)
    return Check(
        _count(entry.get("option")),
        question=_text(entry.get("question", "")),
        said=_text(entry.get("said", "")),
        right=_flag(entry.get("right")),
        truth=_text(entry.get("truth", "")),
        reason=_text(entry.get("reason", "")),
        misconception=_maybe(entry.get("misconception")),
    )


def _puzzle(found: object) -> Puzzle:
    entry = _table(found)
    return Puzzle(
        _count(entry.get("hints", 0)),
        _flag(entry.get("solved", False)) or False,
        goal=_text(entry.get("goal", "")),
        settings=_text(entry.get("settings", "")),
    )


def _table(found: object) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _DamagedError
    return found


def _text(found: object) -> str:
    """A text as short as a record keeps them, without half characters, which no page can show."""
    if not isinstance(found, str) or len(found) > LONGEST:
        raise _DamagedError
    if any("\ud800" <= character <= "\udfff" for character in found):
        raise _DamagedError
    return found


def _maybe(found: object) -> str | None:
    return None if found is None else _text(found)


def _count(found: object) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10_000:
        raise _DamagedError
    return found


def _flag(found: object) -> bool | None:
    if found is not None and not isinstance(found, bool):
        raise _DamagedError
    return found
