"""Every kind of request is fitted by the function that it asks for."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import mlcore
from datasets import Dataset, load
from workbench.plan import ESTIMATORS, Request, fitting, made
from workbench.plan.request import GROUPED, MIXED


def cut() -> Dataset:
    """The schools, with outcomes of every kind cut from the exam score."""
    school = load("school")
    frame = school.frame
    frame["high"] = (frame["gcse"] > frame["gcse"].median()).astype(int)
    frame["points"] = (frame["gcse"] - frame["gcse"].min()).round().astype(int)
    frame["rating"] = np.select([frame["gcse"] < -5, frame["gcse"] < 5], ["low", "middle"], "up")
    frame["year"] = frame.groupby("school").cumcount()
    return replace(school, _rows=frame[frame["school"] <= 20])


SCHOOL = cut()
OUTCOMES = {"continuous": "gcse", "binary": "high", "count": "points", "ordered": "rating"}
CALLS = {
    "reml": lambda f, d, **_: mlcore.lmm(f, d),
    "ml": lambda f, d, **_: mlcore.lmm(f, d, reml=False),
    "ols": lambda f, d, **_: mlcore.ols(f, d),
    "cluster": lambda f, d, **_: mlcore.ols(f, d, cluster="school"),
    "within": lambda f, d, **_: mlcore.panel(f, d, entity="school", estimator="within"),
    "between": lambda f, d, **_: mlcore.panel(f, d, entity="school", estimator="between"),
    "random": lambda f, d, **_: mlcore.panel(f, d, entity="school", estimator="random"),
    "difference": lambda f, d, **_: mlcore.panel(
        f, d, entity="school", time="year", estimator="first_difference"
    ),
    "glm": lambda f, d, family: mlcore.glm(f, d, family=family),
    "glm-cluster": lambda f, d, family: mlcore.glm(f, d, family=family, cluster="school"),
    "gee": lambda f, d, family: mlcore.gee(f, d, family=family, group="school"),
    "laplace": lambda f, d, family: mlcore.glmm(f, d, family=family),
    "quadrature": lambda f, d, family: mlcore.glmm(f, d, family=family, n_quad=7),
}


def asked(kind: str, by: str) -> Request:
    random = " + (1 | school)" if by in MIXED else ""
    group = "school" if by in GROUPED else ""
    time = "year" if by == "difference" else ""
    return Request(f"{OUTCOMES[kind]} ~ lrt{random}", kind, by, group, time)


@pytest.mark.parametrize(("kind", "by"), [(k, e) for k in ESTIMATORS for e in ESTIMATORS[k]])
def test_the_fit_is_the_core_s(kind: str, by: str) -> None:
    request = asked(kind, by)
    found = fitting.fit(SCHOOL, request)
    if kind == "ordered":
        points = 7 if by == "quadrature" else 1
        wanted = mlcore.ordinal(request.formula, SCHOOL.frame, n_quad=points)
    else:
        family = {"binary": "binomial", "count": "poisson"}.get(kind)
        wanted = CALLS[by](request.formula, SCHOOL.frame, family=family)
    assert (found.method, type(found)) == (wanted.method, type(wanted))
    np.testing.assert_array_equal(found.beta, wanted.beta)
    np.testing.assert_array_equal(found.covariance, wanted.covariance)


def test_columns_are_made_before_the_fit() -> None:
    formula = "gcse ~ lrt_within_school + lrt_mean_school + (1 | school)"
    found = fitting.fit(SCHOOL, Request(formula))
    wanted = mlcore.lmm(formula, made(formula, SCHOOL).extended)
    np.testing.assert_array_equal(found.beta, wanted.beta)


def test_some_rows_keep_the_means_of_all() -> None:
    formula = "gcse ~ lrt_mean_school + (1 | school)"
    rows = pd.Index(SCHOOL.frame.index[::2])
    found = fitting.fit(SCHOOL, Request(formula), rows=rows)
    assert found.n == len(rows)
    whole = made(formula, SCHOOL).extended["lrt_mean_school"]
    assert set(found.design.X[:, 1]) <= set(whole)


def test_a_request_that_cannot_be_tried_is_refused() -> None:
    for call in (fitting.fit, fitting.designed):
        with pytest.raises(fitting.RequestError, match="needs a term such as"):
            call(SCHOOL, Request("gcse ~ lrt"))


def test_a_watcher_hears_and_stops() -> None:
    told: list[float] = []
    found = fitting.fit(SCHOOL, asked("binary", "laplace"), lambda _, value: told.append(value))
    assert told[-1] == pytest.approx(found.deviance)

    def stop(evaluations: int, deviance: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fitting.fit(SCHOOL, asked("continuous", "reml"), stop)


def test_more_work_is_expected_to_take_longer() -> None:
    def seconds(formula: str, kind: str, by: str) -> float:
        request = Request(formula, kind, by)
        return fitting.cost_of(fitting.designed(SCHOOL, request), request).seconds

    one = seconds("high ~ lrt + (1 | school)", "binary", "laplace")
    assert one > seconds("gcse ~ lrt + (1 | school)", "continuous", "reml")
    points = seconds("high ~ lrt + (1 | school)", "binary", "quadrature")
    assert one < points < seconds("high ~ lrt + (1 + lrt | school)", "binary", "quadrature")
    assert one < seconds("high ~ lrt * schgend + (1 | school)", "binary", "laplace")
    assert one < seconds("rating ~ lrt + (1 | school)", "ordered", "laplace")
