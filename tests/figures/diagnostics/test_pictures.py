"""Pictures of diagnostics: what they draw is what was worked out, and their words say the same."""

import re

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import datasets
from figures import style
from figures.diagnostics import calibrations, effects, fitted, influences, lines, quantile, spread
from mlcore import caterpillar, glmm, lmm
from mlcore.inference.calibration import calibration
from mlcore.inference.group_lines import group_lines
from mlcore.inference.influence import influence
from mlcore.inference.quantiles import effect_quantiles, residual_quantiles
from mlcore.inference.residuals import Residuals, row_residuals
from mlcore.inference.spreads import spreads

SCHOOL = datasets.load("school").frame
SLEEP = datasets.load("sleepstudy").frame
LONDON = datasets.load("london_nurses").frame
FIT = lmm("gcse ~ lrt + (1 + lrt | school)", SCHOOL)
DAYS = lmm("Reaction ~ Days + (1 + Days | Subject)", SLEEP)
LOGIT = glmm("leave ~ age + (1 | hospital)", LONDON)
PEOPLE = datasets.load("ghq_panel").frame.query("pid < 3000")
PANEL = lmm("ghq ~ lninc + (1 | pid)", PEOPLE)

RESULTS = {
    "rows": (fitted, row_residuals(DAYS), {}),
    "many rows": (fitted, row_residuals(FIT), {}),
    "residuals": (quantile, residual_quantiles(LOGIT), {}),
    "effects": (quantile, effect_quantiles(FIT, "school", "lrt"), {}),
    "spread": (spread, spreads(FIT, "school"), {}),
    "caterpillar": (effects, caterpillar(FIT), {"group": "school"}),
    "many groups": (effects, caterpillar(PANEL), {"group": "pid"}),
    "lines": (lines, group_lines(FIT, SCHOOL, "lrt", "school", focus=53), {}),
    "curves": (lines, group_lines(LOGIT, LONDON, "age", "hospital"), {}),
    "influence": (influences, influence(FIT, "school"), {}),
    "one size": (influences, influence(DAYS, "Subject"), {}),
    "calibration": (calibrations, calibration(LOGIT), {}),
}
KNOWN = {
    colour.lower()
    for meaning in (*style.COLOURS.values(), style.PAPER, style.INK, style.MUTED, style.RULE)
    for colour in (meaning.light, meaning.dark)
}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_have_the_houses_colours_only(name, scheme):
    module, result, more = RESULTS[name]
    figure = module.picture(result, scheme, **more)
    figure.update_layout(template=None)
    used = {colour.lower() for colour in re.findall(r"#[0-9A-Fa-f]{6}", figure.to_json())}
    assert used <= KNOWN
    other = style.PAPER.light if scheme == "dark" else style.PAPER.dark
    assert other.lower() not in used


@pytest.mark.parametrize("name", RESULTS)
def test_pictures_are_small_enough_to_send(name):
    module, result, more = RESULTS[name]
    assert len(module.picture(result, **more).to_json()) < 400_000  # characters, before gzip


@pytest.mark.parametrize("name", RESULTS)
def test_words_and_tables_go_with_each_picture(name):
    module, result, more = RESULTS[name]
    asked = {} if module is lines else more
    said = module.alt(result, **asked)
    assert said.endswith(".")
    assert "nan" not in said
    assert len(module.table(result, **asked)) > 0


def drawn(figure, symbol):
    """The traces whose marks have this shape."""
    return [trace for trace in figure.data if trace.marker.symbol == symbol]


def test_each_row_is_drawn_and_of_thousands_all_are_counted():
    (few,) = drawn(fitted.picture(row_residuals(DAYS)), "circle-open")
    assert_allclose(few.y, DAYS.residuals())
    assert fitted.table(row_residuals(FIT))["rows"].sum() == 4059


def test_a_curve_is_called_one():
    x = np.linspace(-1, 1, 900)
    noise = np.random.default_rng(1).normal(size=900) * 0.3

    def said(y):
        rows = np.arange(900)
        return fitted.alt(Residuals(pd.Index(rows), x, y, "residuals", "y", rows))

    assert "something is curved" in said(x**2 - 1 / 3 + noise)
    assert said(0.3 * x + noise).endswith("no curve.")


def test_quantiles_lie_where_they_were_worked_out():
    result = effect_quantiles(FIT, "school")
    (marks,) = drawn(quantile.picture(result), "diamond")
    assert_allclose(marks.y, result.observed)
    assert_allclose(marks.x, result.expected)


def test_a_caterpillar_has_an_interval_for_each_group_or_a_band():
    table = caterpillar(FIT)
    bars = effects.picture(table, group="school").data[0]
    assert_allclose(np.reshape(bars.y, (-1, 3))[:, 1], table["upper"])
    compare = effects.picture(table, group="school", which="compare").data[0]
    assert_allclose(np.reshape(compare.y, (-1, 3))[:, 0], table["compare_lower"])
    assert effects.picture(caterpillar(PANEL), group="pid").data[0].fill == "toself"
    said = effects.alt(table, group="school")
    assert f"{table['excludes'].sum()} of their intervals leave out 0, the mean." in said


def test_the_group_in_focus_is_named():
    def words(figure):
        return [label.text for label in figure.layout.annotations]

    assert "48" in words(effects.picture(caterpillar(FIT), group="school", focus=48))
    result = group_lines(FIT, SCHOOL, "lrt", "school", focus=53)
    figure = lines.picture(result, focus=53)
    assert "school 53" in words(figure)
    rows = next(trace for trace in figure.data if trace.marker.symbol == "circle-open")
    assert len(rows.x) == (SCHOOL["school"] == 53).sum()
    assert "school 53, with 70 rows" in lines.alt(result, focus=53)


def test_influence_names_the_largest():
    result = influence(FIT, "school")
    texts = [label.text for label in influences.picture(result).layout.annotations]
    assert texts[:3] == [str(name) for name in result.largest()]
    assert influences.table(result)["school"].iloc[0] == result.largest()[0]
    assert "held at their estimates" in influences.alt(result)


def test_one_step_is_called_one():
    assert "the estimates take one step" in influences.alt(influence(LOGIT, "hospital"))


def test_calibration_is_drawn_on_one_scale():
    figure = calibrations.picture(calibration(LOGIT))
    assert figure.layout.xaxis.tickformat == figure.layout.yaxis.tickformat == ".0%"
