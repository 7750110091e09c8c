"""The picture of the lesson ICC: what its rulers, its button and its switch do to real rows."""

import json
import zlib

import numpy as np
import pandas as pd
import pytest

import datasets
import mlcore
from ui.pictures import alike, chance, icc

CASES = (
    "school",
    "hsb",
    "nurses",
    "nurses-hospitals",
    "ghq_households",
    "popularity",
    "pupils",
    "pupils-secondary",
)


def at(name: str, **moved: float) -> dict[str, float]:
    _, s_u, s_e = alike.rows(name).estimated
    return {"sigma_u": s_u, "sigma_e": s_e, "shuffle": 0, "predictor": 0, **moved}


def refitted(name: str, **moved: float) -> tuple[float, float]:
    """Estimates of the core from the rows that the picture draws."""
    found = alike.rows(name)
    y = alike.seen(name).y.evaluate(at(name, **moved))
    fit = mlcore.lmm("y ~ 1 + (1 | g)", pd.DataFrame({"y": y, "g": found.codes}))
    tau, sigma = fit.variance_components["sd"]
    return float(tau), float(sigma)


@pytest.mark.parametrize("name", CASES)
def test_at_the_start_it_is_the_data(name):
    case, found = datasets.case(name), alike.rows(name)
    own = case.frame[case.model.outcome].dropna()
    y = alike.seen(name).y.evaluate(at(name))
    # the files have up to thirteen decimals, which travel as four
    assert np.sort(y) == pytest.approx(np.sort(own), abs=5.1e-5)
    assert sorted(found.sizes) == sorted(case.sizes)
    assert (np.diff(np.bincount(found.codes.astype(int), y) / found.sizes) >= -1e-9).all()


@pytest.mark.parametrize(("name", "icc_null", "icc_full"), [("school", 0.168, 0.142)])
def test_the_equation_starts_at_the_lessons_numbers(name, icc_null, icc_full):
    now = alike.seen(name)
    assert now.icc.evaluate(at(name)) == pytest.approx(icc_null, abs=5e-4)
    assert now.icc.evaluate(at(name, predictor=1)) == pytest.approx(icc_full, abs=5e-4)


@pytest.mark.parametrize("name", CASES)
def test_both_models_are_the_cores_on_the_files_own_rows(name):
    case, now = datasets.case(name), alike.seen(name)
    for formula, predictor in ((case.null, 0), (case.intercepts, 1)):
        tau2, sigma2 = mlcore.lmm(formula, case.frame).variance_components["variance"]
        here = at(name, predictor=predictor)
        # four decimals of the rows leave more digits of a variance than anyone reads
        assert now.between.evaluate(here) == pytest.approx(tau2, rel=1e-4)
        assert now.within.evaluate(here) == pytest.approx(sigma2, rel=1e-4)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("u", "e"), [(0.5, 1), (1, 0.5), (0.9, 0.7), (0, 1)])
def test_a_model_finds_the_spreads_that_the_rulers_set(name, u, e):
    top = alike.longest(name)
    sigma_u, sigma_e = u * top, e * top
    tau, sigma = refitted(name, sigma_u=sigma_u, sigma_e=sigma_e)
    wanted = sigma_u**2 / (sigma_u**2 + sigma_e**2)
    # exact where groups are of one size; the London schools have 2 to 198 pupils
    assert tau**2 / (tau**2 + sigma**2) == pytest.approx(wanted, abs=0.004)


@pytest.mark.parametrize("name", CASES)
def test_a_shuffle_deals_the_same_rows_out_again(name):
    now = alike.seen(name)
    before, after = (now.y.evaluate(at(name, shuffle=seed)) for seed in (0, 7))
    assert np.sort(after) == pytest.approx(np.sort(before))
    assert (after != before).mean() > 0.5


def test_shuffled_labels_give_an_icc_of_exactly_zero_about_half_of_the_time():
    found = [alike.seen("school").between.evaluate(at("school", shuffle=k)) for k in range(1, 41)]
    # 40 tosses of a fair coin: 10 or fewer, or 30 or more, once in 500
    assert 10 < sum(tau2 == 0 for tau2 in found) < 30
    assert max(found) < 0.02 * alike.rows("school").estimated[2] ** 2


@pytest.mark.parametrize("name", CASES)
def test_pairs_are_of_one_group_and_of_two_rows(name):
    found = alike.rows(name)
    drawn = mlcore.pairs(np.arange(len(found.y)), found.codes, alike.PAIRS, seed=alike.SEED)
    one, other = drawn.x.astype(int), drawn.y.astype(int)
    assert (found.codes[one] == found.codes[other]).all()
    assert (one != other).all()
    for seen, rows in zip(alike.seen(name).pair, (one, other), strict=True):
        assert seen.evaluate(at(name)) == pytest.approx(found.y[rows])


def test_the_margin_of_the_pairs_holds_the_icc_about_as_often_as_it_says():
    frame = datasets.load("school").frame
    truth = float(mlcore.lmm("gcse ~ 1 + (1 | school)", frame).icc.iloc[0])
    r = np.array(
        [mlcore.pairs(frame.gcse, frame.school, seed=seed).correlation for seed in range(200)]
    )
    margin = 1.96 * (1 - r**2) / alike.PAIRS**0.5
    # pairs are drawn by pupil, so that large schools count more than in the model
    assert 0.88 < np.mean(abs(r - truth) < margin) <= 0.99


@pytest.mark.parametrize("name", CASES)
def test_the_finding_says_what_happens(name):
    stage, case = icc.strips(name), datasets.case(name)
    said = stage.finding.plain(at(name))
    rho = float(mlcore.lmm(case.null, case.frame).icc.iloc[0])
    assert said.startswith(f"Two {case.unit.plural} of one {case.group.name} correlate at ")
    assert f"{rho:.3f}"[1:] in said
    assert f"{100 * rho:.0f} % of the variance" in said
    shuffled = stage.finding.plain(at(name, shuffle=1))
    nothing = alike.seen(name).between.evaluate(at(name, shuffle=1)) == 0
    assert ("exactly 0" in shuffled) == nothing


def test_the_predictor_lowers_or_raises_each_variance_and_the_finding_says_which():
    said = {name: icc.strips(name).finding.plain(at(name, predictor=1)) for name in CASES}
    assert said["school"] == (
        "The variance between schools falls by 45 %, within falls by 33 %: the ICC is .142."
    )
    assert said["popularity"].startswith("The variance between classes rises by 20 %")


@pytest.mark.parametrize("name", CASES)
def test_nothing_drawn_at_a_rulers_end_is_cut_off(name):
    low, high = alike.height(name).domain
    top = alike.longest(name)
    for moved in ({"sigma_u": top}, {"sigma_e": top}):
        y = alike.seen(name).y.evaluate(at(name, **moved))
        assert low <= y.min()
        assert y.max() <= high


@pytest.mark.parametrize("name", CASES)
def test_the_picture_travels_light(name):
    sent = json.dumps(icc.strips(name).drawn).encode()
    assert len(zlib.compress(sent)) < 64_000


def test_only_a_sample_of_many_groups_is_drawn_and_all_are_fitted():
    found = alike.rows("ghq_households")
    assert found.sampled
    drawn = np.unique(found.codes[found.drawn.astype(int)])
    assert len(drawn) == alike.DRAWN
    assert (found.sizes[drawn.astype(int)] > 1).all()
    assert len(found.y) == len(datasets.load("ghq_households").frame)


def test_the_open_question_has_the_rows_and_no_estimate():
    asked = json.dumps(icc.strips("school", shuffle=False, predictor=False).asking)
    assert "refit" not in asked
    assert "sigma_u" not in asked
    for hidden in ("0.168", ".168", "4.14", "9.207"):
        assert hidden not in asked


def test_the_histogram_counts_every_shuffle_once():
    drawn = mlcore.shuffle(
        mlcore.lmm("gcse ~ 1 + (1 | school)", datasets.load("school").frame),
        chance.SHUFFLES,
        seed=alike.SEED,
    )
    stage = chance.shuffles("school")
    (_, counts, _) = stage.table.columns[1]
    assert counts[0] == (drawn.icc == 0).sum()
    assert sum(counts) == chance.SHUFFLES
    assert stage.sentence.plain({}).startswith(f"{counts[0]:.0f} of the shuffles")
