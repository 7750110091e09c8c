"""What is wrong with a request is said before anything is computed, with what to do."""

import numpy as np
import pandas as pd
import pytest

from mlcore import (
    DataError,
    FormulaError,
    MultilevelError,
    UnsupportedError,
    lmm,
    ols,
    pooling_weight,
    refit,
    separate_lines,
    shrinkage,
    simulate,
)
from tests.mlcore.oracle import frame

RNG = np.random.default_rng(1)
DATA = pd.DataFrame(
    {
        "y": RNG.normal(size=40),
        "x": RNG.normal(size=40),
        "z": RNG.normal(size=40),
        "g": np.repeat(range(8), 5),
        "h": np.tile(range(5), 8),
        "pair": np.repeat([0, 1], 20),
        "word": np.tile(["a", "b"], 20),
        "row": range(40),
        "one": 1,
        "flat": 3.5,
        "empty": np.nan,
    }
)
DATA["twice"] = 2 * DATA["x"] + 1
DATA["both"] = DATA["x"] - DATA["z"]
DATA["steep"] = DATA["x"].where(DATA.index != 3, np.inf)
DATA["holes"] = DATA["x"].where(DATA.index % 2 == 0)
DATA["gaps"] = DATA["x"].where(DATA.index % 2 == 1)
DATA["by_group"] = DATA["g"] * 1.5
DATA["same"] = 10 - DATA["g"]
DATA["sum"] = DATA["g"] ** 2 + DATA["h"] ** 1.5 + 3 * DATA["z"]
DATA["many"] = [f"level {k}" for k in range(40)]

LMM = {
    "y ~ lx + (1 | g)": "no column lx in the data: did you mean x?",
    "y ~ qqq + (1 | g)": "no column qqq in the data: there are y, x, z",
    "yy ~ x + (1 | g)": "no column yy in the data: did you mean y?",
    "y ~ x + (1 | gg)": "no column gg in the data: did you mean g",
    "word ~ x + (1 | g)": "word holds .* values where numbers are needed",
    "flat ~ x + (1 | g)": "the response flat is 3.5 in every row: there is nothing to explain",
    "empty ~ x + (1 | g)": "every value of empty is missing: leave it out",
    "y ~ empty + (1 | g)": "every value of empty is missing",
    "y ~ holes + gaps + (1 | g)": "no row has a value in all of y, holes, gaps, g",
    "y ~ steep + (1 | g)": "steep is infinite in 1 rows: correct or remove",
    "y ~ log(z) + (1 | g)": r"log\(z\) is not a finite number in \d+ of 40 rows \(first: row \d+\)",
    "y ~ I(x / 0) + (1 | g)": "is not a finite number in 40 of 40 rows",
    "y ~ I(log(word)) + (1 | g)": "word holds .* where numbers are needed",
    "y ~ I(poly(x, 2)) + (1 | g)": "makes several columns: use it as a term of its own",
    "y ~ flat + (1 | g)": "flat has the same value in every row: leave it out",
    "y ~ 0 + one + flat + (1 | g)": "collinear predictors: flat can be computed from one;",
    "y ~ x + twice + (1 | g)": r"collinear predictors: twice can be computed from .*x;",
    "y ~ x + z + both + (1 | g)": "collinear predictors: both can be computed from x, z;",
    "y ~ poly(pair, 2) + (1 | g)": "needs more than 2 distinct values",
    "y ~ C(one) + (1 | g)": r"C\(one\) has one level only: leave it out",
    "y ~ many + (1 | g)": "40 rows cannot determine 40 coefficients",
    "y ~ x": "no random effects in 'y ~ x': add a term such as",
    "y ~ x + (1 | one)": "one has one level only: a random term needs several groups",
    "y ~ x + (1 | row)": "every row is a group of its own in row",
    "y ~ x + (1 + x + z | pair)": "pair has 2 groups, too few for 3 random effects",
    "y ~ x + (C(h) | g)": "8 groups with 5 random effects each are 40 effects for 40 rows",
    "y ~ x + (1 | g) + (1 | g)": r"\(Intercept\) varies over g in two random terms",
    "y ~ z + (1 + x + twice | g)": "collinear random effects: twice can be computed from .*x",
    "y ~ z + (1 | g) + (1 | same)": "g and same put the rows in the same groups: keep one",
    "y ~ z + (1 | g) + (1 | row)": "every row is a group of its own in row",
    "sum ~ z + (1 | g) + (1 | h)": "reproduces the response exactly",
    "twice ~ x + (1 | g)": "reproduces the response exactly",
    "by_group ~ x + (1 | g)": "reproduces the response exactly",
}  # fmt: skip


@pytest.mark.parametrize("formula", LMM)
def test_lmm_says_what_to_do(formula: str) -> None:
    with pytest.raises(MultilevelError, match=LMM[formula]):
        lmm(formula, DATA)


def test_too_many_levels_for_a_predictor() -> None:
    big = pd.DataFrame({"y": RNG.normal(size=3000), "id": [f"p{k // 2}" for k in range(3000)]})
    with pytest.raises(DataError, match=r"id has 1500 levels.* \(1 \| id\)\?"):
        ols("y ~ id", big)


def test_errors_about_the_formula_point_into_it() -> None:
    with pytest.raises(FormulaError) as caught:
        lmm("y ~ x + (1 | one)", DATA)
    assert caught.value.position == 8
    with pytest.raises(FormulaError) as caught:
        lmm("y ~ x + lrrt + (1 | g)", DATA)
    assert str(caught.value).endswith("\n  y ~ x + lrrt + (1 | g)\n          ^")


def test_no_rows() -> None:
    with pytest.raises(DataError, match="the data have no rows"):
        lmm("y ~ x + (1 | g)", DATA.iloc[:0])


def test_two_columns_of_one_name() -> None:
    with pytest.raises(DataError, match="several columns called x: rename them"):
        ols("y ~ x", pd.concat([DATA, DATA[["x"]]], axis=1))


OLS = [
    ({"formula": "y ~ x + (1 | g)"}, UnsupportedError, r"ols has no random effects.* with lmm"),
    ({"formula": "y ~ x", "cluster": "gruop"}, DataError, "no column gruop to cluster by"),
    ({"formula": "y ~ x", "cluster": "g", "correction": "CR3"}, DataError, "one of CR0, CR1, CR2"),
    ({"formula": "y ~ x", "cluster": "one"}, DataError, "one has one level only"),
]


@pytest.mark.parametrize(("asked", "error", "words"), OLS)
def test_ols_says_what_to_do(asked: dict[str, str], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        ols(**asked, data=DATA)


def test_least_squares_without_residuals_is_refused() -> None:
    with pytest.raises(DataError, match="'twice ~ x' reproduces the response exactly"):
        ols("twice ~ x", DATA)


def test_a_model_without_slopes_has_no_f() -> None:
    with pytest.raises(DataError, match="has no slopes to test"):
        _ = ols("y ~ 1", DATA).f_test


def test_residuals_know_two_levels() -> None:
    with pytest.raises(DataError, match="'conditional' or 'marginal', not 'school'"):
        ols("y ~ x", DATA).residuals("school")


def test_pooling_refuses_what_is_not_a_random_intercept() -> None:
    for fit in (
        ols("gcse ~ lrt", frame("gcse")),
        lmm("gcse ~ lrt + (lrt | school)", frame("gcse")),
    ):
        with pytest.raises(UnsupportedError, match="one random intercept"):
            shrinkage(fit)
    with pytest.raises(UnsupportedError, match="one predictor"):
        separate_lines("y ~ x + z", DATA, "g")
    with pytest.raises(DataError, match="sigma above 0"):
        pooling_weight(3, 1, 0)


SIMULATE = [
    ({}, "needs beta"),
    ({"beta": [1, 2]}, "needs sigma"),
    ({"beta": [1, 2, 3], "sigma": 1, "tau": 1}, "beta has to be 2 finite numbers"),
    ({"beta": [1, np.nan], "sigma": 1, "tau": 1}, "beta has to be 2 finite numbers"),
    ({"beta": [1, 2], "sigma": -1, "tau": 1}, "cannot be negative"),
    ({"beta": [1, 2], "sigma": 1}, r"needs covariance \(or tau\)"),
    ({"beta": [1, 2], "sigma": 1, "tau": 1}, "tau has to be 2 standard deviations"),
    ({"beta": [1, 2], "sigma": 1, "tau": [1, -1]}, "tau has to be 2 standard deviations"),
    ({"beta": [1, 2], "sigma": 1, "tau": [1, 1], "covariance": np.eye(2)}, "not both"),
    ({"beta": [1, 2], "sigma": 1, "covariance": [[1, 2], [2, 1]]}, "without negative variances"),
    ({"beta": [1, 2], "sigma": 1, "covariance": [[1, 0.5], [0, 1]]}, "symmetric"),
]


@pytest.mark.parametrize(("parameters", "words"), SIMULATE)
def test_simulate_says_what_is_missing(parameters: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        simulate("y ~ x + (1 + x | g)", DATA, seed=1, **parameters)


def test_simulate_needs_data_for_a_formula() -> None:
    with pytest.raises(DataError, match="needs data"):
        simulate("y ~ x + (1 | g)", seed=1)


def test_refit_checks_its_responses() -> None:
    fit = lmm("y ~ x + (1 | g)", DATA)
    with pytest.raises(DataError, match="matrix with 40 rows"):
        refit(fit, np.zeros((39, 2)))
    with pytest.raises(DataError, match="finite"):
        refit(fit, np.full((40, 2), np.nan))
    with pytest.raises(DataError, match="no random effects"):
        refit(ols("y ~ x", DATA), np.zeros((40, 2)))
