"""What an address holds of a request: all that is not the first choice."""

from workbench.plan import Request


def test_first_choices_are_left_out():
    assert Request("y ~ x + (1 | g)").address == {"model": "y ~ x + (1 | g)"}
    assert Request("y ~ x + (1 | g)", "binary", "laplace").address == {
        "model": "y ~ x + (1 | g)",
        "outcome": "binary",
    }


def test_everything_else_is_named():
    assert Request("y ~ x", "continuous", "difference", "person", "year").address == {
        "model": "y ~ x",
        "by": "difference",
        "group": "person",
        "time": "year",
    }
