"""One choice changes, and what it contradicts goes with it; nothing else does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.plan import ESTIMATORS, KINDS, Plan, Predictor, Varying, changes, planned
from workbench.plan.request import GROUPED, MIXED, WITHOUT_EFFECTS

SLOPES = Plan(
    "gcse",
    (Predictor("lrt"), Predictor("schgend", categorical=True)),
    (("lrt", "schgend"),),
    (Varying("school", ("lrt",)),),
)


def test_without_groups_there_is_no_mixed_model():
    alone = changes.grouped_by(SLOPES, [])
    assert (alone.formula, alone.estimator) == ("gcse ~ lrt + C(schgend) + lrt:C(schgend)", "ols")
    assert changes.grouped_by(alone, ["school"]).estimator == "reml"


def test_groups_that_stay_keep_their_slopes():
    both = changes.grouped_by(SLOPES, ["school", "area"])
    assert both.random == (Varying("school", ("lrt",)), Varying("area"))


def test_robust_errors_take_the_group_and_give_it_back():
    robust = changes.by(SLOPES, "cluster")
    assert (robust.random, robust.group) == ((), "school")
    mixed = changes.by(robust, "ml")
    assert (mixed.random, mixed.group) == ((Varying("school"),), "")


def test_another_kind_of_outcome_has_another_estimator():
    assert changes.of_kind(SLOPES, "binary").estimator == "laplace"
    assert changes.of_kind(replace(SLOPES, random=(), estimator="ols"), "count").estimator == "glm"
    counted = changes.of_kind(changes.of_kind(SLOPES, "binary"), "count")
    assert counted.estimator == "laplace"


def test_a_predictor_that_goes_takes_its_interaction_and_its_slope():
    without = changes.predicted_by(SLOPES, ["schgend"])
    assert without.formula == "gcse ~ C(schgend) + (1 | school)"


def test_new_predictors_of_several_kinds_are_categories():
    added = changes.predicted_by(Plan("gcse"), ["lrt", "schgend"], {"schgend"})
    assert added.formula == "gcse ~ lrt + C(schgend)"


def test_centring_keeps_slope_and_interaction():
    centred = changes.coded(SLOPES, "lrt", "both", "school")
    assert centred.formula == (
        "gcse ~ lrt_within_school + lrt_mean_school + C(schgend) + lrt_within_school:C(schgend)"
        " + (1 + lrt_within_school | school)"
    )
    assert changes.coded(centred, "lrt", "none") == SLOPES


def test_categories_of_a_slope_go_on_varying():
    assert changes.coded(SLOPES, "lrt", "categories").formula.endswith("(1 + C(lrt) | school)")


def test_the_mean_takes_along_what_was_built_on_it():
    plan = changes.coded(SLOPES, "lrt", "both", "school")
    plan = replace(plan, interactions=(("lrt_mean_school", "schgend"),))
    assert changes.coded(plan, "lrt", "group", "school").interactions == ()


def test_centring_by_groups_that_go_is_undone():
    centred = changes.coded(SLOPES, "lrt", "group", "school")
    assert changes.grouped_by(centred, ["area"]).predictor("lrt") == Predictor("lrt")


def test_slopes_vary_where_they_are_asked_to():
    plan = changes.grouped_by(SLOPES, ["school", "area"])
    assert changes.varying(plan, "lrt", ["area"]).random == (
        Varying("school"),
        Varying("area", ("lrt",)),
    )


def test_uncorrelated_slopes_are_written_with_two_bars():
    assert changes.correlated(SLOPES, "school", False).formula.endswith("(1 + lrt || school)")


STEPS = some.one_of(
    some.tuples(some.just(changes.by), some.sampled_from(sorted(MIXED | GROUPED | {"ols"}))),
    some.tuples(some.just(changes.of_kind), some.sampled_from(list(KINDS))),
    some.tuples(
        some.just(changes.grouped_by),
        some.lists(some.sampled_from(["school", "area", "area:school"]), unique=True),
    ),
    some.tuples(
        some.just(changes.predicted_by),
        some.lists(some.sampled_from(["lrt", "girl", "schgend"]), unique=True),
    ),
)


@given(some.lists(STEPS, max_size=8))
def test_any_steps_lead_to_a_model_that_can_be_asked_for(steps):
    plan = SLOPES
    for step, argument in steps:
        if step is changes.by and argument not in ESTIMATORS[plan.kind]:
            continue
        plan = step(plan, argument)
        assert planned(plan.request) == plan
        wrong = [said for said in plan.request.problems() if "needs the column" not in said]
        if plan.estimator in MIXED and not plan.random:
            wrong = [said for said in wrong if "needs a term" not in said]
        assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_estimator_without_groups(kind):
    assert WITHOUT_EFFECTS[kind] in ESTIMATORS[kind]
