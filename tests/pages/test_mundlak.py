"""The lesson Mundlak, gone through with right and wrong answers; its numbers against the core."""

import json
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from datasets import case
from mlcore import DataError, five, hausman, lmm, mixture, mundlak, panel, pooling_weight
from tests.pages.opened import opened, pictures, texts
from ui.record import Prediction, Record
from ui.variant import draw

NAMES = ("mundlak.sixty", "mundlak.three", "mundlak.means")
CASES = ("school", "ghq_households", "hsb", "nurses", "popularity")
SKIPPED = Record({name: Prediction(None) for name in (*NAMES, "mundlak.centred")})
TRUTHS = (
    mixture(0.5, 1.5, 60, tau=0.7).random,
    mixture(0.5, 1.5, 3, tau=0.7).random,
    mixture(0.5, 1.5, 3, tau=0.7).means,
)


lesson = partial(opened, "comparing/mundlak")


def lock(test: AppTest, name: str, guess: float) -> AppTest:
    test.session_state[f"placed.{name}"] = guess
    test.button(key=f"lock.{name}").click().run()
    assert not test.exception
    return test


def written(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def test_before_the_guess_no_answer_is_on_the_page():
    test = lesson()
    (asked,) = (p for p in pictures(test) if p.get("mode") == "ask")
    assert [control["name"] for control in asked["controls"]] == ["guess"]
    everything = texts(test) + json.dumps(pictures(test))
    for value in TRUTHS:
        assert written(value) not in everything
        assert str(value) not in everything
    assert "0.50 points" in asked["story"]
    assert "1.50" in asked["story"]


@pytest.mark.parametrize(
    ("guesses", "beliefs"),
    [
        ((0.5, 0.75, 1.25), (None, None, None)),
        ((1.0, 0.5, 1.5), ("re-always-biased", "random-is-fixed", "mean-is-group")),
        ((0.2, 1.0, 1.0), ("outside-both", "random-midway", "contextual-is-between")),
        ((1.8, 0.3, 0.5), ("outside-both", "outside-both", None)),
    ],
)
def test_three_places_are_met_by_the_truth_one_after_the_other(guesses, beliefs):
    test = lesson()
    for k, (name, guess) in enumerate(zip(NAMES, guesses, strict=True)):
        lock(test, name, guess)
        said = f"You said {guess:.2f}; it is {TRUTHS[k]:.2f}"
        if k < 2:
            (asked,) = (p for p in pictures(test) if p.get("mode") == "ask")
            assert said in asked["story"]
    kept = test.session_state["record"].predictions
    assert tuple(kept[name].misconception for name in NAMES) == beliefs
    assert [kept[name].right for name in NAMES] == [
        abs(guess - truth) <= near
        for guess, truth, near in zip(guesses, TRUTHS, (0.05, 0.1, 0.1), strict=True)
    ]
    shown = next(p for p in pictures(test) if p.get("mode") == "show")
    assert f"it is {TRUTHS[2]:.2f}" in shown["gap"]
    everything = texts(test)
    for guess, truth in zip(guesses, TRUTHS, strict=True):
        assert f"You said {guess:.2f}; it is {truth:.2f}" in everything


def test_each_place_can_be_skipped_and_asked_again():
    test = lesson()
    for name in NAMES:
        test.button(key=f"skip.{name}").click().run()
    assert f"It is {TRUTHS[0]:.2f}." in texts(test)
    test.button(key="again.mundlak.three").click().run()
    (asked,) = (p for p in pictures(test) if p.get("mode") == "ask")
    assert f"It is {TRUTHS[0]:.2f}." in asked["story"]
    assert "Predict again" not in [button.label for button in test.button]


@pytest.mark.parametrize("value", ["48", ["a"], -3.0, 1e9])
def test_answers_from_a_strange_file_never_break_the_page(value):
    record = Record({name: Prediction(value, None, "no-such") for name in SKIPPED.predictions})
    assert not lesson(record).exception


@pytest.mark.parametrize("query", [{"n": "many"}, {"data": "skool"}, {"school_rho": "x"}])
def test_a_bad_link_is_said_and_the_lesson_goes_on(query):
    (value,) = query.values()
    test = lesson(SKIPPED, **query)
    assert any(f"`{value}`" in element.value for element in test.info)


@pytest.mark.parametrize(
    ("query", "unmet"),
    [
        ({}, "random effects are 0.252 from fixed effects"),
        ({"n": "60"}, "classes of 60 are too large"),
        ({"n": "20", "b_b": "0.6"}, "slopes are 0.10 apart"),
        ({"n": "20"}, "random effects are 0.034 from fixed effects"),
        ({"n": "20", "sigma_u": "1.5"}, ""),
    ],
)
def test_random_effects_made_harmless(query, unmet):
    test = lesson(SKIPPED, **query)
    assert ("mundlak.harmless" in test.session_state["record"].puzzles) == (unmet == "")
    assert unmet in texts(test)


@pytest.mark.parametrize(
    ("query", "unmet"),
    [
        ({}, "random effects find 0.75"),
        ({"b_w": "0.2", "b_b": "-1"}, "within classes the slope is 0.20"),
        ({"n": "2", "b_w": "0.3", "b_b": "-1", "sigma_u": "0"}, ""),
    ],
)
def test_random_effects_made_wrong(query, unmet):
    test = lesson(SKIPPED, **query)
    assert ("mundlak.wrong" in test.session_state["record"].puzzles) == (unmet == "")
    assert unmet in texts(test)


def test_under_any_code_the_puzzles_can_be_solved_and_the_sums_differ():
    for code in (f"class{k}" for k in range(40)):
        most = draw(code, "mundlak.harmless.n", (20, 22, 25, 30))
        assert mixture(0, 1, most, tau=1.5).random <= 0.02
        least = draw(code, "mundlak.wrong.within", (0.2, 0.25, 0.3, 0.35))
        assert mixture(least, -1, 2, tau=0.0).random < 0
        own = draw(code, "mundlak.add.within", (30, 40, 50, 60))
        context = draw(code, "mundlak.add.context", (35, 45, 70, 85))
        assert len({own, context, own + context}) == 3


@pytest.mark.parametrize("name", CASES)
def test_each_dataset_has_its_slopes_in_words(name):
    it = case(name)
    found = five(f"{it.model.outcome} ~ {it.compared}", it.frame, it.model.group)
    slopes = found.of(it.compared)
    test = lesson(SKIPPED, data=name)
    said = texts(test)
    digits = {"nurses": 4, "school": 3, "popularity": 3}.get(name, 2)
    between = slopes.loc[("within-between", "between")]
    for value in (
        slopes.loc[("fixed effects", "within"), "estimate"],
        between["estimate"],
        between["lower"],
        between["upper"],
    ):
        assert written(value, digits) in said
    assert ("Simulated for teaching" in said) == it.synthetic
    apart = mundlak(f"{it.model.outcome} ~ {it.compared}", it.frame, entity=it.model.group).p < 0.05
    assert ("has two slopes here" in said) == apart
    rewb = found.fits["within-between"]
    (lens,) = (p for p in pictures(test) if "sentences" in p)
    assert f"log-likelihood {written(rewb.loglik)}" in lens["output"]["plain"]["text"]
    assert f"{it.compared}_mean_{it.model.group}" in [chip["of"] for chip in lens["chips"]]


def test_the_lens_waits_for_the_prediction_that_it_would_give_away():
    asked = Record({name: Prediction(None) for name in NAMES})
    for record, name, shown in (
        (asked, "school", 1),
        (asked, "ghq_households", 0),
        (SKIPPED, "ghq_households", 1),
    ):
        test = lesson(record, data=name)
        assert len([p for p in pictures(test) if "sentences" in p]) == shown


def test_the_two_tests_stand_side_by_side():
    said = texts(lesson(SKIPPED))
    shown = {
        "school": "lrt + girl",
        "ghq_households": "emp_10hrs + fem + age + age2 + cohab",
        "hsb": "ses + female + minority",
        "nurses": "experien + age + gender",
        "popularity": "extrav + sex",
    }
    for name, terms in shown.items():
        it, formula = case(name), f"{case(name).model.outcome} ~ {terms}"
        test = mundlak(formula, it.frame, entity=it.model.group)
        digits = 1 if test.statistic >= 10 else 2
        assert f"{test.statistic:.{digits}f} ({test.df}), p" in said
        fits = [
            panel(formula, it.frame, entity=it.model.group, estimator=e)
            for e in ("within", "random")
        ]
        try:
            statistic = hausman(*fits).statistic
        except DataError:
            assert name == "popularity"
            assert f"In *{it.title}* Hausman’s test has no value" in said
        else:
            assert f"{statistic:.{1 if statistic >= 10 else 2}f} ({test.df}), p" in said


@pytest.mark.parametrize(
    ("guess", "belief"), [(-1.75, None), (-0.25, "contextual-is-between"), (1.3, None)]
)
def test_the_coefficient_of_the_mean_beside_raw_and_centred_x(guess, belief):
    rows = case("ghq_households").frame
    rest = "ghq ~ fem + age + age2 + cohab + gdn + hh_emp"
    raw = lmm(f"{rest} + emp_10hrs + (1 | ohid)", rows).coefficients["estimate"]
    centred = lmm(f"{rest} + dev_emp + (1 | ohid)", rows).coefficients["estimate"]
    test = lesson(Record({name: Prediction(None) for name in NAMES}))
    assert f"the household’s share with {written(raw['hh_emp'])}" in texts(test)
    assert written(centred["hh_emp"]) not in texts(test)
    lock(test, "mundlak.centred", guess)
    kept = test.session_state["record"].predictions["mundlak.centred"]
    assert (kept.misconception, kept.right) == (belief, abs(guess - centred["hh_emp"]) <= 0.1)
    said = texts(test)
    assert (
        f"{written(raw['hh_emp'])} + ({written(raw['emp_10hrs'])}) = {written(centred['hh_emp'])}"
        in said
    )
    assert "36 of 38 figures agree with the lecture to every printed digit" in said
    assert "Where they differ" in said
    assert "synthetic" in said


def test_checks_explain_every_answer():
    test = lesson(SKIPPED)
    for name, wrongs in (
        ("recall", (1, 2)),
        ("add", (1, 2)),
        ("hausman", (1, 2)),
        ("nurses", (1,)),
    ):
        for option in (*wrongs, 0):
            test.radio(key=f"check.mundlak.{name}").set_value(option).run()
            assert ("**Yes.**" if option == 0 else "**Not so.**") in texts(test)
    said = texts(test)
    for n in (3, 60):
        assert f"{float(pooling_weight(n, 0.7, 1.0)):.2f}".lstrip("0") in said
    line = five("gcse ~ lrt", case("school").frame, "school").of("lrt")["estimate"]
    within, random = line["fixed effects", "within"], line["random effects", "both"]
    assert f"differ by only {abs(random - within):.3f}" in said
    assert f"Between schools it is {line['within-between', 'between']:.2f}" in said
    assert {each.option for each in test.session_state["record"].checks.values()} == {0}
