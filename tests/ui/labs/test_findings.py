"""Each lab can be done: its models fit, its findings are the core's numbers, its words are true."""

import re

import numpy as np
import pytest

from datasets import names
from mlcore import lr_test
from tests.mlcore.oracle import CASES
from tools.contents import entries
from ui import reproduced
from ui.labs import LABS, binary, crossed, intercepts, levels, own, panel, scores, slopes, within
from ui.labs.lab import Lab, Step
from ui.labs.material import Material, correlation, variance
from ui.prose import fixed, share
from workbench.plan import Model, Request, compare, planned

STEPS = [(lab, step) for lab in LABS.values() for step in lab.steps]
TITLES = [f"{lab.name}: {step.title}" for lab, step in STEPS]


def said(lab: str, place: int) -> str:
    """All that the finding of a step shows."""
    step = LABS[lab].steps[place - 1]
    found = step.finding(LABS[lab].material(step))
    cells = [] if found.table is None else found.table.to_numpy().ravel().tolist()
    return " | ".join([found.text, *cells])


def on(lab: str) -> Material:
    return Material(LABS[lab].data)


def slope(fit: object, term: str, what: str = "estimate") -> float:
    return float(fit.coefficients[what][term])  # type: ignore[attr-defined]


@pytest.mark.parametrize(("lab", "step"), STEPS, ids=TITLES)
def test_every_step_has_a_model_that_fits_and_something_to_find(lab: Lab, step: Step) -> None:
    material = lab.material(step)
    if step.request is not None:
        assert step.request.problems() == ()
        assert np.isfinite(material.fit(step.request).coefficients.to_numpy()[:, :2]).all()
    found = step.finding(material)
    assert re.search(r"\d", found.text) or found.table is not None
    text = " ".join([found.text, "" if found.table is None else found.table.to_string()])
    assert not re.search(r"\bnan\b|\binf\b|e[-+]\d\d", text)
    assert step.ask.endswith("?")
    assert step.task.endswith(".")


@pytest.mark.parametrize(("lab", "step"), STEPS, ids=TITLES)
def test_the_page_can_show_every_model_as_choices(lab: Lab, step: Step) -> None:
    if step.request is not None:
        plan = planned(step.request, list(lab.material(step).rows))
        assert planned(plan.request) == plan


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_a_lab_is_on_the_shelf_and_belongs_to_lessons_that_there_are(lab: Lab) -> None:
    assert LABS[lab.name] is lab
    assert lab.data in names()
    assert {step.data for step in lab.steps} - {""} <= set(names())
    assert set(lab.lessons) <= {entry.path for entry in entries() if entry.tasks}
    assert 4 <= len(lab.steps) <= 7
    assert len({step.title for step in lab.steps}) == len(lab.steps)


# ---- against R -----------------------------------------------------------------------------------


def test_random_intercepts_of_london_schools_are_those_of_r():
    case = CASES["gcse_null_reml"]
    between, within = case["varcomp"]["school"]["var"][0], case["residual_var"]
    text = said("intercepts", 1)
    assert fixed(between) in text
    assert fixed(within) in text
    assert share(between / (between + within), 3) in text


def test_random_slopes_of_high_schools_are_those_of_r():
    case = CASES["hsb_rs_reml"]
    (groups,) = case["varcomp"].values()
    slopes_said, origin = said("slopes", 2), said("slopes", 4)
    assert fixed(groups["sd"][1]) in slopes_said
    assert share(groups["corr"]["(Intercept),cses"]) in slopes_said
    assert fixed(case["logLik"]) in origin
    assert origin.count(fixed(case["logLik"])) == 2
    crosslevel = CASES["hsb_crosslevel_reml"]["coefficients"]
    text = said("slopes", 5)
    for term in ("cses:sector", "meanses:cses"):
        found = crosslevel[term]
        assert f"{fixed(found['est'])} ({fixed(found['se'])})" in text


def test_crossed_and_wrongly_nested_schools_are_those_of_r():
    right, wrong = CASES["pupx_null_crossed_reml"], CASES["pupx_wrong_nested_reml"]
    text = said("crossed", 5)
    for case, factor in ((right, "sschool"), (wrong, "sschool2")):
        assert fixed(case["varcomp"][factor]["var"][0], 3) in text
        assert fixed(case["residual_var"], 3) in text
        assert str(case["groups"][factor]) in text
    assert fixed(right["logLik"] - wrong["logLik"], 1) in text


# ---- against the lectures' tables ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("lab", "request_", "table", "model"),
    [
        ("panel", panel.OLS, "ghq_panel", "lin2"),
        ("panel", panel.CLUSTER, "ghq_panel", "clus2"),
        ("panel", panel.BETWEEN, "ghq_panel", "be2"),
        ("panel", panel.WITHIN, "ghq_panel", "fe2"),
        ("panel", panel.RANDOM, "ghq_panel", "re2"),
        ("binary", binary.FULL, "london_nurses", "fit"),
    ],
)
def test_a_model_that_a_lecture_printed_is_the_one_that_is_fitted(
    lab: str, request_: Request, table: str, model: str
) -> None:
    printed = reproduced.fitted(table, model).coefficients
    mine = on(lab).fit(request_).coefficients
    # the same computation, whose table is held to the printed digits in test_reproduced
    assert mine[["estimate", "se"]].equals(printed[["estimate", "se"]])


def test_scores_of_qualifications_are_the_lectures():
    by_group = reproduced.scores("qualifications-scores")[1].drop("total")
    mine = scores.in_pounds(on("scores"), scores.NULL)
    held = scores.in_pounds(on("scores"), scores.NET)
    assert np.allclose(mine["esres"], by_group["ESRES_null"], rtol=1e-12)
    assert np.allclose(mine["eps"], by_group["EPS"], rtol=1e-12)
    assert np.allclose(held["esres"], by_group["ESRES_controls"], rtol=1e-12)


@pytest.mark.parametrize(
    ("lab", "place", "small", "large"),
    [
        ("slopes", 3, slopes.PARALLEL, slopes.SLOPES),
        ("crossed", 4, crossed.PRIMARY, crossed.CROSSED),
    ],
)
def test_a_likelihood_ratio_is_the_one_that_the_page_compares_by(
    lab: str, place: int, small: Request, large: Request
) -> None:
    models = [Model(name, r, on(lab).fit(r)) for name, r in (("A", small), ("B", large))]
    (pair,) = compare(on(lab).dataset, models).pairs
    statistic = re.search(r"LR = (\d+\.\d)", pair.words)
    assert statistic is not None
    assert statistic[1] in said(lab, place)


# ---- words that no number follows ----------------------------------------------------------------


def test_words_on_random_intercepts():
    null, reading, types = (
        on("intercepts").fit(r) for r in (intercepts.NULL, intercepts.READING, intercepts.TYPES)
    )
    naive, plain = (on("intercepts").fit(r) for r in (intercepts.NO_SCHOOLS, intercepts.TYPES_OLS))
    assert slope(naive, "(Intercept)", "se") < slope(null, "(Intercept)", "se")
    assert variance(reading) < variance(null)
    assert variance(reading, "school") < variance(null, "school")
    assert variance(types, "school") < variance(reading, "school")
    assert variance(types) == pytest.approx(variance(reading), abs=0.01)  # at the printed digits
    assert slope(types, "C(schgend)2", "se") > 2 * slope(plain, "C(schgend)2", "se")
    assert slope(types, "lrt", "se") == pytest.approx(slope(plain, "lrt", "se"), rel=0.05)


def test_words_on_random_slopes():
    here, there, edge, without = (
        on("slopes").fit(r)
        for r in (slopes.SLOPES, slopes.SHIFTED, slopes.EDGE, slopes.EDGE_WITHOUT)
    )
    assert here.loglik == pytest.approx(there.loglik, abs=1e-6)
    test = lr_test(on("slopes").fit(slopes.PARALLEL), here)
    assert dict(test.weights) == {1: 0.5, 2: 0.5}
    crosslevel = on("slopes").fit(slopes.CROSSED)
    assert slope(crosslevel, "cses:sector") < 0 < slope(crosslevel, "meanses:cses")
    assert edge.boundary
    for term in ("ses", "sector", "ses:sector"):  # hardly move: by less than a tenth of an error
        moved = abs(slope(edge, term) - slope(without, term))
        assert moved < 0.1 * slope(edge, term, "se")


def test_words_on_three_levels():
    full, trap, wards, hospitals, with_all, without, differs = (
        on("levels").fit(r)
        for r in (
            *(levels.NULL, levels.TRAP, levels.WARDS, levels.HOSPITALS),
            *(levels.EXPERIMENT, levels.NO_WARDS, levels.DIFFERS),
        )
    )
    assert variance(full, levels.WARD) > variance(full) > variance(full, "hospital")
    assert trap.loglik < full.loglik
    assert variance(trap) > variance(full)
    assert variance(trap, "hospital") > variance(full, "hospital")
    assert variance(wards) == pytest.approx(variance(full), abs=5e-4)
    assert variance(hospitals) > variance(full)
    assert variance(hospitals, "hospital") > variance(full, "hospital")
    se = [slope(fit, "expcon", "se") for fit in (without, with_all, differs)]
    assert se == sorted(se)
    assert slope(with_all, "expcon") < 0


def test_words_on_crossed_groups():
    one, both, full = (
        on("crossed").fit(r) for r in (crossed.PRIMARY, crossed.CROSSED, crossed.FULL)
    )
    to_pupils = variance(one) - variance(both)
    assert to_pupils == pytest.approx(variance(both, "sschool"), rel=0.1)  # nearly all of it
    assert variance(both, "pschool") > variance(both, "sschool")
    se = full.coefficients["se"].drop("(Intercept)")
    assert se["pdenom"] > 2 * se.drop("pdenom").max()


def test_words_on_within_and_between():
    split, context = (on("within").fit(r) for r in (within.BOTH, within.CONTEXT))
    assert split.loglik == pytest.approx(context.loglik, abs=1e-6)
    fixed_effects = on("within").fit(within.FIXED)
    assert slope(fixed_effects, "ses") == pytest.approx(slope(split, "ses_within_schid"), abs=1e-6)
    assert "sector" not in fixed_effects.coefficients.index
    homes = Material("ghq_households").fit(within.HOMES_RAW).coefficients.loc["emp_10hrs_mean_ohid"]
    assert abs(homes["estimate"]) < homes["se"]


def test_words_on_panel_data():
    b = {
        name: slope(on("panel").fit(request), "lninc")
        for name, request in (
            *(("ols", panel.OLS), ("between", panel.BETWEEN)),
            *(("within", panel.WITHIN), ("random", panel.RANDOM)),
        )
    }
    assert b["between"] < b["ols"] < b["random"] < b["within"] < 0
    assert b["within"] - b["random"] < b["random"] - b["between"]
    assert "fem" not in on("panel").fit(panel.WITHIN).coefficients.index
    growth = on("panel").fit(panel.GROWTH)
    assert growth.boundary
    assert abs(correlation(growth, "pid")) == pytest.approx(1)


def test_words_on_a_binary_outcome():
    null, full, exact, plain = (
        on("binary").fit(r) for r in (binary.NULL, binary.FULL, binary.QUADRATURE, binary.POOLED)
    )
    assert variance(full, "hospital") < 0.5 * variance(null, "hospital")  # most of it
    apart = abs(variance(exact, "hospital") ** 0.5 - variance(full, "hospital") ** 0.5)
    assert apart < 0.01 * variance(full, "hospital") ** 0.5
    assert slope(plain, "outer", "se") < 0.9 * slope(full, "outer", "se")
    for term in ("fam", "valued", "age"):
        assert slope(plain, term) == pytest.approx(slope(full, term), rel=0.01)


def test_words_on_scores():
    dummies = on("scores").fit(scores.DUMMIES)
    score = scores.scored(on("scores"), "esres")
    assert score.bic < dummies.bic
    assert score.loglik < dummies.loglik
    found = scores.in_pounds(on("scores"), scores.NULL)
    assert (found["esres"] < scores.in_pounds(on("scores"), scores.NET)["esres"]).all()
    smallest, moved = found["n"].idxmin(), (found["esres"] - found["eps"]).abs()
    assert moved[smallest] < moved.median()


def test_words_on_a_file_of_ones_own():
    text = said("own", 2)
    assert "its four numbers stand for 100 wards" in text  # as the card of the dataset says
    wards, both = (on("own").fit(r) for r in (own.KEPT, levels.EXPERIMENT))
    for term in ("expcon", "age", "gender", "experien"):
        assert slope(wards, term) == pytest.approx(slope(both, term), rel=0.02)
    assert variance(wards, "wardid") > variance(both, levels.WARD)
    assert not both.boundary
