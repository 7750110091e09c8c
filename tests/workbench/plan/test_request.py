"""What is wrong with a request whatever the data."""

import pytest

from workbench.plan import ESTIMATORS, KINDS, Request
from workbench.plan.request import GROUPED, MIXED, WORDS


def test_every_estimator_has_words() -> None:
    assert {e for found in ESTIMATORS.values() for e in found} == set(WORDS)
    assert set(ESTIMATORS) == set(KINDS)
    assert set(WORDS) >= MIXED | GROUPED


@pytest.mark.parametrize(("kind", "estimator"), [(k, e) for k in ESTIMATORS for e in ESTIMATORS[k]])
def test_a_request_in_order_has_no_problems(kind: str, estimator: str) -> None:
    formula = "y ~ x + (1 | g)" if estimator in MIXED else "y ~ x"
    group = "g" if estimator in GROUPED else ""
    assert Request(formula, kind, estimator, group).problems() == ()


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request("y ~ x", "weight"), "choose continuous, binary"),
        (Request("y ~ x", "binary", "reml"), "choose “mixed model, Laplace”"),
        (Request("y ~", "binary", "glm"), "cannot be read: the formula ends too early"),
        (Request("y ~ x"), "needs a term such as (1 | school)"),
        (Request("y ~ x + (1 | g)", estimator="ols"), "leave (… | g) out"),
        (Request("y ~ x", estimator="cluster"), "which rows belong together"),
    ],
)
def test_what_is_wrong_is_said(request_: Request, words: str) -> None:
    (said,) = request_.problems()
    assert words in said


KEPT = Request("y ~ x + (1 | g)")
NEAREST = [
    (KEPT, "binary", "laplace"),
    (KEPT.of_kind("binary"), "continuous", "reml"),
    (KEPT.of_kind("binary"), "count", "laplace"),
    (Request("y ~ x", estimator="ols"), "count", "glm"),
    (Request("y ~ x", estimator="within", group="g"), "binary", "gee"),
    (Request("y ~ x", "binary", "gee", "g"), "continuous", "cluster"),
    (Request("y ~ x", "ordered", "laplace"), "binary", "glm"),
    (Request("y ~ x", "ordered", "laplace"), "continuous", "ols"),
]


@pytest.mark.parametrize(("request_", "kind", "estimator"), NEAREST)
def test_another_kind_of_outcome_has_the_nearest_estimator(
    request_: Request, kind: str, estimator: str
) -> None:
    changed = request_.of_kind(kind)
    assert changed.estimator == estimator
    assert changed.problems() == ()
