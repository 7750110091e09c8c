"""Scripts to take home are run: they give the numbers that their headers promise."""

import json
import re
from dataclasses import replace

import pytest

import mlcore
from datasets import load
from tests.ui.lens import executed
from ui.lens import parameters, runs
from ui.lens.scripts import documents, python, r, spss, stata
from ui.lens.scripts.recipe import Recipe
from workbench.plan import columns

MODELS = {
    "intercepts": ("school", "gcse ~ lrt + girl + (1 | school)", True),
    "slopes": ("school", "gcse ~ lrt + girl + C(schgend) + (1 + lrt | school)", False),
    "means": ("hsb", "mathach ~ ses_dev * sector + ses_mean + (1 | schid)", True),
    "nested": ("nurses", "stress ~ experien + (1 | hospital/ward)", True),
    "centred": (
        "nurses",
        "stress ~ age_within_hospital_ward + age_mean_hospital_ward + (1 | hospital:ward)",
        True,
    ),
    "squares": ("nurses", "stress ~ experien + I(experien^2) + (1 | hospital)", False),
}


def recipe(name):
    data, formula, reml = MODELS[name]
    extended = columns.made(formula, load(data))
    fit = mlcore.lmm(formula, extended.extended, reml=reml)
    return Recipe(fit, parameters.read(fit), extended)


@pytest.mark.parametrize("name", MODELS)
def test_the_python_script_runs_and_gives_its_numbers(name, tmp_path):
    executed.in_python(recipe(name), tmp_path)


@pytest.mark.parametrize("name", MODELS)
def test_the_r_script_runs_and_gives_its_numbers(name, tmp_path):
    executed.in_r(recipe(name), tmp_path)


@pytest.mark.parametrize("name", MODELS)
def test_stata_and_spss_name_every_column_and_say_they_were_not_run(name):
    made = recipe(name)
    for module in (stata, spss):
        text = runs.plain(module.lines(made))
        for column in made.fit.design.formula.variables():
            assert re.search(rf"\b{re.escape(column.name)}\b", text)
        assert "Not executed here" in module.NOTE


def test_stata_writes_the_commands_of_the_lecture():
    made = recipe("slopes")
    text = runs.plain(stata.lines(made))
    wanted = (
        "mixed gcse lrt girl i.schgend || school: lrt, covariance(unstructured) mle stddeviations"
    )
    assert wanted in text
    text = runs.plain(stata.lines(recipe("nested")))
    assert "mixed stress experien || hospital: || ward:, reml stddeviations" in text


def test_the_notebook_holds_the_script():
    script = runs.plain(python.lines(recipe("intercepts")))
    book = json.loads(documents.notebook("Title", script))
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert "\n\n".join(cells) == script
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)


def test_the_quarto_document_holds_the_script():
    text = documents.quarto('A "title"', "x <- 1")
    assert text.startswith("---\ntitle: \"A 'title'\"")
    assert "```{r}\nx <- 1\n```" in text


def test_stata_gets_names_that_it_can_hold():
    data = load("nurses")
    long = "experience_in_the_wards_of_today"
    rows = data.frame.rename(columns={"experien": long})
    about = dict.fromkeys(rows, data.variables["age"])
    data = replace(data, _rows=rows, variables=about, derived={})
    formula = f"stress ~ {long}_within_wardid + {long}_mean_wardid + (1 | wardid)"
    extended = columns.made(formula, data)
    fit = mlcore.lmm(formula, extended.extended)
    text = runs.plain(stata.lines(Recipe(fit, parameters.read(fit), extended)))
    script = [each for each in text.splitlines() if not each.startswith("*")]
    assert max(len(word) for each in script for word in re.findall(r"\w+", each)) <= 32
    assert f"generate double {long[:29]}_2 = {long} - {long[:29]}_1" in script
    assert f"mixed stress {long[:29]}_2 {long[:29]}_1 || wardid:" in text


def test_a_mean_by_two_columns_is_asked_for_in_each_language():
    made = recipe("centred")
    said = {module: runs.plain(module.lines(made)) for module in (python, r, spss, stata)}
    assert 'd.groupby(["hospital", "ward"])["age"].transform("mean")' in said[python]
    assert "ave(d$age, d$hospital, d$ward, " in said[r]
    assert "/BREAK=hospital ward /age_mean_hospital_ward=MEAN(age)." in said[spss]
    assert "egen double age_mean_hospital_ward = mean(age), by(hospital ward)" in said[stata]
