"""Labels, categories and groups of any script and with any sign: shown as they are, run as text."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import mlcore
from tests.ui.lens import executed
from ui.lens import panel, parameters, runs, words
from ui.lens.discrete import scripts
from ui.lens.scripts import spss, stata
from ui.lens.scripts.recipe import Recipe
from workbench.files import read

GROUPS = ["Ärzte & <b>", 'O\'Neil "x"', "$\\alpha$", "名前", "a///", "/*", "d;drop", "x.y"]
KINDS = [
    "<script>alert(1)</script>", "b & c", "B", "a", "\"q\" 'r'", "$x^2$", "日本", "a:b", "/* x ///",
]  # fmt: skip
RATINGS = ["<low>", 'mid & "so"', "z'high"]


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    n = 900
    home = rng.integers(0, 40, n)
    x = rng.normal(size=n)
    eta = x + rng.normal(size=40)[home]
    frame = pd.DataFrame(
        {
            'yes <no> & "maybe"': (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int),
            "x'y $1$": x,
            "Grüße;": [f"{GROUPS[k % 8]}{k // 8}" for k in home],
            "kind of <i>": rng.choice(KINDS, n),
            "rating": rng.choice(RATINGS, n),
            "count": rng.poisson(np.exp(0.3 * eta)),
        }
    )
    return read("my <file> & 'it'.csv", frame.to_csv(index=False).encode()).dataset


@pytest.fixture(scope="module")
def fits(data):
    frame = data.extended
    y, x, group, kind, rating, count = data.variables
    return {
        "binary": mlcore.glmm(f"{y} ~ {x} + {kind} + (1 | {group})", frame),
        "slopes": mlcore.glmm(f"{y} ~ {x} * {kind} + (1 + {x} | {group})", frame, n_quad=7),
        "ordered": mlcore.ordinal(f"{rating} ~ {x} + {kind} + (1 | {group})", frame),
        "ordered-alone": mlcore.ordinal(f"{rating} ~ {kind}", frame),
        "count": mlcore.glmm(f"{count} ~ {kind} + (1 | {group})", frame, family="poisson"),
        "gee": mlcore.gee(f"{y} ~ {kind}", frame, group=group, family="binomial"),
        "cluster": mlcore.glm(f"{y} ~ {x} + {kind}", frame, cluster=group),
        "linear": mlcore.lmm(f"{x} ~ {kind} + (1 | {group})", frame),
    }


NAMES = ("binary", "slopes", "ordered", "ordered-alone", "count", "gee", "cluster", "linear")
each = pytest.mark.parametrize("name", NAMES)


def recipe(fit, data):
    return Recipe(fit, parameters.read(fit), data)


@each
def test_every_face_is_markup_of_ours_alone(fits, data, name):
    """Well-formed as XML, and no tag of the data's."""
    faces = panel.faces(fits[name], words.of_data(data), data)
    bodies = [faces["picture"], faces["equation"], faces["sentences"]]
    for kind in ("output", "code"):
        bodies += [each["text"] for each in faces[kind].values()]
    for body in bodies:
        quoted = body.replace("class=values", 'class="values"')
        tags = {node.tag for node in ElementTree.fromstring(f"<div>{quoted}</div>").iter()}
        assert not tags & {"script", "b", "low", "no"}


@each
def test_python_takes_them_as_text(fits, data, name, tmp_path):
    executed.in_python(recipe(fits[name], data), tmp_path)


@each
def test_r_takes_them_as_text(fits, data, name, tmp_path):
    if name == "linear" or not scripts.r.package(fits[name]):
        executed.in_r(recipe(fits[name], data), tmp_path, whole=True)


@each
def test_stata_and_spss_see_them_in_comments_only(fits, data, name):
    for module in (stata, spss):
        text = runs.plain(module.lines(recipe(fits[name], data)))
        commands = re.split(r"^(?:import|GET DATA)", text, flags=re.MULTILINE)[1]
        assert not any(word in commands for word in ("script", "O'Neil", "日本", "<low>"))
        comments = text.removesuffix(commands)
        assert "/*" not in comments or module is spss
        assert "///" not in comments or module is spss


def test_stata_numbers_what_is_text(fits, data):
    def text(name):
        return runs.plain(stata.lines(recipe(fits[name], data)))

    assert "encode rating, generate(rating_n)\nmeologit rating_n x_y_1" in text("ordered")
    assert "egen Grüße_n = group(Grüße)\nxtset Grüße_n" in text("gee")
    assert "i.kind_of_i_n" in text("binary")
