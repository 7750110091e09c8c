"""The equations of a model, planned or fitted: each coefficient at its level, many in few words."""

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import mlcore
from datasets import load
from ui.lens import equation, parameters
from ui.lens.estimators import equation as estimators
from ui.lens.estimators.asked import Asked


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(1)
    n = 1200
    made = pd.DataFrame(
        {
            "y": rng.normal(size=n),
            "x": rng.normal(size=n),
            "z": rng.normal(size=n),
            "school": rng.integers(0, 30, n),
            "room": rng.integers(0, 4, n),
            "region": rng.choice([f"r{k:02d}" for k in range(20)], n),
            "kind": rng.choice(["a:b", "c", "<i>"], n),
        }
    )
    return made.assign(w=made.groupby("school")["x"].transform("mean"))


def plain(html):
    """What is read: `_` before an index, no tags."""
    text = re.sub(r"<[^>]+>", "", html.replace("<sub>", "_"))
    return text.replace("&lt;", "<").replace("&gt;", ">")


def planned(formula, frame, kind="continuous"):
    return equation.planned(mlcore.design(formula, frame), kind)


def test_each_coefficient_is_in_the_equation_of_its_level(frame):
    made = planned("y ~ x * w + z + (1 + x | school)", frame)
    assert list(map(plain, made.levels)) == [
        "y_ij = β_0j + β_1jx + β_3z + e_ij",
        "β_0j = β_0 + β_2w + u_0j",
        "β_1j = β_1 + β_4w + u_1j",
    ]


def test_a_slope_has_one_number_at_both_levels(frame):
    made = planned("y ~ z + x + (1 + x | school)", frame)
    assert "β_2jx" in plain(made.levels[0])
    assert plain(made.levels[2]) == "β_2j = β_2 + u_1j"


def test_without_an_intercept_coefficients_are_numbered_from_one(frame):
    made = planned("y ~ 0 + x + (0 + x | school)", frame)
    assert plain(made.combined) == "y_ij = β_1x + u_jx + e_ij"
    assert plain(made.levels[1]) == "β_1j = β_1 + u_j"


def test_many_categories_are_written_as_one(frame):
    made = planned("y ~ x + region + (1 | school)", frame)
    assert "β_2…β_20region (20 categories)" in plain(made.combined)
    assert "coefficients of region (20 categories)" in made.spoken
    made = planned("y ~ x * region + (1 | school)", frame)
    assert "β_21…β_39x × region (20 categories)" in plain(made.combined)


def test_few_categories_are_named_whatever_they_are_called(frame):
    made = planned("y ~ kind + (1 | school)", frame)
    assert plain(made.combined) == "y_ij = β_0 + β_1kind: a:b + β_2kind: c + u_j + e_ij"
    assert "<i>:" not in planned("y ~ 0 + kind + (1 | school)", frame).combined


def test_several_factors_are_told_apart_by_name(frame):
    made = planned("y ~ x + (1 | school / room)", frame)
    assert not made.levels
    assert plain(made.combined) == "y_i = β_0 + β_1x + u_room:school + v_school + e_i"


def test_effects_that_do_not_correlate_have_a_zero(frame):
    apart = planned("y ~ x + (1 + x || school)", frame)
    together = planned("y ~ x + (1 + x | school)", frame)
    assert "<span>0</span>" in apart.random[0]
    assert "ρ" in together.random[0]
    assert "ρ" not in apart.random[0]


def test_a_large_covariance_matrix_is_not_written_out(frame):
    made = planned("y ~ x + (1 + region | school)", frame)
    assert plain(made.random[0]) == "(u_0j, …, u_19j) ~ N(0, Ω_ 20 × 20)"


KINDS = {
    "binary": ("logit(p_ij) = β_0 + β_1x + u_j", "y_ij ~ Bernoulli(p_ij)"),
    "count": ("log(μ_ij) = β_0 + β_1x + u_j", "y_ij ~ Poisson(μ_ij)"),
    "ordered": ("logit P(y_ij ≤ k) = κ_k − (β_1x + u_j)", "u_j ~ N(0, σ2_u)"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_other_outcomes_have_a_linear_predictor(frame, kind):
    made = planned("y ~ x + (1 | school)", frame, kind)
    assert (plain(made.combined), plain(made.random[0])) == KINDS[kind]
    assert not any(plain(line).startswith("e_") for line in made.random)


FORMULAS = (
    "y ~ 1",
    "y ~ 0 + region + (1 | school)",
    "y ~ x + (1 | school) + (1 + x | room)",
    "log(x^2) ~ kind * z + (x | school)",
    "y ~ poly(z, 5):kind + (0 + z | school)",
    "y ~ center(x):region + (1 + kind | school)",
    "y ~ scale(x) + I(x^2) + w:x + (1 + z + x | school) + (0 + w || room)",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_coefficient_is_written_or_stands_between_two_that_are(frame, formula):
    design = mlcore.design(formula, frame)
    made = equation.planned(design)
    shown = set(re.findall(r'data-p="([^"]+)"', made.combined))
    names = [p.name for p in parameters.planned(design, "continuous") if p.role == "fixed"]
    at = [i for i, name in enumerate(names) if name in shown]
    assert (at[0], at[-1]) == (0, len(names) - 1)
    between = [b - a > 1 for a, b in pairwise(at)]
    assert sum(between) == plain(made.combined).count("…")


@pytest.mark.parametrize("formula", ["gcse ~ lrt + girl + C(schgend) + (1 + lrt | school)"])
def test_a_fitted_model_has_the_equations_of_its_plan_with_numbers(formula):
    fit = mlcore.lmm(formula, load("school").extended)
    before = equation.planned(fit.design)
    after = equation.fitted(fit, parameters.read(fit))
    assert (before.levels, before.combined) == (after.levels, after.combined)
    assert f"{fit.sigma:.2f}" in after.random[-1]
    assert "values" not in "".join(before.random)


@pytest.mark.parametrize("formula", FORMULAS)
def test_coefficients_are_named_as_in_the_design(frame, formula):
    design = mlcore.design(formula, frame)
    made = design.encoder.coefficients(design.formula.fixed)
    names = [":".join(f"{f}{label}" for f, label in parts) for term in made for parts in term]
    assert tuple(name or "(Intercept)" for name in names) == design.names


PANELS = {
    "pooled": "y_ij = β_0 + β_1x + β_2w + e_ij",
    "within": "(y_ij − y_j) = β_1 (x_ij − x_j) + r_ij",
    "between": "y_j = β_0 + β_1 x_j + β_2 w_j + r_j",
    "random": "(y_ij − θ_jy_j) = β_0(1 − θ_j) + β_1 (x_ij − θ_jx_j) + β_2 (w_ij − θ_jw_j) + r_ij",
}


@pytest.mark.parametrize("estimator", PANELS)
def test_panel_estimators_write_the_rows_that_they_fit(frame, estimator):
    between = estimator == "between"  # where w, the mean of x, would be x again
    formula = "y ~ x + z" if between else "y ~ x + w"
    fit = mlcore.panel(formula, frame, entity="school", estimator=estimator)
    made = estimators.fitted(fit, parameters.read(fit))
    wanted = PANELS[estimator].replace("w", "z") if between else PANELS[estimator]
    assert plain(made.combined) == wanted
    design = mlcore.design(formula, frame, groups=["school"])
    before = estimators.planned(design, Asked(estimator, entity="school"))
    assert (before.levels, before.combined) == (made.levels, made.combined)


def test_changes_have_a_sign_of_their_own(frame):
    rows = frame.assign(t=frame.groupby("school").cumcount())
    fit = mlcore.panel("y ~ x", rows, entity="school", time="t", estimator="first_difference")
    made = estimators.fitted(fit, parameters.read(fit))
    assert plain(made.combined) == "Δy_ti = β_0 + β_1 Δx_ti + r_ti"


def test_clusters_leave_the_line_as_it_is(frame):
    plainly, robust = (mlcore.ols("y ~ x", frame, cluster=c) for c in (None, "school"))
    one, other = (estimators.fitted(f, parameters.read(f)) for f in (plainly, robust))
    assert plain(one.combined) == plain(other.combined).replace("_ij", "_i")
    assert "those of one school together in any way" in plain(other.random[-1])
