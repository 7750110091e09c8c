"""The address bar is never trusted: numbers come back to the allowed, the rest is said."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ui.address import nearest


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_nearest_is_allowed_and_leaves_the_allowed_alone(value):
    found = nearest(value, 0, 12, 0.1)
    assert 0 <= found <= 12
    assert abs(found * 10 - round(found * 10)) < 1e-6  # on the step, but for binary rounding
    assert nearest(found, 0, 12, 0.1) == found


def test_infinity_is_kept_only_where_the_scale_has_no_end():
    assert nearest(inf, 0, inf, 0.1) == inf
    assert nearest(inf, 0, 12, 0.1) == 12


def read(query: dict[str, str]) -> AppTest:
    def page() -> None:
        from math import inf

        import streamlit as st

        from ui import address, controls

        st.session_state["read"] = {
            "sigma_u": address.number("sigma_u", low=0, high=inf, step=0.01, default=4.14),
            "school": address.choice("school", ["48", "54"], "48"),
            "n": address.counts("n", ["48", "54"], low=1, high=500),
            "data": controls.choose("data", "Dataset", {"school": "London", "hsb": "US"}),
            "j": controls.slider("j", "Groups", low=2, high=100, step=1, default=10),
        }
        st.session_state["said"] = address.notices()

    test = AppTest.from_function(page)
    for key, value in query.items():
        test.query_params[key] = value
    return test.run()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"sigma_u": 4.14, "school": "48", "n": {}, "data": "school", "j": 10}),
        ({"sigma_u": "2.504"}, {"sigma_u": 2.5}),
        ({"sigma_u": "-3"}, {"sigma_u": 0}),
        ({"sigma_u": "inf"}, {"sigma_u": inf}),
        ({"n": "48:5,54:9000"}, {"n": {"48": 5, "54": 500}}),
        ({"data": "hsb"}, {"data": "hsb"}),
        ({"j": "7.4"}, {"j": 7}),
        ({"j": "1e9"}, {"j": 100}),
    ],
)
def test_allowed_values_are_taken_and_others_brought_back(query, expected):
    page = read(query)
    assert not page.exception
    assert page.session_state["read"].items() >= expected.items()
    assert page.session_state["said"] == []


@pytest.mark.parametrize(
    ("query", "kept", "said"),
    [
        ({"sigma_u": "lots"}, {"sigma_u": 4.14}, "sigma_u = `lots`, which is not a number"),
        ({"sigma_u": "nan"}, {"sigma_u": 4.14}, "not a number"),
        ({"school": "99"}, {"school": "48"}, "school = `99`. Here you can have 48, 54"),
        ({"n": "99:3"}, {"n": {}}, "n = `99:3`"),
        ({"n": "48:many"}, {"n": {}}, "such as 48:5"),
        ({"data": "skool"}, {"data": "school"}, "data = `skool`. Here you can have school, hsb"),
        ({"data": "`<b>" + "x" * 99}, {"data": "school"}, "data = `<b>" + "x" * 30),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_lost(query, kept, said):
    page = read(query)
    assert not page.exception
    assert page.session_state["read"].items() >= kept.items()
    (notice,) = page.session_state["said"]
    assert said in notice


def test_a_changed_control_stands_in_the_address_and_its_default_does_not():
    page = read({})
    page.button_group[0].set_value("hsb").run()
    assert page.query_params["data"] == "hsb"
    page.slider[0].set_value(25).run()
    assert page.query_params["j"] == "25"
    page.slider[0].set_value(10).run()
    assert "j" not in page.query_params
