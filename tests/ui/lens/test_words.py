"""What terms are called in sentences: codes by their labels, text categories by their own names."""

import numpy as np
import pandas as pd
import pytest

import mlcore
from datasets import load
from ui.lens import words


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(1)
    kinds = rng.choice(["a:b", "c", "<i>"], 300)
    frame = pd.DataFrame({"y": rng.normal(size=300), "x": rng.normal(size=300), "kind": kinds})
    return frame.assign(g=rng.integers(0, 20, 300).astype(str))


def test_categories_of_text(texts):
    fit = mlcore.lmm("y ~ x * kind + (1 | g)", texts)
    known = words.of_data(load("school"))
    assert words.contrast(fit, known, "kinda:b") == words.Contrast("kind", "a:b", "<i>")
    assert words.contrast(fit, known, "x") is None
    assert words.contrast(fit, known, "x:kinda:b") is None
    assert known.term(fit.design, "x:kinda:b") == "x × kind: a:b"
    assert known.term(fit.design, "(Intercept)") == "intercept"


def test_codes_have_the_labels_of_the_card():
    data = load("school")
    fit = mlcore.lmm("gcse ~ girl + C(schgend) + (1 | school)", data.frame)
    known = words.of_data(data)
    assert words.contrast(fit, known, "C(schgend)3") == words.Contrast("schgend", "girls", "mixed")
    assert words.contrast(fit, known, "girl") == words.Contrast("girl", "girl", "boy")
    assert known.term(fit.design, "C(schgend)2") == "type of school: boys"
