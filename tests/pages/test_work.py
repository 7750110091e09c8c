"""Your work: nothing yet, something, a file from anywhere, and a fresh start that asks first."""

from streamlit.testing.v1 import AppTest

from tools.contents import entries
from tools.server import ROOT
from ui.record import Check, Prediction, Record

KEPT = Record(
    {"pooling.moves": Prediction(["59"], question="Which moves most?", reason="<b>far</b>")},
    {"pooling.two": Check(0)},
)


def work(record: Record) -> AppTest:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    test.session_state["record"] = record
    test.switch_page("pages/reference/work.py").run()
    assert not test.exception
    return test


def shown(test: AppTest) -> str:
    return "".join(each.proto.body for each in test.get("html") if "<style>" not in each.proto.body)


def test_without_answers_the_page_says_so():
    test = work(Record())
    assert any("nothing here" in each.value for each in test.markdown)
    assert "report" not in shown(test)


def test_the_answers_are_shown_as_text():
    said = shown(work(KEPT))
    assert "Which moves most?" in said
    assert "&lt;b&gt;far&lt;/b&gt;" in said
    tasks = next(entry.tasks for entry in entries() if entry.path == "pooling")
    assert f"2 of {tasks}" in said


def test_erasing_asks_first():
    test = work(KEPT)
    assert "Erase them" not in [each.label for each in test.button]
    test.checkbox(key="work.sure").check().run()
    assert test.session_state["record"] == KEPT
    test.button(key="work.erase").click().run()
    assert test.session_state["record"] == Record()
    assert any("nothing here" in each.value for each in test.markdown)
