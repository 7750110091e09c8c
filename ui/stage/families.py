"""The four families of lines of a dataset, ready to be shown: the workshop's four panels."""

from __future__ import annotations

from functools import lru_cache

from ui import cache
from ui.prose import fixed
from ui.stage import axis
from ui.stage.noun import measure, noun
from ui.stage.panels import Panel, Panels


@lru_cache(maxsize=16)
def picture(name: str) -> Panels:
    """Overall line, separate lines, random intercepts, random coefficients of one dataset."""
    data, drawn, points = cache.load(name), cache.families(name), cache.points(name)
    model = cache.model(name)
    words = noun(data, model.group)
    label = {
        column: f"{data.variables[column].label}, {measure(data, column)}"
        for column in (model.predictor, model.outcome)
    }
    separate = drawn.separate["slope"].dropna()
    panels = [
        Panel(
            "One line for all",
            f"Complete pooling: which {words.group} does not matter.",
            "fixed",
            drawn.lines("overall"),
            f"one line with slope {fixed(drawn.overall.beta[1])}",
        ),
        Panel(
            f"{len(separate)} separate lines",
            f"No pooling: each {words.group} on its own.",
            "between",
            drawn.lines("separate"),
            f"slopes from {fixed(separate.min())} to {fixed(separate.max())}",
        ),
        Panel(
            "Random intercepts",
            "Partial pooling of the heights; one slope.",
            "predicted",
            drawn.lines("intercepts"),
            f"parallel lines with slope {fixed(drawn.intercepts.beta[1])}",
        ),
        Panel(
            "Random coefficients",
            "Partial pooling of heights and slopes.",
            "predicted",
            drawn.lines("coefficients"),
            f"slopes around {fixed(drawn.coefficients.beta[1])} with SD {fixed(drawn.slope_sd)}",
        ),
    ]
    return Panels(
        name,
        points,
        axis.fitted(points["x"].min(), points["x"].max(), label[model.predictor], "x"),
        axis.fitted(points["y"].min(), points["y"].max(), label[model.outcome], "y"),
        words,
        panels,
        focus=str(drawn.separate["n"].idxmin()),
    )
