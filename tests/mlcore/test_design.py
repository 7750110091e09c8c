"""Formula and data to columns: R's coding of factors, functions, missing values, new data."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from mlcore import DataError, FormulaError, design

RNG = np.random.default_rng(7)
DATA = pd.DataFrame(
    {
        "y": RNG.normal(size=24),
        "x": np.tile([1.0, 2.0, 4.0, 7.0], 6),
        "z": RNG.normal(size=24),
        "a": np.repeat([1, 2, 3], 8),
        "b": np.tile(["no", "yes"], 12),
        "on": np.tile([True, False, False], 8),
        "g": np.repeat([30, 10, 20, 40], 6),
        "my h": np.repeat(["p", "q"], 12),
    }
)

# What R's model.matrix names the columns for these formulas and data.
CODING = {
    "x": ["(Intercept)", "x"],
    "C(a)": ["(Intercept)", "C(a)2", "C(a)3"],
    "factor(a) + b": ["(Intercept)", "factor(a)2", "factor(a)3", "byes"],
    "0 + b": ["bno", "byes"],
    "0 + b + C(a)": ["bno", "byes", "C(a)2", "C(a)3"],
    "0 + x + b": ["x", "bno", "byes"],
    "b * x": ["(Intercept)", "byes", "x", "byes:x"],
    "b:x": ["(Intercept)", "bno:x", "byes:x"],
    "x + b:x": ["(Intercept)", "x", "x:byes"],
    "C(a) * b": ["(Intercept)", "C(a)2", "C(a)3", "byes", "C(a)2:byes", "C(a)3:byes"],
    "poly(x, 2)": ["(Intercept)", "poly(x, 2)1", "poly(x, 2)2"],
    "on": ["(Intercept)", "on"],
    "`my h`": ["(Intercept)", "`my h`q"],
}


@pytest.mark.parametrize("right", CODING)
def test_columns_are_named_as_in_r(right: str) -> None:
    assert list(design(f"y ~ {right}", DATA).names) == CODING[right]


def test_columns_hold_what_their_names_say() -> None:
    made = design("y ~ C(a) * x + I(x^2) + log(x + 1) + on", DATA)
    column = dict(zip(made.names, made.X.T, strict=True))
    assert_array_equal(column["C(a)3"], DATA["a"] == 3)
    assert_array_equal(column["C(a)3:x"], (DATA["a"] == 3) * DATA["x"])
    assert_array_equal(column["I(x^2)"], DATA["x"] ** 2)
    assert_array_equal(column["log(x + 1)"], np.log(DATA["x"] + 1))
    assert_array_equal(column["on"], DATA["on"])


def test_arithmetic_follows_precedence() -> None:
    made = design("y ~ I(-x^2) + I(2 + x * z / 2 - 1) + I(2^-x) + I((x - z) * 2)", DATA)
    x, z = DATA["x"], DATA["z"]
    for column, values in zip(
        made.X.T[1:], [-(x**2), 2 + x * z / 2 - 1, 2.0**-x, (x - z) * 2], strict=True
    ):
        assert_allclose(column, values)


def test_scale_and_center() -> None:
    made = design("y ~ scale(z) + center(x)", DATA)
    assert_allclose(made.X[:, 1], (DATA["z"] - DATA["z"].mean()) / DATA["z"].std())
    assert_allclose(made.X[:, 2], DATA["x"] - DATA["x"].mean())


def test_poly_is_orthonormal_and_rises_at_the_end() -> None:
    P = design("y ~ poly(x, 3)", DATA).X[:, 1:]
    assert_allclose(P.T @ P, np.eye(3), atol=1e-12)
    assert_allclose(P.sum(axis=0), 0, atol=1e-12)
    assert (P[DATA["x"] == 7].min(axis=0) > 0).all()


def test_poly_of_degree_one_is_the_centred_variable() -> None:
    P = design("y ~ poly(x, 1)", DATA).X[:, 1]
    assert_allclose(P, (DATA["x"] - 3.5) / np.sqrt(((DATA["x"] - 3.5) ** 2).sum()))


def test_categoricals_keep_their_order_and_lose_unused_levels() -> None:
    ordered = pd.Categorical(DATA["b"], categories=["yes", "perhaps", "no"])
    assert design("y ~ b", DATA.assign(b=ordered)).names == ("(Intercept)", "bno")


def test_whole_numbers_in_floats_are_labelled_without_a_point() -> None:
    assert design("y ~ C(a)", DATA.astype({"a": float})).names[1] == "C(a)2"


def test_groups_are_numbered_by_their_sorted_labels() -> None:
    made = design("y ~ x + (1 | g)", DATA)
    group = made.groupings["g"]
    assert list(group.levels) == [10, 20, 30, 40]
    assert_array_equal(group.levels[group.codes], DATA["g"])
    assert list(group.sizes) == [6, 6, 6, 6]


def test_crossed_columns_make_one_factor() -> None:
    group = design("y ~ x + (1 | a:b)", DATA).groupings["a:b"]
    assert list(group.levels) == ["1:no", "1:yes", "2:no", "2:yes", "3:no", "3:yes"]


def test_random_columns() -> None:
    made = design("y ~ z + (1 + x | g) + (0 + z | g)", DATA)
    assert [part.names for part in made.random] == [("(Intercept)", "x"), ("z",)]
    assert_array_equal(made.random[0].Z[:, 1], DATA["x"])


def test_rows_with_missing_values_are_dropped_and_counted() -> None:
    holes = DATA.assign(z=DATA["z"].where(DATA.index > 1), g=DATA["g"].where(DATA.index != 5))
    made = design("y ~ x + z + (1 | g)", holes)
    assert made.messages == ("3 of 24 rows dropped for missing values (z 2, g 1)",)
    assert list(made.index) == [2, 3, 4, *range(6, 24)]
    assert design("y ~ x", holes).messages == ()


def test_new_data_are_coded_as_the_old() -> None:
    made = design("y ~ scale(x) + poly(z, 2) + b", DATA)
    rows = DATA.iloc[[5, 3, 8]]
    assert_allclose(made.columns(made.formula.fixed, rows), made.X[[5, 3, 8]])


def test_new_data_with_a_missing_value_give_nan() -> None:
    made = design("y ~ x + b", DATA)
    rows = DATA.iloc[:2].assign(b=["yes", None])
    columns = made.columns(made.formula.fixed, rows)
    assert_array_equal(np.isnan(columns).all(axis=1), [False, True])


def test_a_new_level_is_refused() -> None:
    made = design("y ~ b", DATA)
    with pytest.raises(DataError, match="b has a value that the model has not seen: 'perhaps'"):
        made.columns(made.formula.fixed, DATA.iloc[:1].assign(b="perhaps"))


def test_a_number_does_not_turn_into_a_factor() -> None:
    made = design("y ~ x", DATA)
    with pytest.raises(DataError, match=r"x holds .* values where numbers are needed"):
        made.columns(made.formula.fixed, DATA.iloc[:2].assign(x=["1", "2"]))


def test_data_without_the_response() -> None:
    made = design("y ~ x + (1 | g)", DATA.drop(columns="y"), response=False)
    assert made.X.shape == (24, 2)
    with pytest.raises(FormulaError, match="no column y"):
        design("y ~ x + (1 | g)", DATA.drop(columns="y"))
