"""The words of a lesson on a page of their own: predict, check, puzzle, misconceptions."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from ui import misconceptions
from ui.record import Check, Prediction, Puzzle, Record


def page() -> AppTest:
    def script() -> None:
        import streamlit as st

        from ui import check, predict, puzzle
        from ui.predict import Option, Scale

        predict.choice(
            "t.choice",
            "Which is largest?",
            {
                "a": Option("The first", "It is not.", "half-way"),
                "b": Option("The second", "It is."),
            },
            "b",
            values={"a": 1.0, "b": 4.25},
            unit="points",
            digits=2,
        )
        predict.number(
            "t.number",
            "How many?",
            Scale(0, 10, 0.5, (0, 5, 10), "schools", 1),
            7.25,
            near=0.5,
            below=((2, "all-alike"), (5, "half-way")),
        )
        predict.ranking(
            "t.rank",
            "Most to least",
            {"x": "item x", "y": "item y", "z": "item z"},
            ["z", "x", "y"],
            first="most",
            last="least",
        )
        check.question(
            "t.check",
            "Why?",
            [
                check.Option("Because", "That is why."),
                check.Option("Never", "It tempts.", "half-way"),
            ],
        )
        puzzle.pose(
            "t.puzzle",
            "Reach 3.",
            [
                puzzle.Condition(st.session_state.get("at", 0) >= 3, "it is below 3."),
                puzzle.Condition(st.session_state.get("at", 0) <= 3, "it is above 3."),
            ],
            ["one", "two", "three"],
            "You are at 3.",
        )

    return AppTest.from_function(script).run()


def record(test: AppTest) -> Record:
    return test.session_state["record"]


def texts(test: AppTest) -> str:
    return "\n".join(
        element.value for kind in (test.markdown, test.info, test.get("html")) for element in kind
    ) + "\n".join(element.proto.body for element in test.get("html"))


def sent(test: AppTest) -> str:
    """Everything the browser is given to draw."""
    return "\n".join(element.proto.json for element in test.get("bidi_component"))


def pictures(test: AppTest) -> list[dict]:
    return [json.loads(element.proto.json) for element in test.get("bidi_component")]


def test_nothing_of_an_answer_is_on_the_page_before_the_commit():
    test = page()
    assert not test.exception
    everything = sent(test) + texts(test)
    assert "7.25" not in everything
    assert "4.25" not in everything
    assert "truth" not in everything
    assert "It is not." not in everything


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("t.choice", "Choose one of the answers first."),
        ("t.number", "Place your guess on the line first."),
        ("t.rank", "Give a place to item x, item y and item z first."),
    ],
)
def test_locking_without_a_guess_says_what_is_missing(name, said):
    test = page()
    test.button(key=f"lock.{name}").click().run()
    assert [element.value for element in test.info] == [said]
    assert "record" not in test.session_state


def test_a_choice_is_locked_with_its_confidence_and_misconception():
    test = page()
    test.radio(key="pick.t.choice").set_value("a").run()
    test.text_input(key="why.t.choice").set_value(" I saw\tσ_u  there ").run()
    test.button_group(key="sure.t.choice").set_value("certain").run()
    test.button(key="lock.t.choice").click().run()
    assert record(test).predictions == {
        "t.choice": Prediction(
            "a",
            "certain",
            "half-way",
            question="Which is largest?",
            said="The first",
            truth="The second",
            gap="The two are 3.25 points apart.",
            right=False,
            reason="I saw σ_u there",
        )
    }
    (dots,) = (picture for picture in pictures(test) if "rows" in picture)
    assert dots["guess"] == "a"
    assert dots["alt"] == "You said: The first. It is: The second. The two are 3.25 points apart."
    assert "It is not." in texts(test)


@pytest.mark.parametrize(
    ("guess", "misconception", "said"),
    [
        (1.0, "all-alike", "You said 1.0; it is 7.2, more than twice your guess."),
        (4.0, "half-way", "You said 4.0; it is 7.2: you said 3.2 less."),
        (7.0, None, "You said 7.0; it is 7.2. That is close."),
    ],
)
def test_a_number_is_locked_and_its_gap_said(guess, misconception, said):
    test = page()
    test.session_state["placed.t.number"] = guess
    test.button(key="lock.t.number").click().run()
    kept = record(test).predictions["t.number"]
    assert (kept.value, kept.misconception) == (guess, misconception)
    assert (kept.question, kept.truth) == ("How many?", "7.2 schools")
    assert kept.said == f"{guess:.1f} schools"
    assert kept.gap == said
    assert kept.right == (guess == 7.0)
    axis = next(picture for picture in pictures(test) if "low" in picture)
    assert (axis["guess"], axis["truth"]) == (guess, 7.25)
    assert said in axis["alt"]
    assert said in texts(test)


def test_a_ranking_waits_for_every_item_and_counts_reversed_pairs():
    test = page()
    test.session_state["places.t.rank"] = {"x": 1, "z": 2}
    test.button(key="lock.t.rank").click().run()
    assert [element.value for element in test.info] == ["Give a place to item y first."]
    test.session_state["places.t.rank"] = {"x": 1, "z": 2, "y": 3}
    test.button(key="lock.t.rank").click().run()
    assert record(test).predictions["t.rank"] == Prediction(
        ["x", "z", "y"],
        question="Most to least",
        said="item x, item z, item y",
        truth="item z, item x, item y",
        gap="1 of your 3 pairs come out the other way round.",
        right=False,
    )
    assert "1 of your 3 pairs" in texts(test)


@pytest.mark.parametrize("name", ["t.choice", "t.number", "t.rank"])
def test_show_me_is_remembered_as_skipped_and_can_be_taken_back(name):
    test = page()
    test.button(key=f"skip.{name}").click().run()
    assert not test.exception
    assert record(test).predictions[name].skipped
    test.button(key=f"again.{name}").click().run()
    assert name not in record(test).predictions


@pytest.mark.parametrize(
    ("option", "verdict"), [(0, "**Yes.** That is why."), (1, "**Not so.** It tempts.")]
)
def test_every_answer_of_a_check_has_its_reason(option, verdict):
    test = page()
    test.radio(key="check.t.check").set_value(option).run()
    assert record(test).checks == {
        "t.check": Check(
            option,
            question="Why?",
            said=("Because", "Never")[option],
            right=option == 0,
            truth="Because",
            reason=("That is why.", "It tempts.")[option],
            misconception=(None, "half-way")[option],
        )
    }
    assert verdict in texts(test)


def test_a_puzzle_names_the_unmet_condition_and_gives_three_hints():
    test = page()
    assert "Not yet: it is below 3." in texts(test)
    for given in range(1, 4):
        test.button(key="hint.t.puzzle").click().run()
        assert record(test).puzzles["t.puzzle"] == Puzzle(given, goal="Reach 3.")
    for hint in ("Hint 1. one", "Hint 2. two", "Hint 3. three"):
        assert hint in texts(test)
    test.session_state["at"] = 4
    assert "Not yet: it is above 3." in texts(test.run())
    test.session_state["at"] = 3
    test.query_params["sigma_u"] = "1.3"
    test.query_params["view"] = "presenter"
    assert "**Done.** You are at 3." in texts(test.run())
    assert record(test).puzzles["t.puzzle"] == Puzzle(
        3, solved=True, goal="Reach 3.", settings="sigma_u=1.3"
    )


def test_every_misconception_that_is_named_is_in_the_catalogue():
    import re
    from pathlib import Path

    root = Path(__file__).parents[2]
    known = misconceptions.catalogue()
    for file in (root / "pages").rglob("*.py"):
        for name in re.findall(r'^\s*"([a-z]+-[a-z-]+)",?$', file.read_text(), re.MULTILINE):
            assert name in known, f"{file.name} names {name!r}"
    for entry in known.values():
        assert entry.claim.endswith(".")
        assert not any(character.isdigit() for character in entry.tempts + entry.counter)
