"""The next step: a reason that holds in the data, and a request that can be fitted."""

import re
from dataclasses import replace

import pytest

from datasets import Dataset, Level, load
from tests.workbench.plan.material import FAULTY
from workbench.plan import Request, Suggestion, fit, suggest


def walked(dataset: Dataset, request: Request) -> list[Suggestion]:
    """Every suggestion that is met by taking each one."""
    met: list[Suggestion] = []
    fits = []
    for _ in range(15):
        met.append(suggest(dataset, request, fits))
        if met[-1].request is None:
            return met
        request = met[-1].request
        fits.append(fit(dataset, request))
    raise AssertionError(f"no end: {[each.step for each in met]}")


FIRST = Request("gcse ~ lrt", estimator="ols")
PATHS = {
    "school": (
        FIRST,
        ["null", "rows", "means", "groups’ predictors", "slopes", "cross-level", "look"],
    ),
    "pupils": (
        Request("achiev ~ 1 + (1 | pschool)"),
        ["fit", "rows", "groups’ predictors", "slopes", "cross-level", "further groups", "look"],
    ),
    "london_nurses": (
        Request("leave ~ 1 + (1 | hospital)", "binary", "quadrature"),
        ["fit", "rows", "groups’ predictors", "slopes", "mend", "mend", "look"],
    ),
    "sleepstudy": (Request("Reaction ~ 1 + (1 | Subject)"), ["fit", "rows", "slopes", "look"]),
}


@pytest.mark.parametrize("name", PATHS)
def test_a_path_through_the_usual_steps(name: str) -> None:
    request, steps = PATHS[name]
    met = walked(load(name), request)
    assert [each.step for each in met] == steps
    for each in met:
        assert "right model" not in each.words
        assert each.words.endswith(".")
        assert "nan" not in each.words


def test_the_path_of_a_lecture() -> None:
    formulas = [each.request.formula for each in walked(load("school"), FIRST)[:-1] if each.request]
    split = "gcse ~ lrt_within_school + lrt_mean_school"
    slopes = "(1 + lrt_within_school | school)"
    assert formulas == [
        "gcse ~ 1 + (1 | school)",
        "gcse ~ lrt + (1 | school)",
        f"{split} + (1 | school)",
        f"{split} + C(schgend) + (1 | school)",
        f"{split} + C(schgend) + {slopes}",
        f"{split} + C(schgend) + lrt_within_school:C(schgend) + {slopes}",
    ]


def test_the_icc_is_that_of_the_fit() -> None:
    null = Request("gcse ~ 1 + (1 | school)")
    made = fit(load("school"), null)
    said = suggest(load("school"), null, [made])
    assert f"The ICC is {made.icc['school']:.2f}: {100 * made.icc['school']:.0f} %" in said.words


def test_a_third_level_is_offered() -> None:
    met = walked(load("nurses"), Request("stress ~ 1 + (1 | wardid)"))
    (said,) = [each for each in met if each.step == "further groups"]
    assert "wardid lies in hospital" in said.words
    assert said.request.formula.endswith("+ (1 | hospital)")


def test_groups_that_are_numbered_anew_are_offered() -> None:
    nurses = load("nurses")
    rows = nurses.frame.drop(columns="wardid")
    bare = replace(nurses, levels=(Level("row", "rows"),), models=(), derived={})
    unknown = replace(bare, _rows=rows, variables={c: nurses.variables[c] for c in rows})
    met = walked(unknown, Request("stress ~ 1 + (1 | hospital)"))
    (said,) = [each for each in met if each.step == "further groups"]
    assert "ward seems to be numbered anew in each hospital" in said.words
    assert said.request.formula.endswith("+ (1 | hospital:ward)")


def test_a_count_has_a_ratio_and_no_icc() -> None:
    null = Request("count ~ 1 + (1 | school)", "count", "laplace")
    said = suggest(FAULTY, null, [fit(FAULTY, null)])
    assert re.search(r"one expects a count \d\.\d\d times", said.words)
    assert "ICC" not in said.words


def test_no_difference_between_groups_is_said() -> None:
    null = Request("same ~ 1 + (1 | chance)")
    said = suggest(FAULTY, null, [fit(FAULTY, null)])
    assert said.words.startswith("None of the variance of same is estimated to lie between")


def test_a_singular_slope_is_undone_first() -> None:
    null = Request("gcse ~ 1 + (1 | school)")
    tied = Request("gcse ~ lrt + girl + (1 + lrt + girl | school)")
    said = suggest(FAULTY, tied, [fit(FAULTY, null), fit(FAULTY, tied)])
    assert said.step == "mend"
    assert said.request.formula == "gcse ~ lrt + girl + (1 + lrt + girl || school)"


def test_an_estimator_without_groups_leads_to_a_mixed_model() -> None:
    school = load("school")
    null = fit(school, Request("gcse ~ 1 + (1 | school)"))
    said = suggest(school, Request("gcse ~ lrt", estimator="within", group="school"), [null])
    assert said.step == "mixed"
    assert said.request == Request("gcse ~ lrt + (1 | school)")


def test_what_the_choices_cannot_show_is_left_to_the_learner() -> None:
    said = suggest(load("school"), Request("gcse ~ lrt:girl + lrt:C(schgend) + (1 | school)"))
    assert (said.step, said.request) == ("typed", None)


def test_a_file_without_groups() -> None:
    said = suggest(load("states"), Request("pop ~ 1", estimator="ols"))
    assert (said.step, said.request) == ("groups", None)


def test_a_learner_s_file_has_no_card() -> None:
    school = load("school")
    plain = replace(school, levels=(Level("row", "rows"),), models=(), derived={})
    met = walked(plain, FIRST)
    assert met[0].request == Request("gcse ~ 1 + (1 | school)")
    assert "groups of school" in met[0].words
    assert met[-1].step == "look"
