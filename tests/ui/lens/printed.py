"""What R printed of the models that the lens imitates, beside the scripts that made it."""

import re

from tools.server import ROOT


def by_r(stem):
    """By model, what `<stem>.R` printed."""
    text = (ROOT / f"tests/reference/r/{stem}.txt").read_text(encoding="utf-8")
    parts = re.split(r"^== ([\w-]+) *\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))
