"""Answers hidden: by the link, and in presenter view, whatever the learner's record holds."""

import pytest
from streamlit.testing.v1 import AppTest

import mlcore
from datasets import load
from tests.pages.test_pooling import springs
from tools.server import ROOT
from ui.record import Check, Prediction, Puzzle, Record

ORDER = ["48", "54", "59", "53", "35"]
KEPT = Record(
    {
        "pooling.moves": Prediction(ORDER, "certain"),
        "pooling.slope": Prediction(-3.0, None, "half-way"),
        "pooling.hidden-school": Prediction("overall", None, "all-alike"),
    },
    {"pooling.two": Check(0, right=True), "pooling.none": Check(1, right=False)},
    {"pooling.equal": Puzzle(2, solved=True)},
)
WAYS = ({"answers": "hidden"}, {"view": "presenter"})


def lesson(record: Record = KEPT, **query: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    test.session_state["record"] = record
    test.session_state["offered"] = record  # the browser has it: it handed it over
    test.switch_page("pages/pooling/pooling.py")
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    return test


def page(test: AppTest) -> str:
    """Everything the page sends: text, and what its components are given."""
    texts = [element.value for kind in (test.markdown, test.info) for element in kind]
    texts += [e.proto.body for e in test.get("html") if not e.proto.body.startswith("<style>")]
    return "\n".join([*texts, *(c.proto.json for c in test.get("bidi_component"))])


@pytest.mark.parametrize("way", WAYS, ids=["link", "presenter"])
def test_every_question_starts_open_and_nothing_of_the_key_is_sent(way):
    assert springs(lesson())["mode"] == "reveal"
    test = lesson(**way)
    assert springs(test)["mode"] == "ask"
    assert springs(test)["places"] == {}
    everything = page(test)
    table = mlcore.shrinkage(mlcore.lmm("gcse ~ 1 + (1 | school)", load("school").frame))
    for group in map(int, ORDER):
        for column in ("movement", "estimate", "lambda"):
            assert f"{table[column][group]:.2f}".replace("-", "−") not in everything
    for trace in ("**Yes.**", "**Not so.**", "It keeps", '"truth"', "**Make it so.**"):
        assert trace in page(lesson())
        assert trace not in everything
    assert all(radio.value is None for radio in test.radio)
    assert test.session_state["record"] == KEPT


@pytest.mark.parametrize("way", WAYS, ids=["link", "presenter"])
def test_the_answer_is_shown_on_request_for_this_visit(way):
    test = lesson(**way)
    assert test.button(key="skip.pooling.moves").label == "Show the answer"
    test.button(key="skip.pooling.moves").click().run()
    assert springs(test)["mode"] == "reveal"
    assert springs(test)["ranks"]["guess"] == {name: i for i, name in enumerate(ORDER, 1)}
    test.button(key="show.pooling.none").click().run()
    assert test.radio(key="check.pooling.none").value == 1
    assert "**Not so.**" in page(test)
    assert "**Yes.**" not in page(test)
    assert test.session_state["record"] == KEPT


def test_answering_is_recorded_and_shown():
    test = lesson(answers="hidden")
    test.session_state["places.pooling.moves"] = {g: i for i, g in enumerate(reversed(ORDER), 1)}
    test.button(key="lock.pooling.moves").click().run()
    assert springs(test)["mode"] == "reveal"
    assert test.session_state["record"].predictions["pooling.moves"].value == ORDER[::-1]
    test.radio(key="check.pooling.two").set_value(1).run()
    assert "**Not so.**" in page(test)
    assert test.session_state["record"].checks["pooling.two"].option == 1


def test_a_fresh_learner_may_still_skip():
    test = lesson(Record(), answers="hidden")
    assert test.button(key="skip.pooling.moves").label == "Show me without predicting"
    test.button(key="skip.pooling.moves").click().run()
    assert springs(test)["mode"] == "reveal"
    assert test.session_state["record"].predictions["pooling.moves"].skipped


def test_a_puzzle_that_the_link_solves_has_to_be_solved_by_hand():
    fit = mlcore.lmm("gcse ~ 1 + (1 | school)", load("school").frame)
    table = mlcore.shrinkage(fit).loc[[54, 59]]
    (n, far), (m, further) = zip(table["n"], table["mean"].abs(), strict=True)
    ratio = (further * n - far * m) / (far - further)  # σ_e²/σ_u² at which both move equally far
    solution = f"{fit.variance_components['sd'].iloc[-1] / ratio**0.5:.2f}"
    assert "**Done.** Far out" in page(lesson(sigma_u=solution))
    test = lesson(answers="hidden", sigma_u=solution)
    test.button(key="skip.pooling.moves").click().run()
    assert "Not tried yet" in page(test)
    assert "**Done.** Far out" not in page(test)
    test.button(key="hint.pooling.equal").click().run()
    assert "Hint 1." in page(test)
    assert "Hint 2." not in page(test)
    kept = test.session_state["record"].puzzles["pooling.equal"]
    assert (kept.hints, kept.solved) == (2, True)
    test.query_params["sigma_u"] = "3"
    test.run()
    assert "apart." in page(test)
    test.query_params["sigma_u"] = solution
    test.run()
    assert "**Done.** Far out" in page(test)


def test_an_unknown_way_to_hide_is_said():
    test = lesson(answers="secret")
    assert any("answers = `secret`" in info.value for info in test.info)
    assert springs(test)["mode"] == "reveal"
