"""Do entities differ in ways that go with the predictors? Two tests of the same suspicion.

Hausman:   d'[Var(b_fixed) - Var(b_random)]^-1 d ~ chi^2,      d = b_fixed - b_random,

which needs random effects to be efficient, and the difference of the variances to be positive
definite; in samples it need not be. Mundlak adds the entities' means to the random-effects model,

    y_it = x_it b + m_i c + u_i + e_it,      c = 0,

and tests them by Wald's statistic, wherever the model can be fitted; with clusters it is robust.

Reference: Hausman (1978), Econometrica 46, 1251-1271; Mundlak (1978), Econometrica 46, 69-85;
Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, section 10.7.3.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.errors import DataError, UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.scaling import standardise
from mlcore.language.checks import first_dependent
from mlcore.language.design import design
from mlcore.language.expressions import Name
from mlcore.longitudinal.deviations import from_means, means
from mlcore.longitudinal.panel import panel
from mlcore.longitudinal.panel_fit import PanelFit
from mlcore.longitudinal.transforms import NOTHING

INTERCEPT = "(Intercept)"
ROUNDING = 1e-10  # share of a variance that a difference of two variances has to exceed
INSTEAD = "use mundlak(...), which asks the same and needs no difference of variances"


@dataclass(frozen=True, eq=False)
class WaldTest:
    """Several coefficients at once: `statistic` is chi^2 with `df` degrees of freedom.

    Where `df2` is finite, statistic / df is F with df and df2. `difference` is what is tested.
    """

    statistic: float
    df: int
    difference: "pd.Series[float]"
    df2: float = np.inf

    @property
    def p(self) -> float:
        from scipy.special import chdtrc, fdtrc

        if np.isinf(self.df2):
            return float(chdtrc(self.df, self.statistic))
        return float(fdtrc(self.df, self.df2, self.statistic / self.df))


@dataclass(frozen=True, eq=False, kw_only=True)
class MundlakTest(WaldTest):
    """The test of the means' coefficients, and the `fit` that holds them."""

    fit: PanelFit


def hausman(fixed: Fit, random: Fit) -> WaldTest:
    """Compare a within fit with a random-effects fit of the same rows, by `panel` or `lmm`."""
    for fit in (fixed, random):
        if ", CR" in fit.method:
            raise UnsupportedError(
                f"Hausman's test takes random effects to be efficient, and {fit.method!r} does "
                "not: use mundlak(..., cluster=...)"
            )
    if not isinstance(fixed, PanelFit) or fixed.estimator != "within":
        raise UnsupportedError(
            f"the first fit is {fixed.method!r}: Hausman's test compares a 'within' fit with one "
            "that has random effects"
        )
    if not np.array_equal(fixed.design.y, random.design.y):
        raise DataError("the two fits have different rows: fit both to the same data")
    common = [n for n in fixed.design.names if n in random.design.names and n != INTERCEPT]
    if not common:
        raise DataError("the two fits share no predictor: there is nothing to compare")
    d = fixed.coefficients["estimate"][common] - random.coefficients["estimate"][common]
    V = (fixed.vcov.loc[common, common] - random.vcov.loc[common, common]).to_numpy()
    # on the scale of the within fit's standard errors, where units do not matter
    se = fixed.coefficients["se"][common].to_numpy()
    values, axes = np.linalg.eigh(V / np.outer(se, se))
    if values[0] < ROUNDING:
        raise DataError(
            "Hausman's test cannot be computed here: Var(within) - Var(random) is not positive "
            f"definite; {INSTEAD}"
        )
    along = axes.T @ (d.to_numpy() / se)
    return WaldTest(float((along**2 / values).sum()), len(common), d.rename("difference"))


def mundlak(
    formula: str,
    data: pd.DataFrame,
    *,
    entity: str,
    form: str = "stata",
    cluster: str | None = None,
) -> MundlakTest:
    """Test whether the means of predictors over entities matter beside the predictors.

    Coefficients of predictors that vary within entities are then those of the within fit; those of
    the means, `<predictor>_mean`, are contextual: between less within.
    """
    numbered = data.reset_index(drop=True)
    model = design(formula, numbered, groups=[entity], cluster=cluster)
    group = model.groupings[entity]
    X = standardise(model).X
    candidates, left = means(X, group)[group.codes], from_means(X, group)
    kept: list[int] = []
    for k, name in enumerate(model.names):
        changes = left[:, k] @ left[:, k] > NOTHING * len(X)
        together = np.column_stack([X, candidates[:, [*kept, k]]])
        if name != INTERCEPT and changes and first_dependent(together) is None:
            kept.append(k)
    if not kept:
        raise DataError(
            f"no predictor both changes within {entity} and differs in its mean: fixed and random "
            "effects cannot disagree"
        )
    rows = numbered.loc[model.index]
    taken = {name.name for name in model.formula.variables()}
    raw = means(model.X, group)[group.codes]
    added = {free(f"{model.names[k]}_mean", taken): raw[:, k] for k in kept}
    longer = " + ".join([formula, *(f"`{name}`" for name in added)])
    fit = panel(
        longer, rows.assign(**added), entity=entity, estimator="random", form=form, cluster=cluster
    )
    fit = replace(fit, messages=model.messages + fit.messages)
    labels = [str(Name(name)) for name in added]
    b, V = fit.coefficients["estimate"][labels], fit.vcov.loc[labels, labels].to_numpy()
    df2 = float(fit.coefficients["df"].iloc[0])
    if df2 < len(b):
        raise DataError(
            f"{df2 + 1:.0f} clusters cannot test {len(b)} means at once: use larger numbers of "
            "clusters, or no cluster"
        )
    return MundlakTest(wald(b.to_numpy(), V), len(b), b.rename("contextual"), df2, fit=fit)


def wald(b: Array, V: Array) -> float:
    """b'V^-1 b, on the scale of the standard errors."""
    se = np.sqrt(np.diagonal(V))
    return float((b / se) @ np.linalg.solve(V / np.outer(se, se), b / se))


def free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
