"""What axe-core objects to on a page, but for what is Streamlit's own."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from tools.server import ROOT

AXE = (ROOT / "tests/vendor/axe.min.js").read_text(encoding="utf-8")

# What axe-core finds in Streamlit itself and no page of ours can change: the rule, and where.
STREAMLITS_OWN: Mapping[str, str] = {
    "list": "[data-testid=stSidebarNavItems]",  # the menu's parts are <header> within <ul>
    "listitem": "[data-testid=stSidebarNavItems] *",
    "presentation-role-conflict": "[data-testid=stFileUploaderDropzone]",
    "empty-table-header": "[data-testid=stDataFrame] *",  # the corner above the row numbers
}
EXAMINE = """async own => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  const theirs = (rule, target) =>
    rule in own && typeof target[0] === 'string'
    && document.querySelector(target[0])?.matches(own[rule]);
  return found.violations.flatMap(rule => rule.nodes
    .filter(node => !theirs(rule.id, node.target))
    .map(node => ({rule: rule.id, impact: rule.impact, markup: node.html})));
}"""


@dataclass(frozen=True)
class Violation:
    """Something axe-core objects to: its rule, how grave, and the markup."""

    rule: str
    impact: str
    markup: str


def violations(page: Page) -> list[Violation]:
    """Examine the page as it is now."""
    page.evaluate(AXE)
    return [Violation(**found) for found in page.evaluate(EXAMINE, STREAMLITS_OWN)]
