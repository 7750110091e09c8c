"""A card is read strictly: a slip of the pen is an error that says where and what."""

import pytest

from datasets import CardError, Level, Model, Variable, card

CARD = """
title = "Two classes"
story = "Two classes take a test. One is larger."
source = "Made for this test."
citation = "None."
terms = "None."

[[models]]
outcome = "score"
predictor = "hours"
group = "class"

[[levels]]
name = "pupil"
plural = "pupils"
within = ["class"]

[[levels]]
name = "class"
plural = "classes"
column = "class"

[variables]
class = { label = "Class", unit = "identifier", level = "class" }
score = { label = "Score", unit = "points", level = "pupil" }
hours = { label = "Hours of work", unit = "hours", level = "pupil", missing = "ill" }
room = { label = "Room", level = "class", values = { -1 = "cellar", 1 = "first floor" } }
"""


def test_a_card_becomes_levels_variables_and_a_model():
    parts = card.parse(CARD, "classes")
    assert parts["levels"] == (
        Level("pupil", "pupils", within=("class",)),
        Level("class", "classes", column="class"),
    )
    assert parts["models"] == (Model("score", "hours", "class"),)
    assert parts["variables"]["hours"] == Variable("Hours of work", "pupil", "hours", missing="ill")
    assert parts["variables"]["room"].values == {-1: "cellar", 1: "first floor"}
    assert parts["synthetic"] is False
    assert parts["unmet"] == {}


def test_a_card_without_a_model_has_none():
    head, tail = CARD.split("[[models]]")
    assert card.parse(head + tail[tail.index("[[levels]]") :], "classes")["models"] == ()


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("title =", "titel =", "unknown key 'titel'"),
        ('terms = "None."', "", "'terms' must be given"),
        ('title = "Two classes"', "title = 2", "title must be of type str, not 2"),
        ('terms = "None."', 'terms = "None."\nsynthetic = "no"', "synthetic must be of type bool"),
        ('terms = "None."', 'terms = "None."\nunmet = { N = 3 }', "unmet: N must be of type str"),
        ('plural = "classes"', 'plurals = "classes"', "levels: unknown key 'plurals'"),
        ('plural = "classes"', "", "levels: 'plural' must be given"),
        ('within = ["class"]', 'within = "class"', "within must be of type list"),
        ('within = ["class"]', 'within = ["school"]', "no level called 'school'"),
        ('unit = "points", level = "pupil"', 'unit = "points"', "variables.score: 'level'"),
        ('unit = "points", level = "pupil"', 'level = "pupils"', "no level called 'pupils'"),
        ('unit = "points"', "unit = 1", "variables.score: unit must be of type str"),
        ("-1 =", "low =", "codes in values must be whole numbers"),
        ('outcome = "score"', 'outcomes = "score"', "models: unknown key 'outcomes'"),
        ("[[models]]", "[[models", "classes.toml is not TOML"),
    ],
)
def test_a_slip_is_an_error_that_says_where(right, wrong, complaint):
    assert right in CARD
    with pytest.raises(CardError, match="classes") as caught:
        card.parse(CARD.replace(right, wrong, 1), "classes")
    assert complaint in str(caught.value)


def test_codes_cannot_be_changed_by_a_caller():
    variables = card.parse(CARD, "classes")["variables"]
    with pytest.raises(TypeError):
        variables["room"].values[0] = "ground floor"
    with pytest.raises(TypeError):
        del variables["room"]


def test_the_scale_of_a_variable_is_its_unit_or_its_codes():
    variables = card.parse(CARD, "classes")["variables"]
    assert variables["score"].scale == "points"
    assert variables["room"].scale == "−1 = cellar; 1 = first floor"
