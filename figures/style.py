"""The one place where a colour, a symbol and a chart template are defined.

A colour means one thing on every page: between groups, within groups, the fixed part, the
pooled or predicted, the truth in a simulation, the learner's guess, or context. Each is
also told by a second sign (shape, dash, thickness), so that nothing hangs on hue alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Meaning:
    """What a hue stands for: its colour on paper and on slate, and its marker symbol."""

    light: str
    dark: str
    symbol: str

    def on(self, scheme: Scheme) -> str:
        return self.dark if scheme == "dark" else self.light


COLOURS = {
    "between": Meaning("#0072B2", "#56B4E9", "circle"),
    "within": Meaning("#B34700", "#FF9E57", "circle-open"),
    "fixed": Meaning("#1A1A1A", "#F2F2F2", "line-ew"),
    "predicted": Meaning("#7B3294", "#C79BE0", "diamond"),
    "truth": Meaning("#007A5A", "#3FCF9F", "line-ew"),
    "guess": Meaning("#8A6D00", "#F0C93A", "triangle-up-open"),
    "context": Meaning("#8C8C8C", "#8C8C8C", "circle"),
}

# Ten kinds of thing that have no meaning of their own; every one has a symbol of its own too.
CATEGORIES = (
    Meaning("#0072B2", "#56B4E9", "circle"),
    Meaning("#B34700", "#FF9E57", "square"),
    Meaning("#007A5A", "#3FCF9F", "diamond"),
    Meaning("#7B3294", "#C79BE0", "triangle-up"),
    Meaning("#8A6D00", "#F0C93A", "cross"),
    Meaning("#1A1A1A", "#F2F2F2", "x"),
    Meaning("#B0417F", "#F28CB8", "star"),
    Meaning("#5C5A56", "#A9ADB3", "pentagon"),
    Meaning("#2F7F9E", "#8FD0E8", "hexagon"),
    Meaning("#7A4A2B", "#D9A679", "hourglass"),
)

PAPER = Meaning("#FDFCFA", "#14171B", "")
INK = Meaning("#1A1A1A", "#F2F2F2", "")
MUTED = Meaning("#5C5A56", "#A9ADB3", "")
RULE = Meaning("#DEDBD4", "#33383F", "")


def template(scheme: Scheme = "light") -> go.layout.Template:
    """Plotly template of the house: paper, thin rules, labels on the things, no legend.

    The font size is set here alone, so that presenter view can enlarge it.
    """
    axis = {
        "gridcolor": RULE.on(scheme),
        "linecolor": RULE.on(scheme),
        "zeroline": False,
        "ticks": "",
        "title": {"standoff": 8},
        "automargin": True,
    }
    return go.layout.Template(
        data={"scatter": [{"marker": {"symbol": category.symbol}} for category in CATEGORIES]},
        layout={
            "font": {"family": "Source Sans, sans-serif", "size": 14.5, "color": MUTED.on(scheme)},
            "paper_bgcolor": PAPER.on(scheme),
            "plot_bgcolor": PAPER.on(scheme),
            "colorway": [category.on(scheme) for category in CATEGORIES],
            "xaxis": axis,
            "yaxis": axis,
            "showlegend": False,
            "hoverlabel": {"font": {"family": "Source Sans, sans-serif"}},
            "margin": {"l": 8, "r": 16, "t": 16, "b": 8},
        },
    )


def figure(scheme: Scheme = "light", height: int = 360) -> go.Figure:
    """Return an empty figure of fixed `height` in pixels, in the house's template."""
    return go.Figure(layout={"template": template(scheme), "height": height})
