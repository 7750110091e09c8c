"""The lens for outcomes that are not normal, over binary, counted, ordered and marginal models."""

import dataclasses
import re

import numpy as np
import pytest

import mlcore
from datasets import load
from mlcore.discrete.outcomes import logistic
from tests.mlcore import oracle
from tests.ui.lens.printed import by_r
from tests.ui.lens.test_equation import plain as plain_text
from ui.lens import equation, panel, parameters, runs, words
from ui.lens.discrete import picture, r, sentences, spreads, spss, stata
from ui.lens.discrete.place import placed
from ui.lens.outputs import plain
from ui.prose import share

NURSES = "leave ~ fam + male + age"
MODELS = {
    "binary": lambda: mlcore.glmm(f"{NURSES} + (1 | hospital)", load("london_nurses").frame),
    "quadrature": lambda: mlcore.glmm(
        f"{NURSES} + (1 | hospital)", load("london_nurses").frame, n_quad=7
    ),
    "probit": lambda: mlcore.glmm("leave ~ fam + (1 | hospital)", load("london_nurses").frame,
                                  link="probit"),
    "slopes": lambda: mlcore.glmm("pop2 ~ sex + Cextrav + (1 + Cextrav | class)",
                                  oracle.frame("popular2")),
    "trials": lambda: mlcore.glmm("incidence ~ period + (1 | herd)", oracle.frame("cbpp"),
                                  trials="size"),
    "count": lambda: mlcore.glmm("pop7 ~ sex + (1 | class)", oracle.frame("popular2"),
                                 family="poisson"),
    "several": lambda: mlcore.glmm(
        "TICKS ~ C(YEAR) + cHEIGHT + (1 | BROOD) + (1 | LOCATION)", oracle.frame("grouseticks"),
        family="poisson"),
    "ordered": lambda: mlcore.ordinal("pop3 ~ sex + Cextrav + (1 | class)",
                                      oracle.frame("popular2")),
    "ordered-alone": lambda: mlcore.ordinal("pop3 ~ sex", oracle.frame("popular2")),
    "glm": lambda: mlcore.glm("leave ~ fam + male", load("london_nurses").frame),
    "counts": lambda: mlcore.glm("pop7 ~ sex + Cextrav", oracle.frame("popular2"),
                                 family="poisson"),
    "cluster": lambda: mlcore.glm("leave ~ fam + male", load("london_nurses").frame,
                                  cluster="hospital"),
    "gee": lambda: mlcore.gee("leave ~ fam", load("london_nurses").frame, group="hospital",
                              family="binomial"),
    "gee-counts": lambda: mlcore.gee("pop7 ~ sex", oracle.frame("popular2"), group="class",
                                     family="poisson"),
    "gee-normal": lambda: mlcore.gee("gcse ~ lrt", load("school").frame, group="school"),
}  # fmt: skip
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]\d+)?")
each = pytest.mark.parametrize("name", MODELS)


@pytest.fixture(scope="module")
def fits():
    return {name: make() for name, make in MODELS.items()}


@each
@pytest.mark.parametrize("program", [plain, r, stata, spss])
def test_every_parameter_is_tied_to_its_numbers(fits, name, program):
    found = parameters.read(fits[name])
    lines = program.lines(fits[name], found)
    tied = {run.of for line in lines for run in line if isinstance(run, runs.Run)}
    assert tied == {p.name for p in found}
    assert "nan" not in runs.plain(lines).lower()


@each
def test_what_the_parameters_are(fits, name):
    fit, found = fits[name], parameters.read(fits[name])
    assert len({p.symbol for p in found}) == len(found)
    first = 0 if "(Intercept)" in fit.design.names else 1
    assert [p.symbol for p in found[: len(fit.beta)]] == [
        f"β_{k}" for k in range(first, first + len(fit.beta))
    ]
    assert any(p.name == "sigma" for p in found) == (name == "gee-normal")
    spreads = [p for p in found if p.group]
    assert [p.name for p in spreads] and spreads[0].known if fit.effects else not spreads


def test_thresholds_stand_after_the_spread(fits):
    found = parameters.read(fits["ordered"])
    assert [p.symbol for p in found] == ["β_1", "β_2", "σ_u", "κ_1", "κ_2"]
    table = fits["ordered"].thresholds
    for p, (name, row) in zip(found[-2:], table.iterrows(), strict=True):
        assert (p.name, p.estimate, p.se) == (name, row["estimate"], row["se"])
        assert p.upper - p.lower == pytest.approx(2 * 1.959964 * p.se)


def test_the_plain_listing_has_ratios_where_there_are_any(fits):
    for name, head in (("binary", "odds ratio"), ("count", "rate ratio"), ("gee", "odds ratio")):
        text = runs.plain(plain.lines(fits[name], parameters.read(fits[name])))
        assert head in text
    fam = fits["binary"].ratios.loc["fam", "ratio"]
    text = runs.plain(plain.lines(fits["binary"], parameters.read(fits["binary"])))
    (row,) = (line for line in text.splitlines() if "coefficient of fam" in line)
    assert row.endswith(f"{fam:.3f}")
    for name in ("probit", "gee-normal"):
        assert "ratio" not in runs.plain(plain.lines(fits[name], parameters.read(fits[name])))


def test_a_correlation_names_both_its_terms(fits):
    """Of intercepts and slopes as fitted, and of two slopes."""
    fit = fits["slopes"]
    place = placed(fit, words.of_data(load("popularity")))
    rho = next(p for p in parameters.read(fit) if p.symbol.startswith("ρ"))
    assert (rho.other, rho.term) == ("(Intercept)", "Cextrav")
    for other, said, limit in (
        ("(Intercept)", "a higher intercept", "when the origin moves"),
        ("sex", "a larger coefficient of girl", "how the two predictors are coded"),
    ):
        saying = spreads.correlation(place, dataclasses.replace(rho, other=other))
        text = runs.plain([saying.says])
        assert f"with {said}" in text
        assert "coefficients of extraversion" in text
        assert limit in saying.warns


EQUATIONS = {
    "binary": ["logit(p_ij) = β_0j + β_1fam + β_2male + β_3age", "leave_ij ~ Bernoulli(p_ij)"],
    "probit": ["probit(p_ij) = β_0j + β_1fam", "a normal residual, variance 1"],
    "trials": [
        "incidence_ij ~ Binomial(size_ij, p_ij)",
        "a logistic residual, variance π²/3 = 3.29",
    ],
    "count": ["log(μ_ij) = β_0 + β_1sex + u_j", "pop7_ij ~ Poisson(μ_ij)"],
    "several": ["log(μ_i) = β_0 + β_1YEAR: 96", "v_LOCATION ~ N(0"],
    "ordered": ["logit P(pop3_ij ≤ k) = κ_k − (β_1sex + β_2Cextrav + u_j)", "κ_1 < κ_2 κ_1 = 1.37"],
    "gee": ["E(leave_ij) = p_ij", "corr(two rows of one hospital) = ρ_w ρ_w = .04"],
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations_say_how_the_outcome_varies(fits, name):
    made = equation.fitted(fits[name], parameters.read(fits[name]))
    text = "\n".join(plain_text(each) for each in [*made.levels, *made.random, made.combined])
    for part in EQUATIONS[name]:
        assert part in text
    assert "σ_e" not in text.replace("no σ_e", "")


@each
def test_all_faces_are_made(fits, name):
    faces = panel.faces(fits[name], words.of_data(load("london_nurses")))
    assert len(faces["chips"]) == len(parameters.read(fits[name]))
    assert "plain" in faces["output"]


@each
def test_every_parameter_has_a_sentence(fits, name):
    found = parameters.read(fits[name])
    said = sentences.sentences(fits[name], found, words.of_data(load("london_nurses")))
    assert {each.of for each in said} == {p.name for p in found}
    for each_said in said:
        text = runs.plain([each_said.says]) + each_said.warns
        assert not re.search("nan|None", text)
        assert text.count("“") == text.count("”")


def text_of(fits, name):
    said = sentences.sentences(
        fits[name], parameters.read(fits[name]), words.of_data(load("london_nurses"))
    )
    return {p.of: runs.plain([p.says]) + " " + p.warns for p in reversed(said)}


def test_an_odds_ratio_is_told_as_probabilities_within_a_group_and_over_all(fits):
    """In the median hospital at the mean of the other columns; by hand, from the coefficients."""
    fit, text = fits["binary"], text_of(fits, "binary")["fam"]
    rest = fit.design.X.mean(axis=0) @ fit.beta - fit.design.X[:, 1].mean() * fit.beta[1]
    with_it, without = (logistic(rest + k * fit.beta[1]) for k in (1, 0))
    assert f"is {share(with_it)} against {share(without)}" in text
    assert f"multiplied by {np.exp(fit.beta[1]):.3f}" in text
    assert f"the ratio is about {np.exp(fit.marginal_coefficients['fam']):.3f}" in text
    assert "nurses of one hospital" in text


def test_the_spread_is_told_as_probabilities(fits):
    """Two of three groups, the median group, and the average over groups: by simulation."""
    fit, text = fits["slopes"], text_of(fits, "slopes")["sd(class,(Intercept))"]
    x = fit.design.X.mean(axis=0)
    u = np.random.default_rng(1).multivariate_normal([0, 0], fit.effects["class"].covariance, 10**6)
    eta = x @ fit.beta + u @ x[[0, 2]]
    (average,) = re.findall(r"on average over all groups of class (\.\d+)", text)
    # of a million draws the mean is known to 0.0004; the text rounds to 0.005
    assert float(average) == pytest.approx(logistic(eta).mean(), abs=0.0055)
    sd = np.sqrt(x[[0, 2]] @ fit.effects["class"].covariance @ x[[0, 2]])
    low, high = (share(logistic(x @ fit.beta + sign * sd)) for sign in (-1, 1))
    assert f"between {low} and {high}" in text


def test_the_picture_has_a_dot_for_each_group_where_its_probability_is(fits):
    fit = fits["slopes"]
    drawn = picture.svg(fit, parameters.read(fit), words.of_data(load("popularity")))
    assert drawn.count("<circle") == 100
    x = fit.design.X.mean(axis=0)
    sd = np.sqrt(x[[0, 2]] @ fit.effects["class"].covariance @ x[[0, 2]])
    low, high = (share(logistic(x @ fit.beta + sign * sd)) for sign in (-1, 1))
    assert f"two classes in three: {low} to {high}" in drawn
    assert f"median class: {share(logistic(x @ fit.beta))}" in drawn
    inside = [float(at) for at in re.findall(r'cx="([-\d.]+)"', drawn)]
    assert 0 < min(inside) < max(inside) < picture.WIDE


def test_without_spread_all_groups_are_at_one_place():
    data = oracle.frame("popular2").assign(y=np.arange(2000) % 2)
    fit = mlcore.glmm("y ~ sex + (1 | class)", data)
    assert fit.boundary
    faces = panel.faces(fit, words.of_data(load("popularity")))
    assert "nan" not in str(faces).lower()
    assert "lens-curve" not in faces["picture"]


def test_a_marginal_model_speaks_of_the_population(fits):
    text = text_of(fits, "gee")["fam"]
    assert "in the population, over all hospitals; within one hospital" in text
    assert "median hospital" not in text


@pytest.fixture(scope="module")
def printed():
    return by_r("generalised")


def kept(text):
    """Without what R says of its search, and without what it has left out since R 4.3."""
    text = re.sub(r"Deviance Residuals: \n.*\n.*\n\n", "", text)
    text = re.sub(r"\nNumber of Fisher Scoring iterations.*\n", "", text)
    lines = [line.rstrip() for line in text.splitlines() if not line.startswith("Control:")]
    return "\n".join(lines).strip()


@pytest.mark.parametrize("name", [
    "binary", "quadrature", "slopes", "count", "trials", "several", "glm", "counts",
])  # fmt: skip
def test_r_prints_the_same(fits, printed, name):
    """Every character but for the last digits.

    glmer stops some units of the sixth figure before the maximum, and its Hessian is by
    differences: a unit of the last place printed, or two in ten thousand where more are shown.
    """
    ours = kept(runs.plain(r.lines(fits[name], parameters.read(fits[name]))))
    theirs = kept(printed[name])
    assert re.sub(r"\d", "0", ours) == re.sub(r"\d", "0", theirs)
    for a, b in zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True):
        unit = 10.0 ** -len(b.partition("e")[0].partition(".")[2])
        unit *= float(f"1e{b.partition('e')[2] or 0}")
        assert float(a) == pytest.approx(float(b), rel=2e-4 * ("." in b), abs=1.01 * unit)


def unknown(fit, **more):
    """The fit as it is where the likelihood is flat."""
    nothing = np.full_like(fit.covariance, np.nan)
    return dataclasses.replace(fit, covariance=nothing, **more)


EDGES = {
    "null": lambda d: mlcore.glmm("pop2 ~ 1 + (1 | class)", d),
    "thresholds only": lambda d: mlcore.ordinal("pop3 ~ 1 + (1 | class)", d),
    "thresholds alone": lambda d: mlcore.ordinal("pop3 ~ 1", d),
    "two categories": lambda d: mlcore.ordinal("pop2 ~ sex + (1 | class)", d),
    "no intercept": lambda d: mlcore.glmm("pop2 ~ 0 + sex + Cextrav + (1 | class)", d),
    "slopes only": lambda d: mlcore.glmm("pop2 ~ Cextrav + (0 + Cextrav | class)", d),
    "apart": lambda d: mlcore.glmm("pop2 ~ Cextrav + (1 + Cextrav || class)", d),
    "made": lambda d: mlcore.glmm("pop2 ~ poly(Cextrav, 2) + center(texp) + (1 | class)", d),
    "slopes of a factor": lambda d: mlcore.glmm("pop2 ~ C(sex) + (1 + C(sex) | class)", d),
    "far away": lambda d: mlcore.glmm("pop2 ~ I(sex / 100000) + (1 | class)", d),
    "products": lambda d: mlcore.glm("pop7 ~ sex * extrav + C(texp)", d, family="poisson",
                                     cluster="class"),
    "averages": lambda d: mlcore.gee("pop2 ~ 1", d, group="class", family="binomial"),
    "flat": lambda d: unknown(mlcore.glmm("pop2 ~ Cextrav + (1 | class)", d)),
    "flat thresholds": lambda d: unknown(mlcore.ordinal("pop2 ~ sex + (1 | class)", d),
                                         kappa_covariance=np.full((1, 1), np.nan)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_every_model_that_can_be_fitted_has_all_its_faces(name):
    fit = EDGES[name](oracle.frame("popular2"))
    data = load("popularity")
    faces = panel.faces(fit, words.of_data(data), data)
    assert set(faces["code"]) == {"r", "stata", "spss", "python"}
    assert not re.search(r"\b(nan|inf|None)\b", str(faces))
