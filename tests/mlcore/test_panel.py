"""Panel estimators: limits, invariances, what they share with others, and bad requests."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlcore import DataError, MultilevelError, PanelFit, hausman, lmm, mundlak, ols, panel, simulate
from mlcore.longitudinal.deviations import TwoWay
from mlcore.longitudinal.panel import ESTIMATORS
from tests.mlcore.oracle import frame

few = settings(max_examples=20, deadline=None)
ROUNDING = 1e-9  # the same least squares by another way: nothing but rounding between them


def people(seed: int = 1, J: int = 30, T: int = 6, *, sigma_u: float = 1.0) -> pd.DataFrame:
    """A balanced panel whose predictor goes with the people's effects; `z` never changes."""
    rng = np.random.default_rng(seed)
    who, when = np.repeat(range(J), T), np.tile(range(2001, 2001 + T), J)
    u = sigma_u * rng.standard_normal(J)
    data = pd.DataFrame({"who": who, "when": when})
    data["x"] = 0.7 * u[who] + rng.standard_normal(J * T) + 0.1 * (when - 2000)
    data["w"] = rng.standard_normal(J * T)
    data["z"] = rng.standard_normal(J)[who]
    data["region"] = who % 7
    data["y"] = 1 + 0.5 * data["x"] - data["w"] + u[who] + rng.standard_normal(J * T)
    return data


def unbalanced(seed: int = 2) -> pd.DataFrame:
    return people(seed).sample(frac=0.7, random_state=seed)


def fit(estimator: str, data: pd.DataFrame, formula: str = "y ~ x + w", **more: str) -> PanelFit:
    return panel(formula, data, entity="who", time="when", estimator=estimator, **more)


@pytest.mark.parametrize("data", [people(), unbalanced()], ids=["balanced", "unbalanced"])
def test_within_is_least_squares_with_a_dummy_for_each_entity(data: pd.DataFrame) -> None:
    ours, dummies = fit("within", data), ols("y ~ x + w + C(who)", data)
    shared = ["x", "w"]
    columns = ["estimate", "se", "df", "p"]
    assert_allclose(
        ours.coefficients.loc[shared, columns], dummies.coefficients.loc[shared, columns], rtol=1e-7
    )
    assert ours.loglik == pytest.approx(dummies.loglik, rel=ROUNDING)
    assert ours.aic == pytest.approx(dummies.aic, rel=ROUNDING)
    assert ours.bic == pytest.approx(dummies.bic, rel=ROUNDING)
    assert_allclose(ours.fitted, dummies.fitted, atol=1e-9)
    assert_allclose(ours.predict(data), dummies.fitted, atol=1e-9)


@pytest.mark.parametrize("data", [people(), unbalanced()], ids=["balanced", "unbalanced"])
def test_two_ways_within_are_dummies_for_entities_and_times(data: pd.DataFrame) -> None:
    ours = fit("within", data, effects="twoways")
    dummies = ols("y ~ x + w + C(who) + C(when)", data)
    assert_allclose(ours.beta[1:], dummies.beta[1:3], rtol=1e-8)
    assert_allclose(
        ours.coefficients["se"].iloc[1:], dummies.coefficients["se"].iloc[1:3], rtol=1e-8
    )
    assert_allclose(ours.coefficients["df"], dummies.coefficients["df"].iloc[0])
    assert_allclose(ours.fitted, dummies.fitted, atol=1e-9)
    assert ours.effects_test.df1 == 29 + 5
    smaller = ols("y ~ x + w", data)
    f = (smaller.ss_residual - dummies.ss_residual) / 34 / dummies.sigma**2
    assert ours.effects_test.statistic == pytest.approx(f, rel=1e-8)


def test_a_panel_in_two_parts_has_one_time_effect_less() -> None:
    """People seen in early and in late years only: the level of one part is not identified."""
    data = people()
    apart = data[(data["when"] <= 2003) == (data["who"] < 15)]
    made = fit("within", apart, effects="twoways")
    ways = TwoWay(*(made.design.groupings[name] for name in ("who", "when")))
    assert ways.rank == 6 - 2
    assert made.rows.residual_df == len(apart) - 30 - 4 - 2


def test_pooled_is_ols_and_between_is_ols_on_means() -> None:
    data = unbalanced()
    for cluster in (None, "region"):
        pooled = fit("pooled", data, cluster=cluster)
        least = ols("y ~ x + w", data, cluster=cluster)
        assert_allclose(pooled.coefficients, least.coefficients, rtol=ROUNDING)
        averages = data.groupby("who").mean()
        between = fit("between", data, "y ~ x + w + z", cluster=cluster)
        means = ols("y ~ x + w + z", averages, cluster=cluster)
        assert_allclose(between.coefficients, means.coefficients, rtol=1e-7)


def test_differences_of_two_times_are_the_within_estimate() -> None:
    """With two times and a drift, differences and two ways are the same regression."""
    data = people(T=2)
    changes = fit("first_difference", data)
    within = fit("within", data, effects="twoways")
    columns = ["estimate", "se", "p"]
    assert_allclose(
        changes.coefficients[columns].iloc[1:], within.coefficients[columns].iloc[1:], rtol=1e-8
    )


def test_random_effects_become_pooled_as_entities_become_alike() -> None:
    data = people()
    data["y"] = data["y"] - from_means_of_y(data)
    ours = fit("random", data)
    assert ours.sigma_u == ours.rho == 0.0
    assert (ours.theta == 0.0).all()
    assert_allclose(ours.beta, fit("pooled", data).beta, rtol=ROUNDING)
    assert any("pooled" in message for message in ours.messages)
    assert (ours.entity_effects == 0.0).all()


def from_means_of_y(data: pd.DataFrame) -> pd.Series:
    """What the people's means of y have beyond those of the predictors."""
    line = 0.5 * data["x"] - data["w"]
    return (data["y"] - line).groupby(data["who"]).transform("mean")


def test_random_effects_become_within_as_entities_part() -> None:
    data = people()
    far = data.assign(y=data["y"] + 1e6 * data["z"])
    assert_allclose(fit("random", far).beta[1:], fit("within", far).beta[1:], rtol=1e-5)
    assert fit("random", far).theta.min() > 1 - 1e-5


def test_random_effects_on_balanced_data_are_nearly_those_of_reml() -> None:
    """Swamy & Arora's variances equal REML's where predictors do not vary between entities."""
    data = people()
    data["x"] = data["x"] - data.groupby("who")["x"].transform("mean")
    data["w"] = data["w"] - data.groupby("who")["w"].transform("mean")
    ours, reml = fit("random", data), lmm("y ~ x + w + (1 | who)", data)
    assert ours.sigma_e == pytest.approx(reml.sigma, rel=1e-6)
    assert ours.sigma_u**2 == pytest.approx(reml.random_covariance["who"].iloc[0, 0], rel=1e-5)
    assert_allclose(ours.entity_effects, reml.ranef["who"]["(Intercept)"], rtol=1e-5)


def test_no_estimate_is_likelier_than_the_likeliest() -> None:
    """And Swamy & Arora's is nearly as likely, where predictors do not go with the effects."""
    for data in (people(), unbalanced()):
        best = lmm("y ~ w + (1 | who)", data, reml=False).loglik
        for form in ("stata", "plm"):
            assert best - 0.1 < fit("random", data, "y ~ w", form=form).loglik <= best


def test_the_forms_agree_on_balanced_data_and_are_two_on_others() -> None:
    same, other = (
        [fit("random", data, form=form).sigma_u for form in ("stata", "plm")]
        for data in (people(), unbalanced())
    )
    assert same[0] == pytest.approx(same[1], rel=ROUNDING)
    assert abs(other[0] - other[1]) > 1e-4


@pytest.mark.parametrize("estimator", ESTIMATORS)
@few
@given(origin=st.floats(-1e5, 1e5), unit=st.floats(1e-4, 1e4), seed=st.integers(0, 9))
def test_origins_units_order_and_labels(
    estimator: str, origin: float, unit: float, seed: int
) -> None:
    data = unbalanced()
    moved = data.sample(frac=1, random_state=seed).assign(
        x=lambda d: (d["x"] - origin) * unit, who=lambda d: "p" + ((d["who"] * 7) % 30).astype(str)
    )
    ours, same = fit(estimator, moved, cluster="region"), fit(estimator, data, cluster="region")
    assert_allclose(ours.beta[1:], same.beta[1:] / [unit, 1.0], rtol=1e-6)
    columns = ["statistic", "df", "p"]
    # an origin of 1e5 costs five digits of x, and the tail of p some more
    assert_allclose(
        ours.coefficients[columns].iloc[1:], same.coefficients[columns].iloc[1:], rtol=1e-6
    )
    assert_allclose(ours.r2, same.r2, rtol=1e-6)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("size", [1e-8, 1e8])
def test_tiny_and_huge_units(estimator: str, size: float) -> None:
    changed = unbalanced().assign(x=lambda d: d["x"] * size, y=lambda d: d["y"] / size)
    ours, same = fit(estimator, changed), fit(estimator, unbalanced())
    assert_allclose(ours.beta, same.beta / [size, size**2, size], rtol=1e-7)
    columns = ["statistic", "df", "p"]
    assert_allclose(ours.coefficients[columns], same.coefficients[columns], rtol=1e-7)


def test_missing_values_are_dropped_and_counted() -> None:
    data = people().astype({"when": float})
    data.loc[3, "x"] = data.loc[9, "when"] = np.nan
    data.loc[20, "who"] = np.nan
    ours = fit("within", data)
    assert ours.n == len(data) - 3
    assert "3 of 180 rows dropped for missing values (x 1, who 1, when 1)" in ours.messages
    assert_allclose(ours.beta, fit("within", data.dropna()).beta, rtol=ROUNDING)


def test_what_does_not_vary_is_dropped_and_said() -> None:
    data = people()
    within = fit("within", data, "y ~ x + z + w")
    assert list(within.coefficients.index) == ["(Intercept)", "x", "w"]
    assert within.messages == ("z is explained by who: dropped",)
    assert_allclose(within.beta, fit("within", data).beta, rtol=ROUNDING)
    assert_allclose(within.predict(data), within.fitted, rtol=ROUNDING)
    two = fit("within", data, "y ~ x + z + when", effects="twoways")
    assert two.messages == (
        "z is explained by who and when: dropped", "when is explained by who and when: dropped"
    )  # fmt: skip
    changes = fit("first_difference", data, "y ~ x + z")
    assert changes.messages == ("z does not change within who: dropped",)
    between = fit("between", data.sample(frac=1, random_state=1), "y ~ x + I(when / 3)")
    assert between.messages == ("I(when/3) has the same mean in every who: dropped",)


def test_long_gaps_are_counted() -> None:
    data = people()
    ours = fit("first_difference", data[(data["when"] != 2003) | (data["who"] > 4)])
    assert ours.messages == ("5 of 145 differences span more than 1 when",)


def test_hausman_takes_random_effects_of_either_kind() -> None:
    data, line = frame("gcse"), "gcse ~ lrt + girl"
    within, random = (panel(line, data, entity="school", estimator=e) for e in ("within", "random"))
    by_panel = hausman(within, random)
    by_reml = hausman(within, lmm(f"{line} + (1 | school)", data))
    assert by_panel.df == by_reml.df == 2
    assert by_panel.p < 0.02 > by_reml.p


def test_hausman_says_when_it_cannot_be_computed() -> None:
    """Effects that go with x make random effects less certain than within, not more."""
    data = people()
    with pytest.raises(DataError, match=r"not positive definite; use mundlak\(\.\.\.\)"):
        hausman(fit("within", data), fit("random", data))
    assert mundlak("y ~ x + w", data, entity="who").p < 1e-6


@few
@given(seed=st.integers(0, 1000), unit=st.floats(1e-4, 1e4))
def test_mundlak_keeps_the_within_estimates_on_any_panel(seed: int, unit: float) -> None:
    data = unbalanced(seed).assign(x=lambda d: d["x"] * unit)
    test = mundlak("y ~ x + w + z", data, entity="who")
    within = fit("within", data)
    assert_allclose(test.fit.coefficients["estimate"][["x", "w"]], within.beta[1:], rtol=1e-7)
    plain = mundlak("y ~ x + w + z", unbalanced(seed), entity="who")
    assert test.statistic == pytest.approx(plain.statistic, rel=1e-6)


def test_mundlak_with_clusters_is_an_f() -> None:
    test = mundlak("y ~ x + w", people(), entity="who", cluster="who")
    assert (test.df, test.df2) == (2, 29)
    assert test.p < 0.01
    assert mundlak("y ~ w", people(), entity="who").p > 0.01


def test_mundlak_leaves_out_means_that_are_there_already() -> None:
    data = people()
    data["x_mean"] = data.groupby("who")["x"].transform("mean")
    test = mundlak("y ~ x + x_mean + w + when", data, entity="who")
    assert list(test.difference.index) == ["w_mean"]


BAD = [
    ({"entity": "wo"}, "no column wo in the data: did you mean who"),
    ({"estimator": "fixed"}, "estimator is one of pooled, within, between"),
    ({"effects": "both"}, "effects is one of individual, twoways"),
    ({"estimator": "random", "form": "sas"}, "form is one of stata, plm"),
    ({"effects": "twoways", "estimator": "between"}, "'twoways' goes with 'within' or 'random'"),
    ({"effects": "twoways"}, "'twoways' needs time: name its column"),
    ({"estimator": "first_difference"}, "'first_difference' needs time: name its column"),
    ({"formula": "y ~ x + (1 | who)"}, r"panel has no terms such as \(1 \| who\)"),
    ({"formula": "y ~ z"}, "every predictor is explained by who: use 'between' or 'random'"),
    ({"formula": "z ~ x"}, "z is explained by who: nothing is left to be explained"),
    ({"formula": "y ~ x + I(2*x + z)"}, "collinear predictors"),
    ({"estimator": "between", "cluster": "when"}, "when varies within who: means of who cannot"),
    ({"estimator": "between", "formula": "y ~ third"}, "the same mean in every who: use 'within'"),
    ({"estimator": "between", "formula": "y ~ x + I(2*x)"}, "collinear predictors"),
    (
        {"estimator": "first_difference", "time": "when", "formula": "y ~ x + when"},
        "the change of when has the same value",
    ),
    ({"entity": "one"}, "one has one level only: a panel has several entities"),
    ({"time": "early"}, r"who 0 has 2 rows at early 2001: keep one row, or average them"),
    ({"entity": "row", "time": "when", "estimator": "first_difference"}, "no row is seen twice"),
    ({"entity": "row"}, "is explained by row: nothing is left"),
    ({"entity": "pair", "estimator": "random"}, "no degrees of freedom are left between entities"),
]


@pytest.mark.parametrize(("request_", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_requests_are_told_what_to_do(request_: dict[str, str], message: str) -> None:
    data = people().assign(
        one=1, row=range(180), early=lambda d: d["when"].clip(lower=2002) - 1,
        pair=lambda d: d["who"] % 2, third=lambda d: d["when"] / 3,
    ).sample(frac=1, random_state=1)  # fmt: skip
    asked = {"formula": "y ~ x + w", "entity": "who", "estimator": "within"} | request_
    with pytest.raises(MultilevelError, match=message):
        panel(asked.pop("formula"), data, **asked)


def test_two_way_random_effects_need_a_balanced_panel() -> None:
    with pytest.raises(DataError, match=r"fit \(1 \| who\) \+ \(1 \| when\) with lmm"):
        fit("random", unbalanced(), effects="twoways")


def test_what_an_estimator_does_not_know_is_said() -> None:
    data = people()
    with pytest.raises(MultilevelError, match="no effects of single levels of who"):
        _ = fit("pooled", data).entity_effects
    with pytest.raises(MultilevelError, match="differences know no levels"):
        fit("first_difference", data).predict(data, conditional=False)
    with pytest.raises(MultilevelError, match="differences know no levels"):
        _ = fit("first_difference", data).fitted
    with pytest.raises(MultilevelError, match=r"fit \(1 \| who\) with lmm and draw from that"):
        simulate(fit("random", data), seed=1)
    assert len(simulate(fit("pooled", data), seed=1)) == len(data)
    with pytest.raises(MultilevelError, match="tested in a 'within' fit"):
        _ = fit("random", data).effects_test
    with pytest.raises(MultilevelError, match="use mundlak"):
        hausman(fit("within", data, cluster="who"), fit("random", data))
    with pytest.raises(MultilevelError, match="the first fit is 'random'"):
        hausman(fit("random", data), fit("within", data))
    with pytest.raises(MultilevelError, match="different rows"):
        hausman(fit("within", data), fit("random", data.iloc[1:]))
    with pytest.raises(MultilevelError, match="fixed and random effects cannot disagree"):
        mundlak("y ~ z", data, entity="who")
    with pytest.raises(MultilevelError, match="2 clusters cannot test 2 means"):
        mundlak("y ~ x + w", data.assign(half=data["who"] % 2), entity="who", cluster="half")


def test_it_is_said_in_print() -> None:
    text = str(fit("within", people(), "y ~ x + z", cluster="region"))
    assert text.startswith("within, CR1 by region: y ~ x + z\n180 rows, 30 who, 6 when")
    assert "z is explained by who: dropped" in text
    assert "sigma_u 1" in text
    assert "\nR2: within 0." in text


def test_the_orthodont_boys_and_girls() -> None:
    """A textbook's use: sex cannot be had within, only between."""
    data = frame("orthodont")
    within = panel("distance ~ age + male", data, entity="Subject", estimator="within")
    assert within.messages == ("male is explained by Subject: dropped",)
    random = panel("distance ~ age + male", data, entity="Subject", estimator="random")
    reml = lmm("distance ~ age + male + (1 | Subject)", data)
    assert_allclose(random.beta, reml.beta, rtol=1e-6)  # balanced, so that theta does not matter
