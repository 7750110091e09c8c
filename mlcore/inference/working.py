"""A fit as weighted least squares with everything but beta held: what leaving rows out needs.

    beta = (X'V^-1 X)^-1 X'V^-1 z,      V = I + U U',

in units of sigma, where U holds the columns of the random effects times their relative covariance
factor Lambda. Residuals with memory are whitened before. A generalised model is linearised where it
was fitted: of weight w = -d^2 log p / d eta^2, z = eta + (d log p / d eta) / w, and all columns are
multiplied by the root of w. An exchangeable working correlation alpha is a random intercept with
variance alpha / (1 - alpha).
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, Indices
from mlcore.discrete.gee import GeeFit
from mlcore.discrete.generalised import GlmFit
from mlcore.discrete.ordinal import OrdinalFit
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.scaling import standardise
from mlcore.inference.residuals import linear_predictor
from mlcore.language.design import Grouping
from mlcore.longitudinal.growth import GrowthFit
from mlcore.longitudinal.panel_fit import PanelFit

LIGHT = 1e-10  # the least weight of a row


@dataclass(frozen=True, eq=False)
class Part:
    """The columns `U` (m, q) of a grouping factor, and the `codes` (m,) of rows in its J levels."""

    name: str
    codes: Indices
    J: int
    U: Array

    @property
    def q(self) -> int:
        return int(self.U.shape[1])


@dataclass(frozen=True, eq=False)
class Working:
    """Columns `W` (m, p + 1) of [X z], standardised; `back` (p, p) leads to the user's units.

    `source` (m,) are the rows of the design that they come from, `variance` sigma^2. `exact` says
    whether leaving rows out gives what fitting the others would give, variances held.
    """

    W: Array
    parts: tuple[Part, ...]
    back: Array
    source: Indices
    variance: float
    held: str
    exact: bool = True


def working(fit: Fit) -> Working:
    """The least squares behind a fit."""
    if isinstance(fit, OrdinalFit):
        raise UnsupportedError(
            "thresholds of ordered categories move with the rows that are left out: fit the model "
            "again without the group"
        )
    if isinstance(fit, PanelFit):
        return of_panel(fit)
    if isinstance(fit, GlmFit):
        return linearised(fit)
    made = standardise(fit.design)
    W, rows = np.column_stack([made.X, made.columns[:, -1]]), np.arange(fit.n)
    parts = tuple(part(fit, name, rows) for name in fit.effects)
    held = "the variances are held at their estimates" if parts else ""
    if isinstance(fit, GrowthFit):
        rows = fit.chains.order
        W = whiten(fit, W[rows])
        parts = tuple(Part(p.name, p.codes[rows], p.J, whiten(fit, p.U[rows])) for p in parts)
        held = "the variances and the correlation of residuals are held at their estimates"
    return Working(W, parts, made.scaling.fixed, rows, fit.sigma**2, held)


def part(fit: Fit, name: str, rows: Indices) -> Part:
    e = fit.effects[name]
    U = fit.design.Z(name)[rows] @ e.root
    return Part(name, e.grouping.codes[rows], len(e.grouping.levels), U)


def whiten(fit: GrowthFit, columns: Array) -> Array:
    white, _ = fit.chains.whiten(columns, fit.phi**fit.chains.unit)
    return white


def linearised(fit: GlmFit) -> Working:
    eta = linear_predictor(fit)
    local = fit.outcome.local(eta, fit.outcome.start)
    weight = np.maximum(local.weight, LIGHT)
    made = standardise(fit.design)
    X = made.X
    root = np.sqrt(weight)[:, None]
    W = np.column_stack([X, eta + local.score / weight]) * root
    rows = np.arange(fit.n)
    held = "the estimates take one step, with the variances held"
    if isinstance(fit, GeeFit):
        if fit.alpha < 0.0:
            raise UnsupportedError("rows of a group are less alike than by chance: no variance")
        group = next(iter(fit.design.groupings.values()))
        W, held = (
            W / np.sqrt(1.0 - fit.alpha),
            "the estimates take one step, with the working correlation held",
        )
        U = np.full((fit.n, 1), np.sqrt(fit.alpha / (1.0 - fit.alpha)))
        alike = Part(group.name, group.codes, len(group.levels), U)
        return Working(W, (alike,), made.scaling.fixed, rows, fit.scale, held, exact=False)
    found = [part(fit, name, rows) for name in fit.effects]
    parts = tuple(Part(p.name, p.codes, p.J, p.U * root) for p in found)
    return Working(W, parts, made.scaling.fixed, rows, 1.0, held, exact=False)


def of_panel(fit: PanelFit) -> Working:
    """The transformed rows, which belong to one entity each."""
    if fit.panel.ways is not None:
        raise UnsupportedError(
            "with effects of entities and times every row bears on all others: fit the model again "
            "without the group"
        )
    rows, kept = fit.rows, fit.rows.kept
    back = np.eye(len(kept))
    if fit.estimator != "first_difference":
        back = standardise(fit.panel.design).scaling.fixed[np.ix_(kept, kept)]
    held = "the variances are held at their estimates" if rows.components is not None else ""
    return Working(np.column_stack([rows.X, rows.y]), (), back, rows.source, fit.sigma**2, held)


def grouped(found: Working, group: Grouping) -> Indices:
    """The group of each working row, (m,)."""
    codes: Indices = group.codes[found.source]
    return codes
