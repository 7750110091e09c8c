"""Wald intervals of all parameters against the stored ones in Stata's style."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlcore import DataError, lmm, parameters, wald_intervals
from mlcore.inference.differences import hessian, step_sizes
from tests.mlcore.oracle import CASES, frame, ids, mixed

DIFFERENCES = 1e-5  # five digits of second differences


@pytest.mark.parametrize("name", ids({"profile_ci"}))
def test_against_the_stored_ones(name: str) -> None:
    case = CASES[name]
    fit = lmm(case["formula"], frame(case["dataset"]), reml=False)
    stored, table = case["wald_ci_stata_style"], wald_intervals(fit)
    assert list(table.index) == list(parameters(fit).index)
    ours = table.loc[list(stored)]
    assert_allclose(ours["se"], [s["se_natural"] for s in stored.values()], rtol=DIFFERENCES)
    assert_allclose(
        ours[["lower", "upper"]], [s["ci95"] for s in stored.values()], rtol=DIFFERENCES
    )
    fixed = fit.coefficients[["estimate", "se", "lower", "upper"]]
    assert_allclose(table.iloc[: len(fixed)], fixed)


def test_reml_has_its_own() -> None:
    """Balanced: sigma^2 is a chi-square with 18 (10 - 2) df, so that log sigma has 1 / (2 df)."""
    fit = lmm("Reaction ~ Days + (Days | Subject)", frame("sleepstudy"))
    row = wald_intervals(fit).loc["sigma"]
    assert row["se"] == pytest.approx(fit.sigma / np.sqrt(2 * 18 * 8), rel=DIFFERENCES)


def test_on_the_boundary_there_are_none() -> None:
    fit = mixed("gcse_rs2_singular_reml")
    table = wald_intervals(fit)
    p = len(fit.beta)
    assert table.iloc[:p].notna().all().all()
    assert table[["se", "lower", "upper"]].iloc[p:].isna().all().all()


def test_second_differences() -> None:
    """Of x^4 + x y + exp(y), on two scales."""

    def function(at: np.ndarray) -> float:
        x, y = at[0] * 1e3, at[1]
        return float(1e2 * (x**4 + x * y + np.exp(y)))

    at = np.array([2e-3, 0.5])
    expected = 1e2 * np.array([[12 * 4e6, 1e3], [1e3, np.exp(0.5)]])
    found = hessian(function, at, step_sizes(function, at))
    assert_allclose(found, expected, rtol=1e-4)


def test_refusal() -> None:
    with pytest.raises(DataError, match="level is between 0 and 1"):
        wald_intervals(mixed("sleep_rs_ml"), 95)
