"""The modelling core of Multilevel Lab: mixed models, fast and readable.

    from mlcore import lmm
    fit = lmm("gcse ~ lrt + girl + (1 + lrt | school)", frame)
    print(fit)

In reading order, part by part; the four steps of a fit have a star:

shared by all parts
    errors             what can go wrong, and how it is said
    arrays             names for arrays
    fit                what is said about a fitted model
    progress           how far a fit has come, told while it is running

language: from a formula's text to columns of numbers
    expressions        names of columns, and functions of them
    tokens             a formula's text, token by token
    arithmetic         tokens -> expressions
    formula            text -> terms (lme4's notation, parsed, never evaluated)
    encoding           terms and data -> columns of numbers
    checks             what is looked at before anything is computed
    design           * y, X, Z and the groups

gaussian: one grouping factor, and least squares
    scaling            columns on a common scale, and the way back
    covariance         theta -> Lambda
    batched            small matrices, one for each group
    blocks           * variation within and between groups
    profile          * the profiled deviance at theta, and its derivatives
    optimise         * its minimum
    effects            the random effects, given the data
    mixed              lmm: the steps in a row
    sandwich           covariances where errors of a cluster go together
    linear             ols: from rows, or from moments
    pooling            shrinkage, and lines that borrow nothing
    families           four ways to draw lines through groups
    origin             random lines seen from another origin

several: nested and crossed grouping factors
    factors            the grouping factors, and what varies over each
    islands            several factors: which groups reach each other through shared rows
    rows               the groups that are eliminated, dense or sparse
    system           * what several factors need to know about the data
    cost               what a fit will take, said beforehand
    elimination      * the random-effects system at theta, solved
    joint              the random effects of several factors, given the data

aggregate: models fitted to means and cross-products
    moments            groups described by numbers of rows, means and cross-products
    rowless            a formula applied to moments
    totals             what a fit needs, from moments
    poolings           complete, no and partial pooling of means

discrete: binary outcomes, counts, categories
    outcomes           what a row's outcome may be, given its linear predictor
    ordered            the same of ordered categories
    responses          a binary outcome, a count or ordered categories, read from data
    predictor          the linear predictor and its parameters
    merging            rows that say the same
    arrow              the curvature of the random effects, factored
    modes              the most likely random effects
    marginal         * the likelihood without the random effects, and its gradient
    start              where the search begins
    search           * its maximum, over all parameters at once
    posterior          means of the random effects, given the data
    population         averages over groups
    separation         predictors that tell an outcome without error
    generalised        what is said about a fitted generalised model
    uncertainty        how sure it is of its spreads
    glmm               binary outcomes and counts with random effects
    glm                the same without, cluster-robust
    ordinal            ordered categories
    gee                marginal models

longitudinal: panels, and residuals that remember
    serial             residuals that remember
    whitened           a growth model at one phi
    scalar_minimum     the minimum of a function of one number
    growth             growth curves with serial correlation: the steps in a row
    deviations         what differs between entities and what changes within them
    swamy_arora        how much entities differ, from two regressions
    transforms         the rows that panel estimators fit
    panel_fit          what a panel estimator finds
    panel              pooled, within, between, random, first differences
    hausman            do entities differ in ways that go with the predictors?
    five               same data, five questions
    mixture            what random effects estimate when slopes differ between levels

inference: tests, intervals, shares of variance, scores
    likelihood_ratio   two nested models, compared
    sums               what the deviance stands on, with one grouping factor or more
    curvature          how a model answers to its variances
    differences        second derivatives without a formula
    sensitivity        the same by differences, for several grouping factors
    small_sample       degrees of freedom where groups are few
    parameters         all that is estimated, in one list
    surface            the deviance over all variances, coordinate by coordinate
    intervals          profile-likelihood intervals
    wald               Stata's intervals for variances
    explained          R squared, as a whole and by level
    scores             scores for groups, from their random effects
    ecological         correlations of people and of places
    resemblance        how much rows of one group resemble each other
    ranking            league tables: what a ranking can and cannot say
    residuals          what a fit leaves of each row, whatever its outcome
    smooth             a curve through a cloud
    quantiles          sorted values against those of a normal sample
    spreads            how much rows scatter, group by group
    calibration        predicted and observed, side by side
    working            a fit as weighted least squares, everything but beta held
    influence          what leaving a group out would change
    group_lines        the line of each group, as the model has it and by itself
    predictions        the fixed part at values that one chooses, and what a group adds

study: what is drawn from a model, and fitted again
    draws              responses that are not normal, at a linear predictor
    simulation         responses drawn from a model
    refits             one design, many responses
    replication        a study repeated, with Monte Carlo errors
    studies            studies that can be repeated
    bootstrap          how estimates would scatter if the fit were the truth
    shuffling          the intraclass correlation where groups mean nothing
    trends             people whose slopes differ: how many null studies find a trend?
    held_out           which score predicts the people one did not see?
    sweep              the same from samples of every size, with predictors held
"""

from mlcore.aggregate.moments import Moments, moment_table, moments
from mlcore.aggregate.poolings import Poolings, moment_lines, poolings
from mlcore.discrete.gee import GeeFit, gee
from mlcore.discrete.generalised import GlmFit, GlmmFit
from mlcore.discrete.glm import glm
from mlcore.discrete.glmm import fit_generalised, glmm
from mlcore.discrete.ordinal import OrdinalFit, ordinal
from mlcore.errors import DataError, FormulaError, MultilevelError, UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.linear import LinearFit, ols
from mlcore.gaussian.mixed import fit_design, lmm
from mlcore.gaussian.origin import RandomLines, loglik_without_covariance, random_lines
from mlcore.gaussian.pooling import pooling_weight, separate_lines, shrinkage
from mlcore.inference.calibration import Calibration, calibration
from mlcore.inference.ecological import Correlations, correlations
from mlcore.inference.explained import VarianceShares, explained, r_squared
from mlcore.inference.group_lines import GroupLines, group_lines
from mlcore.inference.influence import Influence, influence, refitted
from mlcore.inference.intervals import profile_intervals
from mlcore.inference.likelihood_ratio import LikelihoodRatio, lr_test
from mlcore.inference.parameters import parameters
from mlcore.inference.predictions import Predictions, predictions, predictors
from mlcore.inference.quantiles import Quantiles, effect_quantiles, residual_quantiles
from mlcore.inference.ranking import (
    Apart,
    Ranks,
    caterpillar,
    least_size,
    pairs_apart,
    probability_above,
    rank_draws,
)
from mlcore.inference.resemblance import (
    EffectiveSize,
    MeanSquares,
    Pairs,
    design_effect,
    effective_size,
    mean_squares,
    pairs,
)
from mlcore.inference.residuals import Residuals, row_residuals
from mlcore.inference.scores import effect_scores, scored, smoothed_table
from mlcore.inference.small_sample import degrees_of_freedom, small_sample
from mlcore.inference.spreads import Spreads, rows_by, spreads
from mlcore.inference.wald import wald_intervals
from mlcore.language.design import Design, design
from mlcore.language.formula import Formula, parse
from mlcore.longitudinal.five import Five, five
from mlcore.longitudinal.growth import GrowthFit, growth
from mlcore.longitudinal.hausman import MundlakTest, WaldTest, hausman, mundlak
from mlcore.longitudinal.mixture import Mixture, mixture
from mlcore.longitudinal.panel import panel
from mlcore.longitudinal.panel_fit import PanelFit
from mlcore.progress import watching
from mlcore.several.cost import Cost, cost
from mlcore.study.bootstrap import Bootstrap, bootstrap, bootstrapping
from mlcore.study.held_out import sample_scores, score_errors
from mlcore.study.refits import Refits, refit
from mlcore.study.replication import Replications, power, replicate
from mlcore.study.shuffling import Shuffles, shuffle
from mlcore.study.simulation import simulate
from mlcore.study.studies import GroupStudy, RowStudy
from mlcore.study.sweep import ScoreSweep, score_sweep
from mlcore.study.trends import TrendStudy, rejection_rates

__all__ = [
    "Apart",
    "Bootstrap",
    "Calibration",
    "Correlations",
    "Cost",
    "DataError",
    "Design",
    "EffectiveSize",
    "Fit",
    "Five",
    "Formula",
    "FormulaError",
    "GeeFit",
    "GlmFit",
    "GlmmFit",
    "GroupLines",
    "GroupStudy",
    "GrowthFit",
    "Influence",
    "LikelihoodRatio",
    "LinearFit",
    "MeanSquares",
    "Mixture",
    "Moments",
    "MultilevelError",
    "MundlakTest",
    "OrdinalFit",
    "Pairs",
    "PanelFit",
    "Poolings",
    "Predictions",
    "Quantiles",
    "RandomLines",
    "Ranks",
    "Refits",
    "Replications",
    "Residuals",
    "RowStudy",
    "ScoreSweep",
    "Shuffles",
    "Spreads",
    "TrendStudy",
    "UnsupportedError",
    "VarianceShares",
    "WaldTest",
    "bootstrap",
    "bootstrapping",
    "calibration",
    "caterpillar",
    "correlations",
    "cost",
    "degrees_of_freedom",
    "design",
    "design_effect",
    "effect_quantiles",
    "effect_scores",
    "effective_size",
    "explained",
    "fit_design",
    "fit_generalised",
    "five",
    "gee",
    "glm",
    "glmm",
    "group_lines",
    "growth",
    "hausman",
    "influence",
    "least_size",
    "lmm",
    "loglik_without_covariance",
    "lr_test",
    "mean_squares",
    "mixture",
    "moment_lines",
    "moment_table",
    "moments",
    "mundlak",
    "ols",
    "ordinal",
    "pairs",
    "pairs_apart",
    "panel",
    "parameters",
    "parse",
    "pooling_weight",
    "poolings",
    "power",
    "predictions",
    "predictors",
    "probability_above",
    "profile_intervals",
    "r_squared",
    "random_lines",
    "rank_draws",
    "refit",
    "refitted",
    "rejection_rates",
    "replicate",
    "residual_quantiles",
    "row_residuals",
    "rows_by",
    "sample_scores",
    "score_errors",
    "score_sweep",
    "scored",
    "separate_lines",
    "shrinkage",
    "shuffle",
    "simulate",
    "small_sample",
    "smoothed_table",
    "spreads",
    "wald_intervals",
    "watching",
]
