"""Refits in Python; that the browser finds the same is tests/browser/test_program."""

import numpy as np
import pytest

from ui.stage import quantity as q
from ui.stage import refit
from ui.stage.refit import Refit

INTERCEPT = {"(Intercept)": {"1": 1}}
CODES = np.repeat(np.arange(6), 5)
Y = np.random.default_rng(1).normal(size=30) + CODES


def test_a_refit_says_what_it_does_not_have():
    fit = Refit({"y": Y}, CODES, fixed=INTERCEPT, random=INTERCEPT, response={"y": 1})
    with pytest.raises(KeyError, match=r"no 'correlation'.*sd:\(Intercept\)"):
        fit["correlation"]


@pytest.mark.parametrize(
    ("columns", "fixed", "random", "said"),
    [
        ({"y": Y}, {"lrt": {"lrt": 1}}, {}, "no base column 'lrt'"),
        ({"y": Y}, INTERCEPT, {name: {"y": 1} for name in "abc"}, "two random terms at most"),
        ({"y": np.where(Y > 0, Y, np.nan)}, INTERCEPT, {}, "y has missing values"),
        ({"y": Y[1:]}, INTERCEPT, {}, "same number of rows"),
    ],
)
def test_a_refit_says_what_cannot_be(columns, fixed, random, said):
    with pytest.raises(ValueError, match=said):
        Refit(columns, CODES, fixed=fixed, random=random, response={"y": 1})


def test_numbers_of_one_page_stand_on_one_fit(monkeypatch):
    asked = []

    def counted(*args, reml):
        asked.append(reml)
        return fitted(*args, reml=reml)

    fitted = refit.estimates
    monkeypatch.setattr(refit, "estimates", counted)
    response = {"y": q.control("a")}
    fit = Refit({"y": Y}, CODES, fixed=INTERCEPT, random=INTERCEPT, response=response)
    one, two = (fit["sigma"].evaluate({"a": a}) for a in (1, 2))
    assert two == pytest.approx(2 * one)
    assert fit["icc"].evaluate({"a": 1}) == pytest.approx(fit["icc"].evaluate({"a": 2}))
    assert len(asked) == 2


def test_an_absent_group_is_at_the_mean_of_all():
    fit = Refit({"y": Y}, CODES + 1, fixed=INTERCEPT, random=INTERCEPT, response={"y": 1})
    u, se, sd = q.evaluate([fit[f"{k}:(Intercept)"] for k in ("u", "se_u", "sd")], {})
    assert u[0] == 0
    assert se[0] == sd
    assert len(u) == 7


def test_another_model_of_the_same_rows_shares_their_cross_products():
    x = np.linspace(0, 1, 30)
    line = {**INTERCEPT, "x": {"x": 1}}
    plain = Refit({"y": Y, "x": x}, CODES, fixed=line, random={}, response={"y": 1})
    mixed = plain.also(fixed=line, random=INTERCEPT, response={"y": 1})
    alone = Refit({"y": Y, "x": x}, CODES, fixed=line, random=INTERCEPT, response={"y": 1})
    assert mixed["beta:x"].evaluate({}) == alone["beta:x"].evaluate({})
    program = q.Program()
    for fit in (plain, mixed):
        program.add(fit["beta:x"])
    assert [node["op"] for node in program.wire()["nodes"]].count("products") == 1
    with pytest.raises(KeyError, match="no 'icc'"):
        plain["icc"]
