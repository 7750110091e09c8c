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


def opened(query: dict[str, str], *, waiting: bool = False) -> AppTest:
    """A page that reads `j`, and `k` once nothing waits for an answer, run twice."""

    def page() -> None:
        import streamlit as st

        from ui import address

        address.arrive("page")
        address.number("j", low=2, high=100, step=1, default=10)
        if st.session_state.get("wait"):
            address.wait()
        else:
            address.number("k", low=0, high=1, step=0.5, default=0)
        address.depart()
        st.session_state.setdefault("told", []).extend(address.notices())

    test = AppTest.from_function(page)
    test.session_state["wait"] = waiting
    for key, value in query.items():
        test.query_params[key] = value
    return test.run().run()


@pytest.mark.parametrize(
    ("query", "left", "said"),
    [
        ({"j": "7", "k": "1"}, {"j": "7", "k": "1"}, []),
        ({"j": "7", "v": "1"}, {"j": "7"}, []),
        ({"view": "presenter", "step": "2", "answers": "hidden"}, ..., []),
        (
            {"sigma": "2", "j": "7"},
            {"j": "7"},
            ["names `sigma`, which this page does not have. It"],
        ),
        ({"b": "", "a`": "1"}, {}, ["names `a` and `b`, which this page does not have. They"]),
        ({"utm_source": "x", "fbclid": "y"}, {}, []),
        ({"v": "99"}, {}, ["made with a newer version"]),
    ],
)
def test_names_that_no_page_reads_are_said_once_and_left_out(query, left, said):
    page = opened(query)
    assert not page.exception
    expected = query if left is ... else left
    assert {name: page.query_params[name] for name in page.query_params} == expected
    told = page.session_state["told"]
    assert len(told) == len(said)
    assert all(part in notice for part, notice in zip(said, told, strict=True))


def test_names_that_may_be_read_after_an_answer_wait_for_it():
    page = opened({"k": "1", "l": "1"}, waiting=True)
    assert page.session_state["told"] == []
    assert set(page.query_params) == {"k", "l"}
    page.session_state["wait"] = False
    page.run()
    assert set(page.query_params) == {"k"}
    assert len(page.session_state["told"]) == 1
