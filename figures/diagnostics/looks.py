"""Pictures of a model, most of which look for what is wrong with it: which there are, and why."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from figures.diagnostics import (
    calibrations,
    effects,
    fitted,
    influences,
    lines,
    predicted,
    quantile,
    spread,
)
from figures.style import Scheme
from mlcore import Fit, GlmFit, caterpillar
from mlcore.inference.calibration import calibration
from mlcore.inference.group_lines import group_lines
from mlcore.inference.influence import influence
from mlcore.inference.predictions import predictions
from mlcore.inference.quantiles import effect_quantiles, residual_quantiles
from mlcore.inference.residuals import row_residuals
from mlcore.inference.spreads import spreads


@dataclass(frozen=True, eq=False)
class Subject:
    """A fit, the rows it was fitted to, and what a picture of it may be about."""

    fit: Fit
    data: pd.DataFrame
    group: str = ""
    term: str = ""
    predictor: str = ""
    focus: str = ""
    interval: str = "own"

    @property
    def one(self) -> Hashable:
        """The group in focus as the data have it; None if there is none."""
        levels = self.fit.design.groupings[self.group].levels
        return next((level for level in levels if str(level) == self.focus), None)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture, its finding in words, and what it shows as a table."""

    figure: go.Figure
    alt: str
    table: pd.DataFrame


@dataclass(frozen=True)
class Look:
    """`title` in the choice, `words` on what to look for, and what it `needs` of a subject."""

    title: str
    words: str
    draw: Callable[[Subject, Scheme], Drawn]
    needs: tuple[str, ...] = ()
    suits: Callable[[Fit], bool] = lambda fit: True


def _drawn(pictures: Any, found: object, scheme: Scheme) -> Drawn:
    """What a module of pictures makes of a result."""
    return Drawn(pictures.picture(found, scheme), pictures.alt(found), pictures.table(found))


def _fitted(of: Subject, scheme: Scheme) -> Drawn:
    return _drawn(fitted, row_residuals(of.fit), scheme)


def _normal(of: Subject, scheme: Scheme) -> Drawn:
    return _drawn(quantile, residual_quantiles(of.fit), scheme)


def _spread(of: Subject, scheme: Scheme) -> Drawn:
    return _drawn(spread, spreads(of.fit, of.group), scheme)


def _normal_effects(of: Subject, scheme: Scheme) -> Drawn:
    return _drawn(quantile, effect_quantiles(of.fit, of.group, of.term), scheme)


def _ordered(of: Subject, scheme: Scheme) -> Drawn:
    found = caterpillar(of.fit, of.group, term=of.term)
    which: effects.Which = "compare" if of.interval == "compare" else "own"
    return Drawn(
        effects.picture(found, scheme, group=of.group, which=which, focus=of.one),
        effects.alt(found, group=of.group, which=which),
        effects.table(found, group=of.group),
    )


def _lines(of: Subject, scheme: Scheme) -> Drawn:
    one = of.one
    found = group_lines(of.fit, of.data, of.predictor, of.group, focus=one)
    return Drawn(
        lines.picture(found, scheme, focus=one), lines.alt(found, focus=one), lines.table(found)
    )


def _influence(of: Subject, scheme: Scheme) -> Drawn:
    return _drawn(influences, influence(of.fit, of.group), scheme)


def _predicted(of: Subject, scheme: Scheme) -> Drawn:
    return _drawn(predicted, predictions(of.fit, of.data, of.predictor), scheme)


def _calibration(of: Subject, scheme: Scheme) -> Drawn:
    return _drawn(calibrations, calibration(of.fit), scheme)


def _mixed(fit: Fit) -> bool:
    return bool(fit.effects)


def _discrete(fit: Fit) -> bool:
    return isinstance(fit, GlmFit)


LOOKS: Mapping[str, Look] = {
    "fitted": Look(
        "Residuals",
        "Look for a bend, which a straight line cannot follow, and for a cloud that widens.",
        _fitted,
    ),
    "normal": Look(
        "Normal?",
        "Points leave the band where residuals are not as the model says. Long tails matter for "
        "single predictions, little for coefficients.",
        _normal,
    ),
    "spread": Look(
        "Same spread?",
        "The model has one residual SD for all groups. Groups outside the funnel differ by more "
        "than chance.",
        _spread,
        ("group",),
    ),
    "effects": Look(
        "Normal effects?",
        "Few groups say little of a distribution. An outlying group is worth a look of its own.",
        _normal_effects,
        ("group", "term"),
        _mixed,
    ),
    "order": Look(
        "Groups in order",
        "Each group’s estimated effect with an interval: many neighbours cannot be told apart.",
        _ordered,
        ("group", "term", "interval", "focus"),
        _mixed,
    ),
    "lines": Look(
        "Lines by group",
        "What the model draws for each group, over the group’s own line, which borrows nothing.",
        _lines,
        ("group", "predictor", "focus"),
    ),
    "predicted": Look(
        "Predictions",
        "What is expected where one predictor changes and the others stay, with a 95 % band.",
        _predicted,
        ("predictor",),
    ),
    "influence": Look(
        "Influence",
        "How far the coefficients would move without a group, the variances held.",
        _influence,
        ("group",),
    ),
    "calibration": Look(
        "Calibrated?",
        "Where the model says 30 of 100, are there 30?",
        _calibration,
        (),
        _discrete,
    ),
}
