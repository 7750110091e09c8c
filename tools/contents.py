"""The pages of the course, from the list in ``app.py``."""

from app import CONTENTS
from ui.frame import Entry


def entries() -> list[Entry]:
    """List every page in the order of the menu; the first is the home page."""
    return [entry for part in CONTENTS.values() for entry in part]


def addresses() -> dict[str, str]:
    """Give the path in the address of each page, by its name; the home page's is empty."""
    home, *others = [entry.path for entry in entries()]
    return {home: "", **{path: path for path in others}}
