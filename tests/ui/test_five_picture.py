"""Five estimators of one coefficient while groups are moved: the pictures against the core."""

import re

import numpy as np
import pytest

import mlcore
from datasets import Case
from ui import cache
from ui.pictures import five, moved, questions, sure
from ui.stage.quantity import evaluate

EVERY = [(name, key) for name in moved.OFFERED for key in moved.terms(name)]
SWEPT = 2e-4  # of a standard error: linear between 13 fits, the handle on the middle of two


def again(it: Case, y: np.ndarray) -> mlcore.Five:
    m = it.model
    frame = cache.rows(it.name).assign(**{m.outcome: y})
    return mlcore.five(f"{m.outcome} ~ {m.fixed}", frame, m.group)


@pytest.mark.parametrize(("name", "key"), EVERY)
def test_each_row_says_what_the_core_says_at_rest_and_moved(name, key):
    it, term = cache.case(name), moved.terms(name)[key]
    answers, (most, _) = moved.answers(name, term), moved.reach(name, term)
    y = cache.rows(name)[it.model.outcome].to_numpy(float)
    code = moved.codes(name)
    if term.shared:
        added = code == 3
    else:
        x = moved.column(name, term)
        added = (np.bincount(code, x) / np.bincount(code) - x.mean())[code]
    for share in (0.0, 0.37) if moved.moves(name, term) else (0.0,):
        found = again(it, y + share * most * added).of(term.name)
        at = {"delta": share * most, "shift": share * most, "group": 3.0}
        for row, estimator, level, _ in moved.ROWS:
            place = (estimator, "between" if term.shared else level)
            if place not in found.index or (term.shared and row == "within"):
                assert row not in answers
                continue
            line = found.loc[place]
            near = 1e-8 if moved.is_refitted(name) else SWEPT
            b, se, half = evaluate([answers[row].estimate, answers[row].se, answers[row].half], at)
            assert b == pytest.approx(line.estimate, abs=near * line.se)
            assert se == pytest.approx(line.se, rel=near)
            assert half == pytest.approx((line.upper - line.lower) / 2, rel=2 * near)


@pytest.mark.parametrize(("name", "key"), EVERY)
def test_only_who_compares_groups_follows(name, key):
    term = moved.terms(name)[key]
    follows = moved.follows(name, term)
    if not moved.moves(name, term):
        assert set(follows.values()) == {0.0}
    elif term.shared:
        assert "fixed effects" not in follows
        assert follows["OLS"] == follows["cluster-robust"] != 0
    else:
        assert follows["fixed effects"] == pytest.approx(0, abs=1e-12)
        assert follows["within"] == pytest.approx(0, abs=1e-6)
        assert follows["between"] == pytest.approx(1)
        assert 0 < follows["random effects"] < follows["OLS"] < 1


def test_the_terms_are_those_of_the_model_but_for_powers():
    for name, offered in moved.OFFERED.items():
        known = cache.five(name).table.index.get_level_values("term")
        assert set(offered) <= set(known)
        powers = {"age", "age2"} if name == "ghq_households" else set()
        assert set(known) - set(offered) == {"(Intercept)"} | powers


@pytest.mark.parametrize(("name", "key"), EVERY)
def test_the_picture_says_its_numbers(name, key):
    it, term = cache.case(name), moved.terms(name)[key]
    stage, found = five.lines(name, key), cache.five(name).of(term.name)
    digits = {"share": 2, "share3": 3}.get(
        questions.form(moved.answers(name, term)), questions.form(moved.answers(name, term))
    )

    def said(estimator: str, level: str) -> str:
        text = f"{found.estimate[estimator, level]:.{digits}f}".replace("-", "−")
        return re.sub(r"(?<!\d)0\.", ".", text) if digits in (2, 3) else text

    level = "between" if term.shared else "both"
    titles = [stage.finding.plain({**questions.AT_REST, "estimator": float(k)}) for k in range(5)]
    assert said("OLS", level) in titles[0]
    assert "keep the line" in titles[1]
    assert said("random effects", level) in titles[3]
    assert said("within-between", "between") in titles[4]
    if term.shared:
        assert "say nothing" in titles[2]
        assert it.group.name in titles[2]
    else:
        assert said("fixed effects", "within") in titles[2]
    assert stage.sentence.plain(questions.AT_REST).count("give or take") == len(found)
    assert len(stage.table.columns[0][1]) == len(moved.answers(name, term))
    assert stage.drawn["id"] != ""


def test_a_moved_title_says_who_follows():
    stage, term = five.lines("school", "lrt"), moved.terms("school")["lrt"]
    follows = moved.follows("school", term)
    most, _ = moved.reach("school", term)
    said = stage.finding.plain({**questions.AT_REST, "delta": most})
    assert f"OLS follows by {follows['OLS'] * most:.3f}".replace("0.", ".") in said
    assert "fixed effects not at all" in said


def test_the_interval_to_be_drawn_is_ols_own_until_it_is_asked_for():
    found = cache.five("school").of("C(schgend)2")
    assert sure.end("OLS") == pytest.approx(found.upper["OLS", "between"])
    truth = found.upper["cluster-robust", "between"]
    assert sure.end("cluster-robust") == pytest.approx(truth)
    assert sure.LOW < found.lower["cluster-robust", "between"] < truth < sure.HIGH
    asked = str(sure.interval().asking)
    assert f"{truth:.6f}" not in asked
    assert str(truth) not in asked
    half = truth - found.estimate["cluster-robust", "between"]
    assert f"{half:.4f}" not in asked


@pytest.mark.parametrize("value", [2.0, 3.6, 5.5])
def test_the_guess_stands_beside_the_truth(value):
    marks = sure.guessed(value).columns[1].items[0].marks
    apart = [str(mark.text.template) for mark in marks if hasattr(mark, "text")]
    assert any("apart" in each for each in apart) == (abs(value - sure.end("cluster-robust")) > 0.5)
