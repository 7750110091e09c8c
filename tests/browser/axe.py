"""What axe-core objects to on a page, but for what is Streamlit's own."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from tools.server import ROOT

AXE = (ROOT / "tests/vendor/axe.min.js").read_text(encoding="utf-8")

# What axe-core finds in Streamlit itself and no page of ours can change: the rule, and pieces of
# the markup it is found in.
STREAMLITS_OWN: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Violation:
    """Something axe-core objects to: its rule, how grave, and the markup."""

    rule: str
    impact: str
    markup: str


def violations(page: Page) -> list[Violation]:
    """Examine the page as it is now."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    every = [
        Violation(rule["id"], rule["impact"], node["html"])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    return [
        one
        for one in every
        if not any(piece in one.markup for piece in STREAMLITS_OWN.get(one.rule, ()))
    ]
