"""What links of earlier versions say, in the names of today. Pure functions.

A copied link carries `v=<version>`; the address bar does not. A name that was given up is never
used for anything else, so that an address without a version can be read by the same table. What
only the version tells is what the page showed where the address said nothing (`unsaid`).

To rename or drop a name or a value, or to change a default: raise `VERSION` by one and add a line
to `CHANGES`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

VERSION = 1


@dataclass(frozen=True)
class Change:
    """From `version` on, the page with the path `page` (all, if None) reads `name` differently.

    The name is `now` another one, or is gone (None). `values` maps old values to new ones.
    `unsaid` is the value that a link of before meant when it left the name out. `said` tells the
    learner what changed, where the new page does not show quite what the old one did.
    """

    version: int
    page: str | None
    name: str
    now: str | None
    values: Mapping[str, str] = field(default_factory=dict)
    unsaid: str | None = None
    said: str = ""


CHANGES: Sequence[Change] = ()


def translated(
    page: str, query: Mapping[str, str], changes: Sequence[Change] = CHANGES, newest: int = VERSION
) -> tuple[dict[str, str], list[str]]:
    """Return the query of a link in the names of today, without its version, and what to say."""
    found = dict(query)
    text = found.pop("v", "0")
    made = int(text[:9]) if text.isdecimal() and text.isascii() else 0
    said = []
    if made > newest:
        said.append(
            "This link was made with a newer version of the course than this one. What it names "
            "and this version does not have is left out."
        )
    for change in sorted(changes, key=lambda each: each.version):
        if change.version <= made or change.page not in (None, page):
            continue
        value = found.pop(change.name, change.unsaid if made else None)
        if value is None:
            continue
        if change.now is not None:
            found[change.now] = change.values.get(value, value)
        if change.said:
            said.append(change.said)
    return found, said
