"""Text in which a run may belong to a parameter: pointing at it finds the parameter elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TypeAlias


@dataclass(frozen=True)
class Run:
    """Words as they are; `of` is the parameter that they show, as `mlcore.parameters` calls it."""

    text: str
    of: str = ""

    def html(self) -> str:
        return f'<span data-p="{escape(self.of)}">{escape(self.text)}</span>'


Line: TypeAlias = "tuple[Run | str, ...]"


def line(*runs: Run | str) -> Line:
    return runs


def plain(lines: Iterable[Line]) -> str:
    """The text alone, as it is copied and as tests compare it."""
    return "\n".join("".join(r if isinstance(r, str) else r.text for r in each) for each in lines)


def html(lines: Iterable[Line]) -> str:
    """Lines of a listing."""
    return "\n".join(
        "".join(escape(r) if isinstance(r, str) else r.html() for r in each) for each in lines
    )
