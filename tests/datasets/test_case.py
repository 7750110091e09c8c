"""A case changes story, words, labels, units and rows together."""

import pandas as pd
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import FormulaError, lmm


@pytest.fixture(params=datasets.cases())
def case(request):
    return datasets.case(request.param)


def test_a_lesson_can_start_from_a_case(case):
    model, frame = case.model, case.frame
    assert pd.api.types.is_numeric_dtype(frame[model.outcome])
    assert frame[model.predictor].nunique() > 2
    assert model.group in {level.column for level in case.data.levels[1:]}
    assert model.better in {"higher", "lower"}
    assert case.label(model.outcome)
    assert case.label(model.predictor)
    assert model.name == "" or model.story.count(". ") == 1


def test_the_full_model_can_be_fitted(case):
    fit = lmm(case.full, case.frame)
    assert fit.converged
    assert fit.n_groups[case.model.group] == len(case.sizes)


def test_slopes_can_vary_exactly_where_a_case_says_so(case):
    if case.has_slopes:
        assert lmm(case.slopes, case.frame).converged
    else:
        with pytest.raises(FormulaError, match="drop random slopes"):
            lmm(case.slopes, case.frame)


def test_what_describes_groups_is_the_same_in_all_rows_of_one(case):
    if predictor := case.model.group_predictor:
        assert case.frame.groupby(case.model.group)[predictor].nunique().max() == 1


def test_what_is_compared_differs_within_groups(case):
    assert case.frame.groupby(case.model.group)[case.compared].nunique().max() > 1


def test_titles_tell_cases_apart():
    titles = [datasets.case(name).title for name in datasets.cases()]
    assert len(set(titles)) == len(titles)


def test_the_same_nurses_are_in_wards_or_in_hospitals():
    wards, hospitals = datasets.case("nurses"), datasets.case("nurses-hospitals")
    assert (wards.group.plural, hospitals.group.plural) == ("wards", "hospitals")
    assert (len(wards.sizes), len(hospitals.sizes)) == (100, 25)
    assert hospitals.null == "stress ~ 1 + (1 | hospital)"
    assert hospitals.label("stress") == "Stress at work, points"
    assert hospitals.story.startswith("The same nurses, by hospital")
    least, most = hospitals.sizes.iloc[[0, -1]]
    assert f"{least} to {most} of them in each of 25" in hospitals.story


def test_derived_columns_are_means_of_their_level_or_formulas():
    frame = datasets.load("ghq_households").extended
    means = frame.groupby("ohid")["emp_10hrs"].mean()
    assert_allclose(frame["hh_emp"], frame["ohid"].map(means))
    assert_allclose(frame["hh_emp"] + frame["dev_emp"], frame["emp_10hrs"])
    four = datasets.load("qualifications").extended.groupby("four")["qfhigh2"].unique()
    assert {k: sorted(v) for k, v in four.items()} == {
        1: [1, 2], 2: [3, 4, 5, 6], 3: [*range(7, 14)], 4: [14, 15, 16, 96],
    }  # fmt: skip


def test_derived_columns_have_names_of_their_own_and_a_unit_or_codes():
    for data in map(datasets.load, datasets.names()):
        assert not set(data.derived) & set(data.variables)
        for made in data.derived.values():
            assert bool(made.unit) != bool(made.values)
            assert bool(made.formula) != bool(made.mean)


def test_some_groups_are_drawn_with_a_seed():
    panel = datasets.case("ghq_panel")
    drawn = panel.some(50, seed=1, least=8)
    assert drawn["pid"].nunique() == 50
    assert drawn.groupby("pid").size().min() >= 8
    assert drawn.equals(panel.some(50, seed=1, least=8))
    assert not drawn.equals(panel.some(50, seed=2, least=8))


def test_an_unknown_case_is_answered_with_a_near_one():
    with pytest.raises(ValueError, match="did you mean 'nurses-hospitals'"):
        datasets.case("nurses-hospital")
