"""The learner's work as HTML: on the page, and as a file that opens and prints anywhere.

A record may come from a file of anybody's: every text of it is escaped, and a link leads to
lessons of this course only. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from ui import theme
from ui.misconceptions import catalogue
from ui.prose import counted, listing, sentence
from ui.record import SURE, Check, Prediction, Puzzle, Record

Answer = TypeVar("Answer")
ENOUGH = 5
_WHEN = dict(zip(SURE, ("when you guessed", "when fairly sure", "when certain"), strict=True))


@dataclass(frozen=True)
class Lesson:
    """What the report needs to know of a lesson: where it is, its title, how many tasks."""

    path: str
    title: str
    tasks: int


def css() -> str:
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


def page(record: Record, lessons: Sequence[Lesson], home: str, day: str) -> str:
    """The whole report as a file of its own; `home` is the address of the course."""
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>My work in Multilevel Lab, {escape(day)}</title>"
        f"<style>{theme.tokens()}{css()}</style></head>"
        '<body class="own"><main><h1>My work in Multilevel Lab</h1>'
        f"<p class='quiet'>Saved on {escape(day)}.</p>"
        f"{body(record, lessons, home)}</main></body></html>\n"
    )


def body(record: Record, lessons: Sequence[Lesson], home: str = "") -> str:
    """Progress, answers lesson by lesson in order of the contents, misconceptions."""
    known = {lesson.path: lesson for lesson in lessons}
    others = [Lesson(name, sentence(name), 0) for name in sorted(record.lessons - set(known))]
    parts = [_progress(record, lessons), _calibration(record.predictions.values())]
    parts += [
        _lesson(record.sheet(code), lesson, code, home, lesson.path in known)
        for lesson in (*lessons, *others)
        for code in record.codes
    ]
    parts.append(_misconceptions(record, known))
    return f'<div class="report">{"".join(parts)}</div>'


def _progress(record: Record, lessons: Sequence[Lesson]) -> str:
    rows = []
    for lesson in lessons:
        for code in record.codes or [""]:
            done = min(record.sheet(code).done(lesson.path), lesson.tasks)
            rows.append(
                f"<tr><th scope='row'>{_title(lesson, code)}</th>"
                f"<td>{done} of {lesson.tasks}</td>"
                f"<td><span class='far'><span style='width:{100 * done // lesson.tasks}%'>"
                "</span></span></td></tr>"
            )
    head = "<tr><th scope='col'>lesson</th><th scope='col'>tasks done</th><td></td></tr>"
    return f"<h2>How far</h2><table>{head}{''.join(rows)}</table>"


def _calibration(predictions: Iterable[Prediction]) -> str:
    """How often right at each sureness, once there are `ENOUGH` guesses to say it about."""
    rated = [each for each in predictions if each.sure is not None and each.right is not None]
    if len(rated) < ENOUGH:
        return ""
    said = []
    for sure in reversed(SURE):
        outcomes = [each.right for each in rated if each.sure == sure]
        if outcomes:
            said.append(f"{sum(map(bool, outcomes))} of {len(outcomes)} times {_WHEN[sure]}")
    return (
        f"<p>You were right {listing(said)}. "
        "Whoever judges well is right more often when surer.</p>"
    )


def _lesson(sheet: Record, lesson: Lesson, code: str, home: str, known: bool) -> str:
    """What was answered in one lesson under one code; nothing if nothing was."""
    predictions = _of(lesson, sheet.predictions)
    puzzles = _of(lesson, sheet.puzzles)
    checks = _of(lesson, sheet.checks)
    if not (predictions or puzzles or checks):
        return ""
    parts = [f"<h2>{_title(lesson, code)}</h2>"]
    if predictions:
        parts += ["<h3>Predictions</h3>", *map(_prediction, predictions, predictions.values())]
    if puzzles:
        parts.append("<h3>Puzzles</h3>")
        for name, puzzle in puzzles.items():
            link = _link(lesson, code, home, puzzle) if known and puzzle.solved else ""
            parts.append(_puzzle(name, puzzle, link))
    if checks:
        parts += ["<h3>Questions</h3>", *map(_check, checks, checks.values())]
    return "".join(parts)


def _prediction(name: str, given: Prediction) -> str:
    if given.skipped:
        rows = [("You", "looked without predicting"), ("It is", escape(given.truth))]
        return _entry(given.question or name, rows)
    said = given.said or _value(given)
    return _entry(
        given.question or name,
        [
            ("You said", f"<span class='you'>{escape(said)}</span>"),
            ("It is", escape(given.truth)),
            ("The gap", escape(given.gap)),
            ("How sure", escape(given.sure or "")),
            ("Why", escape(given.reason)),
        ],
    )


def _value(given: Prediction) -> str:
    """The guess of a record that kept no words."""
    match given.value:
        case list() as order:
            return ", ".join(order)
        case float() as number:
            return f"{number:g}"
        case other:
            return other or ""


def _puzzle(name: str, puzzle: Puzzle, link: str) -> str:
    hints = f" with {counted(puzzle.hints, 'hint')}" if puzzle.hints else ""
    state = f"solved{hints}" if puzzle.solved else f"not solved yet{hints}"
    return _entry(puzzle.goal or name, [("You", state), ("With", link)])


def _link(lesson: Lesson, code: str, home: str, puzzle: Puzzle) -> str:
    """The settings that solved it, as a link that opens the lesson with them."""
    settings = parse_qsl(puzzle.settings)
    if not settings:
        return ""
    query = urlencode([*settings, *([("code", code)] if code else [])])
    shown = listing([f"{name} = {value}" for name, value in settings])
    return f"<a href='{escape(f'{home}{lesson.path}?{query}')}'>{escape(shown)}</a>"


def _check(name: str, given: Check) -> str:
    said = given.said or f"answer {given.option + 1}"
    return _entry(
        given.question or name,
        [
            ("You chose", f"<span class='you'>{escape(said)}</span>"),
            ("Yes" if given.right else "Not so", escape(given.reason)),
            ("It is", "" if given.right else escape(given.truth)),
        ],
    )


def _misconceptions(record: Record, known: Mapping[str, Lesson]) -> str:
    """Each misconception that an answer betrayed, what speaks against it, and where it is met."""
    met = {each.misconception for each in record.predictions.values()}
    met |= {each.misconception for each in record.checks.values()}
    parts = []
    for name, misconception in catalogue().items():
        if name in met:
            lesson = known.get(misconception.lesson)
            where = f" <span class='quiet'>Lesson: {escape(lesson.title)}.</span>" if lesson else ""
            parts.append(
                f"<article><p class='question'>“{escape(misconception.claim)}”</p>"
                f"<p>{escape(misconception.counter)}{where}</p></article>"
            )
    return f"<h2>Misconceptions you met</h2>{''.join(parts)}" if parts else ""


def _entry(question: str, rows: Sequence[tuple[str, str]]) -> str:
    """One task; rows are HTML, and those without a text are left out."""
    said = "".join(f"<dt>{head}</dt><dd>{text}</dd>" for head, text in rows if text)
    return f"<article><p class='question'>{escape(question)}</p><dl>{said}</dl></article>"


def _title(lesson: Lesson, code: str) -> str:
    title = escape(lesson.title)
    return f"{title} <span class='quiet'>code {escape(code)}</span>" if code else title


def _of(lesson: Lesson, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers of one lesson, without its name."""
    start = f"{lesson.path}."
    return {
        name.removeprefix(start): each for name, each in answers.items() if name.startswith(start)
    }
