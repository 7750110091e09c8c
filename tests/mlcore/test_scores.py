"""Scores from residuals against R, and correlations of people and places against Robinson."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from mlcore import DataError, UnsupportedError, correlations, effect_scores, lmm, shrinkage
from tests.mlcore.oracle import CASES, TOLERANCE, frame, mixed

STORED = CASES["esres_gcse_school"]
ROBINSON = CASES["robinson_race"]["results"]


def scores(which: str) -> pd.DataFrame:
    fixed = {"ESRES_null": "1", "ESRES_controls": "lrt + girl"}[which]
    return effect_scores(lmm(f"gcse ~ {fixed} + (1 | school)", frame("gcse")))


@pytest.mark.parametrize("which", ["ESRES_null", "ESRES_controls"])
@pytest.mark.case("esres_gcse_school")
def test_against_r(which: str) -> None:
    table = scores(which)
    assert [str(level) for level in table.index] == STORED["levels"]
    assert table["n"].tolist() == STORED["n_j"]
    assert_allclose(table["eps"], STORED["EPS_group_mean"], rtol=TOLERANCE["ols"])
    # scores near 0 have no relative precision: they are held to that of their spread
    assert_allclose(table["esres"], STORED[which], atol=TOLERANCE["lmm_variance"])


@pytest.mark.case("esres_gcse_school")
def test_their_correlations() -> None:
    null, controls = scores("ESRES_null"), scores("ESRES_controls")
    found = {
        "EPS_ESRESnull": null["eps"].corr(null["esres"]),
        "EPS_ESREScontrols": null["eps"].corr(controls["esres"]),
        "ESRESnull_ESREScontrols": null["esres"].corr(controls["esres"]),
    }
    assert found == pytest.approx(STORED["correlations"], rel=1e-6)


def test_the_reference_moves_all_alike() -> None:
    fit = mixed("gcse_ri_full_reml")
    origin, mean = (effect_scores(fit, reference=r)["esres"] for r in ("intercept", "mean"))
    shift = fit.design.X.mean(axis=0)[1:] @ fit.beta[1:]
    assert_allclose(mean - origin, shift)


def test_scores_are_pooled_means() -> None:
    fit = mixed("gcse_null_reml")
    table = effect_scores(fit)
    weight = shrinkage(fit)["lambda"]
    assert_allclose(table["esres"], fit.beta[0] + weight * (table["eps"] - fit.beta[0]))


def test_refusals_of_scores() -> None:
    fit = mixed("gcse_ri_full_reml")
    with pytest.raises(DataError, match="one of intercept, mean, not 'median'"):
        effect_scores(fit, reference="median")
    with pytest.raises(UnsupportedError, match=r"add \(1 \| class\)"):
        effect_scores(fit, "class")
    with pytest.raises(DataError, match="no intercept to refer to"):
        effect_scores(lmm("gcse ~ 0 + lrt + (1 | school)", frame("gcse")))


def people() -> pd.DataFrame:
    """Robinson's table: by state, descent and literacy, how many."""
    states = frame("illiteracy30")
    parts = []
    for black, columns in enumerate([["nwhite", "fpwhite", "fbwhite"], ["black"]]):
        all_, not_able = (states[[f"{c}{end}" for c in columns]].sum(axis=1) for end in ("", "_il"))
        for illiterate, n in ((0, all_ - not_able), (1, not_able)):
            part = states[["state", "division"]].assign(black=black, illiterate=illiterate, n=n)
            parts.append(part)
    return pd.concat(parts)


@pytest.mark.case("robinson_race")
def test_robinson() -> None:
    found = correlations("black", "illiterate", "division", people(), count="n")
    assert found.total == pytest.approx(ROBINSON["individual_phi_black_illiterate"], rel=1e-12)
    assert found.between == pytest.approx(ROBINSON["division_r_weighted_whiteblack"], rel=1e-12)
    assert found.between_unweighted == pytest.approx(
        ROBINSON["division_r_unweighted_whiteblack"], rel=1e-12
    )
    assert found.within < found.total < found.between


@pytest.mark.case("robinson_race")
def test_the_lectures_table_of_the_south() -> None:
    """Of everybody, all descents: 24.7 % black and 8.3 % illiterate in the South, else 3.0, 2.7."""
    states = frame("illiteracy30")
    south = ["South Atlantic", "East South Central", "West South Central"]
    where = np.where(states["division"].isin(south), "south", "nonsouth")
    sums = states.groupby(where)[["pop", "black", "pop_il"]].sum()
    for region, row in sums.iterrows():
        black, illiterate = (100 * row[column] / row["pop"] for column in ("black", "pop_il"))
        assert black == pytest.approx(ROBINSON[f"{region}_pct_black"], rel=1e-12)
        assert illiterate == pytest.approx(ROBINSON[f"{region}_pct_illiterate"], rel=1e-12)


def test_pupils_and_schools() -> None:
    """The lecture: .59 for pupils, .69 for the schools' means, each counted once."""
    found = correlations("lrt", "gcse", "school", frame("gcse"))
    assert round(found.total, 2) == 0.59
    assert round(found.between_unweighted, 2) == 0.69
    assert found.within < found.total < found.between


def test_counting_people_is_repeating_rows() -> None:
    rng = np.random.default_rng(2)
    data = pd.DataFrame({"x": rng.standard_normal(30), "y": rng.standard_normal(30),
                         "g": np.repeat(range(6), 5), "n": rng.integers(1, 4, 30)})  # fmt: skip
    repeated = data.loc[data.index.repeat(data["n"])]
    counted, rows = (
        correlations("x", "y", "g", data, count="n"),
        correlations("x", "y", "g", repeated),
    )
    assert_allclose(list(vars(counted).values()), list(vars(rows).values()))


def test_refusals_of_correlations() -> None:
    with pytest.raises(DataError, match="no column ses in the data"):
        correlations("ses", "gcse", "school", frame("gcse"))
    with pytest.raises(DataError, match="fewer than two levels"):
        correlations("lrt", "gcse", "school", frame("gcse").query("school == 1"))
    data = frame("gcse").assign(one=1.0)
    assert np.isnan(correlations("one", "gcse", "school", data).total)
