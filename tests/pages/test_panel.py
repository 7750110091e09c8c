"""The lesson Panel data, gone through with right and wrong answers; its numbers by the core."""

import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import datasets
import mlcore
from mlcore import TrendStudy, power
from tests.pages.opened import opened, pictures, texts
from ui import trends
from ui.pictures import studies
from ui.record import Prediction, Record

TASKS = ("panel.intercept", "panel.slope", "panel.columns")
SKIPPED = Record({name: Prediction(None) for name in TASKS})


lesson = partial(opened, "comparing/panel")


@pytest.fixture(scope="module")
def simulated():
    """The two rates by counting 20,000 studies, with a Monte Carlo error of .003 at most."""
    return power(TrendStudy(50, 6, 0.4), 20_000, seed=2)


def test_the_two_truths_are_those_of_the_simulation(simulated):
    for k, name in enumerate(studies.METHODS):
        # four errors of the simulation, .003, and the grid's own, a tenth of that
        assert studies.rate(k) == pytest.approx(simulated["power"][name], abs=0.0125)
    assert [round(100 * studies.rate(k)) for k in (0, 1)] == [21, 5]


def test_before_the_commit_the_page_holds_one_study_and_no_rate():
    test = lesson()
    picture = next(p for p in pictures(test) if p.get("mode") == "ask")
    assert {c["name"] for c in picture["controls"]} == {"guess"}
    assert {"finding", "equation", "table"}.isdisjoint(picture)
    assert {node["op"] for node in picture["program"]["nodes"]} <= {"data"}
    everything = texts(test) + json.dumps(pictures(test))
    assert "21 of 100" not in everything
    assert f"{100 * studies.rate(0):.1f}" not in everything


@pytest.mark.parametrize(
    ("placed", "belief", "right", "said"),
    [
        (5, "intercept-is-enough", False, "You said <span class='you'>5</span>"),
        (20, None, True, "You said <span class='you'>20</span>"),
        (80, "anything-significant", False, "it is 21 of 100"),
    ],
)
def test_the_first_guess_meets_its_misconception(placed, belief, right, said):
    test = lesson()
    test.session_state["placed.panel.intercept"] = placed
    test.button(key="lock.panel.intercept").click().run()
    assert not test.exception
    stored = test.session_state["record"].predictions["panel.intercept"]
    assert (stored.value, stored.misconception, stored.right) == (placed, belief, right)
    picture = next(p for p in pictures(test) if p.get("mode") == "show")
    assert said in picture["gap"]
    assert bool(picture["note"]) == (belief is not None)
    assert "with random slopes" not in json.dumps(picture)  # the second question is still open


@pytest.mark.parametrize(
    ("placed", "belief"), [(0, "level-is-zero"), (5, None), (15, "slopes-cure-half")]
)
def test_the_second_guess_meets_its_misconception(placed, belief):
    test = lesson(Record({"panel.intercept": Prediction(None)}))
    test.session_state["placed.panel.slope"] = placed
    test.button(key="lock.panel.slope").click().run()
    assert not test.exception
    assert test.session_state["record"].predictions["panel.slope"].misconception == belief
    assert "with random slopes" in json.dumps(pictures(test))


def test_the_columns_are_those_of_the_core_and_the_largest_error_is_of_fixed_effects():
    test = lesson(SKIPPED)
    rows = next(p for p in pictures(test) if "rows" in p)["rows"]
    frame = datasets.load("ghq_panel").extended
    terms = "lninc + age + age2 + hied + noed + convot + labvot"
    own = {
        "lin2": mlcore.ols(f"ghq ~ {terms} + fem", frame),
        "clus2": mlcore.ols(f"ghq ~ {terms} + fem", frame, cluster="pid"),
        "be2": mlcore.panel(f"ghq ~ {terms} + fem", frame, entity="pid", estimator="between"),
        "fe2": mlcore.panel(f"ghq ~ {terms}", frame, entity="pid", estimator="within"),
        "re2": mlcore.panel(f"ghq ~ {terms} + fem", frame, entity="pid", estimator="random"),
    }
    for row in rows:
        assert row["value"] == pytest.approx(own[row["id"]].coefficients.loc["noed", "se"])
    assert [row["id"] for row in rows if row["best"]] == ["fe2"]
    said = texts(test)
    noed = frame.groupby("pid")["noed"].nunique()
    assert f"In {(noed > 1).sum():,} of the {len(noed):,} people" in said
    assert "55 of 57 figures agree with the lecture" in said
    for fit in own.values():
        line = fit.coefficients.loc["lninc"]
        assert f"{line['estimate']:.2f} | {line['se']:.3f}".replace("-", "−") in said


def test_years_of_their_own_move_the_income_coefficient_as_years_as_dummies_do():
    frame = datasets.load("ghq_panel").extended
    by_year = frame.groupby("year")[["lninc", "ghq"]].mean()
    assert (by_year.corrwith(pd.Series(by_year.index, by_year.index)) > 0.8).all()
    line = "ghq ~ lninc + age + age2 + hied + noed + convot + labvot + fem"
    without = mlcore.lmm(f"{line} + (1 | pid)", frame).coefficients.loc["lninc", "estimate"]
    dummies = mlcore.lmm(f"{line} + C(year) + (1 | pid)", frame)
    shown = {each.model: each.estimate for each in trends.incomes()}
    # REML and Swamy-Arora weigh the two comparisons nearly alike; years are what differs
    assert without == pytest.approx(shown["random effects"], abs=0.005)
    crossed = shown["crossed random effects"]
    assert crossed == pytest.approx(dummies.coefficients.loc["lninc", "estimate"], abs=0.01)


@pytest.mark.parametrize(("picked", "belief"), [("lin2", "ignoring-is-vague"), ("fe2", None)])
def test_a_column_can_be_chosen(picked, belief):
    test = lesson(Record({name: Prediction(None) for name in TASKS[:2]}))
    test.radio(key="pick.panel.columns").set_value(picked).run()
    test.button(key="lock.panel.columns").click().run()
    assert not test.exception
    assert test.session_state["record"].predictions["panel.columns"].misconception == belief


@pytest.mark.parametrize("name", ["sleepstudy", "ghq_panel-years"])
def test_each_dataset_brings_its_own_people_numbers_and_words(name):
    it = datasets.case(name)
    m, frame = it.model, it.frame
    said = texts(lesson(SKIPPED, data=name))
    line = f"{m.outcome} ~ {m.predictor}"
    fits = [
        mlcore.lmm(it.intercepts, frame),
        mlcore.lmm(it.slopes, frame),
        mlcore.growth(f"{line} + (1 | {m.group})", frame, time=m.time, correlation="exponential"),
        mlcore.lmm(f"{line} + (1 | {m.group}) + (1 | {m.time})", frame),
        mlcore.ols(line, frame, cluster=m.group),
    ]
    digits = {"sleepstudy": 2, "ghq_panel-years": 4}[name]
    for fit in fits:
        found = fit.coefficients.loc[m.predictor]
        cells = f"{found['estimate']:.{digits}f} | {found['se']:.{digits}f}"
        assert cells in said, fit.formula
    assert f"φ = {fits[2].phi:.2f}".replace("0.", ".") in said
    # once for the people over time if they are invented, once for the panel of five columns
    assert said.count("nothing here is a finding about real people") == 1 + it.synthetic
    assert "each pupil and each nurse was seen once" in said


def test_the_why_of_the_test_follows_the_picture():
    said = texts(lesson(SKIPPED, sigma_u1="0.2", persons="20", waves="10"))
    S = 10 * 99 / 12
    true = np.sqrt((0.04 + 1 / S) / 20)
    reported = np.sqrt((0.04 + 1 / S + 8 / S) / (9 * 20))
    assert f"should be {true:.3f}".replace("0.", ".") in said
    assert f"about {reported:.3f}".replace("0.", ".") in said
    assert f"by a factor of {true / reported:.2f}" in said


def status(test: AppTest, name: str) -> str:
    said = texts(test)
    return "done" if {"panel.waves": "Few waves hide", "panel.disagree": "Same people, same slope"}[
        name
    ] in said else said  # fmt: skip


def test_fewer_waves_solve_the_first_puzzle_and_people_do_not():
    assert "with 6 waves it is 21" in status(lesson(SKIPPED), "panel.waves")
    assert "leave the number of people" in status(
        lesson(SKIPPED, persons="100", waves="3"), "panel.waves"
    )
    assert "the SD of slopes is" in status(
        lesson(SKIPPED, sigma_u1="0.1", waves="3"), "panel.waves"
    )
    assert status(lesson(SKIPPED, waves="3"), "panel.waves") == "done"


def test_a_draw_in_which_the_tests_disagree_solves_the_second():
    draw = studies.disagreement()
    assert "finds nothing" in status(lesson(SKIPPED), "panel.disagree")
    assert status(lesson(SKIPPED, seed=str(draw)), "panel.disagree") == "done"
    found = [studies.fitted(0.4, 50.0, 6.0, float(draw), slopes=slopes) for slopes in (False, True)]
    z, t = (abs(fit.trend / fit.se) for fit in found)
    assert z > studies.Z
    assert t < 2.0096  # of 49 degrees of freedom


@pytest.mark.parametrize("code", ["spring26", "alpha", "b7"])
def test_under_a_code_the_puzzle_can_be_solved_with_one_number_of_waves(code):
    from ui.variant import draw

    sd = draw(code, "panel.waves", (0.08, 0.1, 0.12, 0.14, 0.2, 0.3, 0.4))
    most = studies.most_waves(sd, 0.08)
    assert studies.rate(0, sd=sd, times=most) < 0.08 <= studies.rate(0, sd=sd, times=most + 1)
    record = Record({f"{name}@{code}": Prediction(None) for name in TASKS})
    test = lesson(record, code=code, sigma_u1=str(sd), waves=str(most))
    assert status(test, "panel.waves") == "done"


@pytest.mark.parametrize(
    ("name", "right"),
    [("panel.recall", 0), ("panel.more", 2), ("panel.evidence", 1), ("panel.omitted", 1)],
)
def test_every_answer_has_its_reason(name, right):
    test = lesson(SKIPPED)
    radio = test.radio(key=f"check.{name}")
    for i in range(len(radio.options)):
        test.radio(key=f"check.{name}").set_value(i).run()
        assert not test.exception
        assert ("**Yes.**" if i == right else "**Not so.**") in texts(test)


def test_the_study_in_the_picture_can_be_taken_home():
    test = lesson(SKIPPED)
    (lens,) = (p for p in pictures(test) if "sentences" in p)
    found = studies.fitted(
        studies.SLOPE_SD, float(studies.PEOPLE), float(studies.WAVES), 1.0, slopes=True
    )
    assert {chip["of"] for chip in lens["chips"]} == {*mlcore.parameters(found.fit).index}
    assert "simulated" in lens["sentences"]
    assert "lmer(y ~ t + " in lens["code"]["r"]["text"]
