"""Repeated studies: the lesson's numbers, closed forms against fits, and Monte Carlo errors."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from mlcore import (
    DataError,
    GroupStudy,
    Replications,
    RowStudy,
    UnsupportedError,
    design,
    lmm,
    ols,
    power,
    replicate,
    simulate,
    small_sample,
)
from mlcore.study.replication import AT_ONCE
from mlcore.study.studies import FIVE, closed_forms
from tests.mlcore.oracle import frame

# schools, pupils in each, ICC: % of null studies that the lesson expects to be "significant", with
# OLS; CR0 and z; CR1 and t(J - 1); multilevel and z; multilevel and t(J - 2)
LEADS = {
    (65, 62, 0.05): (33, 7, 6, 5, 5),
    (10, 30, 0.05): (21, 18, 12, 9, 5),
    (8, 50, 0.10): (43, 22, 14, 10, 5),
}
PEOPLE = pd.DataFrame({"person": np.repeat(range(40), 6), "wave": np.tile(range(6), 40)})


def last(study: GroupStudy | RowStudy, n: int, seed: int) -> Replications:
    *_, found = replicate(study, n, seed=seed)
    return found


@pytest.mark.parametrize("setting", LEADS)
def test_the_lessons_numbers(setting: tuple[int, int, float]) -> None:
    """Within three Monte Carlo errors: ours of 20,000, the leads' of 1,000, rounded to 1 %."""
    share = np.array(LEADS[setting]) / 100
    found = last(GroupStudy(*setting), 20_000, seed=1).summary()["rejected"]
    error = 3 * np.sqrt(share * (1 - share) * (1 / 20_000 + 1 / 1_000)) + 0.005
    assert (np.abs(found - share) < error).all()


def test_type_one_errors_that_theory_knows() -> None:
    """Where the variance between groups is never 0, t(J - 2) is exact and z is its tail at 1.96."""
    from scipy.stats import t

    rejected = last(GroupStudy(10, 400, 0.4), 20_000, seed=2).summary()["rejected"]
    for name, expected in [(FIVE[4], 0.05), (FIVE[3], 2 * t.sf(1.959964, 8))]:
        error = 3 * np.sqrt(expected * (1 - expected) / 20_000)
        assert rejected[name] == pytest.approx(expected, abs=error)


def rows_of(groups: int, size: int, effect: float = 0.0) -> RowStudy:
    data = pd.DataFrame({"g": np.repeat(range(groups), size)})
    data["x"] = np.random.default_rng(5).standard_normal(groups)[data["g"]]
    models = {"OLS": "y ~ x", "multilevel": "y ~ x + (1 | g)"}
    fitted = {name: design(text, data, response=False) for name, text in models.items()}
    covariance = np.array([[0.1]])
    return RowStudy(
        fitted["multilevel"], np.array([0.0, effect]), covariance, np.sqrt(0.9), "x", fitted
    )


@pytest.mark.parametrize("seed", range(6))
def test_closed_forms_are_fits(seed: int) -> None:
    """Rows with the drawn means and sum of squares, fitted one by one; some have tau = 0."""
    rng = np.random.default_rng(seed)
    J, n = 7, 5
    x, means = rng.standard_normal((2, 1, J))
    ssw = rng.chisquare(J * (n - 1), 1) * 3.0
    estimate, se = closed_forms(x, means, ssw, n)
    e = rng.standard_normal((J, n))
    e -= e.mean(axis=1, keepdims=True)
    data = pd.DataFrame({
        "g": np.repeat(range(J), n),
        "x": np.repeat(x[0], n),
        "y": (means[0][:, None] + e * np.sqrt(ssw / np.sum(e**2))).ravel(),
    })  # fmt: skip
    fits = [
        ols("y ~ x", data),
        ols("y ~ x", data, cluster="g", correction="CR0"),
        ols("y ~ x", data, cluster="g"),
        lmm("y ~ x + (1 | g)", data),
        small_sample(lmm("y ~ x + (1 | g)", data)),
    ]
    assert_allclose(estimate[0], [fit.beta[1] for fit in fits], rtol=1e-9)
    # the mixed model's variance is found by an optimiser
    assert_allclose(se[0], [fit.coefficients["se"].iloc[1] for fit in fits], rtol=1e-6)


def test_refits_of_rows_are_fits() -> None:
    study = rows_of(12, 4)
    found = study.draw(np.random.default_rng(3), 5)
    Y = simulate(study.truth, seed=np.random.default_rng(3), size=5, beta=study.beta,
                 covariance=study.covariance, sigma=study.sigma)  # fmt: skip
    group = study.truth.groupings["g"].codes
    data = pd.DataFrame({"g": group, "x": study.truth.X[:, 1]})
    assert found.names == ("OLS", "OLS, CR0, z", "OLS, CR1, t", "multilevel, z", "multilevel, t")
    for k, y in enumerate(Y.T):
        rows = data.assign(y=y)
        fits = [
            ols("y ~ x", rows),
            ols("y ~ x", rows, cluster="g", correction="CR0"),
            ols("y ~ x", rows, cluster="g"),
            lmm("y ~ x + (1 | g)", rows),
        ]
        for column, fit in enumerate(fits):
            table = fit.coefficients.loc["x"]
            assert found.estimate[k, column] == pytest.approx(table["estimate"], rel=1e-6, abs=1e-9)
            assert found.se[k, column] == pytest.approx(table["se"], rel=1e-6)
    assert_array_equal(found.df, [46, np.inf, 11, np.inf, 10])


def test_both_kinds_of_study_agree() -> None:
    """65 groups: x is drawn anew or held, which matters little there; three errors of each."""
    closed = last(GroupStudy(65, 10, 0.1), 2000, seed=6).summary()
    rows = last(rows_of(65, 10), 2000, seed=7).summary()
    for ours, theirs in zip(closed["rejected"], rows["rejected"], strict=True):
        assert ours == pytest.approx(theirs, abs=3 * np.sqrt(2 * ours * (1 - ours) / 2000))


@cache
def trends() -> Replications:
    """People differ in slope, and there is no true trend."""
    texts = {"intercept": "y ~ wave + (1 | person)", "slope": "y ~ wave + (1 + wave | person)"}
    fitted = {name: design(text, PEOPLE, response=False) for name, text in texts.items()}
    truth = np.diag([1.0, 0.4**2])
    study = RowStudy(fitted["slope"], np.zeros(2), truth, 1.0, "wave", fitted)
    return last(study, 1000, seed=8)


def test_a_random_intercept_does_not_take_care_of_trends() -> None:
    """Its z rejects far more than 5 %; with the slope, t(J - 1) keeps its level."""
    rejected = trends().summary()["rejected"]
    assert rejected["intercept, z"] > 0.15
    error = 3 * np.sqrt(0.05 * 0.95 / 1000)
    assert rejected["slope, t"] == pytest.approx(0.05, abs=error)
    assert_array_equal(trends().df, [np.inf, 40 * 6 - 40 - 1, np.inf, 39])


def test_the_summary_by_its_definitions() -> None:
    found = last(GroupStudy(20, 10, 0.2, effect=0.3), 500, seed=9)
    table = found.summary()
    assert_allclose(table["bias"], found.estimate.mean(axis=0) - 0.3)
    assert_allclose(table["real_se"], found.estimate.std(axis=0, ddof=1))
    z = (np.abs(found.estimate - 0.3) < 1.959964 * found.se)[:, 3].mean()
    assert table.loc["multilevel, z", "coverage"] == pytest.approx(z)
    assert_allclose(table["rejected_error"] ** 2 * 500, table["rejected"] * (1 - table["rejected"]))
    assert (np.abs(table["bias"]) < 4 * table["bias_error"]).all()
    assert (found.summary(0.01)["rejected"] < table["rejected"]).all()


def test_power() -> None:
    """Noncentral t: exact where the variance between groups is never 0; x is held fixed."""
    from scipy.stats import nct, t

    study = rows_of(20, 200, effect=0.25)
    table = power(study, 1000, seed=10)
    x = np.unique(study.truth.X[:, 1])
    shift = 0.25 / np.sqrt((0.1 + 0.9 / 200) / np.sum((x - x.mean()) ** 2))
    limit = t.isf(0.025, 18)
    expected = nct.sf(limit, 18, shift) + nct.cdf(-limit, 18, shift)
    found, error = table.loc["multilevel, t"]
    assert found == pytest.approx(expected, abs=3 * error)
    assert 0.3 < expected < 0.99


def test_it_can_be_watched_and_stopped() -> None:
    watched = replicate(GroupStudy(10, 10, 0.1), 250, seed=3)
    first = next(watched)
    assert first.n == AT_ONCE
    assert [found.n for found in watched] == [2 * AT_ONCE, 250]


def test_a_seed_repeats_and_a_longer_run_goes_on() -> None:
    study = GroupStudy(10, 10, 0.1)
    short, again, long, other = (
        last(study, n, seed) for n, seed in ((150, 3), (150, 3), (420, 3), (150, 4))
    )
    assert_array_equal(short.estimate, again.estimate)
    assert_array_equal(short.estimate, long.first(150).estimate)
    assert (short.estimate != other.estimate).all()


def test_refusals() -> None:
    with pytest.raises(DataError, match="3 groups or more"):
        GroupStudy(2, 10, 0.1)
    with pytest.raises(DataError, match="at least 0 and below 1, not 1"):
        GroupStudy(10, 10, 1.0)
    with pytest.raises(DataError, match="2 times or more"):
        last(GroupStudy(10, 10, 0.1), 1, seed=1)
    study = rows_of(5, 4)
    with pytest.raises(DataError, match="the model 'OLS' has no coefficient z"):
        RowStudy(study.truth, study.beta, study.covariance, 1.0, "z", study.fitted)
    other = {"short": design("gcse ~ lrt", frame("gcse"))}
    with pytest.raises(DataError, match="other rows than the truth"):
        RowStudy(study.truth, study.beta, study.covariance, 1.0, "lrt", other)
    with pytest.raises(UnsupportedError, match="'truth' needs one grouping factor, not 0"):
        RowStudy(study.fitted["OLS"], study.beta, study.covariance, 1.0, "x", study.fitted)
    with pytest.raises(DataError, match="level is between 0 and 1"):
        last(GroupStudy(10, 10, 0.1), 10, seed=1).summary(5)
