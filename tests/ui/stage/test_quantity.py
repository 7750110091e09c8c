"""What quantities mean in Python; that the browser means the same is tests/browser/test_program."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from ui.stage import quantity as q
from ui.stage.packing import packed

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
VECTORS = st.lists(NUMBERS, min_size=1, max_size=40)


def value(quantity, **controls):
    return quantity.evaluate(controls)


@given(NUMBERS, VECTORS)
def test_numbers_go_with_vectors_from_either_side(a, x):
    c, vector = q.control("c"), np.array(x)
    assert_array_equal(value(c + vector, c=a), a + vector)
    assert_array_equal(value(vector - c, c=a), vector - a)
    assert_array_equal(value(c * q.data(x) - 2, c=a), a * vector - 2)
    assert_array_equal(value((c < vector) & ~(vector == a), c=a), (a < vector) & (vector != a))
    assert_array_equal(value((c >= vector) | (c != 0), c=a), (a >= vector) | (a != 0))


@given(VECTORS, st.integers(1, 5))
def test_vectors_of_different_lengths_do_not_go_together(x, more):
    with pytest.raises(ValueError, match="do not go together"):
        value(q.data(x) + np.zeros(len(x) + more))


def test_a_number_stays_a_number():
    assert type(value(q.mean(q.data([1.0, 2.0])) ** 2)) is float
    assert type(value(q.element([3.0, 4.0], q.control("i")), i=1)) is float


def test_a_quantity_is_no_condition_of_python():
    with pytest.raises(TypeError, match=r"where\(condition"):
        bool(q.control("a") < 1)


def test_a_control_without_a_value_is_named():
    with pytest.raises(KeyError, match=r"'tau'.*sigma"):
        value(q.control("tau") + 1, sigma=2)


def test_what_has_no_value_is_nan():
    x = q.data([3.0, 1.0])
    missing = [
        q.element(x, 2),
        q.element(x, -1),
        q.sd([1.0]),
        q.mean(q.repeat(1, 0)),
        q.smallest(q.repeat(1, 0)),
        q.quantile_of(q.repeat(1, 0), 0.5),
        q.log(-1),
        q.data(0) / 0,
    ]
    assert np.isnan(q.evaluate(missing, {})).all()
    assert_array_equal(value(q.take(x, [1, 5, 0])), [1, np.nan, 3])


@given(VECTORS)
def test_ranks_are_places_in_the_order(x):
    ranks, order = value(q.ranks(x)), value(q.order(x))
    assert sorted(ranks) == list(range(1, len(x) + 1))
    assert_array_equal(value(q.take(ranks, order)), np.arange(1, len(x) + 1))
    assert_array_equal(value(q.take(x, order)), value(q.sort(x)))
    assert_array_equal(ranks, stats.rankdata(x, method="ordinal"))


@given(VECTORS, st.floats(0, 1))
def test_summaries_are_numpys(x, p):
    found = q.evaluate([q.total(x), q.mean(x), q.count(x), q.quantile_of(x, p)], {})
    assert_allclose(found, [np.sum(x), np.mean(x), len(x), np.quantile(x, p)], 1e-9, 1e-6)
    if len(x) > 1:
        assert_allclose(value(q.sd(x)), np.std(x, ddof=1), 1e-9, 1e-6)


def test_groups_are_summed_and_averaged():
    codes, x = [0, 2, 2, 5], [1.0, 2.0, 4.0, 8.0]
    assert_array_equal(value(q.group_sum(x, codes, 4)), [1, 0, 6, 0])
    assert_array_equal(value(q.group_mean(x, codes, 4)), [1, np.nan, 3, np.nan])
    assert_array_equal(value(q.group_sum(1, codes, 3)), [1, 0, 2])


# sweeps -------------------------------------------------------------------------------------------

GRID = np.array([0.0, 1.0, 4.0])
OTHER = np.array([-2.0, 3.0])


@given(st.floats(-1, 5), st.floats(-4, 5))
def test_a_sweep_of_a_function_without_curvature_is_the_function(a, b):
    def f(x, y):
        return 28_000 + 3 * x - y + 0.5 * x * y

    x, y = np.clip(a, 0, 4), np.clip(b, -2, 3)
    one = q.sweep(GRID * 2 - 7, [(q.control("a"), GRID)])
    two = q.sweep(f(GRID[:, None], OTHER), [(q.control("a"), GRID), (q.control("b"), OTHER)])
    vectors = q.sweep(np.outer(GRID, [1.0, -5.0, 0.0]) + 9, [(q.control("a"), GRID)])
    # single precision of the ranges, which are 8, 23 and 20
    assert value(one, a=a) == pytest.approx(2 * x - 7, abs=1e-6)
    assert value(two, a=a, b=b) == pytest.approx(f(x, y), abs=3e-6)
    assert_allclose(value(vectors, a=a), 9 + x * np.array([1, -5, 0]), atol=3e-6)


def test_a_neighbour_without_a_value_does_not_reach_a_point_of_the_grid():
    known = q.sweep([[np.nan, 1.0], [2.0, 3.0], [np.nan, 5.0]], [(q.control("a"), [1, 2, 3])])
    np.testing.assert_allclose(known.evaluate({"a": 2.0}), [2.0, 3.0])
    np.testing.assert_allclose(known.evaluate({"a": 1.5}), [np.nan, 2.0])
    np.testing.assert_allclose(known.evaluate({"a": 9.0}), [np.nan, 5.0])


@pytest.mark.parametrize(
    ("table", "axes", "said"),
    [
        ([1.0, 2.0], [], "one parameter or two"),
        ([1.0, 2.0], [[1.0, 1.0]], "must increase"),
        ([1.0], [[1.0]], "two at least"),
        ([1.0, 2.0], [[1.0, 2.0, 3.0]], r"shape \(2,\)"),
    ],
)
def test_a_sweep_says_what_does_not_fit(table, axes, said):
    with pytest.raises(ValueError, match=said):
        q.sweep(table, [(q.control("a"), axis) for axis in axes])


# chance -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("draw", "distribution"), [(q.uniform, "uniform"), (q.normal, "norm")])
def test_draws_are_those_of_their_distribution(draw, distribution):
    samples = q.evaluate([draw(seed, 2_000) for seed in range(50)], {})
    p = [stats.kstest(sample, distribution).pvalue for sample in samples]
    # p-values of good draws are uniform themselves; the seeds are fixed, and so is the answer
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_seeds_and_streams_are_independent():
    drawn = [q.uniform(seed, 10_000) for seed in (0, 1, 2, 65_536, -1)]
    rows = q.evaluate([*drawn, q.normal(0, 10_000), q.shuffled(np.arange(10_000), 0)], {})
    off = np.corrcoef(rows)[~np.eye(len(rows), dtype=bool)]
    assert np.abs(off).max() < 4 / np.sqrt(10_000)


@given(VECTORS, st.integers(0, 2**32 - 1))
def test_shuffling_keeps_the_values(x, seed):
    shuffled = value(q.shuffled(x, q.control("seed")), seed=seed)
    assert sorted(shuffled) == sorted(x)
    assert_array_equal(shuffled, value(q.shuffled(x, seed)))


# on the wire --------------------------------------------------------------------------------------


def test_what_is_shared_is_sent_once():
    weight = q.data(np.arange(100.0)) / q.control("n")
    program = q.Program()
    places = [program.add(weight * 2), program.add(weight + 1), program.add(weight * 2)]
    ops = [node["op"] for node in program.wire()["nodes"]]
    assert ops.count("divide") == ops.count("control") == 1
    assert len(set(places)) == 3  # written twice, these are two expressions
    assert program.add(weight) == ops.index("divide")


def test_a_node_comes_after_its_arguments():
    program = q.Program()
    program.add(q.where(q.control("a") < 1, q.sqrt(q.control("b")), 0))
    nodes = program.wire()["nodes"]
    assert all(arg < place for place, node in enumerate(nodes) for arg in node["args"])


def test_decimals_travel_in_few_bytes():
    values = np.round(np.linspace(-3, 3, 1000), 3)
    assert packed(values)["type"] == "i2"
    assert packed(np.arange(100.0))["type"] == "i1"
    assert packed(np.sqrt(np.arange(100.0)))["type"] == "f8"
    assert packed(np.array([0.1, 0.2])) == [0.1, 0.2]
