"""A learner's own file through the lens: text, gaps, centring, categories by the dozen."""

import numpy as np
import pandas as pd
import pytest

import mlcore
from datasets import Dataset, Level, Variable
from tests.ui.lens import executed
from ui.lens import panel, parameters, runs, words
from ui.lens.scripts import spss, stata
from ui.lens.scripts.recipe import Recipe
from workbench.plan.columns import made


def file():
    """Groups, categories and a gap, as a file that was opened has them."""
    rng = np.random.default_rng(5)
    n = 800
    school = rng.integers(0, 40, n)
    rows = pd.DataFrame(
        {
            "school": np.char.add("s", school.astype(str)),
            "room": rng.integers(0, 4, n),
            "region": rng.choice([f"r {k}" for k in range(12)], n),
            "kind": rng.choice(["a:b", "c", "d"], n),
            "x": rng.normal(3, 1, n).round(3),
            "t": pd.Series(school).groupby(school).cumcount().to_numpy(),
        }
    )
    rows["y"] = (rng.normal(size=40)[school] + 0.5 * rows["x"] + rng.normal(size=n)).round(4)
    rows.loc[rng.choice(n, 30, replace=False), "x"] = np.nan
    return Dataset(
        name="mine", title="mine.csv", story="", source="A file of your own.", citation="",
        terms="", note="", synthetic=False, unmet={}, levels=(Level("row", "rows"),),
        variables={name: Variable(name, "row") for name in rows}, derived={}, models=(), card="",
        _rows=rows,
    )  # fmt: skip


MODELS = {
    "text": ("y ~ x + kind + (1 | school)", mlcore.lmm, {}),
    "means": ("y ~ x_within_school + x_mean_school + (1 | school)", mlcore.lmm, {}),
    "centred": ("y ~ center(x) * kind + (1 + center(x) | school)", mlcore.lmm, {}),
    "apart": ("y ~ x + (1 + x || school)", mlcore.lmm, {}),
    "dozens": ("y ~ x + region + (1 | school/room)", mlcore.lmm, {}),
    "bare": ("y ~ 0 + kind + x + (0 + x | school)", mlcore.lmm, {}),
    "clusters": ("y ~ scale(x) + kind", mlcore.ols, {"cluster": "school"}),
    "within": ("y ~ x * kind", mlcore.panel, {"entity": "school", "estimator": "within"}),
    "changes": (
        "y ~ x + kind",
        mlcore.panel,
        {"entity": "school", "time": "t", "estimator": "first_difference"},
    ),
    "random": ("y ~ center(x)", mlcore.panel, {"entity": "school", "estimator": "random"}),
}


def recipe(name):
    formula, method, options = MODELS[name]
    data = made(formula, file())
    fit = method(formula, data.extended, **options)
    return Recipe(fit, parameters.read(fit), data)


@pytest.mark.parametrize("name", MODELS)
def test_every_face_is_there(name):
    given = recipe(name)
    faces = panel.faces(given.fit, words.of_data(given.data), given.data)
    assert all(faces[face] for face in ("chips", "equation", "output", "sentences", "code"))
    assert "nan" not in str([faces["equation"], faces["sentences"], faces["chips"]])
    assert len(faces["chips"]) <= 12


@pytest.mark.parametrize("name", MODELS)
def test_the_python_script_gives_its_numbers(name, tmp_path):
    executed.in_python(recipe(name), tmp_path)


@pytest.mark.parametrize("name", MODELS)
def test_the_r_script_gives_its_numbers(name, tmp_path):
    executed.in_r(recipe(name), tmp_path)


STATA = {
    "text": "encode kind, generate(kind_n)\nmixed y x i.kind_n || school:, reml stddeviations",
    "means": "egen double x_mean_school = mean(x), by(school)",
    "centred": "quietly summarize x\ngenerate double x1 = (x - r(mean))",
    "apart": "|| school: || school: x, noconstant",
    "bare": "mixed y i.kind_n x, noconstant || school: x, noconstant reml stddeviations",
    "within": "encode school, generate(school_n)\nxtset school_n",
    "changes": 'generate double c2 = (kind == "c")',
}
SPSS = {
    "text": "MIXED y BY kind WITH x",
    "centred": "COMPUTE x1 = (x1 - x1_m).",
    "apart": "/RANDOM=x | SUBJECT(school) COVTYPE(VC)",
    "bare": "/FIXED=kind x | NOINT",
    "changes": 'COMPUTE c2 = (kind = "c").',
}


@pytest.mark.parametrize(
    ("module", "name", "wanted"),
    [(m, n, w) for m, found in ((stata, STATA), (spss, SPSS)) for n, w in found.items()],
)
def test_the_other_scripts_say_what_they_have_to(module, name, wanted):
    assert wanted in runs.plain(module.lines(recipe(name)))
