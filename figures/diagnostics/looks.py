"""Pictures of a model, most of which look for what is wrong with it: which there are, and why."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

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


def _fitted(of: Subject, scheme: Scheme) -> Drawn:
    found = row_residuals(of.fit)
    return Drawn(fitted.picture(found, scheme), fitted.alt(found), fitted.table(found))


def _normal(of: Subject, scheme: Scheme) -> Drawn:
    found = residual_quantiles(of.fit)
    return Drawn(quantile.picture(found, scheme), quantile.alt(found), quantile.table(found))


def _spread(of: Subject, scheme: Scheme) -> Drawn:
    found = spreads(of.fit, of.group)
    return Drawn(spread.picture(found, scheme), spread.alt(found), spread.table(found))


def _normal_effects(of: Subject, scheme: Scheme) -> Drawn:
    found = effect_quantiles(of.fit, of.group, of.term)
    return Drawn(quantile.picture(found, scheme), quantile.alt(found), quantile.table(found))


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
    found = influence(of.fit, of.group)
    return Drawn(influences.picture(found, scheme), influences.alt(found), influences.table(found))


def _predicted(of: Subject, scheme: Scheme) -> Drawn:
    found = predictions(of.fit, of.data, of.predictor)
    return Drawn(predicted.picture(found, scheme), predicted.alt(found), predicted.table(found))


def _calibration(of: Subject, scheme: Scheme) -> Drawn:
    found = calibration(of.fit)
    return Drawn(
        calibrations.picture(found, scheme), calibrations.alt(found), calibrations.table(found)
    )


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
