"""A model of a learner's own: chosen or typed, fitted, explained where it fails, compared.

request   what is asked, as an address holds it
columns   columns that centring makes
plan      a model as choices, and its formula
reading   a formula read back into choices
fitting   a request fitted to a dataset
"""

from workbench.plan.columns import made
from workbench.plan.fitting import RequestError, expected, fit
from workbench.plan.plan import Plan, PlanError, Predictor, Varying
from workbench.plan.reading import NotChosenError, planned
from workbench.plan.request import ESTIMATORS, KINDS, Request

__all__ = [
    "ESTIMATORS",
    "KINDS",
    "NotChosenError",
    "Plan",
    "PlanError",
    "Predictor",
    "Request",
    "RequestError",
    "Varying",
    "expected",
    "fit",
    "made",
    "planned",
]
