"""The modelling core of Multilevel Lab: mixed models, fast and readable.

    from mlcore import lmm
    fit = lmm("gcse ~ lrt + girl + (1 + lrt | school)", frame)
    print(fit)

In reading order; the four steps of a fit have a star:

    errors       what can go wrong, and how it is said
    expressions  names of columns, and functions of them
    tokens       a formula's text, token by token
    arithmetic   tokens -> expressions
    formula      text -> terms (lme4's notation, parsed, never evaluated)
    arrays       names for arrays
    encoding     terms and data -> columns of numbers
    checks       what is looked at before anything is computed
    design     * y, X, Z and the groups
    scaling      columns on a common scale, and the way back
    covariance   theta -> Lambda
    batched      small matrices, one for each group
    blocks     * variation within and between groups
    profile    * the profiled deviance at theta, and its derivatives
    optimise   * its minimum
    effects      the random effects, given the data
    fit          what is said about a fitted model
    mixed        lmm: the steps in a row
    linear       ols, with cluster-robust standard errors
    serial       residuals that remember
    whitened     a growth model at one phi
    valley       the minimum of a function of one number
    growth       growth curves with serial correlation: the steps in a row
    deviations   what differs between entities and what changes within them
    swamy_arora  how much entities differ, from two regressions
    transforms   the rows that panel estimators fit
    panel        pooled, within, between, random, first differences
    hausman      do entities differ in ways that go with the predictors?
    pooling      shrinkage, and lines that borrow nothing
    families     four ways to draw lines through groups
    simulation   responses drawn from a model
    refits       one design, many responses
"""

from mlcore.design import Design, design
from mlcore.errors import DataError, FormulaError, MultilevelError, UnsupportedError
from mlcore.fit import Fit
from mlcore.formula import Formula, parse
from mlcore.growth import GrowthFit, growth
from mlcore.hausman import MundlakTest, WaldTest, hausman, mundlak
from mlcore.linear import LinearFit, ols
from mlcore.mixed import fit_design, lmm
from mlcore.panel import PanelFit, panel
from mlcore.pooling import pooling_weight, separate_lines, shrinkage
from mlcore.refits import Refits, refit
from mlcore.simulation import simulate

__all__ = [
    "DataError",
    "Design",
    "Fit",
    "Formula",
    "FormulaError",
    "GrowthFit",
    "LinearFit",
    "MultilevelError",
    "MundlakTest",
    "PanelFit",
    "Refits",
    "UnsupportedError",
    "WaldTest",
    "design",
    "fit_design",
    "growth",
    "hausman",
    "lmm",
    "mundlak",
    "ols",
    "panel",
    "parse",
    "pooling_weight",
    "refit",
    "separate_lines",
    "shrinkage",
    "simulate",
]
