"""The lesson Same data, five questions, gone through with right and wrong answers."""

import json
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

import datasets
import mlcore
from tests.pages.opened import opened, pictures, texts
from ui import cache
from ui.pictures import moved
from ui.record import Prediction, Record
from ui.variant import draw

QUESTIONS = ("five.sure", "five.silent", "five.girl")
SKIPPED = Record({name: Prediction(None) for name in QUESTIONS})


@pytest.fixture(scope="module")
def rows():
    return datasets.load("school").frame


@pytest.fixture(scope="module")
def both(rows):
    """Least squares with plain and with cluster-robust standard errors."""
    line = "gcse ~ lrt + girl + C(schgend)"
    return [mlcore.ols(line, rows, cluster=cluster).coefficients for cluster in (None, "school")]


lesson = partial(opened, "comparing/five")


def stage(test: AppTest, mode: str = "show", *, lines: bool = False) -> dict:
    found = [each for each in pictures(test) if each.get("mode") == mode]
    return next(
        each for each in found if lines == any(c["kind"] == "choice" for c in each["controls"])
    )


def everything(test: AppTest) -> str:
    return texts(test) + json.dumps(pictures(test), ensure_ascii=False)


def test_before_the_commit_the_page_holds_nothing_of_robust_errors(both):
    test = lesson()
    said = everything(test)
    plain, robust = both
    assert stage(test, "ask")["controls"][0]["kind"] == "place"
    for term in ("girl", "C(schgend)2"):
        for column in ("se", "upper"):
            for digits in (2, 3, 6):
                assert f"{robust[column][term]:.{digits}f}".lstrip("0") not in said
    assert f"ends at {plain.upper['C(schgend)2']:.2f}" in said
    assert not any("lines" in str(each.get("finding", "")) for each in pictures(test))


@pytest.mark.parametrize(
    ("value", "misconception", "right"),
    [(2.6, "many-rows", False), (3.5, None, True), (4.7, "one-factor", False)],
)
def test_the_interval_that_was_drawn_meets_the_robust_one(both, value, misconception, right):
    robust = both[1]
    test = lesson()
    test.session_state["placed.five.sure"] = value
    test.button_group(key="sure.five.sure").set_value("certain").run()
    test.button(key="lock.five.sure").click().run()
    stored = test.session_state["record"].predictions["five.sure"]
    assert (stored.value, stored.misconception, stored.right) == (value, misconception, right)
    upper = robust.upper["C(schgend)2"]
    assert stored.truth == f"{upper:.2f} points"
    gap = stage(test)["gap"]
    assert f"You said {value:.2f}; it is {upper:.2f}" in gap
    plain = both[0]
    for fit in (plain, robust):
        assert f"{fit.se['C(schgend)2']:.3f}".lstrip("0") in gap
    said = texts(test)
    assert "ten schools count, not the 513 boys" in said
    assert ("thousands of rows" in said) == (misconception == "many-rows")


def test_a_guess_has_to_be_placed_first():
    test = lesson()
    test.button(key="lock.five.sure").click().run()
    assert any("Place your guess" in each.value for each in test.info)


@pytest.mark.parametrize(
    ("picked", "misconception"),
    [
        ("OLS", "needs-levels"),
        ("cluster-robust", "robust-fixes"),
        ("fixed effects", None),
        ("random effects", "levels-take-all"),
        ("within-between", "levels-take-all"),
    ],
)
def test_only_fixed_effects_are_silent_about_the_type_of_school(picked, misconception):
    test = lesson(Record({"five.sure": Prediction(None)}))
    test.radio(key="pick.five.silent").set_value(picked).run()
    test.button(key="lock.five.silent").click().run()
    assert not test.exception
    stored = test.session_state["record"].predictions["five.silent"]
    assert (stored.misconception, stored.right) == (misconception, picked == "fixed effects")
    assert stored.truth == "Fixed effects"
    assert "the intercept of the school has already taken it" in texts(test)
    fits = cache.five("school").fits
    assert "x3" not in fits["fixed effects"].coefficients.index


@pytest.mark.parametrize(
    ("value", "misconception", "right"),
    [
        (0.2, None, False),
        (0.3, None, True),
        (0.34, "robust-wider", False),
        (0.72, "robust-wider", False),
    ],
)
def test_the_robust_error_of_girl_falls(both, value, misconception, right):
    plain, robust = both
    assert robust.se["girl"] < plain.se["girl"]
    test = lesson(Record({name: Prediction(None) for name in QUESTIONS[:2]}))
    before = everything(test)
    assert f"{robust.se['girl']:.3f}".lstrip("0") not in before
    test.session_state["placed.five.girl"] = value
    test.button(key="lock.five.girl").click().run()
    assert not test.exception
    stored = test.session_state["record"].predictions["five.girl"]
    assert (stored.misconception, stored.right) == (misconception, right)
    falls = f"from {plain.se['girl']:.3f} to {robust.se['girl']:.3f}".replace("0.", ".")
    assert f"It falls, {falls}" in texts(test)


def test_girl_is_on_the_stage_only_once_it_was_asked():
    before = lesson(Record({name: Prediction(None) for name in QUESTIONS[:2]}))
    names = [each.options for each in before.button_group if each.key == "coefficient-school"]
    assert "'Girl'" not in str(names)
    after = lesson(SKIPPED)
    assert "'Girl'" in str([each.options for each in after.button_group])


@pytest.mark.parametrize("name", list(moved.OFFERED))
def test_the_stage_and_the_words_follow_the_dataset(name):
    it = datasets.case(name)
    test = lesson(SKIPPED, data=name)
    said = texts(test)
    found = mlcore.five(f"{it.model.outcome} ~ {it.model.fixed}", it.frame, it.model.group)
    first = next(iter(moved.terms(name).values()))
    inside = found.of(first.name).estimate["fixed effects", "within"]
    digits = next(d for d in (2, 3, 4) if round(inside, d) != round(inside, d - 1) and d >= 2)
    short = f"{inside:.{digits}f}"[:6].replace("-", "−").replace("0.", ".", 1)
    assert any(part in said for part in (short, short.replace(".", "0.", 1)))
    assert f"How do two {it.unit.plural} of one {it.group.name} differ?" in said
    assert it.story in said
    assert ("Simulated for teaching" in said) == it.synthetic
    names = stage(test, lines=True)["table"]["columns"][0]["names"]
    assert names[0] == "OLS"
    follow = found_share(it, found, first)
    assert f"Of that rise OLS takes {100 * follow:.0f} %" in said


def found_share(it, found, term) -> float:
    """How much of a slope between groups OLS takes: what a regression of the mean on x finds."""
    frame = it.frame
    mean = frame.groupby(it.model.group)[term.variable].transform("mean")
    fit = mlcore.ols(f"mean_ ~ {it.model.fixed}", frame.assign(mean_=mean))
    return float(fit.coefficients.estimate[term.name])


def test_a_coefficient_that_groups_share_is_named_for_what_it_is():
    said = texts(lesson(SKIPPED, data="ghq_households", **{"coefficient-ghq_households": "gdn"}))
    assert "One household of 7,893 moves nothing" in said
    said = texts(lesson(SKIPPED, **{"coefficient-school": "schgend2"}))
    assert "The handle raises all pupils of one school alike" in said


def test_the_first_puzzle_is_solved_where_both_slopes_agree(rows):
    found = mlcore.five("gcse ~ lrt + girl + C(schgend)", rows, "school").of("lrt").estimate
    meet = found["within-between", "within"] - found["within-between", "between"]
    assert "OLS is at .591, fixed effects are at .556: .035 apart." in texts(lesson(SKIPPED))
    test = lesson(SKIPPED, **{"school-lrt-delta": f"{meet:.2f}"})
    assert test.session_state["record"].puzzles["five.agree"].solved
    assert f"all say .{100 * found['within-between', 'within']:.0f}" in texts(test)
    wrong = lesson(SKIPPED, data="hsb")
    assert "choose Exams in London and the reading score above" in texts(wrong)


@pytest.mark.parametrize(("group", "solved"), [("37", True), ("40", False), ("48", False)])
def test_the_second_puzzle_wants_a_small_boys_school(group, solved):
    test = lesson(
        SKIPPED,
        **{
            "coefficient-school": "schgend2",
            "school-schgend2-group": group,
            "school-schgend2-shift": "9.5",
        },
    )
    puzzle = test.session_state["record"].puzzles.get("five.count")
    assert bool(puzzle and puzzle.solved) == solved
    if not solved:
        assert "random effects by" in texts(test)


@pytest.mark.parametrize("code", ["", "spring26", "a", "class7b", "x9"])
def test_the_mixture_has_one_right_answer_under_every_code(code):
    def number(name, default, among):
        return draw(code, f"five.mixture.{name}", among) if code else default

    low = number("within", 5, (2, 3, 4, 5, 6)) / 10
    high = number("between", 15, (10, 12, 14, 15, 20)) / 10
    part = number("share", 20, (10, 20, 30, 40)) / 100
    test = lesson(SKIPPED, **({"code": code} if code else {}))
    radio = next(each for each in test.radio if each.key.startswith("check.five.mixture"))
    assert len(set(radio.options)) == 3
    assert f"{part * high + (1 - part) * low:.2f}" in radio.options
    radio.set_value(0).run()
    assert "**Yes.**" in texts(test)


def test_ols_mixes_as_the_question_says():
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(1)
    g = np.repeat(np.arange(200), 10)
    between, within = rng.normal(size=200)[g], rng.normal(size=2000)
    within -= pd.Series(within).groupby(g).transform("mean")
    between -= between.mean()
    between *= np.sqrt(0.2 / 0.8 * (within**2).sum() / (between**2).sum())
    frame = pd.DataFrame({"x": between + within, "y": 1.5 * between + 0.5 * within})
    slope = mlcore.ols("y ~ x", frame).coefficients.estimate["x"]
    assert slope == pytest.approx(0.2 * 1.5 + 0.8 * 0.5)


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("recall", [None, "infinite-groups", "no-difference"]),
        ("option", [None, "robust-fixes", "robust-wider", "one-factor"]),
        ("training", [None, "fe-always", "needs-levels", "many-rows"]),
    ],
)
def test_every_answer_has_its_reason(question, answers):
    for i, misconception in enumerate(answers):
        test = lesson(SKIPPED)
        test.radio(key=f"check.five.{question}").set_value(i).run()
        kept = test.session_state["record"].checks[f"five.{question}"]
        assert (kept.right, kept.misconception) == (misconception is None, misconception)
        assert kept.reason
        assert ("**Yes.**" if i == 0 else "**Not so.**") in texts(test)


def test_the_training_question_has_the_cores_standard_errors():
    test = lesson(SKIPPED)
    test.radio(key="check.five.training").set_value(0).run()
    said = texts(test)
    case = datasets.case("nurses")
    line = f"{case.model.outcome} ~ {case.model.fixed}"
    for cluster in (None, "wardid"):
        fit = mlcore.ols(line, case.frame, cluster=cluster)
        assert f"{fit.coefficients.se['expcon']:.3f}".lstrip("0") in said


@pytest.mark.parametrize(
    "table", ["school-ols", "school-robust", "school-intercept", "school-slope"]
)
def test_the_lectures_tables_stand_beside_what_is_computed(table):
    said = texts(lesson(SKIPPED, table=table))
    exact = "Agrees with the lecture to every printed digit." in said
    assert exact == (table != "school-slope")
    if not exact:
        assert "18 of 49 figures agree with the lecture to every printed digit." in said
        assert "Where they differ: Stata" in said


def test_a_strange_record_or_link_never_breaks_the_page():
    for value in ("48", ["48"], 99.0):
        lesson(Record({name: Prediction(value, None, "no-such") for name in QUESTIONS}))
    test = lesson(SKIPPED, data="skool", **{"school-lrt-delta": "x", "school-lrt-estimator": "y"})
    said = " ".join(each.value for each in test.info)
    assert "data = `skool`" in said
    assert "school-lrt-delta = `x`" in said
    assert "school-lrt-estimator = `y`" in said


def test_the_key_says_every_answer():
    said = texts(lesson(Record(), view="key"))
    assert said.count("> **Key.**") == 9


def test_each_of_the_five_is_read_through_the_lens_once_all_was_asked():
    test = lesson(SKIPPED)
    for name, words in {
        "OLS": "regress gcse lrt girl i.schgend",
        "cluster-robust": "vce(cluster school)",
        "fixed effects": "xtreg gcse lrt girl i.schgend, fe",
        "random effects": "mixed gcse lrt girl i.schgend",
    }.items():
        test.button_group(key="five.lens.school.estimator").set_value(name).run()
        (lens,) = (p for p in pictures(test) if "sentences" in p)
        assert words in lens["code"]["stata"]["text"]
    assert not [p for p in pictures(lesson(Record())) if "sentences" in p]
