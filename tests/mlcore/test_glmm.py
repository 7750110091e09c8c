"""Generalised mixed models: what they say, what they refuse, and what should change nothing."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from mlcore import GlmmFit, MultilevelError, gee, glm, glmm, ordinal
from mlcore.discrete.separation import separating
from tests.mlcore.oracle import frame

FORMULA = "pop2 ~ sex + Cextrav + (1 + Cextrav | class)"
# The search stops within 1e-7 standard errors of the maximum; the rest is what an origin of 1e4
# SDs costs x, four digits, squared.
CLOSE = 1e-6

few = settings(max_examples=15, deadline=None)


def base() -> pd.DataFrame:
    return frame("popular2")[["pop2", "pop3", "pop7", "sex", "Cextrav", "class"]].iloc[:1000]


REFERENCE = glmm(FORMULA, base())


# what should change nothing -----------------------------------------------------------------------


@few
@given(origin=st.floats(-1e4, 1e4), unit=st.sampled_from([1e-8, 1e-3, 1.0, 1e3, 1e8]))
def test_moving_and_stretching_a_predictor(origin: float, unit: float) -> None:
    fit = glmm(FORMULA, base().assign(Cextrav=lambda d: (d["Cextrav"] - origin) * unit))
    assert fit.converged
    assert fit.loglik == pytest.approx(REFERENCE.loglik, abs=1e-6)
    expected = REFERENCE.beta / [1, 1, unit] + [REFERENCE.beta[2] * origin, 0, 0]
    assert_allclose(fit.beta, expected, rtol=1e-5, atol=1e-5)
    assert_allclose(fit.coefficients["se"].iloc[2] * unit, REFERENCE.coefficients["se"].iloc[2],
                    rtol=1e-4)  # fmt: skip
    assert_allclose(fit.fitted, REFERENCE.fitted, atol=1e-5)


@few
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_and_the_names_of_groups(seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = base()
    labels = pd.Series(rng.permutation(1000).astype(str), range(1000))
    data["class"] = data["class"].map(labels)
    fit = glmm(FORMULA, data.iloc[rng.permutation(len(data))])
    assert fit.loglik == pytest.approx(REFERENCE.loglik, abs=1e-8)
    assert_allclose(fit.beta, REFERENCE.beta, rtol=CLOSE)
    assert_allclose(fit.coefficients["se"], REFERENCE.coefficients["se"], rtol=CLOSE)
    effects = REFERENCE.ranef["class"]
    assert_allclose(fit.ranef["class"].loc[labels[effects.index]], effects, rtol=CLOSE, atol=CLOSE)


def test_successes_may_be_counted_or_listed() -> None:
    """Rows with the same predictors, one by one or as numbers of successes and trials."""
    data = base().assign(extrav=lambda d: d["Cextrav"].round(), m=1)
    counted = data.groupby(["class", "sex", "extrav"], as_index=False)[["pop2", "m"]].sum()
    one = glmm("pop2 ~ sex + extrav + (1 | class)", data)
    many = glmm("pop2 ~ sex + extrav + (1 | class)", counted, trials="m")
    assert_allclose(many.beta, one.beta, rtol=CLOSE)
    assert_allclose(many.coefficients["se"], one.coefficients["se"], rtol=CLOSE)
    assert_allclose(many.ranef["class"], one.ranef["class"], rtol=CLOSE, atol=CLOSE)
    # the orders in which they can succeed are the only difference
    assert many.loglik - many.outcome.constant == pytest.approx(one.loglik, abs=1e-7)


def test_swapping_success_and_failure() -> None:
    other = glmm(FORMULA, base().assign(pop2=lambda d: 1 - d["pop2"]))
    assert other.loglik == pytest.approx(REFERENCE.loglik, abs=1e-8)
    assert_allclose(other.beta, -REFERENCE.beta, rtol=CLOSE)


def test_nested_notation() -> None:
    data = base().assign(block=lambda d: d["class"] % 7)
    short = glmm("pop7 ~ sex + (1 | block/class)", data, family="poisson")
    long = glmm("pop7 ~ sex + (1 | block) + (1 | class)", data, family="poisson")
    assert short.loglik == pytest.approx(long.loglik, abs=1e-7)
    assert_allclose(short.beta, long.beta, rtol=CLOSE)


def test_more_points_converge() -> None:
    fits = [glmm("pop2 ~ sex + (1 | class)", base(), n_quad=k) for k in (1, 5, 15, 25)]
    laplace, five, fifteen, twenty_five = (fit.loglik for fit in fits)
    assert abs(laplace - twenty_five) > 10 * abs(five - twenty_five)
    assert fifteen == pytest.approx(twenty_five, abs=1e-6)
    assert_allclose(fits[2].coefficients["se"], fits[3].coefficients["se"], rtol=1e-5)


def test_two_categories_are_a_logit() -> None:
    """With thresholds in the place of the intercept, and its sign turned."""
    formula = "pop2 ~ sex + Cextrav + (1 | class)"
    two, logit = ordinal(formula, base(), n_quad=5), glmm(formula, base(), n_quad=5)
    assert two.loglik == pytest.approx(logit.loglik, abs=1e-7)
    assert_allclose(two.beta, logit.beta[1:], rtol=CLOSE)
    assert_allclose(-two.thresholds["estimate"], logit.beta[:1], rtol=CLOSE)
    assert_allclose(two.thresholds["se"], logit.coefficients["se"].iloc[:1], rtol=1e-5)
    assert_allclose(two.predict(base()) - 1.0, logit.predict(base()), rtol=1e-5)


def test_simulated_data_give_back_their_parameters() -> None:
    rng = np.random.default_rng(20_260_302)
    J, n = 400, 20
    g, x = np.repeat(np.arange(J), n), rng.standard_normal(J * n)
    u = rng.multivariate_normal([0, 0], [[1.0, 0.3], [0.3, 0.5]], J)[g]
    eta = -0.5 + u[:, 0] + (0.8 + u[:, 1]) * x
    data = pd.DataFrame({"g": g, "x": x, "y": rng.random(J * n) < 1 / (1 + np.exp(-eta))})
    fit = glmm("y ~ x + (1 + x | g)", data, n_quad=5)
    assert (np.abs(fit.beta - [-0.5, 0.8]) < 3 * fit.coefficients["se"]).all()
    # a variance of 400 groups seen through 20 binary rows each is known to about a tenth
    assert_allclose(fit.random_covariance["g"], [[1.0, 0.3], [0.3, 0.5]], atol=0.3)


# what is said about a fit -------------------------------------------------------------------------


def test_ratios_and_the_median_between_groups() -> None:
    fit = glmm("pop2 ~ sex + (1 | class)", base())
    assert_allclose(fit.ratios["ratio"], np.exp(fit.beta))
    sd = fit.variance_components["sd"].iloc[0]
    difference = np.abs(np.subtract(*np.random.default_rng(1).normal(0, sd, (2, 200_000))))
    # the median of as many draws is known to half a per cent
    assert fit.median_odds_ratio["class"] == pytest.approx(np.exp(np.median(difference)), rel=0.02)
    with pytest.raises(MultilevelError, match="logit"):
        _ = glmm("pop2 ~ sex + (1 | class)", base(), link="probit").ratios


def test_the_population_is_not_the_median_group() -> None:
    fit = glmm("pop2 ~ sex + (1 | class)", base(), n_quad=15)
    pair = pd.DataFrame({"sex": [0, 1]})
    curve = fit.curve(pair)
    assert_allclose(curve["median_group"], fit.predict(pair, conditional=False))
    variance = fit.variance_components["variance"].iloc[0]
    effects = np.random.default_rng(1).normal(0, np.sqrt(variance), 400_000)
    for sex in (0, 1):
        draws = 1 / (1 + np.exp(-(fit.beta @ [1, sex] + effects)))
        assert curve["average"][sex] == pytest.approx(draws.mean(), abs=2e-3)
    flatter = fit.marginal_coefficients["sex"] / fit.beta[1]
    assert flatter == pytest.approx(1 / np.sqrt(1 + 0.346 * variance), rel=0.05)
    population = glm("pop2 ~ sex", base()).beta[1]
    assert fit.marginal_coefficients["sex"] == pytest.approx(population, rel=0.1)


def test_slope_of_the_average_of_many_curves() -> None:
    """A log-odds ratio of 1 in every group, and an SD of 2 between them: .61 in the population."""
    from mlcore.discrete.outcomes import Logit, Poisson, Probit
    from mlcore.discrete.population import attenuation, average

    nothing = np.empty(0)
    assert attenuation(Logit(nothing, nothing), 0.0, 4.0) == pytest.approx(0.61, abs=0.005)
    assert attenuation(Probit(nothing, nothing), 0.7, 3.0) == pytest.approx(0.5, rel=1e-10)
    assert attenuation(Poisson(nothing), 0.7, 3.0) == pytest.approx(1.0, rel=1e-10)
    assert average(np.exp, 1.0, 0.5) == pytest.approx(np.exp(1.25), rel=1e-10)


def test_predictions_and_residuals() -> None:
    data = base()
    assert_allclose(REFERENCE.predict(data), REFERENCE.fitted, rtol=1e-12)
    assert_allclose(REFERENCE.residuals(), data["pop2"] - REFERENCE.fitted)
    new = data.iloc[:3].assign(**{"class": -1})
    assert_allclose(REFERENCE.predict(new), REFERENCE.predict(new, conditional=False))
    assert REFERENCE.predict(data).between(0, 1).all()
    chances = ordinal("pop3 ~ sex + (1 | class)", data).probabilities(data)
    assert_allclose(chances.sum(axis=1), 1.0)
    assert list(chances.columns) == ["1", "2", "3"]


def test_the_path_is_kept() -> None:
    trace = REFERENCE.trace
    assert trace["deviance"].iloc[-1] == pytest.approx(REFERENCE.deviance, abs=1e-8)
    assert trace["deviance"].min() > REFERENCE.deviance - 1e-7
    assert list(trace.columns[:3]) == [
        "class.(Intercept)",
        "class.Cextrav.(Intercept)",
        "class.Cextrav",
    ]


def test_a_fit_can_be_read() -> None:
    text = str(ordinal("pop3 ~ sex + (1 | class)", base()))
    assert "Laplace: pop3 ~ sex + (1 | class)" in text
    assert "2|3" in text
    assert "log-likelihood" not in str(gee("pop2 ~ sex", base(), group="class", family="binomial"))


# the boundary, and beyond -------------------------------------------------------------------------


def alike(rows: int = 600, groups: int = 40) -> pd.DataFrame:
    """Groups that do not differ; `x` tells nothing either."""
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "g": np.arange(rows) % groups,
            "row": np.arange(rows),
            "x": rng.standard_normal(rows),
            "y": np.arange(rows) // groups % 2,
            "count": rng.poisson(2.0, rows),
        }
    )


@pytest.mark.parametrize("n_quad", [1, 7])
def test_no_variance_between_groups(n_quad: int) -> None:
    """The fit is that without groups, and says so."""
    fit, plain = glmm("y ~ x + (1 | g)", alike(), n_quad=n_quad), glm("y ~ x", alike())
    assert fit.converged
    assert fit.boundary
    assert "valid fit" in " ".join(fit.messages)
    assert fit.variance_components["variance"].tolist() == [0.0]
    assert fit.loglik == pytest.approx(plain.loglik, abs=1e-8)
    assert_allclose(fit.coefficients["se"], plain.coefficients["se"], rtol=CLOSE)


def test_a_second_maximum_below_the_boundary() -> None:
    """Laplace's approximation may have one, as in these made-up counts; the higher one is found."""
    data = pd.DataFrame(
        {
            "g": [3, 3, 2, 3, 3, 0, 1, 0, 0, 1, 2, 3, 2, 1, 3, 1, 2, 2, 0, 0, 0, 3, 3],
            "x": [
                -0.77,
                -0.86,
                -0.1,
                -1.3,
                0.68,
                -1.66,
                0.08,
                0.71,
                0.47,
                1.69,
                0.22,
                0.98,
                -0.52,
                1.73,
                -2.25,
                0.28,
                -0.74,
                0.82,
                -0.89,
                -0.06,
                0.43,
                -0.82,
                0.08,
            ],
            "z": [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1],
            "c": [0, 0, 0, 0, 4, 0, 1, 13, 2, 350, 3, 11, 0, 391, 0, 2, 0, 6, 0, 0, 5, 0, 1],
        }
    )
    fit, plain = (
        glmm("c ~ x + z + (1 | g)", data, family="poisson"),
        glm("c ~ x + z", data, family="poisson"),
    )
    assert fit.converged
    assert fit.boundary
    assert fit.loglik == pytest.approx(plain.loglik, abs=1e-8)


def test_effects_that_know_everything() -> None:
    """Each group has its own slope, without error: the variance grows, and this is said."""
    rng = np.random.default_rng(9)
    data = pd.DataFrame({"g": np.arange(24) // 4, "x": rng.standard_normal(24)})
    data["y"] = (data["x"] * np.where(data["g"] % 2, 1, -1) > 0).astype(int)
    fit = glmm("y ~ x + (1 + x | g)", data)
    assert "collect more rows a group" in " ".join(fit.messages)


def test_effects_that_move_together() -> None:
    rng = np.random.default_rng(5)
    data = alike().assign(y=lambda d: (rng.random(600) < 0.5 + 0.2 * np.tanh(d["x"])).astype(int))
    fit = glmm("y ~ x + (1 + x | g)", data)
    assert fit.converged
    assert fit.boundary
    assert np.isfinite(fit.coefficients["se"]).all()


def test_counts_may_have_a_group_for_every_row() -> None:
    data = alike().assign(count=lambda d: d["count"] * (1 + 4 * (d["row"] % 3 == 0)))
    fit = glmm("count ~ x + (1 | row)", data, family="poisson")
    assert fit.converged
    assert fit.variance_components["sd"].iloc[0] > 0.3


def test_large_and_small_counts() -> None:
    fit = glmm(
        "big ~ x + (1 | g)", alike().assign(big=lambda d: d["count"] * 1e8), family="poisson"
    )
    assert fit.converged
    assert fit.beta[0] == pytest.approx(np.log(2e8), abs=0.5)


def test_groups_of_two_with_slopes() -> None:
    """As many effects as rows: only an assumption tells them apart, and it can."""
    data = frame("popular2").assign(pair=lambda d: np.arange(len(d)) // 2)
    fit = glmm("pop2 ~ sex + Cextrav + (1 + Cextrav | pair)", data)
    assert fit.converged
    assert np.isfinite(fit.loglik)


def refused(call: Callable[[], GlmmFit], *words: str) -> None:
    with pytest.raises(MultilevelError) as caught:
        call()
    message = str(caught.value)
    for word in words:
        assert word in message


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_separation_is_told_by_name(link: str) -> None:
    data = alike().assign(both=lambda d: (d["y"] == 1) & (d["row"] % 3 == 0), x2=lambda d: d["x"])
    data["both"] = data["both"].astype(int)
    refused(lambda: glmm("y ~ x + both + (1 | g)", data, link=link), "both can tell", "separation")
    perfect = data.assign(y=(data["x"] > 0.1).astype(int))
    refused(lambda: glmm("y ~ x + (1 | g)", perfect, link=link), "x can tell", "separation")


def test_separation_of_counts_categories_and_margins() -> None:
    data = alike().assign(never=lambda d: ((d["count"] == 0) & (d["row"] % 2 == 0)).astype(int))
    refused(lambda: glmm("count ~ never + (1 | g)", data, family="poisson"), "never can tell")
    cut = data.assign(rank=np.digitize(data["x"], [-0.5, 0.5]))
    refused(lambda: ordinal("rank ~ x + (1 | g)", cut), "x can tell")
    sided = data.assign(y=(data["x"] > 0).astype(int))
    refused(lambda: gee("y ~ x", sided, group="g", family="binomial"), "x can tell")


def test_a_rare_category_is_not_separation() -> None:
    X = np.column_stack([np.ones(6), [0, 0, 0, 0, 1, 1]])
    assert separating(X, np.array([1, -1, 1, -1, 1, -1.0])) is None
    assert separating(X, np.array([1, -1, 1, -1, 1, 1.0])) is not None


def test_what_is_refused() -> None:
    data = alike().assign(one=1, share=0.5, odd=lambda d: d["g"] % 2, m=1, word="a")
    refused(lambda: glmm("x ~ y + (1 | g)", data), "neither 0 nor 1", "600 of 600")
    refused(lambda: glmm("x ~ y + (1 | g)", data, family="poisson"), "not a count")
    refused(lambda: glmm("count ~ x + (1 | g)", data, trials="m"), "number of successes")
    refused(lambda: glmm("count ~ x + (1 | g)", data, trials="n"), "no column n")
    refused(lambda: glmm("y ~ x + (1 | g)", data, trials="word"), "numbers of trials")
    refused(lambda: glmm("count ~ x + (1|g)", data, trials="m", family="poisson"), "binomial")
    refused(lambda: glmm("one ~ x + (1 | g)", data), "1 in every row")
    refused(lambda: glmm("y ~ x + (1 | one)", data), "one level only")
    refused(lambda: glmm("y ~ x + (1 | row)", data), "group of its own", "several rows")
    refused(lambda: glmm("odd ~ x + (1 | g)", data), "never varies within g")
    refused(lambda: glmm("y ~ x", data), "no random effects", "glm")
    refused(lambda: glmm("y ~ x + (1 | g)", data, family="gamma"), "binomial, poisson")
    refused(lambda: glmm("y ~ x + (1 | g)", data, link="log"), "logit or probit")
    refused(lambda: glmm("y ~ x + (1 | g)", data, n_quad=0), "1 or more")
    refused(lambda: glmm("y ~ x + (1 + x | g)", data, n_quad=99), "n_quad=70 or fewer")
    refused(lambda: glmm("y ~ x + (1 | g) + (1 | odd)", data, n_quad=3), "n_quad=1")
    many = pd.DataFrame({"a": np.arange(20_000) // 2, "b": np.arange(20_000) % 5_000})
    many["y"] = np.arange(20_000) % 3 % 2
    refused(lambda: glmm("y ~ 1 + (1 | a) + (1 | b)", many), "a 10,000, b 5,000", "leave")
    refused(lambda: ordinal("x ~ y + (1 | g)", data), "600 categories", "lmm")
    refused(lambda: ordinal("y ~ 0 + x + (1 | g)", data), "intercept")
    refused(lambda: ordinal("log(x) ~ y + (1 | g)", data), "factor()")
    nothing = data.assign(lost=np.nan)
    refused(lambda: ordinal("lost ~ x + (1 | g)", nothing), "every value of lost is missing")
    refused(lambda: glmm("y ~ x + (1 | g)", nothing, trials="lost"), "every value of lost")
    for call in (glm, ordinal):
        assert call("y ~ x", data).converged
    with pytest.raises(MultilevelError, match="glmm"):
        glm("y ~ x + (1 | g)", data)
    for wrong in ({"correlation": "ar1"}, {"family": "gamma"}, {"link": "log"}, {"group": "h"}):
        with pytest.raises(MultilevelError):
            gee("y ~ x", data, **{"group": "g", **wrong})


def test_missing_values_are_dropped_and_counted() -> None:
    data = frame("cbpp").copy()
    data.loc[[3, 8], "size"] = np.nan
    data.loc[5, "incidence"] = np.nan
    fit = glmm("incidence ~ period + (1 | herd)", data, trials="size")
    assert fit.n == 53
    assert list(fit.fitted.index) == [i for i in data.index if i not in (3, 5, 8)]
    assert "2 of 56 rows dropped for missing size" in fit.messages[0]
    data = alike().assign(rank=lambda d: d["row"] % 3)
    data.loc[[1, 2], "rank"] = np.nan
    ranks = ordinal("rank ~ x + (1 | g)", data)
    assert ranks.n == 598
    assert ranks.messages[0] == "2 of 600 rows dropped for missing rank"


@pytest.mark.parametrize(("family", "link"), [("binomial", "probit"), ("poisson", None)])
def test_without_random_effects_as_statsmodels(family: str, link: str | None) -> None:
    """Observed information for the probit, as its `Probit` has; R's glm takes the expected."""
    from statsmodels.discrete.discrete_model import Poisson, Probit

    data = base().assign(one=1.0)
    y, kind = ("pop2", Probit) if family == "binomial" else ("pop7", Poisson)
    peer = kind(data[y], data[["one", "sex", "Cextrav"]]).fit(
        disp=False, tol=1e-12, method="newton"
    )
    ours = glm(f"{y} ~ sex + Cextrav", data, family=family, link=link)
    assert_allclose(ours.beta, peer.params, rtol=1e-8)
    assert_allclose(ours.coefficients["se"], peer.bse, rtol=1e-7)
    assert ours.loglik == pytest.approx(peer.llf, abs=1e-8)


@pytest.mark.parametrize("n_quad", [1, 7])
def test_two_ordered_categories_without_a_predictor_are_a_logit(n_quad: int) -> None:
    formula = "pop2 ~ 1 + (1 | class)"
    cut = ordinal(formula, frame("popular2"), n_quad=n_quad)
    logit = glmm(formula, frame("popular2"), n_quad=n_quad)
    assert cut.loglik == pytest.approx(logit.loglik, abs=1e-8)
    # one search ends a rounding error from the other
    assert cut.kappa[0] == pytest.approx(-logit.beta[0], abs=1e-5)
    assert cut.theta[0] == pytest.approx(logit.theta[0], abs=1e-5)
