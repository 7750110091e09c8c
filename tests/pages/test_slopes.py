"""The lesson Random slopes, with right and wrong answers; its numbers against the core."""

import json
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

import mlcore
from datasets import case
from tests.pages.opened import opened, pictures, texts
from ui.record import Prediction, Record
from ui.variant import draw

DATA = ("school", "hsb", "popularity", "nurses", "ghq_panel", "ghq_panel-years", "sleepstudy")
ASKED = ("origin", "without", "icc", "sector")
SKIPPED = Record({f"slopes.{name}": Prediction(None) for name in ASKED})


lesson = partial(opened, "pooling/slopes")


def stages(test: AppTest) -> list[dict]:
    return [picture for picture in pictures(test) if "mode" in picture and "columns" in picture]


@pytest.fixture(scope="module")
def lines() -> mlcore.RandomLines:
    it = case("school")
    return mlcore.random_lines(mlcore.lmm(it.slopes, it.frame, reml=False))


def test_before_the_commit_the_answer_is_nowhere(lines):
    test = lesson()
    (stage,) = stages(test)
    assert stage["mode"] == "ask"
    everything = texts(test) + json.dumps(pictures(test), ensure_ascii=False)
    assert "correlate at .50" in everything
    for answer in ("−.61", f"{lines.at(-29).correlation:.4f}", "−12.4", "14004"):
        assert answer not in everything


@pytest.mark.parametrize(
    ("guess", "belief", "said"),
    [
        (0.5, "origin-is-fact", "You said the correlation <span class='you'>stays</span>"),
        (0.1, "origin-fades", "It turns round, to −.61"),
        (-0.9, None, "it is −.61"),
    ],
)
def test_each_region_meets_its_misconception(guess, belief, said):
    test = lesson()
    test.session_state["placed.slopes.origin"] = guess
    test.button(key="lock.slopes.origin").click().run()
    assert not test.exception
    kept = test.session_state["record"].predictions["slopes.origin"]
    assert (kept.value, kept.misconception, kept.truth) == (guess, belief, "−.61")
    (stage, *_) = stages(test)
    assert stage["mode"] == "show"
    assert said in stage["gap"]
    assert ("<em>" in stage["note"]) == (belief is not None)


def test_without_a_place_it_asks_for_one():
    test = lesson()
    test.button(key="lock.slopes.origin").click().run()
    assert any("Place your guess" in element.value for element in test.info)


@pytest.mark.parametrize("name", DATA)
def test_the_whole_page_follows_the_dataset(name):
    it = case(name)
    test = lesson(SKIPPED, data=name)
    said = texts(test)
    assert test.title[0].value == f"Is the correlation a fact about the {it.group.plural}?"
    assert (it.story in said) == (name != "school")
    large, small = (mlcore.lmm(f, it.frame, reml=False) for f in (it.slopes, it.intercepts))
    assert f"{large.loglik:.2f}".replace("-", "−") in json.dumps(
        pictures(test), ensure_ascii=False
    )  # in the model lens
    test_of = mlcore.lr_test(small, large)
    assert f"twice the gain in log-likelihood is {test_of.statistic:.2f}" in said
    p = "p < .001" if test_of.p < 0.001 else f"p = {test_of.p:.3f}".replace("0.", ".")
    assert f"half of one with two: {p}." in said
    assert ("Simulated for teaching:** nothing" in said) == it.synthetic
    assert ("too many to draw" in said) == (len(it.sizes) > 1000)
    assert ("as good as parallel" in said) == large.boundary
    assert ("nobody here" in said) == (name in ("popularity", "ghq_panel"))


def test_the_printed_tables_stand_beside_ours():
    said = texts(lesson(SKIPPED))
    assert "18 of 49 figures agree" in said
    assert said.count("agrees with the lecture to every printed digit".capitalize()) == 2
    frames = lesson(SKIPPED, data="hsb").dataframe
    assert len(frames) == 3  # the slope's table twice, and the interaction's


@pytest.mark.parametrize(
    ("guess", "belief"), [(1.0, None), (16.0, "origin-is-cosmetic"), (21.0, "covariance-spare")]
)
def test_the_fit_without_the_covariance(guess, belief):
    it = case("school")
    full, none = (mlcore.lmm(f, it.frame, reml=False) for f in (it.slopes, it.intercepts))
    test = lesson(Record({"slopes.origin": Prediction(None)}))
    asked = texts(test)
    assert f"log-likelihood by {full.loglik - none.loglik:.1f}" in asked
    assert " 0.7 " not in asked
    test.session_state["placed.slopes.without"] = guess
    test.button(key="lock.slopes.without").click().run()
    assert test.session_state["record"].predictions["slopes.without"].misconception == belief
    moved = it.frame.assign(x=it.frame["lrt"] - 30)
    two = mlcore.lmm("gcse ~ x + (1 | school) + (0 + x | school)", moved, reml=False)
    assert f"it is {two.loglik - none.loglik:.1f}" in texts(test)


@pytest.mark.parametrize(("guess", "belief"), [(0.14, "icc-one-number"), (0.36, None)])
def test_the_icc_of_the_best_readers(lines, guess, belief):
    test = lesson(Record({"slopes.origin": Prediction(None)}))
    assert " .37" not in texts(test)
    test.session_state["placed.slopes.icc"] = guess
    test.button(key="lock.slopes.icc").click().run()
    kept = test.session_state["record"].predictions["slopes.icc"]
    assert kept.misconception == belief
    assert kept.right == (belief is None)
    said = f"at 30 it is {float(lines.icc(30)):.2f}".replace("0.", ".")
    assert any(said in stage["gap"] for stage in stages(test) if stage["mode"] == "show")


@pytest.mark.parametrize(
    ("answer", "belief"),
    [("public", None), ("catholic", "higher-is-steeper"), ("same", "all-alike")],
)
def test_where_ses_matters_more(answer, belief):
    test = lesson(Record({"slopes.origin": Prediction(None)}))
    assert "2.94" not in texts(test)
    test.radio(key="pick.slopes.sector").set_value(answer).run()
    test.button(key="lock.slopes.sector").click().run()
    assert test.session_state["record"].predictions["slopes.sector"].misconception == belief
    fit = mlcore.lmm("mathach ~ meanses * cses + sector * cses + (1 + cses | schid)",
                     case("hsb").frame)  # fmt: skip
    b = fit.coefficients["estimate"]
    dots = next(picture for picture in pictures(test) if "tick_digits" in picture)
    shown = {row["id"]: row["value"] for row in dots["rows"]}
    assert shown["public"] == pytest.approx(b["cses"])
    assert shown["catholic"] == pytest.approx(b["cses"] + b["cses:sector"])
    assert "falls from 0.83 to 0.32: of the variance of slopes, 85 %" in texts(test)


def test_the_first_puzzle_is_solved_where_the_lines_are_narrowest(lines):
    assert "at c = 0 the correlation is .50" in texts(lesson(SKIPPED))
    test = lesson(SKIPPED, c=f"{lines.narrowest:.0f}")
    assert test.session_state["record"].puzzles["slopes.uncorrelated"].solved
    assert f"Its smallest is {lines.least:.2f}".lower() in texts(test)
    assert "no origin in the range" in texts(lesson(SKIPPED, data="popularity"))


@pytest.mark.parametrize("code", ["spring26", "a", "class7b", "autumn", "x9"])
def test_under_a_code_both_puzzles_can_be_solved(code, lines):
    wanted = draw(code, "slopes.uncorrelated", (-0.4, -0.2, 0.0, 0.2, 0.4, 0.6))
    origin = min(range(-29, 31), key=lambda c: abs(lines.at(c).correlation - wanted))
    done = Record({f"{name}@{code}": each for name, each in SKIPPED.predictions.items()})
    test = lesson(done, code=code, c=str(origin), sigma_u1="0.1", rho="-0.9")
    puzzles = test.session_state["record"].puzzles
    assert puzzles[f"slopes.uncorrelated@{code}"].solved
    assert puzzles[f"slopes.fan@{code}"].solved


@pytest.mark.parametrize(
    ("query", "unmet"),
    [
        ({}, "3.3 at −30 and 5.7 at 30"),
        ({"sigma_u1": "0.02", "rho": "-1"}, "nearly parallel"),
    ],
)
def test_the_second_puzzle_names_what_is_not_met(query, unmet):
    assert unmet in texts(lesson(SKIPPED, **query))


def test_two_slopes_are_singular_in_plain_words():
    said = texts(lesson(SKIPPED))
    assert "2 of their 3 directions have a variance above zero" in said
    assert "the SD of the slope of sex is 0.05, on a coefficient of 1.25" in said


def test_checks_explain_every_answer():
    test = lesson()
    for name in ("recall", "zero", "one", "test"):
        for option, verdict in ((1, "**Not so.**"), (2, "**Not so.**"), (0, "**Yes.**")):
            test.radio(key=f"check.slopes.{name}").set_value(option).run()
            assert verdict in texts(test)
    kept = test.session_state["record"].checks
    assert {name: check.option for name, check in kept.items()} == {
        f"slopes.{name}": 0 for name in ("recall", "zero", "one", "test")
    }


@pytest.mark.parametrize("statistic", [4.1, 4.3, 4.5, 4.8, 5.1, 5.4, 5.7])
def test_the_three_p_values_of_the_last_question_differ(statistic):
    from scipy.stats import chi2

    one, two = (float(chi2.sf(statistic, df)) for df in (1, 2))
    assert len({f"{p:.3f}" for p in (one, two, (one + two) / 2)}) == 3
    if statistic == 4.5:
        options = lesson().radio(key="check.slopes.test").options
        for p, option in zip(((one + two) / 2, two, one), options, strict=True):
            assert f"{p:.3f}".replace("0.", ".") in option


@pytest.mark.parametrize("value", ["48", 3.0, ["48"], "<b>"])
@pytest.mark.parametrize("name", ASKED)
def test_answers_from_a_strange_file_never_break_the_page(name, value):
    record = SKIPPED.with_prediction(f"slopes.{name}", Prediction(value, None, "no-such"))
    assert not lesson(record).exception


def test_a_bad_link_is_said_and_the_lesson_goes_on():
    test = lesson(SKIPPED, c="far", data="skool")
    assert any("c = `far`" in element.value for element in test.info)
    assert any("data = `skool`" in element.value for element in test.info)
