"""The linear mixed model, in four steps: design, cross-products, profiled deviance, its minimum."""

import numpy as np
import pandas as pd

from mlcore import checks
from mlcore.arrays import Array
from mlcore.blocks import Blocks, blocks, compress
from mlcore.design import Design, design
from mlcore.effects import Effects, boundary_messages
from mlcore.errors import FormulaError
from mlcore.fit import Fit
from mlcore.formula import Formula
from mlcore.moments import Moments
from mlcore.optimise import Minimum, minimise
from mlcore.profile import Profile, profile
from mlcore.rowless import moment_design
from mlcore.totals import moment_blocks


def lmm(formula: str, data: pd.DataFrame | Moments, *, reml: bool = True) -> Fit:
    """Fit a Gaussian mixed model, `gcse ~ lrt + (1 + lrt | school)`, by REML or ML.

    Standard errors are those of (X'V^-1 X)^-1 at the estimated variances, as lme4's. Moments of
    groups (`mlcore.moments`) serve as well as their rows.
    """
    if isinstance(data, Moments):
        reduced = moment_design(formula, data)
        some_random_effects(reduced.formula)
        return fit_products(reduced, moment_blocks(reduced), reml=reml)
    return fit_design(design(formula, data), reml=reml)


def fit_design(model: Design, *, reml: bool = True) -> Fit:
    """Fit a formula that has been applied to data."""
    some_random_effects(model.formula)
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
    return describe(model, products, minimum, reml=reml)


def residual_share(products: Blocks) -> float:
    """What predictors and freely varying random effects leave of the response, as a share."""
    p, within = products.p, products.within
    explained = np.linalg.lstsq(within[:p, :p], within[:p, p], rcond=None)[0] @ within[:p, p]
    total = within[p, p] + np.sum(products.stack[p] ** 2)
    return float((within[p, p] - explained) / total)


def start(products: Blocks) -> Array:
    """Effects with a third of the residual's SD: an ICC of .11."""
    return np.where(products.pattern.diagonal, 0.35, 0.0)


def describe(model: Design, products: Blocks, minimum: Minimum, *, reml: bool) -> Fit:
    """The estimates, in the user's units."""
    at, scale = minimum.profile, products.scaling
    half = np.linalg.solve(at.fixed_root, scale.fixed.T)
    (group,) = model.groupings.values()
    names = tuple(name for part in model.random for name in part.names)
    said = boundary_messages(at.Lambda, products.pattern, group.name, names)
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
        effects={group.name: Effects(group, names, products, at)},
        path=minimum.path,
        converged=minimum.converged,
        boundary=boundary,
        messages=model.messages + said,
    )
