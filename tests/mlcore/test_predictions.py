"""Predictions over values that one chooses."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import DataError, glmm, lmm, ols, ordinal, panel
from mlcore.inference.predictions import predictions

SCHOOL = datasets.load("school").frame
FIT = lmm("gcse ~ lrt + girl + C(schgend) + (1 + lrt | school)", SCHOOL)
LONDON = datasets.load("london_nurses").frame
LOGIT = glmm("leave ~ age + male + (1 | hospital)", LONDON)


def test_what_is_not_asked_for_is_held():
    found = predictions(FIT, SCHOOL, "lrt", values=[-10.0, 0.0])
    assert found.held == {"girl": 1, "schgend": 1}
    b = FIT.coefficients["estimate"]
    assert_allclose(
        found.table["fixed"], b["(Intercept)"] + b["girl"] + b["lrt"] * np.array([-10.0, 0.0])
    )
    other = predictions(FIT, SCHOOL, "girl")
    assert list(other.table["girl"]) == [0, 1]
    assert_allclose(other.held["lrt"], SCHOOL["lrt"].mean())


def test_the_interval_is_that_of_the_line():
    found = predictions(FIT, SCHOOL, "lrt", values=[5.0], at={"girl": 0, "schgend": 3})
    x = np.array([1.0, 5.0, 0.0, 0.0, 1.0])
    half = 1.959964 * np.sqrt(x @ FIT.covariance @ x)
    assert_allclose(found.table["upper"] - found.table["fixed"], half)


def test_a_group_has_its_effects_added():
    found = predictions(FIT, SCHOOL, "lrt", values=[0.0, 10.0], groups={"school": 53}).table
    u = FIT.ranef["school"].loc[53]
    assert_allclose(
        found["fitted"] - found["fixed"], u["(Intercept)"] + u["lrt"] * np.array([0.0, 10.0])
    )


def test_a_generalised_model_has_the_average_of_groups_too():
    found = predictions(LOGIT, LONDON, "age").table
    assert len(found) == 25
    assert ((found["lower"] < found["fixed"]) & (found["fixed"] < found["upper"])).all()
    closer = np.abs(found["average"] - 0.5) < np.abs(found["fixed"] - 0.5)
    assert closer.all()


def test_other_kinds_of_fit():
    people = datasets.load("ghq_panel").frame.query("pid < 300")
    within = panel("ghq ~ lninc + fem", people, entity="pid", estimator="within")
    assert np.isfinite(predictions(within, people, "lninc").table["lower"]).all()
    ranks = ordinal("stress ~ experien + (1 | hospital)", datasets.load("nurses").frame)
    table = predictions(ranks, datasets.load("nurses").frame, "experien").table
    assert table["lower"].isna().all()
    assert table["fixed"].between(1, 7).all()
    assert "average" not in predictions(ols("gcse ~ lrt", SCHOOL), SCHOOL, "lrt").table


def test_rows_are_found_by_labels_of_their_own():
    with pytest.raises(DataError, match="the same label"):
        predictions(FIT, SCHOOL.set_axis(np.zeros(len(SCHOOL))), "lrt")
    with pytest.raises(DataError, match="rows that these data do not have"):
        predictions(FIT, SCHOOL.iloc[:100], "lrt")


def test_what_is_no_predictor_says_so():
    with pytest.raises(DataError, match="student is no predictor of this model"):
        predictions(FIT, SCHOOL, "student")
    with pytest.raises(DataError, match="vrband is no predictor"):
        predictions(FIT, SCHOOL, "lrt", at={"vrband": 2})
