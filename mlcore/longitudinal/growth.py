"""Growth curves: random effects for people, and residuals that are correlated along time.

    y_j = X_j beta + Z_j u_j + e_j,      Var(e_j) = sigma^2 C_j(phi)

At one phi the rows are whitened (`longitudinal.serial`) and the model becomes that of `lmm`: the
deviance at phi is its smallest one, plus log |C|. The estimate is the phi where that is smallest.
Without random effects this is generalised least squares.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.effects import Effects, boundary_messages
from mlcore.language import checks
from mlcore.language.design import Design, Grouping, design
from mlcore.language.formula import Formula, parse
from mlcore.longitudinal.scalar_minimum import LEVEL, Floor, deepest
from mlcore.longitudinal.serial import CORRELATIONS, Chains, uneven
from mlcore.longitudinal.whitened import Ordered, Point, at, order, unexplained
from mlcore.progress import watched

NAMES = {"ar1": "AR(1)", "exponential": "exponential"}
MOST = float(np.arctanh(0.99))  # correlations are searched on Fisher's scale, up to .99


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class GrowthFit(Fit):
    """A fit whose residuals have the correlation `phi`, one measurement or unit of time apart.

    `search` is the deviance at every phi that was tried. Predictions hold random effects, and no
    memory of the last residual.
    """

    correlation: str
    within: Grouping
    phi: float
    phi_se: float
    search: pd.DataFrame
    chains: Chains

    @property
    def serial(self) -> bool:
        return True

    def correlate(self, noise: Array) -> Array:
        return self.chains.colour(noise, self.phi**self.chains.unit)

    def __str__(self) -> str:
        after = f"one {'measurement' if self.correlation == 'ar1' else 'unit of time'} apart"
        return f"{super().__str__()}\n\ncorrelation {after}: {self.phi:.4g} (se {self.phi_se:.2g})"

    @property
    def n_groups(self) -> dict[str, int]:
        return super().n_groups | {self.within.name: len(self.within.levels)}


def growth(
    formula: str,
    data: pd.DataFrame,
    *,
    time: str,
    within: str | None = None,
    correlation: str = "ar1",
    reml: bool = True,
) -> GrowthFit:
    """Fit `y ~ day + (1 + day | person)` with residuals correlated along `time`.

    "ar1" counts measurements, "exponential" the time between them. Residuals are correlated
    `within` the grouping factor of the random effects, or within the levels of the column named.
    """
    if correlation not in CORRELATIONS:
        raise DataError(f"correlation is one of {', '.join(CORRELATIONS)}, not {correlation!r}")
    read = parse(formula)
    person = only_factor(read)
    chain = within or person
    if chain is None:
        raise DataError("residuals are correlated within what? name the column: within='person'")
    model = design(read, data, groups=[chain, time])
    made = order(model, model.groupings[chain], model.groupings[time], correlation)
    checks.residual(read, unexplained(made))

    points: list[Point] = []

    def least(z: float) -> float:
        points.append(at(float(np.tanh(z)), made, points[-1] if points else None, reml=reml))
        return points[-1].deviance

    deviance = watched(least, float)
    floor = deepest(deviance, -MOST if correlation == "ar1" else 0.0, MOST)
    deviance(floor.place)
    fit = describe(model, made, floor, points[-1], model.groupings[chain], correlation, reml=reml)
    if correlation == "ar1" and uneven(fit.within, model.groupings[time]):
        counted = f"{time} is unevenly spaced: 'ar1' counts measurements, 'exponential' time"
        fit = replace(fit, messages=(*fit.messages, counted))
    return fit


def only_factor(read: Formula) -> str | None:
    """The column over which effects vary, if it is one."""
    groups = {term.factor: term.group for term in read.random}
    if len(groups) > 1:
        raise UnsupportedError(
            f"{' and '.join(groups)} are {len(groups)} grouping factors: growth fits one; keep the "
            "random terms of one of them"
        )
    return next((name for name, columns in groups.items() if len(columns) == 1), None)


def describe(
    model: Design,
    made: Ordered,
    floor: Floor,
    point: Point,
    within: Grouping,
    correlation: str,
    *,
    reml: bool,
) -> GrowthFit:
    """The estimates, in the user's units."""
    rho, unit, scale = float(np.tanh(floor.place)), made.chains.unit, made.scaling
    best, edge = point.profile, bool(np.isnan(floor.curvature))
    half = np.linalg.solve(best.fixed_root, scale.fixed.T)
    effects: dict[str, Effects] = {}
    said: tuple[str, ...] = ()
    if point.products is not None:
        names = tuple(name for part in model.random for name in part.names)
        group = model.groupings[model.random[0].group]
        effects[group.name] = Effects(group, names, point.products, best)
        said = boundary_messages(best.Lambda, made.pattern, group.name, names)
    boundary = bool(said) or edge
    if edge:
        said += (
            f"the correlation of successive residuals, {rho:.2g}, is at the end of its range: "
            "leave it out, or simplify the random effects",
        )
    if floor.curvature == 0.0:
        said += (
            "the data cannot tell the correlation of residuals from the random effects: keep one "
            "of the two",
        )
    if not point.converged:
        said += (f"not converged after {len(point.path)} evaluations: do not use the estimates",)
    phi = rho ** (1.0 / unit)
    # from Fisher's z by way of rho; the deviance is twice a log-likelihood
    by_z = (1.0 - rho**2) * rho ** (1.0 / unit - 1.0) / unit if floor.curvature > 0.0 else np.nan
    tried = np.tanh(list(floor.tried))
    return GrowthFit(
        design=model,
        method=f"{'REML' if reml else 'ML'}, {NAMES[correlation]}",
        beta=scale.beta(best.beta),
        covariance=float(best.variance) * half.T @ half,
        df=np.full(len(best.beta), np.inf),
        sigma=float(np.sqrt(best.variance)),
        loglik=-0.5 * point.deviance,
        df_model=len(best.beta) + len(best.theta) + 2,
        effects=effects,
        path=point.path,
        converged=point.converged,
        boundary=boundary,
        messages=model.messages + said,
        correlation=correlation,
        within=within,
        phi=phi,
        phi_se=by_z * np.sqrt(2.0 / max(floor.curvature, LEVEL)),
        search=pd.DataFrame({"phi": tried ** (1.0 / unit), "deviance": floor.tried.values()}),
        chains=made.chains,
    )
