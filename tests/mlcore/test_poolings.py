"""Complete, no and partial pooling of countries, from their moments."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import datasets
from mlcore import (
    DataError,
    lmm,
    moment_lines,
    moment_table,
    moments,
    ols,
    poolings,
    separate_lines,
)
from ui import countries

SCHOOL = datasets.load("school").frame
TABLE = moment_table(SCHOOL, group="school", variables=["gcse", "lrt"])
MOMENTS = moments(TABLE, group="school", variables=["gcse", "lrt"])


def test_moments_of_schools_give_what_rows_give():
    found = poolings(MOMENTS, "gcse")
    fit, all_rows = lmm("gcse ~ 1 + (1 | school)", SCHOOL), ols("gcse ~ 1", SCHOOL)
    assert_allclose([found.mean, found.se], all_rows.coefficients.iloc[0, :2].astype(float))
    ranef = fit.ranef["school"]
    assert_allclose(found.table["partial"], fit.beta[0] + ranef["(Intercept)"], rtol=1e-5)
    assert_allclose(found.table["partial_se"], ranef["se_(Intercept)"], rtol=1e-5)
    own = ols("gcse ~ 1", SCHOOL[SCHOOL["school"] == 48]).coefficients.iloc[0]
    mine = found.table.loc[48, ["none", "none_se", "none_lower", "none_upper"]]
    assert_allclose(mine.astype(float), own[["estimate", "se", "lower", "upper"]].astype(float))


def test_partial_pooling_is_the_weighted_mean_of_the_two_others():
    found = poolings(MOMENTS, "gcse")
    table, centre = found.table, found.fit.beta[0]
    weighted = table["lambda"] * table["none"] + (1 - table["lambda"]) * centre
    assert_allclose(table["partial"], weighted, rtol=1e-8)


def test_new_zealand_is_less_certain_for_two_reasons():
    """901 people who differ much against 3,085 who differ less."""
    found = poolings(countries.everyone(), "poleff")
    assert len(found.table) == 36
    why = found.apart("New Zealand", "South Africa")
    assert_allclose(why["width"], why["size"] * why["spread"])
    assert_allclose(why["size"], np.sqrt(3085 / 901))
    assert why["spread"] > 1.3
    # one residual SD for all: only the size is left of the reasons, a little less of it
    assert_allclose(why["partial"], why["size"], rtol=0.01)


def test_lines_of_groups_from_moments_are_those_from_rows():
    mine, theirs = (
        moment_lines(MOMENTS, "gcse", "lrt"),
        separate_lines("gcse ~ lrt", SCHOOL, "school"),
    )
    assert_allclose(mine[["intercept", "slope", "n"]], theirs, rtol=1e-9)
    one = ols("gcse ~ lrt", SCHOOL[SCHOOL["school"] == 12]).coefficients.loc["lrt"]
    assert_allclose(mine.loc[12, "se"], one["se"])


def test_lines_of_countries():
    lines = moment_lines(countries.complete(), "poleff", "educ")
    assert len(lines) == 35
    assert lines.notna().all(axis=None)


def test_an_unknown_country_is_said():
    with pytest.raises(DataError, match="no group Atlantis"):
        poolings(countries.everyone(), "poleff").apart("Atlantis", "India")
