"""The linear mixed model, in four steps: design, cross-products, profiled deviance, its minimum."""

import numpy as np
import pandas as pd

from mlcore import checks
from mlcore.arrays import Array
from mlcore.blocks import Blocks, blocks, compress
from mlcore.design import Design, design
from mlcore.effects import Effects
from mlcore.errors import FormulaError
from mlcore.fit import Fit
from mlcore.optimise import Minimum, minimise
from mlcore.profile import Profile, profile


def lmm(formula: str, data: pd.DataFrame, *, reml: bool = True) -> Fit:
    """Fit a Gaussian mixed model, `gcse ~ lrt + (1 + lrt | school)`, by REML or ML.

    Standard errors are those of (X'V^-1 X)^-1 at the estimated variances, as lme4's.
    """
    return fit_design(design(formula, data), reml=reml)


def fit_design(model: Design, *, reml: bool = True) -> Fit:
    """Fit a formula that has been applied to data."""
    if not model.random:
        text = model.formula.text
        raise FormulaError(
            f"no random effects in {text!r}: add a term such as (1 | school)", text, len(text)
        )
    products = blocks(model)
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
    boundary, said = singular(at, products, group.name, names)
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


def singular(
    at: Profile, products: Blocks, group: str, names: tuple[str, ...]
) -> tuple[bool, tuple[str, ...]]:
    """Whether a variance has been estimated as zero, and that in words."""
    said = []
    for block in products.pattern.blocks:
        Lambda = at.Lambda[block, block]
        rank = int(np.linalg.matrix_rank(Lambda, tol=1e-8)) if Lambda.any() else 0
        if rank == len(Lambda):
            continue
        inside = names[block]
        still = [n for n, row in zip(inside, Lambda, strict=True) if not np.abs(row).max() > 1e-8]
        if still:
            said.append(
                f"the variance of {', '.join(still)} over {group} is estimated as zero: the groups "
                "differ no more than chance alone would make them (a valid fit, on the boundary)"
            )
        else:
            said.append(
                f"the effects of {', '.join(inside)} over {group} move together: {rank} of their "
                f"{len(inside)} directions have a variance above zero (a valid fit, on the "
                "boundary; their correlations mean little)"
            )
    return bool(said), tuple(said)
