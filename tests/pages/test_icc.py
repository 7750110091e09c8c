"""The lesson ICC, gone through with right and wrong answers; its numbers against the core."""

import re
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import datasets
import mlcore
from tests.pages.opened import opened, pictures, texts
from ui.record import Check, Prediction, Record

DATASETS = (
    "school",
    "hsb",
    "nurses",
    "nurses-hospitals",
    "ghq_households",
    "popularity",
    "pupils",
    "pupils-secondary",
)
TASKS = ("icc.pair", "icc.zero", "icc.added")
SKIPPED = Record({name: Prediction(None) for name in TASKS})


@pytest.fixture(scope="module")
def null():
    return mlcore.lmm("gcse ~ 1 + (1 | school)", datasets.load("school").frame)


@pytest.fixture(scope="module")
def full():
    return mlcore.lmm("gcse ~ lrt + (1 | school)", datasets.load("school").frame)


def rho(fit) -> float:
    return float(fit.icc.iloc[0])


lesson = partial(opened, "pooling/icc")


def stage(test: AppTest) -> dict:
    return next(picture for picture in pictures(test) if "mode" in picture)


def names(test: AppTest) -> set[str]:
    return {control["name"] for control in stage(test)["controls"]}


def short(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace("0.", ".", 1)


def lock(test: AppTest, name: str) -> AppTest:
    test.button(key=f"lock.icc.{name}").click().run()
    assert not test.exception
    return test


def test_before_the_commit_the_page_holds_the_pupils_and_no_estimate(null, full):
    test = lesson()
    picture = stage(test)
    assert picture["mode"] == "ask"
    assert {"finding", "equation", "table", "gap"}.isdisjoint(picture)
    assert names(test) == {"icc"}
    said = texts(test)
    for hidden in (short(rho(null), 3), short(rho(null)), short(rho(full), 3)):
        assert hidden not in said


@pytest.mark.parametrize(
    ("guess", "belief", "right"),
    [
        (0.02, "overlap", False),
        (0.12, None, False),
        (0.17, None, True),
        (0.31, "icc-from-sds", False),
        (0.7, "sorted-means", False),
    ],
)
def test_a_guess_meets_the_truth_and_its_misconception(null, guess, belief, right):
    test = lesson()
    test.session_state["placed.icc.pair"] = guess
    lock(test, "pair")
    stored = test.session_state["record"].predictions["icc.pair"]
    assert (stored.value, stored.misconception, stored.right) == (guess, belief, right)
    assert stored.truth == short(rho(null))
    gap = re.sub("<[^>]*>", "", stage(test)["gap"])
    assert gap.startswith(f"You said {short(guess)}; it is {short(rho(null))}.")
    assert names(test) == {"sigma_u", "sigma_e", "icc"}
    tau, sigma = null.variance_components["sd"]
    assert (f"= {short(tau / (tau + sigma))}." in texts(test)) == (belief == "icc-from-sds")


def test_who_reads_the_rulers_as_shares_guesses_in_that_region(null):
    tau, sigma = null.variance_components["sd"]
    assert 0.25 < tau / (tau + sigma) < 0.42


@pytest.mark.parametrize(
    ("guess", "belief"), [(3.0, "never-zero"), (50.0, None), (95.0, "always-zero")]
)
def test_how_often_shuffled_labels_give_zero(null, guess, belief):
    test = lesson(Record({"icc.pair": Prediction(None)}))
    assert "shuffle" not in names(test)
    test.session_state["placed.icc.zero"] = guess
    lock(test, "zero")
    stored = test.session_state["record"].predictions["icc.zero"]
    assert (stored.value, stored.misconception) == (guess, belief)
    drawn = mlcore.shuffle(null, 400, seed=1)
    assert stored.truth == f"{100 * drawn.zero:.0f} of 100"
    assert f"In {100 * drawn.zero:.0f} % of 400 shuffles" in texts(test)
    assert f"still {drawn.means.std(axis=1, ddof=1).mean():.2f} after a shuffle" in texts(test)
    assert "shuffle" in names(test)


@pytest.mark.parametrize(
    ("pick", "belief"),
    [
        ("rises", "unit-predictor"),
        ("falls", None),
        ("stays", "icc-fixed"),
        ("gone", "gone-with-intake"),
    ],
)
def test_what_the_reading_score_does(null, full, pick, belief):
    test = lesson(Record({"icc.pair": Prediction(None)}))
    assert "predictor" not in names(test)
    test.radio(key="pick.icc.added").set_value(pick).run()
    lock(test, "added")
    stored = test.session_state["record"].predictions["icc.added"]
    assert (stored.value, stored.misconception, stored.right) == (pick, belief, pick == "falls")
    dots = next(picture for picture in pictures(test) if "tick_digits" in picture)
    shown = {row["id"]: row["value"] for row in dots["rows"]}
    tau2, _ = null.variance_components["variance"]
    less_tau2, less_sigma2 = full.variance_components["variance"]
    assert shown == pytest.approx(
        {
            "rises": tau2 / (tau2 + less_sigma2),
            "stays": rho(null),
            "falls": rho(full),
            "gone": 0.0,
        }
    )
    assert less_tau2 < tau2
    assert f"by {100 * (1 - less_tau2 / tau2):.0f} %" in texts(test)
    assert "predictor" in names(test)


@pytest.mark.parametrize("name", DATASETS)
def test_story_labels_and_numbers_change_together(name):
    case = datasets.case(name)
    fit = mlcore.lmm(case.null, case.frame)
    test = lesson(SKIPPED, data=name)
    said = texts(test)
    assert test.title[0].value == f"How alike are a {case.group.name}’s {case.unit.plural}?"
    assert f"Here it is {short(rho(fit), 3)}." in said
    worth = mlcore.effective_size(case.sizes, rho(fit))
    for value in (worth.average, worth.plain, worth.weighted):
        assert f"| {value:,.0f} |" in said
    assert f"it is {worth.design_effect:.1f}, so that the {worth.rows:,} are worth" in said
    assert ("Simulated for teaching" in said) == case.synthetic
    assert ("alone in their household" in said) == (name == "ghq_households")
    _, s_u, s_e = (0.0, *fit.variance_components["sd"])
    start = {c["name"]: c["start"] for c in stage(test)["controls"]}
    assert (start["sigma_u"], start["sigma_e"]) == pytest.approx((s_u, s_e))
    drawn = mlcore.shuffle(fit, 400, seed=1)
    assert f"In {100 * drawn.zero:.0f} % of 400 shuffles" in said


def test_more_pupils_of_the_same_schools_do_not_pass_the_limit(null):
    limit = 65 / rho(null)
    sizes = np.full(65, 1e9)
    assert mlcore.effective_size(sizes, rho(null)).average == pytest.approx(limit)
    assert f"it would not pass {limit:,.0f}," in texts(lesson(SKIPPED))


def test_the_first_puzzle_needs_small_groups(null):
    wards = mlcore.lmm("stress ~ 1 + (1 | wardid)", datasets.load("nurses").frame)
    _, sigma = wards.variance_components["sd"]
    solved = lesson(SKIPPED, data="nurses", sigma_u=f"{sigma / 2:.2f}")
    assert solved.session_state["record"].puzzles["icc.small"].solved
    assert "**Done.** With 10.0 nurses to a ward" in texts(solved)
    _, sigma = null.variance_components["sd"]
    large = texts(lesson(SKIPPED, sigma_u=f"{sigma / 2:.1f}"))
    assert "the design effect is 13." in large
    assert "with 62.4 pupils to a school" in large
    assert f"the ICC is {short(rho(null), 3)} here" in texts(lesson(SKIPPED))
    for moved in ({"shuffle": "3"}, {"predictor": "yes"}):
        assert "leave the labels as they are" in texts(lesson(SKIPPED, data="nurses", **moved))


def test_the_second_puzzle_is_solved_where_the_icc_rises():
    rises = {}
    for name in DATASETS:
        case = datasets.case(name)
        models = (mlcore.lmm(formula, case.frame) for formula in (case.null, case.intercepts))
        before, after = (rho(fit) for fit in models)
        rises[name] = after - before
    wanted = [name for name, rise in rises.items() if rise >= 0.05]
    assert wanted == ["popularity"]
    solved = lesson(SKIPPED, data="popularity", predictor="yes")
    assert solved.session_state["record"].puzzles["icc.rise"].solved
    assert "between classes it even rises" in texts(solved)
    for query, unmet in (
        ({}, "the predictor is not in the model"),
        ({"predictor": "yes", "shuffle": "2"}, "the labels are shuffled"),
        ({"predictor": "yes", "sigma_u": "1"}, "not at their estimates"),
        ({"predictor": "yes"}, "*Exams in London* the ICC goes from .168 to .142"),
    ):
        assert unmet in texts(lesson(SKIPPED, **query))


def test_the_lectures_tables_agree_to_every_digit():
    frame = datasets.load("hsb").frame
    first, second = (
        mlcore.lmm(f"mathach ~ {terms} + (1 | schid)", frame) for terms in ("1", "meanses")
    )
    said = texts(lesson(SKIPPED))
    assert said.count("Agrees with the lecture to every printed digit") == 2
    gone = mlcore.explained(first, second)["reduction"].iloc[0]
    assert f"it takes {100 * gone:.0f} % of the variance" in said
    assert f"an ICC of {short(rho(second))}." in said
    assert f"and {100 * gone * rho(first):.1f} % of the variance of the scores" in said
    assert (round(rho(first), 2), round(rho(second), 2), round(gone, 2)) == (0.18, 0.06, 0.69)


def test_checks_explain_every_answer():
    test = lesson()
    for name, right in (("recall", 0), ("sds", 1), ("share", 2), ("few", 0)):
        for option in range(3):
            test.radio(key=f"check.icc.{name}").set_value(option).run()
            assert ("**Yes.**" if option == right else "**Not so.**") in texts(test)
            kept = test.session_state["record"].checks[f"icc.{name}"]
            assert (kept.option, kept.right) == (option, option == right)
    said = texts(test)
    effect = 1 + 61 * 0.04
    assert f"= {effect:.2f}" in said
    assert f"too small by a factor of {effect**0.5:.1f}" in said
    assert f"worth {65 * 62 / effect:,.0f} independent" in said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"data": "skool"}, "data = `skool`"),
        ({"sigma_u": "big"}, "sigma_u = `big`"),
        ({"shuffle": "x"}, "shuffle = `x`"),
        ({"predictor": "maybe"}, "predictor = `maybe`"),
    ],
)
def test_a_bad_link_is_said_and_the_lesson_goes_on(query, said):
    test = lesson(SKIPPED, **query)
    assert any(said in element.value for element in test.info)
    assert stage(test)["mode"] == "show"


@pytest.mark.parametrize("value", ["x", 7.0, ["48"], -1.0])
@pytest.mark.parametrize("name", TASKS)
def test_answers_from_a_strange_file_never_break_the_page(name, value):
    record = SKIPPED.merged(Record({name: Prediction(value, None, "no-such-misconception")}))
    lesson(record.merged(Record({}, {"icc.sds": Check(99)})))


@pytest.mark.parametrize("code", ["spring26", "a", "zz9", "kassel", "b7"])
def test_under_any_code_the_tasks_can_be_solved_and_have_one_right_answer(code):
    sheet = Record({f"{name}@{code}": Prediction(None) for name in TASKS})
    test = lesson(sheet, code=code)
    wanted = float(re.search(r"An ICC of (\.\d\d), to within", texts(test))[1])
    wards = mlcore.lmm("stress ~ 1 + (1 | wardid)", datasets.load("nurses").frame)
    sigma_u = (wanted / (1 - wanted)) ** 0.5 * wards.variance_components["sd"].iloc[1]
    solved = lesson(sheet, code=code, data="nurses", sigma_u=f"{sigma_u:.2f}")
    assert "**Done.** With 10.0 nurses" in texts(solved)
    for name in ("recall", "sds", "share", "few"):
        verdicts = []
        for option in range(3):
            test.radio(key=f"check.icc.{name}@{code}").set_value(option).run()
            verdicts.append(test.session_state["record"].sheet(code).checks[f"icc.{name}"].right)
        assert sum(verdicts) == 1
        options = test.radio(key=f"check.icc.{name}@{code}").options
        assert len(set(options)) == 3


def test_the_same_nurses_are_another_matter_by_hospital():
    frame = datasets.load("nurses").frame
    wards, hospitals = (
        rho(mlcore.lmm(f"stress ~ 1 + (1 | {group})", frame)) for group in ("wardid", "hospital")
    )
    said = texts(lesson(SKIPPED))
    assert f"one ward correlate at {short(wards)}, two of one hospital" in said
    assert f"the very same nurses, at {short(hospitals)}." in said
