"""A page opened as the menu opens it, without a browser, and what it shows."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from tools.server import ROOT
from ui.record import Record


def opened(page: str, record: Record | None = None, **query: str) -> AppTest:
    """The page `pages/<page>.py` with this record and these names in its address."""
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    test.switch_page(f"pages/{page}.py")
    if record is not None:
        test.session_state["record"] = record
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    return test


def pictures(test: AppTest) -> list[dict[str, Any]]:
    """What is sent to each component of the page."""
    return [json.loads(c.proto.json) for c in test.get("bidi_component") if c.proto.json]


def texts(test: AppTest) -> str:
    """The words of the page, without its style sheets."""
    said = [element.value for kind in (test.markdown, test.info) for element in kind]
    bodies = [element.proto.body for element in test.get("html")]
    said += [body for body in bodies if not body.startswith("<style>")]
    return " ".join(" ".join(said).split())
