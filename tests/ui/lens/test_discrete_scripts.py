"""Scripts of generalised models are run, on bundled data and on a file of the learner's own."""

import re

import pytest

import mlcore
from datasets import load
from tests.mlcore import oracle
from tests.ui.lens import executed
from ui.lens import panel, parameters, runs, words
from ui.lens.discrete import scripts
from ui.lens.scripts import python, r, spss, stata
from ui.lens.scripts.recipe import Recipe
from workbench.files import read

NURSES = "leave ~ fam + valued + age"


def own(name):
    """A reference dataset as a learner would bring it."""
    return read(f"{name}.csv", oracle.frame(name).to_csv(index=False).encode()).dataset


MODELS = {
    "laplace": ("london_nurses", mlcore.glmm, f"{NURSES} + (1 | hospital)", {}),
    "quadrature": ("london_nurses", mlcore.glmm, f"{NURSES} + (1 | hospital)", {"n_quad": 7}),
    "glm": ("london_nurses", mlcore.glm, NURSES, {}),
    "cluster": ("london_nurses", mlcore.glm, NURSES, {"cluster": "hospital"}),
    "gee": ("london_nurses", mlcore.gee, NURSES, {"group": "hospital", "family": "binomial"}),
    "slopes": ("popular2", mlcore.glmm, "pop2 ~ sex + Cextrav + (1 + Cextrav | class_)", {}),
    "count": ("popular2", mlcore.glmm, "pop7 ~ sex + (1 | class_)", {"family": "poisson"}),
    "rates": ("popular2", mlcore.glm, "pop7 ~ sex * Cextrav", {"family": "poisson"}),
    "trials": ("cbpp", mlcore.glmm, "incidence ~ C(period) + (1 | herd)", {"trials": "size"}),
    "shares": ("cbpp", mlcore.glm, "incidence ~ C(period)", {"trials": "size"}),
    "ordered": ("popular2", mlcore.ordinal, "pop3 ~ sex + Cextrav + (1 | class_)", {}),
    "ordered-alone": ("popular2", mlcore.ordinal, "factor(pop3) ~ sex + Cextrav", {}),
    "gee-normal": ("school", mlcore.gee, "gcse ~ lrt + girl", {"group": "school"}),
}
each = pytest.mark.parametrize("name", MODELS)


@pytest.fixture(scope="module")
def recipes():
    found = {}
    for name, (dataset, function, formula, options) in MODELS.items():
        bundled = dataset in ("london_nurses", "school")
        data = load(dataset) if bundled else own(dataset)
        fit = function(formula, data.extended, **options)
        found[name] = Recipe(fit, parameters.read(fit), data)
    return found


@each
def test_the_python_script_runs_and_gives_its_numbers(recipes, name, tmp_path):
    executed.in_python(recipes[name], tmp_path)


@each
def test_the_r_script_runs_and_gives_its_numbers(recipes, name, tmp_path):
    made = recipes[name]
    if package := scripts.r.package(made.fit):
        assert f"library({package})" in runs.plain(r.lines(made))
        assert package in scripts.note("r", made.fit)
        return
    executed.in_r(made, tmp_path)


def test_clustered_errors_by_hand_in_r(recipes, tmp_path):
    made = recipes["cluster"]
    out = executed.in_r(made, tmp_path)
    for se in made.fit.coefficients["se"]:
        assert executed.near(se, out)


def test_clustered_errors_in_python(recipes, tmp_path):
    made = recipes["cluster"]
    out = executed.in_python(made, tmp_path)
    for se in made.fit.coefficients["se"]:
        assert executed.near(se, out.rpartition("dtype")[0])


@each
@pytest.mark.parametrize("module", [r, python, stata, spss])
def test_scripts_name_every_column(recipes, name, module):
    made = recipes[name]
    text = runs.plain(module.lines(made))
    for column in made.fit.design.formula.variables():
        assert re.search(rf"\b{re.escape(column.name)}\b", text)
    group = next(iter(made.fit.effects), "")
    assert re.search(rf"\b{group}\b", text)


COMMANDS = {
    "laplace": "melogit leave fam valued age || hospital:, intmethod(laplace)\nmelogit, or",
    "quadrature": "melogit leave fam valued age || hospital:, intpoints(7)\nmelogit, or",
    "glm": "logit leave fam valued age\nlogit, or",
    "cluster": "logit leave fam valued age, vce(cluster hospital)\nlogit, or",
    "gee": "xtset hospital\nxtgee leave fam valued age, family(binomial) link(logit) "
    "corr(exchangeable) vce(robust)",
    "slopes": "melogit pop2 sex Cextrav || class_: Cextrav, covariance(unstructured) "
    "intmethod(laplace)",
    "count": "mepoisson pop7 sex || class_:, intmethod(laplace)\nmepoisson, irr",
    "trials": "melogit incidence i.period || herd:, intmethod(laplace) binomial(size)",
    "shares": "glm incidence i.period, family(binomial size) link(logit)\nglm, eform",
    "ordered": "meologit pop3 sex Cextrav || class_:, intmethod(laplace)",
    "ordered-alone": "ologit pop3 sex Cextrav",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_stata_has_the_commands_of_its_manual(recipes, name):
    text = runs.plain(stata.lines(recipes[name]))
    assert COMMANDS[name] in text


def test_spss_has_the_commands_of_its_manual(recipes):
    text = runs.plain(spss.lines(recipes["slopes"]))
    for part in (
        "/TARGET_OPTIONS REFERENCE=0 DISTRIBUTION=BINOMIAL LINK=LOGIT",
        "/FIXED EFFECTS=sex Cextrav USE_INTERCEPT=TRUE",
        "/RANDOM EFFECTS=Cextrav USE_INTERCEPT=TRUE SUBJECTS=class_",
        "COVARIANCE_TYPE=UNSTRUCTURED",
    ):
        assert part in text
    text = runs.plain(spss.lines(recipes["gee"]))
    assert "/REPEATED SUBJECT=hospital CORRTYPE=EXCHANGEABLE" in text
    assert "TRIALS=FIELD(size)" in runs.plain(spss.lines(recipes["trials"]))
    assert "(ORDINAL)" in runs.plain(spss.lines(recipes["ordered"]))


@each
def test_the_code_says_whether_it_was_run(recipes, name):
    made = recipes[name]
    code = panel.faces(made.fit, words.of_data(made.data), made.data)["code"]
    assert {key: "Not executed" in each["note"] for key, each in code.items()} == {
        "r": name in ("gee", "gee-normal", "ordered"), "stata": True, "spss": True, "python": False,
    }  # fmt: skip
