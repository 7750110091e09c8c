"""A figure on a page of its own: what the browser is given."""

import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from figures import style
from ui import show, theme

ALT = "Squares grow faster than their roots."


def page() -> AppTest:
    def script(alt: str) -> None:
        import numpy as np
        import pandas as pd

        from figures import style
        from ui import show

        fig = style.figure(height=240)
        fig.add_scatter(x=np.arange(3, dtype=float), y=np.array([1.0, 4.0, 9.0]))
        show.figure(fig, alt=alt, table=pd.DataFrame({"x": [0, 1, 2]}), key="squares")

    return AppTest.from_function(script, kwargs={"alt": ALT}).run()


def test_the_browser_gets_the_figure_with_compact_numbers_and_its_words():
    (chart,) = page().get("bidi_component")
    given = json.loads(chart.proto.json)
    figure = json.loads(given["figure"])
    assert given["alt"] == ALT
    assert not given["clicks"]
    assert figure["layout"]["height"] == 240
    assert figure["data"][0]["y"] == {"dtype": "f8", "bdata": "AAAAAAAA8D8AAAAAAAAQQAAAAAAAACJA"}


def test_the_table_stands_below_the_figure_and_is_sent_when_it_is_opened():
    test = page()
    assert test.expander[0].label == "The same as a table"
    assert not test.dataframe
    test.session_state["twin.squares"] = True
    test.run()
    assert list(test.expander[0].dataframe[0].value["x"]) == [0, 1, 2]


@pytest.mark.parametrize("alt", ["", "  "])
def test_a_figure_without_words_is_refused(alt):
    with pytest.raises(ValueError, match="'squares' has no alternative text: say what it shows"):
        show.figure(style.figure(), alt=alt, table=pd.DataFrame(), key="squares")


def test_each_colour_has_one_counterpart_and_is_none_of_the_other_scheme():
    light, dark = theme.schemes()["light"], theme.schemes()["dark"]
    for one, other in ((light, dark), (dark, light)):
        for colour, counterpart in one.items():
            assert other[counterpart] == colour
    # what is already in the page's colours stays as it is, so drawing twice changes nothing
    assert {colour for colour in light if light[colour] != colour} & set(dark) == set()
