"""The page Labs: what is hidden until it is asked for, and where its links lead."""

from html import unescape
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import opened, texts
from ui.labs import LABS, crossed, page
from ui.labs.lab import Lab

NULL = "The share between schools is .168"  # R's, in tests/ui/labs


def lab(**query: str) -> AppTest:
    return opened("yours/labs", **query)


def links(test: AppTest, label: str) -> list[dict[str, list[str]]]:
    """What the links of this label hand to the page that they open."""
    found = [link.proto for link in test.get("page_link") if link.proto.label == label]
    return [parse_qs(each.query_string) for each in found]


def test_the_list_leads_to_every_lab():
    test = lab()
    assert test.title[0].value == "Labs"
    for place, each in enumerate(LABS.values(), 1):
        assert links(test, f"{place}\u2002{each.title}") == [{"lab": [each.name]}]


@pytest.mark.parametrize("each", LABS.values(), ids=LABS)
def test_a_lab_opens_with_every_finding_shut_and_shows_them_on_request(each: Lab):
    test = lab(lab=each.name)
    assert test.title[0].value == each.title
    findings = [step.finding(each.material(step)).text for step in each.steps]
    shut = texts(test)
    assert all(" ".join(text.split()) not in shut for text in findings)
    assert [step.ask in shut for step in each.steps] == [True] * len(each.steps)
    assert ("Simulated for teaching" in shut) == each.dataset.synthetic
    test.button(key=f"every.{each.name}").click().run()
    assert not test.exception
    shown = texts(test)
    assert [" ".join(text.split()) in shown for text in findings] == [True] * len(findings)


@pytest.mark.parametrize("each", LABS.values(), ids=LABS)
def test_each_step_opens_its_model_on_your_data(each: Lab):
    test = lab(lab=each.name)
    given = links(test, "Open this model on “Your data”")
    assert given == [
        {name: [value] for name, value in page.address(each.data_of(step), step.request).items()}
        for step in each.steps
        if step.request
    ]
    assert len(links(test, "Open these data on “Your data”")) == len(each.steps) - len(given)


@pytest.mark.parametrize("each", LABS.values(), ids=LABS)
def test_your_data_takes_the_model_as_it_is(each: Lab):
    step = each.steps[-1]
    assert step.request is not None
    test = opened("yours/workbench", **page.address(each.data_of(step), step.request))
    assert test.session_state["desk.request"] == step.request
    assert not test.info


def test_the_address_of_a_model_is_what_the_page_reads():
    assert page.address("pupils", crossed.PRIMARY) == {
        "data": "pupils",
        "model": "achiev ~ 1 + (1 | pschool)",
    }


def test_one_finding_is_shown_and_hidden_again():
    test = lab(lab="intercepts")
    assert NULL not in texts(test)
    test.button(key="show.intercepts.1").click().run()
    assert NULL in texts(test)
    assert "Show what you should find" in [button.label for button in test.button]
    test.button(key="hide.intercepts.1").click().run()
    assert NULL not in texts(test)


@pytest.mark.parametrize("way", [{"answers": "hidden"}, {"view": "presenter"}])
def test_a_link_with_answers_hidden_shuts_what_was_open(way: dict[str, str]):
    test = lab(lab="intercepts")
    test.button(key="show.intercepts.1").click().run()
    assert NULL in texts(test)
    test.switch_page("pages/start/welcome.py").run()
    test.switch_page("pages/yours/labs.py")
    for name, value in {"lab": "intercepts", **way}.items():
        test.query_params[name] = value
    test.run()
    assert NULL not in texts(test)
    test.button(key="show.intercepts.1").click().run()
    assert NULL in texts(test)


def test_the_key_of_a_lab_has_every_finding():
    test = lab(lab="intercepts", view="key")
    assert NULL in texts(test)
    assert not [button for button in test.button if button.label.startswith("Show")]


def test_commands_of_a_program_stand_beside_each_step_and_in_the_link():
    call = "mixed gcse lrt || school:, reml stddeviations"
    assert call not in texts(lab(lab="intercepts"))
    test = lab(lab="intercepts", commands="stata")
    assert call in texts(test)
    assert NULL not in texts(test)
    test.segmented_control(key="commands").set_value("r").run()
    assert "lmer(gcse ~ lrt + (1 | school), data = d)" in unescape(texts(test))
    assert test.query_params["commands"] == "r"


def test_an_unknown_lab_is_said():
    test = lab(lab="slope")
    assert any("The nearest is slopes" in info.value for info in test.info)
    assert test.title[0].value == "Labs"


def test_lessons_lead_to_their_lab_and_back():
    lesson = opened("pooling/slopes")
    assert links(lesson, "Do it with the data: Random slopes") == [{"lab": ["slopes"]}]
    assert links(lab(lab="slopes"), "The lesson: Random slopes") == [{}]
    assert links(lab(lab="slopes"), "Next lab: Three levels") == [{"lab": ["levels"]}]
