"""The reference fits, their data with derived columns, and our fits of them, each made once."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlcore import Fit, LinearFit, lmm, ols

REFERENCE = Path(__file__).parents[1] / "reference"
STORED = json.loads((REFERENCE / "cases.json").read_text(encoding="utf-8"))
TOLERANCE = STORED["meta"]["conventions"]["tolerances"]
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in STORED["cases"]}

OLS_FAMILIES = {"ols", "ols_cluster_robust"}
LMM_FAMILIES = {
    "lmm_null",
    "lmm_random_intercept",
    "lmm_random_slope",
    "lmm_two_slopes",
    "lmm_singular_or_hard",
    "crosslevel",
    "rewb",
}
SEVERAL_FAMILIES = {"lmm_3level", "lmm_crossed"}
# Growth curves with one grouping factor and independent residuals are in another family.
GROWTH = {"sleep_ri_ml", "sleep_rs_ml", "sleep_rs_uncorr_ml", "sleep_quad_reml", "ortho_ri_reml"}


def ids(families: set[str]) -> list[str]:
    return [name for name, case in CASES.items() if case["family"] in families]


OLS_CASES = ids(OLS_FAMILIES)
LMM_CASES = [*ids(LMM_FAMILIES), *sorted(GROWTH)]
SEVERAL_CASES = ids(SEVERAL_FAMILIES)


@cache
def frame(dataset: str) -> pd.DataFrame:
    """The data of a case, with the columns that its formula derives from them."""
    data = pd.read_csv(REFERENCE / "data" / f"{dataset}.csv")
    if dataset == "gcse":
        add_mean_and_deviation(data, "lrt", "school", "lrt_mean", "lrt_dev")
        data["hi_gcse"] = data["gcse"] >= 10
    if dataset == "hsb":
        data["cses"] = data["ses"] - data["meanses"]
        add_mean_and_deviation(data, "ses", "schid", "meanses_true", "cses_true")
    if dataset == "popular2":
        data["ext_exp"] = data["extrav"] * data["texp"]
        data["pop2"] = (data["popular"] > 5).astype(int)
        data["pop3"] = 1 + (data["popular"] > 5) + (data["popular"] > 7)
        data["pop7"] = sum((data["popular"] > cut).astype(int) for cut in (5, 6, 6.5, 7, 7.5, 8))
    if dataset == "cbpp":
        data["period"] = data["period"].astype(str)
    if dataset == "orthodont":
        data["male"] = (data["Sex"] == "Male").astype(int)
        data["age11"] = data["age"] - 11
    if dataset == "pupcross":
        data["sschool2"] = data["pschool"] * 100 + data["sschool"]
    if dataset == "grunfeld":
        add_mean_and_deviation(data, "value", "firm", "v_m", "v_d")
        add_mean_and_deviation(data, "capital", "firm", "c_m", "c_d")
    return data


def add_mean_and_deviation(
    data: pd.DataFrame, column: str, group: str, mean: str, deviation: str
) -> None:
    data[mean] = data.groupby(group)[column].transform("mean")
    data[deviation] = data[column] - data[mean]


@cache
def mixed(name: str) -> Fit:
    case = CASES[name]
    return lmm(case["formula"], frame(case["dataset"]), reml=case["estimator"] == "REML")


@cache
def linear(name: str) -> LinearFit:
    """Our fit of a least-squares case; HC1 is CR1 with every row a cluster of its own."""
    case = CASES[name]
    data = frame(case["dataset"])
    if case["family"] == "ols":
        return ols(case["formula"], data)
    if "HC1" in case["estimator"]:
        return ols(case["formula"], data.assign(row=range(len(data))), cluster="row")
    wanted = next(c for c in ("CR0", "CR1S", "CR1", "CR2") if c in case["estimator"])
    return ols(case["formula"], data, cluster=case["cluster"], correction=wanted.rstrip("S"))


def expected(case: dict[str, Any], key: str) -> np.ndarray:
    """One number of every coefficient, in the order of the case."""
    return np.array([c[key] for c in case["coefficients"].values()])


def agrees_in_likelihood(fit: Fit, case: dict[str, Any], tolerance: float) -> None:
    """Assert that the likelihood, what follows from it, and the counts are those of a case."""
    assert fit.loglik == pytest.approx(case["logLik"], abs=tolerance)
    assert fit.deviance == pytest.approx(case["criterion_minus2ll"], abs=2 * tolerance)
    assert fit.aic == pytest.approx(case["AIC"], abs=2 * tolerance)
    assert fit.bic == pytest.approx(case["BIC"], abs=2 * tolerance)
    assert fit.df_model == case["npar"]
    assert fit.n == case["n"]
    assert fit.n_groups == case["groups"]
