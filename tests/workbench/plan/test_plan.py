"""Choices and formulas say the same, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore import FormulaError, parse
from workbench.plan import NotChosenError, Plan, PlanError, Predictor, Request, Varying, planned

NAMES = [
    "x",
    "z",
    "größe",
    "my score",
    "log",
    "a:b",
    "1st",
    "x_mean_z",
    "C(",
    "`"[:0] + "__import__('os')",
]
TYPED = ["I(x^2)", "poly(z, 2)", "log(z + 1)", "scale(w)"]
FACTORS = ["school", "hospital:ward", "my class", "year"]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    columns = draw(st.lists(st.sampled_from(NAMES + TYPED), unique=True, max_size=5))
    factors = draw(st.lists(st.sampled_from(FACTORS), unique=True, max_size=3))
    predictors = tuple(draw(predictor(column, factors)) for column in columns)
    keys = [name for each in predictors for name in each.terms]
    keys += [] if "other" in keys else ["other"]
    some = st.lists(st.sampled_from(keys), unique=True, max_size=3).map(tuple)
    pairs = st.lists(some.filter(lambda each: len(each) > 1), max_size=3).map(tuple)
    random = []
    for factor in factors:
        slopes = draw(some)
        intercept = draw(st.booleans()) or not slopes
        random.append(Varying(factor, slopes, draw(st.booleans()), intercept))
    return Plan(
        outcome=draw(st.sampled_from(["y", "log(y)", "my outcome"])),
        predictors=predictors,
        interactions=draw(pairs),
        random=tuple(random),
        group=draw(st.sampled_from(["", "year"])),
        intercept=draw(st.booleans()) or not keys[:-1],
    )


@st.composite
def predictor(draw: st.DrawFn, column: str, factors: list[str]) -> Predictor:
    kinds = ["plain", "categorical", "grand"] + ["group", "both"] * bool(factors)
    kind = "plain" if column in TYPED else draw(st.sampled_from(kinds))
    if kind in ("group", "both") and column != "x_mean_z":
        return Predictor(column, centring=kind, over=draw(st.sampled_from(factors)))
    grand = "grand" if kind == "grand" else "none"
    return Predictor(column, categorical=kind == "categorical", centring=grand)


@given(plans())
def test_every_plan_is_read_back_from_its_formula(plan: Plan) -> None:
    assert planned(plan.request) == plan


WRITTEN = {
    "y ~ 1 + (1 | school)": Plan("y", random=(Varying("school"),)),
    "y ~ x + C(k) + center(z) + (1 + x | school)": Plan(
        "y",
        (Predictor("x"), Predictor("k", categorical=True), Predictor("z", centring="grand")),
        random=(Varying("school", ("x",)),),
    ),
    "y ~ x_within_g + x_mean_g + w + x_within_g:w + (1 + x_within_g || g)": Plan(
        "y",
        (Predictor("x", centring="both", over="g"), Predictor("w")),
        (("x", "w"),),
        (Varying("g", ("x",), correlated=False),),
    ),
    "y ~ x_within_hospital_ward + (1 | hospital:ward) + (1 | hospital)": Plan(
        "y",
        (Predictor("x", centring="group", over="hospital:ward"),),
        random=(Varying("hospital:ward"), Varying("hospital")),
    ),
    "`my score` ~ `a b` + I(x^2) + (1 | `my class`)": Plan(
        "my score", (Predictor("a b"), Predictor("I(x^2)")), random=(Varying("my class"),)
    ),
    "y ~ 0 + x": Plan("y", (Predictor("x"),), intercept=False),
    "log(y) ~ x": Plan("log(y)", (Predictor("x"),)),
}  # fmt: skip


@pytest.mark.parametrize("formula", WRITTEN)
def test_a_plan_is_written_and_read(formula: str) -> None:
    assert WRITTEN[formula].formula == formula
    assert planned(Request(formula)) == WRITTEN[formula]


SHOWN = {
    # what was typed, and how the choices would write the same model
    "y ~ x*z + (x | g)": "y ~ x + z + x:z + (1 + x | g)",
    "y ~ factor(k) + (1 | a/b)": "y ~ C(k) + (1 | b:a) + (1 | a)",
    "y ~ x + x_mean_g + (1 | g)": "y ~ x + x_mean_g + (1 | g)",
    "y ~ x_mean_g + w + x_within_g + (1 | g)": "y ~ w + x_within_g + x_mean_g + (1 | g)",
    "y ~ x + x_within_g + (1 | g)": "y ~ x + x_within_g + (1 | g)",
    "y ~ x + center(x) + C(x)": "y ~ x + center(x) + C(x)",
    "y + 1 ~ x": "I(y + 1) ~ x",
    "y ~ x + x:w + (0 + w | g)": "y ~ x + x:w + (0 + w | g)",
    "y ~ (1 | g) + (0 + x | g)": "y ~ 1 + (1 | g) + (0 + x | g)",
}


@pytest.mark.parametrize("typed", SHOWN)
def test_what_is_typed_is_shown_as_choices(typed: str) -> None:
    plan = planned(Request(typed))
    assert plan.formula == SHOWN[typed]
    one, other = parse(typed.replace("factor(", "C(")), parse(plan.formula)
    assert {frozenset(term) for term in one.fixed} == {frozenset(term) for term in other.fixed}
    assert one.random == other.random


@pytest.mark.parametrize(
    "typed", ["y ~ x + x:C(k)", "y ~ x*w + (1 + x:w | g)", "y ~ `log(x)`", "y ~ x + (1 | `a:b`)"]
)
def test_what_the_choices_cannot_show_is_said(typed: str) -> None:
    with pytest.raises(NotChosenError, match="can be fitted as it is"):
        planned(Request(typed))


def test_a_column_of_the_data_is_not_taken_apart() -> None:
    request = Request("y ~ x_within_g + (1 | g)")
    assert planned(request, ["y", "x", "g"]).predictors == (
        Predictor("x", centring="group", over="g"),
    )
    assert planned(request, ["y", "x", "g", "x_within_g"]).predictors == (Predictor("x_within_g"),)


def test_no_formula_no_plan() -> None:
    with pytest.raises(FormulaError):
        planned(Request("y ~"))


def test_choices_that_contradict_each_other_are_refused() -> None:
    for wrong in (
        lambda: Plan("y", (Predictor("x"), Predictor("x", centring="grand"))),
        lambda: Plan("y", (Predictor("y"),)),
        lambda: Plan("y", (Predictor("x"),), (("x",),)),
        lambda: Plan("y", intercept=False),
        lambda: Varying("g", intercept=False),
        lambda: Predictor("x", centring="both"),
        lambda: Predictor("x", categorical=True, centring="grand"),
        lambda: Predictor("I(x^2)", centring="grand"),
        lambda: Predictor("x", centring="median"),
        lambda: Plan("`").formula,
    ):
        with pytest.raises(PlanError):
            wrong()


def test_what_is_taken_away_is_gone_everywhere() -> None:
    x = Predictor("x", centring="both", over="g")
    plan = Plan(
        "y",
        (x, Predictor("w")),
        (("x", "w"), ("w", "x_mean_g")),
        (Varying("g", ("x",)), Varying("h", ("x",), intercept=False)),
    )
    assert plan.without("x") == Plan("y", (Predictor("w"),), random=(Varying("g"),))
    assert plan.about("w").formula.startswith("w ~ x_within_g + x_mean_g + (1 + x_within_g | g)")
