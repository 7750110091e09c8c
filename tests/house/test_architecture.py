"""Who may import whom, what a page may hold, and what must not be in the house at all."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import document
from tools.contents import entries
from tools.server import ROOT

# Each room, and the rooms and libraries it may import besides itself and the standard library.
NUMBERS = {"numpy", "pandas", "scipy"}
MAY_IMPORT = {
    "app.py": {"ui"},
    "pages": {"ui", "workbench", "figures", "mlcore", "datasets", "streamlit", *NUMBERS},
    "ui": {"workbench", "figures", "mlcore", "datasets", "streamlit", *NUMBERS},
    "workbench": {"mlcore", "datasets", "openpyxl", "pyarrow", "pyreadstat", *NUMBERS},
    "figures": {"mlcore", "plotly", *NUMBERS},
    "mlcore": {"statsmodels", *NUMBERS},
    "datasets": {"pyarrow", *NUMBERS},
    "serve.py": {"deploy", "streamlit", "starlette"},
    "deploy": {"streamlit", "starlette"},
}
SLOW = {"openpyxl", "pyreadstat", "statsmodels"}  # to load, and seldom needed
LIBRARIES = {*NUMBERS, *SLOW, "plotly", "pyarrow", "starlette", "streamlit"}
ROOMS = {*MAY_IMPORT, "app", "serve", "bench", "tests", "tools"} - {"app.py", "serve.py"}
RECIPES = ROOT / "datasets" / "recipes"  # programs that made the files; no room imports them
SHOWS_FIGURES = ROOT / "ui" / "show.py"


def files(room: str) -> list[Path]:
    path = ROOT / room
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


EVERY_FILE = [file for room in MAY_IMPORT for file in files(room)]
PAGES = files("pages")


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(nodes: Iterator[ast.AST]) -> set[str]:
    """The first names of the modules imported by some nodes of a syntax tree."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def at_the_top(module: ast.Module) -> Iterator[ast.AST]:
    """Every node that runs when the module is imported: all but the bodies of functions."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize("file", EVERY_FILE, ids=name_of)
def test_imports_only_what_its_room_may(file: Path) -> None:
    room = file.relative_to(ROOT).parts[0]
    watched = imports(ast.walk(tree(file))) & (LIBRARIES | ROOMS) - {room}
    allowed = MAY_IMPORT[room] | ({"plotly"} if file == SHOWS_FIGURES else set())
    allowed |= {"mlcore"} if file.parent == RECIPES else set()
    assert watched <= allowed


def test_no_room_imports_the_recipes() -> None:
    rooms = [file for file in EVERY_FILE if file.parent != RECIPES]
    assert [name_of(file) for file in rooms if "recipes" in file.read_text("utf-8")] == []


@pytest.mark.parametrize("file", EVERY_FILE, ids=name_of)
def test_slow_libraries_are_imported_where_they_are_used(file: Path) -> None:
    assert not SLOW & imports(at_the_top(tree(file)))


@pytest.mark.parametrize("file", EVERY_FILE, ids=name_of)
def test_charts_are_shown_by_one_word(file: Path) -> None:
    # Streamlit's own mounts a chart anew at each change, from a script three times as large
    named = {node.attr for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}
    assert "plotly_chart" not in named


@pytest.mark.parametrize("file", EVERY_FILE, ids=name_of)
def test_code_is_shown_without_half_a_megabyte_of_script(file: Path) -> None:
    called = {ast.unparse(node.func) for node in ast.walk(tree(file)) if isinstance(node, ast.Call)}
    assert "st.code" not in called


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_pages_define_nothing(file: Path) -> None:
    for node in ast.walk(tree(file)):
        assert not isinstance(node, ast.ClassDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(node, ast.FunctionDef):
            assert [ast.unparse(decorator) for decorator in node.decorator_list] == ["lesson.part"]


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_a_page_with_a_chart_has_its_script_fetched_with_the_document(file: Path) -> None:
    assert ("show.figure" in file.read_text("utf-8")) == (file.stem in document.PAGES)


def test_pages_live_in_parts() -> None:
    # Streamlit's old mode runs pages/*.py by itself, without app.py
    assert list((ROOT / "pages").glob("*.py")) == []


def test_every_page_is_in_the_contents_once() -> None:
    listed = [f"pages/{entry.file}.py" for entry in entries()]
    assert sorted(listed) == [name_of(file) for file in PAGES]


def test_every_page_has_an_address_and_a_title_of_its_own() -> None:
    pages = entries()
    assert len({entry.path for entry in pages}) == len(pages)
    assert len({entry.title for entry in pages}) == len(pages)


def test_rules_cover_every_room() -> None:
    rooms = {file.relative_to(ROOT).parts[0] for file in ROOT.glob("*/*.py")}
    assert rooms - {"tests", "tools", "bench"} <= set(MAY_IMPORT)


NOT_OURS = {"vendor"}  # others’ code, kept as it came
HOSTS = ("pypi" + ".org", "python" + "hosted", "npm" + "js.", "docker" + ".io")
MACHINE = re.compile(
    r"(?<![\w.])/(work|root|home|Users|opt|tmp)/|" + "|".join(map(re.escape, HOSTS))
)


def our_texts() -> Iterator[tuple[str, str]]:
    """The name and text of every file that is kept, or would be at the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file() and not NOT_OURS & set(Path(name).parts):
            yield name, (ROOT / name).read_text(encoding="utf-8", errors="ignore")


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="git says which files are ours")
def test_nothing_names_a_machine_or_a_registry() -> None:
    named = {name: found.group() for name, text in our_texts() if (found := MACHINE.search(text))}
    assert named == {}
