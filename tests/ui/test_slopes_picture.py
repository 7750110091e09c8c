"""The pictures of the lesson Random slopes: what they show is what the core finds."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from datasets import case
from mlcore import lmm, random_lines
from ui.pictures import covariance, crosslevel, fans, slopes, spread
from ui.stage.quantity import evaluate

DATA = ("school", "hsb", "popularity", "nurses", "ghq_panel", "ghq_panel-years", "sleepstudy")
FEW = ("school", "hsb", "popularity", "nurses", "sleepstudy")


def values(stage, **moved):
    return {**{c.name: c.start for c in stage.controls}, "revealed": 1.0, **moved}


@pytest.mark.parametrize("name", ["school", "sleepstudy"])
def test_the_refit_at_an_origin_is_the_closed_form(name):
    """Two searches for one maximum: estimates agree to a millionth of a standard error."""
    at, tau = slopes.where(name), slopes.model(name)
    seen, form = slopes.refitted(name), slopes.in_closed_form(name)
    for c in (at.low, at.high):
        a, b = ([q.evaluate({"c": c}) for q in vars(lines).values()] for lines in (seen, form))
        for one, other in zip(a, b, strict=True):
            assert_allclose(one, other, rtol=1e-4, atol=1e-4 * np.abs(other).max())
        assert_allclose(seen.correlation.evaluate({"c": c}), tau.at(c).correlation, atol=1e-4)


def test_the_numbers_of_the_lesson():
    stage, tau = slopes.origin("school"), slopes.model("school")
    said = {c: stage.finding.plain(values(stage, c=c)) for c in (0.0, -29.0, -12.0, 30.0)}
    assert said[0.0] == (
        "Same lines, same fit: at c = 0 the correlation is .50; at −29 it would be −.61."
    )
    for c, r in ((-29.0, "−.61"), (-12.0, ".02"), (30.0, ".89")):
        assert f"the correlation is {r}; at 0 it is .50" in said[c]
        sentence = stage.sentence.plain(values(stage, c=c))
        assert "slope variance .0145" in sentence
        assert "log-likelihood −14004.61" in sentence
    assert f"{tau.narrowest:.1f} {tau.least:.1f}" == "-12.4 6.8"


@pytest.mark.parametrize("name", DATA)
def test_every_dataset_has_its_picture(name):
    it, stage = case(name), slopes.origin(name)
    fit = lmm(it.slopes, it.frame, reml=False)
    said = stage.sentence.plain(values(stage))
    assert f"log-likelihood {fit.loglik:.2f}".replace("-", "−").replace("log−", "log-") in said
    sent = json.dumps(stage.drawn, ensure_ascii=False)
    assert it.label(it.model.predictor) in sent
    assert len(sent) < 60_000  # no row of the data, and 80 lines at most of 21,000 people
    assert random_lines(fit).tau11 == pytest.approx(slopes.model(name).tau11)


def test_the_question_holds_no_answer():
    stage = slopes.origin("school")
    kinds = [
        mark["kind"]
        for column in stage.asking["columns"]
        for item in column["items"]
        for mark in item["marks"]
    ]
    assert sorted(set(kinds)) == ["dots", "handle", "label", "path", "rule", "segments"]
    assert [c["name"] for c in stage.asking["controls"]] == ["guess"]
    truth = slopes.model("school").at(-29).correlation
    assert f"{truth:.3f}" not in json.dumps(stage.asking)


def test_a_sample_of_people_is_drawn_and_the_fit_is_of_all():
    drawn = slopes.effects("ghq_panel")
    assert len(drawn) == slopes.DRAWN
    assert drawn.index.is_unique
    whole = lmm(case("ghq_panel").slopes, case("ghq_panel").frame, reml=False)
    assert_allclose(drawn, whole.ranef["pid"].loc[drawn.index].iloc[:, :2])


def test_the_guess_and_its_distance_are_drawn_where_it_was_placed():
    stage = slopes.guessed("school", 0.5)
    sent = json.dumps(stage.drawn, ensure_ascii=False)
    assert " apart" in sent
    assert " apart" not in json.dumps(slopes.guessed("school", -0.6).drawn)
    (frame,) = (
        item for item in stage.columns[0].items if getattr(item, "name", "") == "correlation"
    )
    guess = next(mark for mark in frame.marks if mark.role == "guess" and hasattr(mark, "size"))
    assert (guess.x, guess.y) == (-29.0, 0.5)


@pytest.mark.parametrize(
    ("value", "shown"), [(9.04, "1"), (0.0145, "share3"), (565.5, "0"), (0.18, "share"), (33, "1")]
)
def test_numbers_have_two_digits_that_count(value, shown):
    assert slopes.form(value) == shown


# ---- without the covariance


@pytest.mark.parametrize("name", FEW)
def test_without_the_covariance_the_origin_matters(name):
    full, curve, none = covariance.logliks(name)
    assert (curve <= full + 1e-6).all()
    assert (curve >= none - 1e-6).all()
    it = case(name)
    m, c = it.model, slopes.where(name).high
    moved = it.frame.assign(moved=it.frame[m.predictor] - c)
    two = lmm(f"{m.outcome} ~ moved + (1 | {m.group}) + (0 + moved | {m.group})", moved, reml=False)
    assert_allclose(curve[-1], two.loglik, atol=1e-5)
    stage = covariance.without(name)
    assert f"{two.loglik:.2f}".replace("-", "−") in stage.sentence.plain(values(stage, c=c))


def test_what_cannot_be_left_out_is_known():
    assert not covariance.can_leave_out("ghq_panel")
    assert not covariance.can_leave_out("ghq_panel-years")


# ---- invented schools


@pytest.mark.parametrize(
    ("sigma", "rho", "pattern"),
    [(0.12, 0.8, "fan out"), (0.12, -0.8, "fan in"), (0, 0, "run side by side"),
     (0.15, 0, "cross in the middle")],
)  # fmt: skip
def test_each_shape_has_its_name(sigma, rho, pattern):
    stage = fans.schools()
    at = values(stage, sigma_u1=sigma, rho=rho)
    assert stage.finding.plain(at).endswith(f"the lines {pattern}.")
    assert any(preset.values == {"sigma_u1": sigma, "rho": rho} for preset in stage.presets)


def test_the_invented_schools_are_as_the_controls_say():
    sd = evaluate([fans.spread(x) for x in (-30, 0, 30)], {"sigma_u1": 0.1, "rho": -0.9})
    x = np.array([-30, 0, 30])
    assert_allclose(sd, np.sqrt(9 - 2 * x * 0.9 * 3 * 0.1 + (0.1 * x) ** 2))
    assert sd[2] * 4 < sd[0]  # the puzzle's largest part is reached at its answer


# ---- the variance function


@pytest.mark.parametrize("name", DATA)
def test_the_icc_depends_on_x(name):
    stage, tau = spread.by_predictor(name), slopes.model(name)
    x = slopes.where(name).high
    said = stage.finding.plain(values(stage, x=x))
    expected = tau.variance(x) / (tau.variance(x) + tau.sigma**2)
    assert f"the ICC is {expected:.2f}".replace("0.", ".") in said


def test_the_icc_of_the_best_readers():
    assert f"{float(slopes.model('school').icc(30)):.2f}" == "0.37"
    assert f"{spread.one_icc('school'):.2f}" == "0.14"


# ---- across levels


def test_slopes_by_sector_are_the_lectures():
    stage = crosslevel.sectors()
    assert stage.finding.plain(values(stage)).endswith(
        "2.94 points in public schools and 1.30 in Catholic ones."
    )
    b = crosslevel.models()[1].coefficients["estimate"]
    high = b["cses"] + 0.5 * b["meanses:cses"] + b["cses:sector"]
    assert crosslevel.slope_of(1, 0.5) == pytest.approx(high)
    assert f"{high:.2f} in Catholic" in stage.finding.plain(values(stage, w=0.5))
