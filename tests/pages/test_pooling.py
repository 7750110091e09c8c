"""The lesson Pooling, gone through with right and wrong answers; its numbers against the core."""

import json
import math
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import datasets
import mlcore
from mlcore.gaussian.families import held_out_error, line_families
from tests.pages.opened import opened, pictures, texts
from ui import countries
from ui.pictures import countries as countries_picture
from ui.pictures import weights
from ui.record import Check, Prediction, Record

MARKED = ("48", "54", "35", "59", "53")
DATASETS = ("school", "hsb", "popularity", "nurses")
SKIPPED = Record(
    {
        name: Prediction(None)
        for name in (
            "pooling.moves",
            "pooling.slope",
            *(f"pooling.hidden-{name}" for name in DATASETS),
        )
    }
)


@pytest.fixture(scope="module")
def fit():
    return mlcore.lmm("gcse ~ 1 + (1 | school)", datasets.load("school").frame)


@pytest.fixture(scope="module")
def table(fit):
    found = mlcore.shrinkage(fit)
    return found.set_axis(found.index.astype(str))


lesson = partial(opened, "pooling/pooling")


def springs(test: AppTest) -> dict:
    return next(picture for picture in pictures(test) if "mode" in picture)


def test_before_the_commit_the_page_holds_sizes_and_own_means_only(table):
    picture = springs(lesson())
    assert picture["mode"] == "ask"
    assert set(picture["rows"][0]) == {"id", "n", "mean", "marked"}
    assert {"values", "estimated", "ranks", "all", "note", "gap"}.isdisjoint(picture)
    for row in picture["rows"]:
        assert row["n"] == table.n[row["id"]]
        assert row["mean"] == pytest.approx(table["mean"][row["id"]], abs=1e-6)
    test = lesson()
    everything = texts(test) + json.dumps(pictures(test))
    for group in MARKED:
        for column in ("movement", "estimate", "lambda"):
            assert f"{table[column][group]:.2f}".replace("-", "−") not in everything


def test_the_five_schools_differ_in_size_and_distance_as_the_question_needs(table):
    five = table.loc[list(MARKED)]
    by_size, by_distance = five.n.rank(), five["mean"].abs().rank()
    by_movement = five.movement.rank()
    assert not by_movement.equals(by_size)
    assert not by_movement.equals(6 - by_size)
    assert not by_movement.equals(by_distance)


def orders(table) -> dict[str | None, list[str]]:
    five = table.loc[list(MARKED)]
    return {
        None: list(five.movement.sort_values(ascending=False).index),
        "distance-alone": list(five["mean"].abs().sort_values(ascending=False).index),
        "size-alone": list(five.n.sort_values().index),
        "size-drives": list(five.n.sort_values(ascending=False).index),
    }


@pytest.mark.parametrize("belief", [None, "distance-alone", "size-alone", "size-drives"])
def test_each_ranking_meets_its_misconception(table, belief):
    truth, guess = orders(table)[None], orders(table)[belief]
    test = lesson()
    test.session_state["places.pooling.moves"] = {g: i for i, g in enumerate(guess, 1)}
    test.button_group(key="sure.pooling.moves").set_value("a guess").run()
    test.button(key="lock.pooling.moves").click().run()
    assert not test.exception
    stored = test.session_state["record"].predictions["pooling.moves"]
    assert (stored.value, stored.sure, stored.misconception) == (guess, "a guess", belief)
    assert stored.said == ", ".join(f"school {name}" for name in guess)
    assert stored.truth == ", ".join(f"school {name}" for name in truth)
    assert stored.right == (guess == truth)
    picture = springs(test)
    assert picture["ranks"]["truth"] == {g: i for i, g in enumerate(truth, 1)}
    assert picture["ranks"]["guess"] == {g: i for i, g in enumerate(guess, 1)}
    wrong = sum(
        truth.index(a) > truth.index(b) for i, a in enumerate(guess) for b in guess[i + 1 :]
    )
    assert f"{wrong} of your 10 pairs" in picture["gap"]
    assert f"School {truth[0]}" in picture["gap"]
    first = table.loc[truth[0]]
    shown = f"(1 − {first['lambda']:.2f}".replace("0.", ".")
    assert f"{shown}) × {abs(first['mean']):.2f} = {first.movement:.2f}" in picture["note"]


def test_the_handles_start_at_the_estimates_and_follow_the_address(fit):
    at_rest = springs(lesson(SKIPPED))
    tau, sigma = fit.variance_components["sd"]
    assert at_rest["estimated"] == pytest.approx({"sigma_u": tau, "sigma_e": sigma})
    moved = springs(lesson(SKIPPED, sigma_u="inf", sigma_e="5.004", n="48:9", school="53"))
    assert moved["values"] == {"sigma_u": "inf", "sigma_e": 5.0, "n": {"48": 9}, "focus": "53"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sigma_u": "big"}, "sigma_u = `big`"),
        ({"school": "0"}, "school = `0`"),
        ({"n": "48:x"}, "n = `48:x`"),
        ({"data": "skool"}, "data = `skool`"),
    ],
)
def test_a_bad_link_is_said_and_the_lesson_goes_on(query, said):
    test = lesson(SKIPPED, **query)
    assert any(said in element.value for element in test.info)
    assert springs(test)["mode"] == "reveal"


@pytest.mark.parametrize(
    "value", ["48", 3.0, ["48"], ["48", "54", "35", "59", "x"], ["48"] * 5, ["<b>", *MARKED]]
)
@pytest.mark.parametrize("name", ["moves", "slope", "hidden-school"])
def test_answers_from_a_strange_file_never_break_the_page(name, value):
    record = Record({f"pooling.{name}": Prediction(value, None, "no-such-misconception")})
    test = lesson(record.merged(Record({}, {"pooling.two": Check(99)})))
    assert not test.exception


def test_the_first_puzzle_has_a_solution_near_its_last_hint(fit, table):
    # (1 − λ) × distance is equal for two schools where r = σ_e²/σ_u² solves a linear equation
    a, b = table.loc["54"], table.loc["59"]
    ratio = (abs(b["mean"]) * a.n - abs(a["mean"]) * b.n) / (abs(a["mean"]) - abs(b["mean"]))
    assert round(math.sqrt(ratio)) == 7
    _, sigma = fit.variance_components["sd"]
    test = lesson(SKIPPED, sigma_u=f"{sigma / math.sqrt(ratio):.2f}")
    assert test.session_state["record"].puzzles["pooling.equal"].solved
    assert "**Done.** Far out with many pupils" in texts(test)


@pytest.mark.parametrize(
    ("query", "unmet"),
    [
        ({}, "both need at least 1"),
        ({"sigma_u": "3"}, "apart."),
        ({"sigma_u": "1.3", "n": "54:9"}, "a number of pupils was changed"),
    ],
)
def test_the_first_puzzle_names_what_is_not_met(query, unmet):
    assert unmet in texts(lesson(SKIPPED, **query))


def test_the_second_puzzle_wants_the_smallest_number(fit):
    tau, sigma = fit.variance_components["sd"]
    least = math.ceil((sigma / tau) ** 2)
    for n in (least - 1, least, least + 1):
        test = lesson(SKIPPED, n=f"48:{n}")
        assert ("pooling.half" in test.session_state["record"].puzzles) == (n == least)
    assert "more than it needs" in texts(test)
    assert "not at their estimated" in texts(lesson(SKIPPED, n=f"48:{least}", sigma_u="9"))


@pytest.mark.parametrize(
    ("guess", "belief"), [(-6.9, "separate-lines"), (-3.0, "half-way"), (0.5, None)]
)
def test_the_slope_of_two_pupils(guess, belief):
    drawn = line_families("gcse", "lrt", "school", datasets.load("school").frame)
    own, kept = drawn.separate.loc[48], drawn.lines("coefficients").loc[48]
    test = lesson()
    question = texts(test)
    assert f"its slope is {own.slope:.2f}".replace("-", "−") in question
    assert f"{kept.slope:.2f}" not in question
    test.session_state["placed.pooling.slope"] = guess
    test.button(key="lock.pooling.slope").click().run()
    assert test.session_state["record"].predictions["pooling.slope"].misconception == belief
    assert f"The model’s slope for school 48 is {kept.slope:.2f}" in texts(test)
    rows = datasets.load("school").frame.query("school == 48")
    assert len(rows) == 2
    assert np.ptp(rows.lrt) < 1  # "less than one point apart"


@pytest.mark.parametrize("name", DATASETS)
def test_the_four_panels_show_the_cores_lines(name):
    data = datasets.load(name)
    model = data.model
    drawn = line_families(model.outcome, model.predictor, model.group, data.frame)
    test = lesson(SKIPPED, data=name)
    panels = next(picture for picture in pictures(test) if "panels" in picture)
    assert [len(p["lines"]) for p in panels["panels"]] == [1, *3 * [len(drawn.separate)]]
    ids = [group["id"] for group in panels["groups"]]
    names = ("separate", "intercepts", "coefficients")
    for panel, family in zip(panels["panels"][1:], names, strict=True):
        expected = drawn.lines(family)
        expected.index = expected.index.astype(str)
        for group, line in zip(ids, panel["lines"], strict=True):
            # sent with four decimals
            assert line[:2] == pytest.approx(list(expected.loc[group]), abs=5.1e-5)
    assert sum(group["n"] for group in panels["groups"]) == len(data.frame)
    said = texts(test)
    assert f"standard deviation of {drawn.separate.slope.std():.2f}" in said
    assert f"really differ is {drawn.slope_sd:.2f}" in said
    assert ("Simulated for teaching" in said) == data.synthetic


@pytest.mark.parametrize("name", DATASETS)
def test_the_family_that_predicts_best_is_computed(name):
    data = datasets.load(name)
    errors = held_out_error(
        data.model.outcome, data.model.predictor, data.model.group, data.frame, seed=1
    )
    test = lesson(SKIPPED, data=name)
    dots = next(picture for picture in pictures(test) if "tick_digits" in picture)
    shown = {row["id"]: row["value"] for row in dots["rows"]}
    assert shown == {key: pytest.approx(errors[key]) for key in shown}
    assert errors[["intercepts", "coefficients"]].min() in shown.values()
    (best,) = (row["id"] for row in dots["rows"] if row["best"])
    assert shown[best] == errors.min()


def test_the_cloud_sent_twice_is_the_same_message():
    test = lesson(SKIPPED)
    (before,) = (c.proto.json for c in test.get("bidi_component") if '"alpha"' in c.proto.json)
    test.query_params["school"] = "53"
    test.run()
    (after,) = (c.proto.json for c in test.get("bidi_component") if '"alpha"' in c.proto.json)
    assert before == after


def test_checks_explain_every_answer(fit):
    tau, sigma = fit.variance_components["sd"]
    test = lesson()
    for name, wrong in (("two", 1), ("none", 1), ("close", 2)):
        for option, verdict in ((wrong, "**Not so.**"), (0, "**Yes.**")):
            test.radio(key=f"check.pooling.{name}").set_value(option).run()
            assert verdict in texts(test)
    five = 5 / (5 + sigma**2 / tau**2)
    assert f"keeps {five:.2f}".replace("0.", ".") in texts(test)
    assert f"moves {6 * (1 - five):.1f} points" in texts(test)
    checks = test.session_state["record"].checks
    assert {name: each.option for name, each in checks.items()} == {
        "pooling.two": 0,
        "pooling.none": 0,
        "pooling.close": 0,
    }
    assert checks["pooling.none"].said.endswith("without limit: σ_u is infinite")


GROUPS = ("school", "nurses", "nurses-hospitals", "ghq_households", "hsb", "popularity", "issp")


def scene(test: AppTest, control: str) -> dict:
    """The stage that has a control of that name."""
    drawn = [picture for picture in pictures(test) if "controls" in picture]
    return next(p for p in drawn if control in {each["name"] for each in p["controls"]})


@pytest.mark.parametrize("name", GROUPS)
def test_the_weight_of_an_own_mean_is_the_cores(name):
    drawn = weights.picture(name)
    table = weights.drawn(weights.groups(name))
    values = {control.name: control.start for control in drawn.controls}
    columns = {heading: cells for heading, cells, _ in drawn.table.columns}
    estimates = columns["estimate"].evaluate(values)
    if name == "issp":
        pooled = mlcore.poolings(countries.everyone(), "poleff")
        wanted = pooled.table["partial"] - pooled.fit.beta[0]
    else:
        case = datasets.case(name)
        wanted = mlcore.lmm(case.null, case.frame).ranef[case.model.group].iloc[:, 0]
    wanted = wanted.set_axis(wanted.index.astype(str)).reindex(table.index)
    # the handle stands on a grid of a thousandth of a power of ten
    assert estimates == pytest.approx(wanted.to_numpy(), abs=2e-3 * wanted.abs().max())


def test_a_ward_of_ten_is_trusted_more_than_a_school_of_sixty():
    worth = {}
    for name in ("school", "nurses", "ghq_households"):
        case = datasets.case(name)
        tau, sigma = mlcore.lmm(case.null, case.frame).variance_components["sd"]
        n = int(case.sizes.median())
        worth[name] = n / (n + (sigma / tau) ** 2)
    assert max(worth, key=worth.__getitem__) == "nurses"
    test = lesson(SKIPPED.merged(Record({"pooling.trust": Prediction(None)})), groups="issp")
    rows = [p["rows"] for p in pictures(test) if {"rows", "guess", "ticks"} <= set(p)]
    shown = {row["id"]: row["value"] for row in rows[0]}
    assert shown == pytest.approx(worth)
    assert "36 countries" in texts(test)
    assert scene(test, "half")["mode"] == "show"


def test_other_groups_and_countries_wait_for_their_predictions():
    test = lesson(SKIPPED)
    names = {each["name"] for p in pictures(test) for each in p.get("controls", [])}
    assert names == set()
    assert "2.58" not in texts(test)


@pytest.mark.parametrize(
    ("guess", "belief"), [(1.1, "more-units"), (1.85, "size-of-interval"), (2.5, None)]
)
def test_the_interval_of_new_zealand_is_wide_for_two_reasons(guess, belief):
    given = Prediction(guess, None, belief)
    test = lesson(SKIPPED.merged(Record({"pooling.width": given})))
    table = mlcore.poolings(countries.everyone(), "poleff").table
    one, other = table.loc["New Zealand"], table.loc["South Africa"]
    size = math.sqrt(other.n / one.n)
    spread = one.sd / other.sd
    said = texts(test)
    assert f"{size:.2f} × {spread:.2f} = {size * spread:.2f}" in said
    assert f"it is {size * spread:.2f}" in said.lower()
    claim = "Intervals differ because sample sizes do."
    assert (claim in said) == (belief == "size-of-interval")
    picture = countries_picture.picture()
    width = picture.columns[1].items[-1].value
    for pooled, kind in ((0.0, "none"), (1.0, "partial")):
        at = {c.name: c.start for c in picture.controls} | {"partial": pooled}
        assert width.plain(at) == f"{one[f'{kind}_upper'] - one[f'{kind}_lower']:.3f}"
