"""A model of a learner's own: chosen or typed, fitted, explained where it fails, compared.

request   what is asked, as an address holds it
columns   columns that centring makes
plan      a model as choices, and its formula
reading   a formula read back into choices
fitting   a request fitted to a dataset
remedies  requests that differ from one that failed by as little as may help
asked     a request beside its data
problems  what went wrong, in three parts
refusals  why a request was not fitted
remarks   what to know of a fit before it is believed
setting   what the next step depends on
suggestions  the next step, in a sentence that says why
nesting   two fits: a valid test, or why there is none
comparison  models side by side
"""

from workbench.plan.columns import made
from workbench.plan.comparison import Comparison, compare
from workbench.plan.fitting import RequestError, cost_of, designed, fit
from workbench.plan.nesting import Model, Pair
from workbench.plan.plan import Plan, PlanError, Predictor, Varying
from workbench.plan.problems import Problem
from workbench.plan.reading import NotChosenError, planned
from workbench.plan.refusals import refused
from workbench.plan.remarks import remarks
from workbench.plan.remedies import Remedy
from workbench.plan.request import ESTIMATORS, KINDS, Request
from workbench.plan.suggestions import Suggestion, suggest

__all__ = [
    "ESTIMATORS",
    "KINDS",
    "Comparison",
    "Model",
    "NotChosenError",
    "Pair",
    "Plan",
    "PlanError",
    "Predictor",
    "Problem",
    "Remedy",
    "Request",
    "RequestError",
    "Suggestion",
    "Varying",
    "compare",
    "cost_of",
    "designed",
    "fit",
    "made",
    "planned",
    "refused",
    "remarks",
    "suggest",
]
