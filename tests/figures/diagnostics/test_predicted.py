"""Predictions as a line in its band, as marks for categories, with the average of groups."""

import numpy as np
import pytest

from datasets import load
from figures.diagnostics import predicted
from mlcore import glmm, lmm
from mlcore.inference.predictions import predictions

school = load("school").frame
MODEL = "gcse ~ lrt + C(schgend) + (1 | school)"


@pytest.fixture(scope="module")
def fit():
    return lmm(MODEL, school)


def test_a_measurement_has_a_line_in_a_band(fit):
    found = predictions(fit, school, "lrt")
    band, line = predicted.picture(found).data
    np.testing.assert_array_equal(line.y, found.table["fixed"])
    assert band.fill == "toself"
    assert "schgend" in predicted.alt(found)


def test_codes_have_a_mark_each(fit):
    found = predictions(fit, school, "schgend")
    (marks,) = predicted.picture(found).data
    assert list(marks.x) == ["1", "2", "3"]
    np.testing.assert_allclose(
        marks.error_y.array, found.table["upper"] - found.table["fixed"], rtol=1e-15
    )


def test_a_curve_has_the_average_of_groups_beside_it():
    fit = glmm("girl ~ lrt + (1 | school)", school)
    found = predictions(fit, school, "lrt")
    *_, average = predicted.picture(found).data
    np.testing.assert_array_equal(average.y, found.table["average"])
    assert len(predicted.table(found)) == len(found.table)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_schemes_draw(fit, scheme):
    assert predicted.picture(predictions(fit, school, "lrt"), scheme).data
