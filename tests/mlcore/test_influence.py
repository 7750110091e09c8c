"""Leaving groups out: against least squares with the whole V, written out, and against refits."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import (
    DataError,
    UnsupportedError,
    gee,
    glm,
    glmm,
    growth,
    lmm,
    ols,
    ordinal,
    panel,
)
from mlcore.inference.influence import influence, refitted
from mlcore.inference.spreads import rows_by

SLEEP = datasets.load("sleepstudy").frame
NURSES = datasets.load("nurses").frame
PUPILS = datasets.load("pupils").frame
SCHOOL = datasets.load("school").frame
LONDON = datasets.load("london_nurses").frame
PEOPLE = datasets.load("ghq_panel").frame.query("pid < 300")

FITS = {
    "intercepts": (lmm("Reaction ~ Days + (1 | Subject)", SLEEP), "Subject"),
    "slopes": (lmm("Reaction ~ Days + (1 + Days | Subject)", SLEEP), "Subject"),
    "uncorrelated": (lmm("Reaction ~ Days + (1 + Days || Subject)", SLEEP, reml=False), "Subject"),
    "nested": (lmm("stress ~ age + expcon + (1 | hospital/ward)", NURSES), "hospital"),
    "inner": (lmm("stress ~ age + expcon + (1 | hospital/ward)", NURSES), "ward:hospital"),
    "crossed": (lmm("achiev ~ pupsex + (1 | pschool) + (1 | sschool)", PUPILS), "sschool"),
}


def by_hand(fit, group):
    """Coefficients without each group from V = I + Z Lambda Lambda'Z' in full, theta held."""
    X, y, V = fit.design.X, fit.design.y, np.eye(fit.n)
    for name, e in fit.effects.items():
        Z, codes = fit.design.Z(name), e.grouping.codes
        Psi = e.covariance / fit.sigma**2
        V += (codes[:, None] == codes) * (Z @ Psi @ Z.T)
    codes = fit.design.groupings[group].codes
    found = []
    for j in range(codes.max() + 1):
        rows = codes != j
        A = np.linalg.solve(V[np.ix_(rows, rows)], np.column_stack([X, y])[rows])
        found.append(np.linalg.solve(X[rows].T @ A[:, :-1], X[rows].T @ A[:, -1]))
    return np.array(found)


@pytest.mark.parametrize("case", FITS)
def test_deletion_is_least_squares_without_the_group(case):
    fit, group = FITS[case]
    found = influence(fit, group)
    change = by_hand(fit, group) - fit.beta
    # rounding, relative to a coefficient's standard error
    assert_allclose(found.shifts, change / fit.coefficients["se"].to_numpy(), atol=1e-8)
    cook = np.einsum("ja,ab,jb->j", change, np.linalg.inv(fit.covariance), change) / len(fit.beta)
    assert_allclose(found.table["cook"], cook, rtol=1e-6, atol=1e-12)
    assert found.exact
    assert "held" in found.held


def test_without_random_effects_it_is_the_fit_to_the_other_rows():
    fit = ols("gcse ~ lrt + girl", SCHOOL, cluster="school")
    found = influence(fit, "school")
    for school in (1, 48, 65):
        other = ols("gcse ~ lrt + girl", SCHOOL[SCHOOL["school"] != school])
        assert_allclose(found.changes.loc[school], other.beta - fit.beta, atol=1e-10)
    assert found.held == ""


def test_leverage_is_the_sum_of_those_of_rows():
    fit = ols("gcse ~ lrt + girl", SCHOOL, cluster="school")
    X = fit.design.X
    rows = np.einsum("ia,ab,ib->i", X, np.linalg.inv(X.T @ X), X)
    expected = np.bincount(fit.design.groupings["school"].codes, rows)
    assert_allclose(influence(fit, "school").table["leverage"], expected, atol=1e-10)
    mixed, group = FITS["slopes"]
    assert_allclose(influence(mixed, group).table["leverage"].sum(), 2.0)


def test_rows_can_be_grouped_by_what_the_fit_does_not_know():
    fit = ols("gcse ~ lrt", SCHOOL)
    with pytest.raises(DataError, match="knows no groups called school"):
        influence(fit, "school")
    found = influence(fit, rows_by(fit, SCHOOL, "school"))
    other = influence(ols("gcse ~ lrt", SCHOOL, cluster="school"), "school")
    assert_allclose(found.changes, other.changes)


@pytest.mark.parametrize("estimator", ["pooled", "within", "between", "first_difference"])
def test_a_panel_is_the_fit_to_the_other_entities(estimator):
    asked = {"entity": "pid", "time": "year", "estimator": estimator}
    fit = panel("ghq ~ lninc + convot", PEOPLE, **asked)
    found = influence(fit, "pid")
    for pid in list(PEOPLE["pid"].unique()[:3]):
        other = panel("ghq ~ lninc + convot", PEOPLE[PEOPLE["pid"] != pid], **asked)
        assert_allclose(
            found.changes.loc[pid].iloc[1:], (other.beta - fit.beta)[1:], rtol=1e-6, atol=1e-9
        )


def test_residuals_with_memory_are_whitened_first():
    fit = growth("Reaction ~ Days + (1 | Subject)", SLEEP, time="Days")
    found = influence(fit, "Subject")
    X, y, codes = fit.design.X, fit.design.y, fit.design.groupings["Subject"].codes
    days = SLEEP["Days"].to_numpy()
    near = fit.phi ** np.abs(days[:, None] - days)
    V = (codes[:, None] == codes) * (
        near + fit.variance_components["variance"].iloc[0] / fit.sigma**2
    )
    rows = codes != 4
    A = np.linalg.solve(V[np.ix_(rows, rows)], np.column_stack([X, y])[rows])
    b = np.linalg.solve(X[rows].T @ A[:, :-1], X[rows].T @ A[:, -1])
    assert_allclose(found.changes.iloc[4], b - fit.beta, atol=1e-7)


GENERALISED = {
    "glm": (glm, {"cluster": "hospital"}, "leave ~ age + male"),
    "glmm": (glmm, {}, "leave ~ age + male + (1 | hospital)"),
    "gee": (gee, {"group": "hospital", "family": "binomial"}, "leave ~ age + male"),
}


@pytest.mark.parametrize("kind", GENERALISED)
def test_one_step_goes_most_of_the_way_of_a_generalised_model(kind):
    call, asked, formula = GENERALISED[kind]
    fit = call(formula, LONDON, **asked)
    found = influence(fit, "hospital")
    assert not found.exact
    se = fit.coefficients["se"].to_numpy()
    for hospital in found.largest(3):
        other = call(formula, LONDON[LONDON["hospital"] != hospital], **asked)
        # variances move too, and the curve bends: to an eighth of a standard error
        assert_allclose(found.shifts.loc[hospital], (other.beta - fit.beta) / se, atol=0.125)


def test_the_most_influential_are_fitted_again():
    fit, group = FITS["slopes"]
    found = influence(fit, group)
    again = refitted(fit, found, SLEEP, lambda rows: lmm(fit.formula, rows))
    assert list(again["group"].unique()) == list(found.largest())
    first = found.largest()[0]
    other = lmm(fit.formula, SLEEP[SLEEP["Subject"] != first])
    assert_allclose(again["found"].iloc[:2], other.beta - fit.beta)
    assert_allclose(again["change"].iloc[:2], found.changes.loc[first])
    assert (again["problem"] == "").all()


def test_a_fit_that_cannot_be_made_says_why():
    fit, group = FITS["slopes"]

    def again(rows):
        return lmm("Reaction ~ nothing + (1 | Subject)", rows)

    table = refitted(fit, influence(fit, group), SLEEP, again, most=1)
    assert table["problem"].str.contains("no column nothing").all()
    assert table["found"].isna().all()


def test_a_group_without_which_a_coefficient_has_no_data():
    frame = SCHOOL.assign(only=(SCHOOL["school"] == 7) * (SCHOOL["student"] % 2))
    found = influence(lmm("gcse ~ lrt + only + (1 | school)", frame), "school")
    assert list(found.table.index[found.table["cook"].isna()]) == [7]
    assert 7 not in found.largest()


def test_relabelling_and_moving_the_origin_change_nothing():
    fit, group = FITS["slopes"]
    moved = SLEEP.assign(Days=SLEEP["Days"] + 1000.0, Subject=SLEEP["Subject"].map(str))
    other = influence(lmm(fit.formula, moved), group)
    # the slope's row; a fit far from the origin keeps six digits of its variances
    assert_allclose(other.shifts["Days"], influence(fit, group).shifts["Days"], atol=1e-4)


def test_what_cannot_be_left_out_says_so():
    with pytest.raises(UnsupportedError, match="thresholds"):
        influence(ordinal("stress ~ age + (1 | hospital)", NURSES), "hospital")
    ways = {"entity": "pid", "time": "year", "estimator": "within", "effects": "twoways"}
    with pytest.raises(UnsupportedError, match="every row bears on all others"):
        influence(panel("ghq ~ lninc", PEOPLE, **ways), "pid")
