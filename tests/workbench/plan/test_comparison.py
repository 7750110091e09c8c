"""Models side by side: R's tests, what must not be compared, and numbers as text."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from datasets import Dataset, load
from mlcore import Fit, lr_test
from tests.mlcore.oracle import CASES
from tests.mlcore.test_likelihood_ratio import CASES_OF_R, STATISTIC, pair
from tests.workbench.plan.material import FAULTY
from workbench.plan import Comparison, Model, Pair, Request, compare, fit
from workbench.plan.comparison import with_error
from workbench.plan.nesting import weighed

SCHOOL = load("school")
S = "(1 | school)"
ESTIMATORS = {"OLS": "ols", "ML": "ml", "REML": "reml", "Laplace": "laplace"}


def never(request: Request, rows: pd.Index) -> Fit:
    raise AssertionError("nothing is to be fitted again")


def asked(fit: Fit) -> Request:
    kind = {"gaussian": "continuous", "binomial": "binary"}[fit.family]
    return Request(fit.formula, kind, ESTIMATORS[fit.method])


@pytest.mark.parametrize("name", [name for name in CASES_OF_R if "ar1" not in name])
def test_against_r(name: str) -> None:
    small, large = pair(name)
    one, two = Model("1", asked(small), small), Model("2", asked(large), large)
    for found in (weighed(one, two, never), weighed(two, one, never)):
        stored = CASES[name]["test"]
        assert (found.small, found.large, found.refitted) == ("1", "2", False)
        # two log-likelihoods, each within its tolerance, doubled
        assert found.result.statistic == pytest.approx(stored["LR"], abs=STATISTIC)
        assert np.log(found.result.p) == pytest.approx(np.log(stored["p_mixture"]), abs=STATISTIC)


def beside(dataset: Dataset, *requests: Request) -> Comparison:
    names = map(str, range(1, len(requests) + 1))
    fits = [Model(name, r, fit(dataset, r)) for name, r in zip(names, requests, strict=True)]
    return compare(dataset, fits)


def only(found: Comparison) -> Pair:
    (test,) = found.pairs
    return test


def test_reml_fits_with_different_predictors_are_fitted_again() -> None:
    small, large = Request(f"gcse ~ 1 + {S}"), Request(f"gcse ~ lrt + {S}")
    found = beside(SCHOOL, small, large)
    by_ml = [fit(SCHOOL, replace(request, estimator="ml")) for request in (small, large)]
    assert only(found).refitted
    assert only(found).result == lr_test(*by_ml)
    assert "fitted again by ML" in only(found).words
    assert found.whole.loc["AIC"].tolist() == [each.aic for each in by_ml]
    assert found.effects.loc["lrt", ("2", "estimate")] == fit(SCHOOL, large).beta[1]
    assert "Log-likelihood, AIC and BIC of model 1 and 2" in found.notes[0]


def test_reml_fits_with_the_same_predictors_are_not() -> None:
    found = beside(SCHOOL, Request(f"gcse ~ lrt + {S}"), Request("gcse ~ lrt + (1 + lrt | school)"))
    assert not only(found).refitted
    assert dict(only(found).result.weights) == {1: 0.5, 2: 0.5}
    assert found.notes == ()


def test_least_squares_beside_reml() -> None:
    found = beside(SCHOOL, Request("gcse ~ lrt", estimator="ols"), Request(f"gcse ~ lrt + {S}"))
    assert only(found).refitted
    assert dict(only(found).result.weights) == {0: 0.5, 1: 0.5}


NO_TEST = [
    (Request(f"gcse ~ lrt + {S}"), Request(f"gcse ~ girl + {S}"), "Both models have 4 parameters"),
    (
        Request(f"gcse ~ lrt + {S}"),
        Request(f"gcse ~ girl + C(schgend) + {S}"),
        "Model 2 lacks lrt, which model 1 has",
    ),
    (
        Request(f"gcse ~ lrt + {S}"),
        Request("gcse ~ lrt + (0 + lrt | school) + (1 | vrband)"),
        "Model 2 lacks (Intercept) over school",
    ),
    (
        Request("gcse ~ lrt", estimator="ols"),
        Request("gcse ~ lrt", estimator="within", group="school"),
        "transformed rows",
    ),
    (
        Request("gcse ~ lrt", estimator="cluster", group="school"),
        Request(f"gcse ~ lrt + {S}"),
        "no likelihood to test with",
    ),
    (
        Request(f"girl ~ lrt + {S}", "binary", "laplace"),
        Request("girl ~ lrt + (1 + lrt | school)", "binary", "quadrature"),
        "in two ways",
    ),
    (Request(f"gcse ~ lrt + {S}"), Request(f"lrt ~ girl + {S}"), "different outcomes"),
]


@pytest.mark.parametrize(("one", "two", "words"), NO_TEST, ids=[words for *_, words in NO_TEST])
def test_where_no_test_is_valid_the_reason_is_said(one: Request, two: Request, words: str) -> None:
    found = only(beside(FAULTY, one, two))
    assert found.result is None
    assert words in found.words
    assert found.words.endswith(".")


def test_different_rows_can_be_made_the_same() -> None:
    two = Request(f"gcse ~ girl + {S}"), Request(f"gcse ~ girl + some + {S}")
    found = beside(FAULTY, *two)
    assert only(found).other_rows
    assert only(found).result is None
    complete = FAULTY.frame["some"].notna().sum()
    assert f"Fit both to the {complete:,} rows" in only(found).words
    fits = [Model(r.formula, r, fit(FAULTY, r, rows=found.shared)) for r in two]
    again = compare(FAULTY, fits)
    assert again.shared is None
    assert only(again).result.df == 1
    assert {model.fit.n for model in again.models} == {complete}


def test_what_is_not_finished_is_not_compared() -> None:
    one, two = Request(f"gcse ~ lrt + {S}"), Request("gcse ~ lrt + (1 + lrt | school)")
    stopped = Model("2", two, replace(fit(SCHOOL, two), converged=False))
    found = weighed(Model("1", one, fit(SCHOOL, one)), stopped, never)
    assert (found.result, found.words[:30]) == (None, "The search for model 2 did not")


def test_a_smaller_model_on_the_boundary_is_pointed_out() -> None:
    found = beside(FAULTY, Request("same ~ 1 + (1 | chance)"), Request("same ~ lrt + (1 | chance)"))
    assert only(found).result is not None
    assert "a guide only" in only(found).words


def test_the_table_holds_what_the_fits_say() -> None:
    requests = [
        Request("gcse ~ lrt", estimator="ols"),
        Request("gcse ~ lrt + (1 + lrt | school)", estimator="ml"),
        Request("gcse ~ lrt", estimator="random", group="school"),
    ]
    found = beside(SCHOOL, *requests)
    fits = [model.fit for model in found.models]
    for name, each in zip("123", fits, strict=True):
        np.testing.assert_array_equal(found.effects[name]["estimate"], each.beta)
        np.testing.assert_array_equal(found.effects[name]["se"], each.coefficients["se"])
    slopes = fits[1].variance_components
    assert found.spreads.loc["SD school, lrt", "2"] == slopes["sd"][1]
    assert (
        found.spreads.loc["correlation school, intercept and lrt", "2"] == slopes["correlation"][2]
    )
    assert found.spreads.loc["SD school, intercept", "3"] == fits[2].sigma_u
    assert found.spreads.index[-1] == "SD residual"
    labels = ["rows", "groups of school", "parameters", "log-likelihood", "AIC", "BIC"]
    assert list(found.whole.index) == labels
    assert found.table.loc[("whole", "AIC"), "3"] == ""
    assert found.table.loc[("whole", "rows")].tolist() == ["4,059"] * 3
    assert found.table.loc[("effects", "lrt"), "2"] == "0.557 (0.020)"


def test_thresholds_and_working_correlations_are_in_the_table() -> None:
    ordered = beside(FAULTY, Request(f"codes ~ lrt + {S}", "ordered", "laplace"))
    assert list(ordered.effects.index) == ["lrt", "0|1", "1|2"]
    marginal = beside(FAULTY, Request("high ~ lrt", "binary", "gee", "school"))
    alpha = marginal.models[0].fit.alpha
    assert marginal.spreads.loc["working correlation", "1"] == alpha


@pytest.mark.parametrize(
    ("estimate", "se", "text"),
    [
        (0.5637, 0.0123, "0.564 (0.012)"),
        (-1234.56, 78.9, "−1,235 (79)"),
        (0.0, 0.995, "0.00 (0.99)"),
        (3.2, float("nan"), "3.2"),
        (float("nan"), 1.0, ""),
        (1e-12, 1e-13, "0.00000000 (0.00000000)"),
    ],
)
def test_no_more_digits_than_the_error_deserves(estimate: float, se: float, text: str) -> None:
    assert with_error(estimate, se) == text
