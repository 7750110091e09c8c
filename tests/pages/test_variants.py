"""Pooling under many codes: other numbers, the same truth; and the key that a code makes."""

import math

import pytest
from streamlit.testing.v1 import AppTest

import datasets
import mlcore
from tests.pages.opened import texts
from tests.pages.test_pooling import SKIPPED, lesson, springs
from tools.contents import entries
from tools.server import ROOT
from ui.record import Prediction, Record
from ui.variant import draw

TASKS = next(entry.tasks for entry in entries() if entry.path == "pooling")
CODES = ("spring26", "a", "class7b", "autumn", "x9")


def under(code: str) -> Record:
    return Record({f"{name}@{code}": each for name, each in SKIPPED.predictions.items()})


@pytest.fixture(scope="module")
def spreads() -> tuple[float, float]:
    fit = mlcore.lmm("gcse ~ 1 + (1 | school)", datasets.load("school").frame)
    tau, sigma = fit.variance_components["sd"]
    return float(tau), float(sigma)


@pytest.fixture(scope="module")
def table():
    found = mlcore.shrinkage(mlcore.lmm("gcse ~ 1 + (1 | school)", datasets.load("school").frame))
    return found.set_axis(found.index.astype(str))


@pytest.mark.parametrize("code", CODES)
def test_the_question_has_the_codes_numbers_and_one_right_answer(code, spreads):
    tau, sigma = spreads
    few = draw(code, "pooling.two.few", range(3, 13))
    many = draw(code, "pooling.two.many", range(60, 201, 10))
    out = draw(code, "pooling.two.out", (4, 6, 8, 10))
    test = lesson(code=code)
    radio = test.radio(key=f"check.pooling.two@{code}")
    assert f"One has {few} pupils, the other {many}" in radio.label
    assert f"both lie {out} points" in radio.label
    assert len(set(radio.options)) == 4
    moves = {n: out * (1 - n / (n + sigma**2 / tau**2)) for n in (few, many)}
    right = f"The school of {max(moves, key=moves.__getitem__)}"
    verdicts = {}
    for option in radio.options:
        test.radio(key=f"check.pooling.two@{code}").set_value(
            ["few", "same", "many", "half"].index(kind(option, few))
        ).run()
        verdicts[option] = "**Yes.**" in texts(test)
        assert test.session_state["record"].checks[f"pooling.two@{code}"].said == option
    assert [option for option, yes in verdicts.items() if yes] == [right]
    assert f"moves {moves[few]:.1f} points" in texts(test)


def kind(option: str, few: int) -> str:
    if option.startswith("Both"):
        return "half" if "half-way" in option else "same"
    return "few" if option == f"The school of {few}" else "many"


def test_the_order_of_the_answers_is_the_codes_own():
    orders = {
        tuple(lesson(code=code).radio(key=f"check.pooling.none@{code}").options) for code in CODES
    }
    assert len(orders) > 1


PAIRS = ("54-59", "48-59", "48-53", "54-53", "23-53", "63-53", "37-59")


@pytest.mark.parametrize("pair", PAIRS)
def test_each_pair_is_solved_on_a_tenth_of_a_point_and_not_at_the_start(pair, spreads, table):
    tau, sigma = spreads
    near, far = (table.loc[name] for name in pair.split("-"))

    def solved(sigma_u: float) -> bool:
        a, b = (
            (1 - mlcore.pooling_weight(each.n, sigma_u, sigma)) * abs(each["mean"])
            for each in (near, far)
        )
        return bool(abs(a - b) <= 0.1 and min(a, b) >= 1)

    assert abs(near["mean"]) < abs(far["mean"])
    assert not solved(tau)
    # an arrow key moves the handle by a tenth: the puzzle can be solved by keyboard
    assert any(solved(tenth / 10) for tenth in range(1, 121))


@pytest.mark.parametrize("code", CODES)
def test_the_key_solves_both_puzzles(code, spreads, table):
    tau, sigma = spreads
    near, far = draw(code, "pooling.equal", PAIRS).split("-")
    kept = draw(code, "pooling.half", (0.4, 0.5, 0.6, 0.7, 0.75, 0.8))
    least = next(n for n in range(1, 500) if mlcore.pooling_weight(n, tau, sigma) >= kept)
    key = texts(lesson(code=code, view="key"))
    assert f"> **Key.** {least} pupils" in key
    sigma_u = key.partition("> **Key.** $\\sigma_u$ = ")[2].partition(" ")[0]
    solved = lesson(under(code), code=code, sigma_u=sigma_u)
    assert f"School {near} has" in texts(solved)
    assert f"school {far} has" in texts(solved)
    assert solved.session_state["record"].puzzles[f"pooling.equal@{code}"].solved
    solved = lesson(under(code), code=code, n=f"48:{least}")
    puzzle = solved.session_state["record"].puzzles[f"pooling.half@{code}"]
    assert (puzzle.solved, puzzle.settings) == (True, f"n=48%3A{least}")


def test_each_code_has_its_own_sheet_and_the_plain_one_is_left_alone():
    test = lesson(SKIPPED)
    test.radio(key="check.pooling.two").set_value(0).run()
    test.query_params["code"] = "Spring26"
    test.run()
    assert springs(test)["mode"] == "ask"
    assert test.radio(key="check.pooling.two@spring26").value is None
    test.radio(key="check.pooling.none@spring26").set_value(1).run()
    checks = test.session_state["record"].checks
    assert set(checks) == {"pooling.two", "pooling.none@spring26"}
    assert SKIPPED.predictions.items() <= test.session_state["record"].predictions.items()


def test_a_code_follows_from_page_to_page_and_a_bad_one_is_said():
    test = lesson(code="Spring26")
    test.query_params.clear()
    test.switch_page("pages/reference/work.py").run()
    assert test.query_params["code"] == "spring26"
    assert test.text_input(key="code.typed").value == "spring26"
    test.text_input(key="code.typed").set_value("no, thanks").run()
    assert [each.value for each in test.error] == [
        "A code is made of letters a to z and digits, at most 24 of them, without spaces."
    ]
    assert test.query_params["code"] == "spring26"
    test.text_input(key="code.typed").set_value("").run()
    assert "code" not in test.query_params
    said = lesson(code="<b>")
    assert any("The code in the address is none" in each.value for each in said.info)


def test_the_key_is_complete_and_writes_nothing():
    test = lesson(Record(), view="key")
    said = texts(test)
    assert said.count("> **Key.**") == TASKS
    assert "Anyone who knows the code can make it" in said
    assert springs(test)["mode"] == "reveal"
    assert not test.radio
    assert [each.label for each in test.button] == []
    assert test.session_state["record"] == Record()


def test_nothing_of_the_key_is_on_a_page_that_is_not_in_that_view(spreads):
    tau, sigma = spreads
    for record in (Record(), SKIPPED):
        said = texts(lesson(record))
        assert "Key." not in said
        assert f"{math.ceil((sigma / tau) ** 2)} pupils: the least" not in said


def test_a_key_is_made_from_a_typed_code_and_leaves_the_typists_own_alone():
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    test.switch_page("pages/reference/work.py").run()
    test.text_input(key="key.typed").set_value(" Autumn ").run()
    links = {each.proto.label: each.proto for each in test.get("page_link")}
    link = links["Pooling, the key for autumn"]
    assert link.query_string == "view=key&code=autumn"
    assert "code" not in test.query_params
    own = lesson(Record({"pooling.moves": Prediction(None)}), code="mine")
    own.query_params["view"] = "key"
    own.query_params["code"] = "autumn"
    own.run()
    assert "for the code **autumn**" in texts(own)
    own.query_params.clear()
    own.run()
    assert own.query_params["code"] == "mine"
