"""Your data: opened, looked at, a model built by choosing or typing, fitted, taken home."""

import pytest
from streamlit.testing.v1 import AppTest

import datasets
from figures.diagnostics.looks import LOOKS
from mlcore import lmm, lr_test
from tests.pages.opened import opened, pictures, texts
from ui.prose import fixed

PAGE = "yours/workbench"
SLOPES = "gcse ~ lrt + (1 + lrt | school)"


def built(model: str = SLOPES, **query: str) -> AppTest:
    return opened(PAGE, data="school", model=model, **query)


def fitted(model: str = SLOPES, **query: str) -> AppTest:
    test = built(model, **query)
    test.button(key="desk.fit").click().run()
    assert not test.exception
    return test


def formula(test: AppTest) -> str:
    return test.text_input(key="pick.formula").value


def chips(test: AppTest) -> dict[str, str]:
    """By parameter, the value that the lens shows."""
    (lens,) = (given for given in pictures(test) if given.get("chips"))
    return {each["of"]: each["value"] for each in lens["chips"]}


def test_nothing_is_open_at_first_and_it_is_said_what_becomes_of_a_file():
    test = opened(PAGE)
    assert "not stored" in " ".join(each.value for each in test.caption)
    assert [each.proto.label for each in test.get("file_uploader")] == ["A file of your own"]


@pytest.mark.parametrize("name", datasets.names())
def test_every_dataset_of_the_course_opens(name):
    test = opened(PAGE, data=name)
    data = datasets.load(name)
    assert f"{len(data.frame):,} rows and {len(data.variables):,} columns" in texts(test)
    assert ("**Simulated for teaching.**" in texts(test)) == data.synthetic
    assert "nan" not in texts(test).lower().split()


def test_a_dataset_is_opened_by_choosing_it():
    test = opened(PAGE)
    test.selectbox(key="desk.bundled").set_value("nurses").run()
    assert not test.exception
    assert test.query_params["data"] == "nurses"


def test_the_first_choice_is_the_outcome_and_gives_the_null_model_of_the_likeliest_groups():
    test = opened(PAGE, data="school")
    test.selectbox(key="pick.outcome").set_value("gcse").run()
    assert formula(test) == "gcse ~ 1 + (1 | school)"
    assert test.query_params["model"] == "gcse ~ 1 + (1 | school)"


def test_choices_become_a_formula():
    test = built("gcse ~ 1 + (1 | school)")
    test.multiselect(key="pick.predictors").set_value(["lrt", "schgend"]).run()
    assert formula(test) == "gcse ~ lrt + C(schgend) + (1 | school)"
    test.get("button_group")
    test.selectbox(key="pick.coding.0").set_value(("both", "school")).run()
    assert not test.exception
    assert formula(test) == (
        "gcse ~ lrt_within_school + lrt_mean_school + C(schgend) + (1 | school)"
    )
    test.multiselect(key="pick.groups").set_value([]).run()
    assert formula(test) == "gcse ~ lrt + C(schgend)"
    assert test.selectbox(key="pick.estimator").value == "ols"


def test_a_choice_sends_what_it_changes_and_nothing_that_could_undo_another():
    test = built("gcse ~ lrt_within_school + (1 | school)")
    sent = ("pick.predictors", "pick.groups")
    assert all(test.multiselect(key=key).proto.set_value for key in sent)
    test.multiselect(key="pick.predictors").set_value(["lrt", "girl"]).run()
    assert not any(test.multiselect(key=key).proto.set_value for key in sent)
    test.multiselect(key="pick.groups").set_value([]).run()
    assert test.selectbox(key="pick.estimator").proto.set_value
    assert not test.multiselect(key="pick.predictors").proto.set_value


def test_models_to_compare_are_sent_again_only_when_one_joins_them():
    test = fitted("gcse ~ 1 + (1 | school)")
    test.multiselect(key="pick.predictors").set_value(["lrt"]).run()
    test.button(key="desk.fit").click().run()
    compared = test.button_group(key="desk.compared")
    assert compared.value == ["m1", "m2"]
    compared.set_value(["m2"]).run()
    test.button_group(key="desk.model").set_value("m1").run()
    compared, model = (test.button_group(key=f"desk.{name}") for name in ("compared", "model"))
    assert (compared.value, compared.proto.set_value) == (["m2"], False)
    assert (model.value, model.proto.set_value) == ("m1", False)
    test.multiselect(key="pick.predictors").set_value(["girl"]).run()
    model = test.button_group(key="desk.model")
    assert (model.value, model.proto.set_value) == (None, True)
    test.button(key="desk.fit").click().run()
    compared = test.button_group(key="desk.compared")
    assert (compared.value, compared.proto.set_value) == (["m2", "m3"], True)


def test_two_choices_made_at_once_are_both_taken():
    test = built("gcse ~ 1 + (1 | school)")
    test.multiselect(key="pick.predictors").set_value(["lrt"])
    test.multiselect(key="pick.groups").set_value(["school", "vrband"])
    test.run()
    assert formula(test) == "gcse ~ lrt + (1 | school) + (1 | vrband)"


def test_a_typed_formula_becomes_choices():
    test = built("gcse ~ 1 + (1 | school)")
    test.text_input(key="pick.formula").set_value(
        "gcse ~ girl + center(lrt) + (1 + center(lrt) || school)"
    ).run()
    assert not test.exception
    assert test.multiselect(key="pick.predictors").value == ["girl", "lrt"]
    assert test.selectbox(key="pick.coding.1").value == ("grand", "")
    assert not test.checkbox(key="pick.correlated.school").value


@pytest.mark.parametrize(
    "typed",
    ["gcse ~ lrt +", "gcse ~ nonsuch", "~", "gcse ~ (1 | school", "__import__('os')", "x" * 9],
)
def test_a_formula_that_does_not_work_says_so_and_nothing_is_lost(typed):
    test = built()
    test.text_input(key="pick.formula").set_value(typed).run()
    assert not test.exception
    assert formula(test) == typed
    assert [each.label for each in test.button if each.key == "desk.fit"] == []


def test_what_cannot_be_read_can_be_undone():
    test = built()
    test.text_input(key="pick.formula").set_value("gcse ~ lrt +").run()
    test.button(key="pick.undo").click().run()
    assert formula(test) == SLOPES


def test_the_lens_shows_what_the_core_estimates():
    fit = lmm(SLOPES, datasets.load("school").frame)
    shown = chips(fitted())
    assert shown["lrt"] == fixed(fit.coefficients.estimate["lrt"], 3)
    assert shown["sigma"] == fixed(fit.sigma)


def test_models_are_kept_and_can_be_put_on_the_desk_again():
    test = fitted("gcse ~ 1 + (1 | school)")
    test.multiselect(key="pick.predictors").set_value(["lrt"]).run()
    test.button(key="desk.fit").click().run()
    assert "lrt" in chips(test)
    test.button_group(key="desk.model").set_value("m1").run()
    assert formula(test) == "gcse ~ 1 + (1 | school)"
    assert "lrt" not in chips(test)


def test_a_link_opens_the_model_with_its_estimator():
    test = built("gcse ~ lrt", by="cluster", group="school")
    assert test.selectbox(key="pick.estimator").value == "cluster"
    assert test.selectbox(key="pick.group").value == "school"
    test.button(key="desk.fit").click().run()
    assert not test.exception


def test_the_equations_are_those_of_the_estimator():
    line = "gcse ~ lrt + C(schgend)"
    heads = {
        "within": "Differences from the means of each school are fitted",
        "between": "The means of each school are fitted",
        "random": "Less the share θ of the means of each school",
        "cluster": "those of one school together in any way",
    }
    for estimator, words in heads.items():
        test = built(line, by=estimator, group="school")
        (sketch,) = (p for p in pictures(test) if p.get("chips") == [])
        assert words in sketch["equation"]


def test_a_link_to_a_dataset_that_is_not_there_is_said():
    test = opened(PAGE, data="skool")
    assert "`skool`" in texts(test)


PICTURES = {
    "gcse ~ lrt + (1 + lrt | school)": {},
    "gcse ~ lrt + (1 | school) + (1 | vrband)": {},
    "gcse ~ lrt": {"by": "cluster", "group": "school"},
    "gcse ~ girl": {"by": "within", "group": "school"},
    "girl ~ lrt + (1 | school)": {"outcome": "binary"},
    "vrband ~ girl + (1 | school)": {"outcome": "ordered"},
    "gcse ~ 1 + (1 | school)": {},
}

WITHOUT = {  # what there is nothing to show of, and the page says why
    "gcse ~ 1 + (1 | school)": {"lines", "predicted"},
    "vrband ~ girl + (1 | school)": {"influence"},
}


@pytest.mark.parametrize("model", PICTURES)
def test_every_picture_of_every_kind_of_model_says_its_finding_or_why_there_is_none(model):
    test = fitted(model, **PICTURES[model])
    (choice,) = (each for each in test.get("button_group") if each.key == "look")
    by_title = {look.title: name for name, look in LOOKS.items()}
    silent = set()
    for title in choice.options:
        test.button_group(key="look").set_value(by_title[title]).run()
        assert not test.exception
        charts = [given for given in pictures(test) if "figure" in given]
        if charts:
            assert charts[0]["alt"] in texts(test).replace("\\", "")
        else:
            silent.add(by_title[title])
    assert silent == WITHOUT.get(model, set())


def test_one_group_stands_out_in_the_lines_and_in_the_order():
    test = fitted()
    test.button_group(key="look").set_value("lines").run()
    test.selectbox(key="look.focus").set_value("53").run()
    assert "In school 53, with 70 rows, the model’s line changes by" in texts(test)
    test.button_group(key="look").set_value("order").run()
    assert test.selectbox(key="look.focus").value == "53"
    test.selectbox(key="look.interval").set_value("compare").run()
    assert not test.exception
    assert "standard errors either way, do not overlap" in texts(test)


def test_what_a_group_does_is_found_by_fitting_without_it():
    test = fitted()
    test.button_group(key="look").set_value("influence").run()
    test.button(key="look.refit").click().run()
    assert not test.exception
    assert "How much each coefficient changes" in texts(test)


def test_two_models_are_compared_with_a_test():
    test = fitted("gcse ~ lrt + (1 | school)")
    test.text_input(key="pick.formula").set_value(SLOPES).run()
    test.button(key="desk.fit").click().run()
    assert not test.exception
    school = datasets.load("school").frame
    pair = lr_test(lmm("gcse ~ lrt + (1 | school)", school), lmm(SLOPES, school))
    assert f"LR = {pair.statistic:.2f}" in texts(test).replace("\\", "")


def test_models_of_other_rows_can_be_fitted_to_those_they_share():
    model = "leave ~ valued + (1 | hospital)"
    test = opened(PAGE, data="london_nurses", model=model, outcome="binary")
    test.button(key="desk.fit").click().run()
    test.text_input(key="pick.formula").set_value("leave ~ valued + age + (1 | hospital)").run()
    test.button(key="desk.fit").click().run()
    assert not test.exception
    test.checkbox(key="desk.shared").check().run()
    assert not test.exception
    assert "LR = " in texts(test).replace("\\", "")


def test_only_what_varies_within_groups_has_a_slope_that_can_differ():
    test = built("gcse ~ lrt + schgend + (1 | school)")
    keys = {each.key for each in test.get("button_group")}
    assert "pick.slope.0" in keys
    assert "pick.slope.1" not in keys


def test_what_a_model_leaves_out_is_said_before_it_is_fitted():
    model = "leave ~ age + (1 | hospital)"
    test = opened(PAGE, data="london_nurses", model=model, outcome="binary")
    missing = datasets.load("london_nurses").frame["age"].isna().sum()
    assert any(each.value.startswith(f"{missing} of 1389 rows") for each in test.caption)


def test_an_outcome_that_never_varies_within_groups_is_said():
    test = built("schav ~ girl + (1 | school)")
    assert any("never varies within" in each.value for each in test.caption)


def test_an_outcome_of_another_kind_changes_the_estimator():
    test = opened(PAGE, data="london_nurses")
    column = next(iter(test.selectbox(key="pick.outcome").options))
    assert column
    test = opened(PAGE, data="school", model="girl ~ lrt + (1 | school)", outcome="binary")
    assert test.selectbox(key="pick.estimator").value == "laplace"
    test.button(key="desk.fit").click().run()
    assert not test.exception
    assert "lrt" in chips(test)
