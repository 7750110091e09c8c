"""Quantities and refits mean in Chromium what they mean in Python."""

import json
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.testing import assert_allclose
from playwright.sync_api import Browser, Error, Page

from datasets import load
from mlcore import lmm
from tools.server import ROOT
from ui.stage import quantity as q
from ui.stage.operations import OPERATIONS
from ui.stage.refit import Refit

RUN = """([wire, places, settings]) => {
  const compiled = program(wire);
  return settings.map((controls) => {
    compiled.set(controls);
    return places.map((place) => {
      const value = compiled.get(place);
      return typeof value === "number" ? value : Array.from(value);
    });
  });
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A blank page that knows `program`."""
    opened = browser.new_page()
    parts = ("packing", "minimum", "products", "refit", "operations", "program")
    scripts = [(ROOT / f"ui/stage/{part}.js").read_text("utf-8") for part in parts]
    opened.add_script_tag(content="\n".join(scripts))
    yield opened
    opened.close()


def in_browser(page: Page, quantities, *settings):
    """A list of values for each setting of the controls, one after the other."""
    program = q.Program()
    places = [program.add(quantity) for quantity in quantities]
    wire = json.loads(json.dumps(program.wire(), allow_nan=False))
    return page.evaluate(RUN, [wire, places, list(settings)])


def agree(page: Page, quantities, *settings, rtol, atol=0.0):
    """Both languages say the same; `atol` is in units of a vector's largest number, if above 1."""
    for controls, found in zip(settings, in_browser(page, quantities, *settings), strict=True):
        expected = q.evaluate(quantities, controls)
        for there, here in zip(found, expected, strict=True):
            assert np.ndim(there) == np.ndim(here)
            largest = max(1.0, np.abs(here).max(initial=0.0, where=np.isfinite(here)))
            assert_allclose(np.array(there, float), here, rtol=rtol, atol=atol * largest)


# operations ---------------------------------------------------------------------------------------

A, B = q.control("a"), q.control("b")
X = q.data([2.5, -1.0, 0.0, 0.5, -0.5, 1e-9, 7.25, np.nan, np.inf, -np.inf, 38.7, -1.0])
P = q.data([0.0, 1e-300, 1e-20, 1e-9, 0.01, 0.07, 0.075, 0.3, 0.5, 0.61, 0.925, 1.0])
CODES = q.data([0, 3, 3, 1, 0, 3, 1, 5, 3, 3, 0, 1])
FINITE = q.data([2.5, -1.0, 0.0, 0.5, -0.5, 1e-9, 7.25, 7.25, 3.0, -4.0, 38.7, -1.0])
EXAMPLES = {
    "add": [A + X, A + B],
    "subtract": [A - X, X - P],
    "multiply": [A * X, X * X],
    "divide": [A / X, X / B, A / 0],
    "power": [X**2, FINITE**A, 2**FINITE],
    "negative": [-X, -A],
    "less": [X < 0, A > X, A < B],
    "less_equal": [X <= 0.5, A >= X, A <= B],
    "equal": [X == -1, X != X, A == B],
    "and": [(X < 1) & (X > -1), A & X],
    "or": [(X > 1) | (X < -1), B | X],
    "not": [~X, ~(A < B)],
    "sqrt": [q.sqrt(X)],
    "exp": [q.exp(X)],
    "log": [q.log(X), q.log(A)],
    "absolute": [q.absolute(X)],
    "minimum": [q.minimum(X, A)],
    "maximum": [q.maximum(A, X)],
    "clip": [q.clip(X, -A, 1), q.clip(X, 0, A)],
    "where": [q.where(X > A, X, P), q.where(A < B, X, 1), q.where(X, 1, 2)],
    "round": [q.round_(X), q.round_([-1.5, -0.5, 0.5, 1.5, 2.5])],
    "floor": [q.floor(X)],
    "normal_cdf": [q.normal_cdf(X), q.normal_cdf(np.linspace(-9, 9, 301)), q.normal_cdf(A)],
    "normal_quantile": [q.normal_quantile(P), q.normal_quantile(np.linspace(0, 1, 301))],
    "logistic": [q.logistic(X)],
    "logit": [q.logit(P)],
    "total": [q.total(FINITE), q.total(A), q.total(q.repeat(1, 0))],
    "mean": [q.mean(FINITE), q.mean(X), q.mean(q.repeat(1, 0))],
    "sd": [q.sd(FINITE), q.sd(A), q.sd(q.repeat(1, 0))],
    "smallest": [q.smallest(FINITE), q.smallest(X), q.smallest(q.repeat(1, 0))],
    "largest": [q.largest(FINITE), q.largest(X), q.largest(q.repeat(1, 0))],
    "count": [q.count(X), q.count(A)],
    "quantile_of": [q.quantile_of(FINITE, P), q.quantile_of(FINITE, 0.3), q.quantile_of(A, 2)],
    "take": [q.take(X, CODES), q.element(X, A), q.element(X, 12), q.take(X, [-1, 20])],
    "ranks": [q.ranks(FINITE), q.ranks(X), q.ranks(A)],
    "order": [q.order(FINITE), q.order(X)],
    "sort": [q.sort(FINITE), q.sort(X), q.sort(A)],
    "cumulative": [q.cumulative(FINITE), q.cumulative(X)],
    "concat": [q.concat(A, X, P, 3)],
    "repeat": [q.repeat(A, 4), q.repeat(2, A), q.repeat(2, -A)],
    "grid": [q.grid(-A, B, 7), q.grid(A, B, 1), q.grid(0, 1, A)],
    "group_sum": [q.group_sum(FINITE, CODES, 5), q.group_sum(A, CODES, 6)],
    "group_mean": [q.group_mean(FINITE, CODES, 6)],
    "uniform": [q.uniform(A, 50), q.uniform(-1, B)],
    "normal": [q.normal(A, 500)],
    "shuffled": [q.shuffled(X, A), q.shuffled(np.arange(500), B)],
}


@pytest.mark.parametrize("op", [op for op in OPERATIONS if op not in ("uniform", "shuffled")])
def test_an_operation_gives_the_same_numbers(page, op):
    # tails of the normal to the digits of West's coefficients, sums in another order
    settings = ({"a": 2.0, "b": 3.0}, {"a": 0.7, "b": -0.4})
    agree(page, EXAMPLES[op], *settings, rtol=2e-13, atol=1e-15)


@pytest.mark.parametrize("op", ["uniform", "shuffled"])
def test_chance_is_the_same_to_the_last_bit(page, op):
    agree(page, EXAMPLES[op], {"a": 3, "b": 4}, {"a": 2**32 - 1, "b": 0}, rtol=0)


def test_every_operation_has_an_example():
    assert list(EXAMPLES) == list(OPERATIONS)


def test_a_sweep_interpolates_alike(page):
    first, second = np.array([0.0, 1.0, 4.0, 4.5]), np.linspace(-1, 1, 9)
    rng = np.random.default_rng(1)
    sweeps = [
        q.sweep(rng.normal(28_000, 1, 4), [(A, first)]),
        q.sweep(rng.normal(size=(9, 30)), [(B, second)]),
        q.sweep(rng.normal(size=(4, 9)), [(A, first), (B, second)]),
        q.sweep(rng.normal(size=(4, 9, 5)), [(A, first), (2 * B, second)]),
    ]
    settings = [{"a": a, "b": b} for a in (-1, 0, 0.3, 1, 4.5, 6) for b in (-2, -0.3, 0.25, 1, 3)]
    agree(page, sweeps, *settings, rtol=1e-14, atol=1e-14)


def test_a_neighbour_without_a_value_counts_for_nothing_on_the_grid(page):
    first = np.array([1.0, 2.0, 4.0])
    holes = q.sweep([[np.nan, 1.0], [2.0, 3.0], [np.nan, 5.0]], [(A, first)])
    agree(
        page,
        [holes],
        *({"a": a, "b": 0.0} for a in (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 9.0)),
        rtol=1e-14,
    )


@pytest.mark.parametrize(
    "values",
    [
        np.arange(-100.0, 100),
        np.linspace(0, 1, 99).round(4),
        np.linspace(0, 1, 99),
        [np.nan, 1e300],
    ],
    ids=["whole", "decimal", "any", "few"],
)
def test_data_arrive_to_the_last_bit(page, values):
    agree(page, [q.data(values)], {}, rtol=0)


def test_only_what_depends_on_a_changed_control_is_computed_again(page):
    program = q.Program()
    still, moving = program.add(q.normal(A, 5)), program.add(q.normal(B, 5))
    found = page.evaluate(
        """([wire, still, moving]) => {
          const p = program(wire);
          p.set({ a: 1, b: 1, other: 5 });
          p.get(still).fill(7); // a mark in the memory of both
          p.get(moving).fill(7);
          p.set({ a: 1, b: 2 });
          return [p.controls, p.get(still)[0], p.get(moving)[0]];
        }""",
        [program.wire(), still, moving],
    )
    assert found == [["a", "b"], 7, pytest.approx(q.normal(2, 5).evaluate({})[0])]


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        ({"nodes": [{"op": "cosine", "args": []}]}, "no operation cosine"),
        ({"nodes": [{"op": "control", "args": [], "name": "tau"}]}, "control tau has no value"),
        (
            {
                "nodes": [
                    {"op": "data", "args": [], "values": [1, 2]},
                    {"op": "data", "args": [], "values": [1, 2, 3]},
                    {"op": "add", "args": [0, 1]},
                ]
            },
            "vectors of 2 and 3 numbers do not go together",
        ),
    ],
)
def test_what_is_wrong_is_said(page, wire, said):
    with pytest.raises(Error, match=said):
        page.evaluate("(wire) => program(wire).get(wire.nodes.length - 1)", wire)


# refits -------------------------------------------------------------------------------------------

# Both searches stop where the deviance has 1e-12 to gain: a millionth of a standard error.
MILLIONTH = 1e-6
C = q.control("c")
INTERCEPT = {"(Intercept)": {"1": 1}}


def columns(name, *names):
    frame = load(name).frame.dropna(subset=list(names))
    codes, _ = frame[names[-1]].factorize(sort=True)
    return {name: frame[name].to_numpy(float) for name in names[:-1]}, codes


def at_origin(x):
    return {**INTERCEPT, x: {x: 1, "1": -C}}


def everything(fit):
    """All that can be asked of a refit."""
    names = ["deviance", "loglik", "sigma", "theta"]
    names += {0: [], 1: ["icc"], 2: ["correlation"]}[len(fit.random)]
    names += [f"{kind}:{term}" for kind in ("beta", "se") for term in fit.fixed]
    names += [f"{kind}:{term}" for kind in ("sd", "u", "se_u") for term in fit.random]
    return [fit[name] for name in names]


@pytest.mark.parametrize("reml", [True, False], ids=["REML", "ML"])
@pytest.mark.parametrize("terms", [0, 1, 2])
def test_school_is_refitted_at_every_origin(page, terms, reml):
    base, codes = columns("school", "lrt", "gcse", "school")
    random = [{}, INTERCEPT, at_origin("lrt")][terms]
    fit = Refit(base, codes, fixed=at_origin("lrt"), random=random, response={"gcse": 1}, reml=reml)
    origins = [{"c": c} for c in (0, -29, 30, -12.4, 400)]
    agree(page, everything(fit), *origins, rtol=MILLIONTH, atol=MILLIONTH)


def test_a_refit_is_the_fit_of_the_core(page):
    base, codes = columns("school", "lrt", "gcse", "school")
    fit = Refit(base, codes, fixed=at_origin("lrt"), random=at_origin("lrt"), response={"gcse": 1})
    names = ["deviance", "sigma", "correlation", "sd:lrt", "beta:lrt", "se:(Intercept)", "u:lrt"]
    ((*found, u),) = in_browser(page, [fit[name] for name in names], {"c": 0})
    core = lmm("gcse ~ lrt + (1 + lrt | school)", load("school").frame)
    components = core.variance_components
    expected = [
        core.deviance,
        core.sigma,
        components["correlation"].dropna().item(),
        components["sd"][1],
        core.coefficients.at["lrt", "estimate"],
        core.coefficients.at["(Intercept)", "se"],
    ]
    assert_allclose(found, expected, rtol=MILLIONTH)
    assert_allclose(u, core.ranef["school"]["lrt"], rtol=MILLIONTH, atol=MILLIONTH)


@pytest.mark.parametrize("random", [INTERCEPT, at_origin("lrt")], ids=["intercept", "slope"])
def test_one_school_is_moved(page, random):
    base, codes = columns("school", "lrt", "gcse", "school")
    deltas = q.where(q.data(np.arange(65)) == 12, q.control("delta"), 0)
    fit = Refit(
        base,
        codes,
        fixed=at_origin("lrt"),
        random=random,
        response={"gcse": 1, "1": deltas},
    )
    settings = [{"c": 0, "delta": delta} for delta in (-40, 0, 5, 300)]
    agree(page, everything(fit), *settings, rtol=MILLIONTH, atol=MILLIONTH)


@pytest.mark.parametrize("random", [INTERCEPT, at_origin("lrt")], ids=["intercept", "slope"])
def test_labels_are_shuffled(page, random):
    """Most variances are then zero, or correlations 1: fits on the boundary."""
    base, codes = columns("school", "lrt", "gcse", "school")
    fit = Refit(
        base,
        q.shuffled(codes, q.control("seed")),
        fixed=INTERCEPT,
        random=random,
        response={"gcse": 1},
    )
    settings = [{"seed": seed, "c": 0} for seed in range(6)]
    # a variance near zero is known to fewer digits: its SD is the root of what is left of it
    agree(page, everything(fit), *settings, rtol=1e-5, atol=1e-5)
    agree(page, [fit["deviance"], fit["sigma"]], *settings, rtol=1e-9)


def test_a_share_of_the_variance_between_groups_is_taken_away(page):
    """From the data as they are to group means that do not differ at all: exactly zero."""
    base, codes = columns("school", "gcse", "school")
    means = np.bincount(codes, base["gcse"]) / np.bincount(codes)
    parts = {"mean": means[codes], "deviation": base["gcse"] - means[codes]}
    response = {"mean": q.control("a"), "deviation": q.control("b")}
    fit = Refit(parts, codes, fixed=INTERCEPT, random=INTERCEPT, response=response)
    settings = [{"a": a, "b": 1} for a in (1, 0.5, 0.25, 0, 3)] + [{"a": 1, "b": 0.1}]
    agree(page, everything(fit), *settings, rtol=MILLIONTH, atol=MILLIONTH)
    found = in_browser(page, [fit["icc"], fit["sd:(Intercept)"]], *settings)
    assert found[3] == [0, 0]


@pytest.mark.parametrize(
    ("name", "x", "y", "group"),
    [("hsb", "ses", "mathach", "schid"), ("nurses", "age", "stress", "hospital")],
)
@pytest.mark.parametrize("slope", [False, True], ids=["intercept", "slope"])
def test_other_data_are_refitted(page, name, x, y, group, slope):
    base, codes = columns(name, x, y, group)
    random = at_origin(x) if slope else INTERCEPT
    fit = Refit(base, codes, fixed=at_origin(x), random=random, response={y: 1})
    settings = [{"c": c} for c in (0, 1, 40)]
    agree(page, everything(fit), *settings, rtol=MILLIONTH, atol=MILLIONTH)


def test_simulated_outcomes_are_refitted(page):
    """A base column that is itself a quantity."""
    n, J = 600, 30
    codes = np.repeat(np.arange(J), n // J)
    between = q.control("tau") * q.take(q.normal(q.control("seed"), J), codes)
    y = 5 + between + q.normal(q.control("seed") + 1000, n)
    fit = Refit({"y": y}, codes, fixed=INTERCEPT, random=INTERCEPT, response={"y": 1})
    settings = [{"tau": tau, "seed": seed} for tau in (0.3, 3) for seed in (1, 2)]
    agree(page, everything(fit), *settings, rtol=MILLIONTH, atol=MILLIONTH)


@pytest.mark.parametrize("random", [INTERCEPT, at_origin("x")], ids=["intercept", "slope"])
def test_what_cannot_be_fitted_has_no_estimates(page, random):
    """An outcome that does not vary, or does not within groups."""
    codes = np.repeat(np.arange(5), 4)
    rng = np.random.default_rng(1)
    base = {"x": rng.normal(size=20), "mean": codes**2.0, "deviation": rng.normal(size=20)}
    response = {"mean": A, "deviation": B}
    fit = Refit(base, codes, fixed=at_origin("x"), random=random, response=response)
    settings = [{"a": a, "b": b, "c": 1} for a, b in [(1, 1), (1, 0), (0, 0), (1, 0.3)]]
    agree(page, everything(fit), *settings, rtol=MILLIONTH, atol=MILLIONTH)
    deviances = in_browser(page, [fit["deviance"]], *settings)
    assert np.isnan(deviances).ravel().tolist() == [False, True, True, False]
