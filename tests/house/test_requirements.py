"""The requirements: pinned, complete, and what is installed here."""

import ast
import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from plotly.offline import get_plotlyjs_version

from tools.server import ROOT

ROOMS = ("mlcore", "datasets", "workbench", "figures", "ui", "pages", "deploy")
FILES = ("requirements.txt", "requirements-dev.txt")


def requirements(text: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r")]


PINS = [pin for file in FILES for pin in requirements((ROOT / file).read_text())]


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.name)
def test_is_pinned_to_what_is_installed(pin: Requirement) -> None:
    assert re.fullmatch(r"==[\w.]+", str(pin.specifier))
    if pin.marker is None or pin.marker.evaluate():
        assert version(pin.name) == str(pin.specifier).removeprefix("==")


def test_the_script_that_draws_is_of_the_version_that_describes() -> None:
    (script,) = (ROOT / "static/vendor").glob("plotly-*/plotly-basic.min.js")
    said = re.search(r"plotly.js .* v([\d.]+)\n", script.read_text(encoding="utf-8")[:200])
    assert said is not None
    assert script.parent.name == f"plotly-basic-{said[1]}"
    assert said[1] == get_plotlyjs_version()
    assert "MIT License" in (script.parent / "LICENSE").read_text()


def imported(file: Path) -> set[str]:
    """The first names of all modules that a file imports, at its top or inside."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_what_the_code_imports_is_listed_as_used_directly() -> None:
    files = [ROOT / "app.py", ROOT / "serve.py"]
    files += [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    used = set().union(*map(imported, files)) - set(sys.stdlib_module_names) - {*ROOMS, "app"}
    direct, _, _ = (ROOT / "requirements.txt").read_text().partition("# Needed by those")
    assert used <= {pin.name for pin in requirements(direct)}
