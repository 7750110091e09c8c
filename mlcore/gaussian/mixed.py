"""The linear mixed model, in four steps: design, cross-products, profiled deviance, its minimum."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from mlcore.aggregate.moments import Moments
from mlcore.aggregate.rowless import moment_design
from mlcore.aggregate.totals import moment_blocks
from mlcore.arrays import Array
from mlcore.errors import FormulaError
from mlcore.fit import Fit
from mlcore.gaussian.blocks import Blocks, blocks, compress, only_grouping
from mlcore.gaussian.effects import Effects, GroupEffects, boundary_messages
from mlcore.gaussian.optimise import Minimum, minimise
from mlcore.gaussian.profile import Profile, Reduced, profile, profiled
from mlcore.language import checks
from mlcore.language.design import Design, design
from mlcore.language.formula import Formula
from mlcore.several.cost import affordable
from mlcore.several.elimination import sums_over_islands
from mlcore.several.factors import by_factor, factors, grouped_by
from mlcore.several.joint import joint_effects
from mlcore.several.system import layout, system


def lmm(formula: str, data: pd.DataFrame | Moments, *, reml: bool = True) -> Fit:
    """Fit a Gaussian mixed model, `gcse ~ lrt + (1 + lrt | school)`, by REML or ML.

    Standard errors are those of (X'V^-1 X)^-1 at the estimated variances, as lme4's. Moments of
    groups (`aggregate.moments`) serve as well as their rows.
    """
    if isinstance(data, Moments):
        reduced = moment_design(formula, data)
        some_random_effects(reduced.formula)
        return fit_products(reduced, moment_blocks(reduced), reml=reml)
    return fit_design(design(formula, data), reml=reml)


def fit_design(model: Design, *, reml: bool = True) -> Fit:
    """Fit a formula that has been applied to data."""
    some_random_effects(model.formula)
    if len(grouped_by(model)) > 1:
        return fit_several(model, reml=reml)
    return fit_products(model, blocks(model), reml=reml)


def some_random_effects(formula: Formula) -> None:
    if not formula.random:
        text = formula.text
        raise FormulaError(
            f"no random effects in {text!r}: add a term such as (1 | school)", text, len(text)
        )


def fit_products(model: Design, products: Blocks, *, reml: bool) -> Fit:
    """Fit what has been reduced to cross-products by group."""
    checks.residual(model.formula, residual_share(products))
    small = compress(products)

    def evaluate(theta: Array) -> Profile:
        return profile(theta, small, reml=reml)

    minimum = minimise(evaluate, start(products), products.pattern)
    group = only_grouping(model)
    names = tuple(name for part in model.random for name in part.names)
    effects = {group.name: Effects(group, names, products, minimum.profile)}
    return describe(model, products, minimum, effects, reml=reml)


def fit_several(model: Design, *, reml: bool) -> Fit:
    """Several grouping factors, nested or crossed."""
    model = by_factor(model)
    sea = layout(factors(model))
    model = replace(model, messages=model.messages + affordable(model, sea))
    products = system(model, sea)
    if products.rank + products.p < model.n:  # else nothing is left of any response
        checks.residual(model.formula, share_left(products.within, products.total))

    def evaluate(theta: Array) -> Profile:
        sums = sums_over_islands(products.pattern.matrix(theta), products)
        return profiled(theta, sums, products, reml=reml)

    minimum = minimise(evaluate, start(products), products.pattern)
    effects = joint_effects(products, minimum.profile)
    return describe(model, products, minimum, effects, reml=reml)


def residual_share(products: Blocks) -> float:
    """What predictors and freely varying random effects leave of the response, as a share."""
    within = products.within
    return share_left(within, float(within[-1, -1] + np.sum(products.stack[products.p] ** 2)))


def share_left(within: Array, total: float) -> float:
    """The same, from W'W without what random effects can take up, and the whole y'y."""
    X, y = within[:-1, :-1], within[:-1, -1]
    return float((within[-1, -1] - np.linalg.lstsq(X, y, rcond=None)[0] @ y) / total)


def start(products: Reduced) -> Array:
    """Effects with a third of the residual's SD: with one intercept, an ICC of .11."""
    return np.where(products.pattern.diagonal, 0.35, 0.0)


def describe(
    model: Design,
    products: Reduced,
    minimum: Minimum,
    effects: Mapping[str, GroupEffects],
    *,
    reml: bool,
) -> Fit:
    """The estimates, in the user's units."""
    at, scale = minimum.profile, products.scaling
    half = np.linalg.solve(at.fixed_root, scale.fixed.T)
    said: tuple[str, ...] = ()
    place = 0
    for group, e in effects.items():
        here = slice(place, place + len(e.names))
        said += boundary_messages(at.Lambda[here, here], e.pattern, group, e.names)
        place = here.stop
    boundary = bool(said)
    if not minimum.converged:
        said += (f"not converged after {len(minimum.path)} evaluations: do not use the estimates",)
    return Fit(
        design=model,
        method="REML" if reml else "ML",
        beta=scale.beta(at.beta),
        covariance=float(at.variance) * half.T @ half,
        df=np.full(products.p, np.inf),
        sigma=float(np.sqrt(at.variance)),
        loglik=-0.5 * float(at.deviance),
        df_model=products.p + len(at.theta) + 1,
        effects=effects,
        path=minimum.path,
        converged=minimum.converged,
        boundary=boundary,
        messages=model.messages + said,
    )
