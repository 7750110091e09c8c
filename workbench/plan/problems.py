"""What went wrong, or may have, in three parts: what happened, what it means, what to try.

`refusals.refused` is about a request that was not fitted, `remarks.remarks` about a fit.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.plan.remedies import Remedy


@dataclass(frozen=True)
class Problem:
    """Three parts in plain words, of which the last may be empty, and a button for each remedy.

    `kind` is a word for it. A `grave` problem leaves no estimates that can be used; the others are
    remarks on a valid fit. `position` is the place in the `formula`, counted from 0, where it is
    the formula that is wrong.
    """

    kind: str
    happened: str
    meaning: str
    attempt: str
    remedies: tuple[Remedy, ...] = ()
    grave: bool = True
    formula: str = ""
    position: int | None = None


def listed(names: object, last: str = "and", most: int = 6) -> str:
    """`a, b and c`, cut where there are too many."""
    words = [str(name) for name in names]  # type: ignore[attr-defined]
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def sentence(text: str) -> str:
    """The same with a capital and a full stop."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
