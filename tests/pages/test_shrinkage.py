"""The lesson Shrinkage, gone through with right and wrong answers; its numbers against the core."""

import json
import math
import re
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import mlcore
from datasets import case
from tests.pages.opened import opened, pictures, texts
from ui.pictures.league import league
from ui.record import Prediction, Record
from ui.variant import draw

DATASETS = ("school", "nurses", "nurses-hospitals", "ghq_households", "hsb", "popularity")
TASKS = ("place", "exclude", "adjacent")


def skipped(*names: str) -> Record:
    given = names or DATASETS
    return Record({f"shrinkage.{t}-{name}": Prediction(None) for t in TASKS for name in given})


lesson = partial(opened, "pooling/shrinkage")


def stage(test: AppTest, **has) -> dict:
    return next(p for p in pictures(test) if all(p.get(k) == v for k, v in has.items()))


@pytest.fixture(scope="module")
def null():
    return mlcore.lmm("gcse ~ 1 + (1 | school)", case("school").frame)


@pytest.fixture(scope="module")
def given():
    return mlcore.lmm("gcse ~ lrt + (1 | school)", case("school").frame)


def place(test: AppTest, guess: float, sure: str = "a guess") -> AppTest:
    test.session_state["placed.shrinkage.place-school"] = guess
    test.button_group(key="sure.shrinkage.place-school").set_value(sure).run()
    return test.button(key="lock.shrinkage.place-school").click().run()


# ---- where does it belong ---------------------------------------------------------------------


def test_before_the_commit_the_page_holds_own_means_only(null):
    test = lesson()
    picture = stage(test, mode="ask")
    assert {"finding", "equation", "table", "gap"}.isdisjoint(picture)
    everything = texts(test) + json.dumps(pictures(test))
    table = mlcore.caterpillar(null)
    for secret in (table.loc[48, "estimate"], table.loc[48, "lower"], table.loc[48, "upper"]):
        assert f"{secret:.2f}" not in everything
        assert f"{secret:.1f}".replace("-", "−") not in everything
    assert "27th" not in everything
    assert "11th from the bottom" in picture["story"]
    own = case("school").frame.groupby("school")["gcse"].mean()
    assert f"{own[48] - null.beta[0]:.1f}"[1:] in picture["story"]


@pytest.mark.parametrize(
    ("guess", "belief", "said"),
    [
        (11.0, "place-stays", "16 places up"),
        (27.0, None, "and <span class='it'>27th</span> it is"),
        (25.0, None, "two places up"),
        (33.0, "all-the-way", "six places down"),
    ],
)
def test_a_guess_meets_the_place_and_its_misconception(guess, belief, said):
    test = place(lesson(), guess)
    kept = test.session_state["record"].predictions["shrinkage.place-school"]
    assert (kept.value, kept.sure, kept.misconception) == (guess, "a guess", belief)
    assert kept.right == (abs(guess - 27) <= 1)
    picture = stage(test, mode="show")
    assert said in picture["gap"]
    assert "from −8.0 to 5.7" in picture["gap"]


def test_a_lock_without_a_guess_asks_for_one():
    test = lesson()
    test.button(key="lock.shrinkage.place-school").click().run()
    assert "Place your guess on the line first." in texts(test)


def test_the_numbers_of_the_school_of_two(null):
    table, shrunk = mlcore.caterpillar(null), mlcore.shrinkage(null)
    assert (table.loc[48, "rank"], table["excludes"].sum()) == (27, 36)
    said = texts(lesson(skipped()))
    pairs = mlcore.pairs_apart(table)
    assert f"{pairs.tested:,} differ by the test" in said
    assert f"only {pairs.separate:,} have intervals" in said
    assert f"find {pairs.compared:,}." in said
    tau, sigma = null.variance_components["sd"]
    assert f"by their own means, and you miss their effects by {sigma / math.sqrt(2):.1f}" in said
    assert f"the estimates miss by {shrunk.loc[48, 'se']:.1f}" in said
    assert f"fall short of it by {1 - shrunk.loc[48, 'lambda']:.0%}".replace("%", " %") in said
    assert f"differ, by an SD of {tau:.1f}" in said


@pytest.mark.parametrize("name", DATASETS)
def test_the_dataset_changes_story_words_and_numbers_together(name):
    it = case(name)
    asked = lesson(data=name)
    picture = stage(asked, mode="ask")
    sizes = it.sizes
    assert it.group.plural in picture["story"]
    assert it.label(it.model.outcome) in picture["story"]
    assert asked.title[0].value.startswith(f"Where does a {it.group.name} of ")
    assert ("Simulated for teaching" in picture["story"]) == it.synthetic
    shown = lesson(skipped(), data=name)
    said = texts(shown)
    assert it.story.split(".")[0] in said
    assert ("Simulated for teaching" in said) == it.synthetic
    fit = mlcore.lmm(it.null, it.frame)
    tau, sigma = fit.variance_components["sd"]
    drawn = league(name)
    assert drawn.drawn == (len(sizes) > 200)
    low, high = drawn.table["n"].min(), drawn.table["n"].max()
    for n in (low, high):
        weight = float(mlcore.pooling_weight(n, tau, sigma))
        assert f"{weight:.2f}"[1:] in said
    among = drawn.keys if drawn.drawn else None
    excluding = mlcore.caterpillar(fit, among=among)["excludes"].sum()
    assert f"It is {excluding} of {len(drawn.names)} intervals." in said


def test_thousands_of_households_are_fitted_and_65_drawn():
    drawn = league("ghq_households")
    sizes = case("ghq_households").sizes
    assert len(drawn.names) == 65
    assert drawn.everyone == len(sizes)
    fit = mlcore.lmm("ghq ~ 1 + (1 | ohid)", case("ghq_households").frame)
    one = fit.ranef["ohid"]["(Intercept)"][drawn.keys[3]]
    assert drawn.table["estimate"].iloc[3] == pytest.approx(one)
    assert (
        f"65 households of {len(sizes):,}, drawn with seed 1,"
        in stage(lesson(data="ghq_households"), mode="ask")["story"]
    )


# ---- puzzles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATASETS)
def test_the_first_puzzle_wants_the_least_size(name):
    it = league(name)
    aim, needed = next(iter(it.reachable.items()))
    column = it.case.model.group
    for n, said in ((needed - 1, "still includes 0"), (needed, "**Done.**"), (needed + 1, "more")):
        test = lesson(skipped(), data=name, n=str(n), **{column: aim})
        done = f"shrinkage.reach-{name}" in test.session_state["record"].puzzles
        assert done == (n == needed)
        assert said in texts(test)
    other = next(key for key in it.names if key != aim)
    assert "is in focus." in texts(lesson(skipped(), data=name, **{column: other}))


@pytest.mark.parametrize("name", DATASETS)
def test_the_second_puzzle_wants_the_group_told_from_most(name, null):
    it = league(name)
    best = max(it.told, key=it.told.__getitem__)
    column = it.case.model.group
    test = lesson(skipped(), data=name, **{column: best})
    assert "intervals for comparison are not shown" in texts(test)
    test = lesson(skipped(), data=name, compare="yes", **{column: best})
    assert test.session_state["record"].puzzles[f"shrinkage.told-{name}"].solved
    worst = min(it.told, key=it.told.__getitem__)
    assert "and another from more" in texts(
        lesson(skipped(), data=name, compare="yes", **{column: worst})
    )


def test_who_can_be_told_from_whom_is_counted_pair_by_pair(null):
    table = mlcore.caterpillar(null)
    for key in (48, 59):
        own = table.loc[key]
        clear = (table.compare_lower > own.compare_upper) | (
            table.compare_upper < own.compare_lower
        )
        assert league("school").told[str(key)] == clear.sum()


# ---- how many, how likely ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guess", "belief"), [(3.0, "five-percent"), (36.0, None), (60.0, "every-difference-real")]
)
def test_how_many_intervals_leave_out_the_mean(guess, belief):
    test = lesson()
    assert "intervals appear when you have made" in texts(test)
    test.session_state["placed.shrinkage.exclude-school"] = guess
    test.button(key="lock.shrinkage.exclude-school").click().run()
    kept = test.session_state["record"].predictions["shrinkage.exclude-school"]
    assert (kept.misconception, kept.right) == (belief, guess == 36)
    assert "36" in texts(test)


@pytest.mark.parametrize(("guess", "belief"), [(54.0, None), (90.0, "adjacent-ranks")])
def test_neighbours_in_the_middle_are_a_toss_up(guess, belief, given):
    order = mlcore.caterpillar(given).index
    chance = mlcore.probability_above(given, order[-32], order[-33])
    assert f"{chance:.2f}" == "0.54"
    test = lesson()
    asked = texts(test)
    assert f"School {order[-32]} is listed 32nd from the top, school {order[-33]} 33rd." in asked
    assert "54 %" not in asked
    test.session_state["placed.shrinkage.adjacent-school"] = guess
    test.button(key="lock.shrinkage.adjacent-school").click().run()
    kept = test.session_state["record"].predictions["shrinkage.adjacent-school"]
    assert (kept.misconception, kept.right) == (belief, guess == 54)
    assert kept.truth == "54 %"
    said = texts(test)
    draws = mlcore.rank_draws(given, 20_000, seed=1)
    assert f"are {draws.intervals()['width'].median():.0f} places or longer" in said
    top = draws.top()
    assert f"school {top.index[-1]} is the highest in {top.iloc[-1]:.0%}"[:-1] in said
    assert draws.intervals()["width"].median() == 25
    assert f"{top.iloc[-1]:.2f}" == "0.78"


# ---- questions --------------------------------------------------------------------------------


def test_the_lesson_opens_with_a_question_from_pooling():
    test = lesson()
    radio = test.radio(key="check.shrinkage.recall")
    assert radio.label.startswith("From Pooling")
    radio.set_value(1).run()
    assert test.session_state["record"].checks["shrinkage.recall"].misconception == "size-alone"


def test_checks_explain_every_answer():
    test = lesson()
    beliefs = {
        "recall": (None, "size-alone", "all-alike"),
        "overlap": (None, "overlap-no-difference", "rank-is-fact"),
        "climbed": (None, "adjacent-ranks", "ranks-say-nothing"),
        "question": (None, "shrinkage-is-bias", "forecast-is-record"),
    }
    for name, expected in beliefs.items():
        for option, belief in enumerate(expected):
            test.radio(key=f"check.shrinkage.{name}").set_value(option).run()
            kept = test.session_state["record"].checks[f"shrinkage.{name}"]
            assert (kept.option, kept.misconception) == (option, belief)
            assert ("**Yes.**" in texts(test)) or option or name != "recall"


@pytest.mark.parametrize("code", ["", "spring26", "a", "class7b", "autumn"])
def test_under_every_code_the_pair_overlaps_and_differs(code, null):
    test = lesson(**({"code": code} if code else {}))
    suffix = f"@{code}" if code else ""
    label = test.radio(key=f"check.shrinkage.overlap{suffix}").label
    upper, lower = re.search(r"of school (\d+) is .* that of school (\d+) ", label).groups()
    table = mlcore.caterpillar(null)
    a, b = table.loc[int(upper)], table.loc[int(lower)]
    assert a.lower < b.upper
    assert b.estimate < a.estimate
    assert (a.estimate - b.estimate) / np.hypot(a.se, b.se) > 1.96
    far = draw(code, "shrinkage.recall.far", (6, 7, 8, 9)) if code else 8
    near = draw(code, "shrinkage.recall.near", (0.4, 0.5, 0.6)) if code else 0.5
    many = draw(code, "shrinkage.recall.many", (30, 35, 40, 45)) if code else 40
    tau, sigma = null.variance_components["sd"]
    moves = [
        d * (1 - float(mlcore.pooling_weight(n, tau, sigma))) for n, d in ((many, far), (3, near))
    ]
    assert moves[0] > moves[1]
    assert (
        f"a school of {many} lies {far} points"
        in test.radio(key=f"check.shrinkage.recall{suffix}").label
    )


@pytest.mark.parametrize("code", ["spring26", "class7b"])
def test_the_key_has_an_answer_to_every_task(code):
    test = lesson(view="key", code=code)
    assert texts(test).count("> **Key.**") == 9


@pytest.mark.parametrize(
    ("query", "said"), [({"data": "skool"}, "data = `skool`"), ({"school": "0"}, "school = `0`")]
)
def test_a_bad_link_is_said_and_the_lesson_goes_on(query, said):
    test = lesson(skipped(), **query)
    assert any(said in element.value for element in test.info)


@pytest.mark.parametrize("value", ["48", ["48"], 1e9, -3.0])
@pytest.mark.parametrize("name", TASKS)
def test_answers_from_a_strange_file_never_break_the_page(name, value):
    lesson(Record({f"shrinkage.{name}-school": Prediction(value, None, "no-such-misconception")}))
