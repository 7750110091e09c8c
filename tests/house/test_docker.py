"""The container, as far as it can be tried without building it: its files, user and commands."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.server import ROOT, running

INSTRUCTIONS = [
    line.split(maxsplit=1)
    for line in re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text()).splitlines()
    if line and not line.startswith("#")
]


def all_of(instruction: str) -> list[str]:
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


def command(instruction: str) -> list[str]:
    """Read a command in exec form, run by the Python of the tests."""
    (said,) = all_of(instruction)
    words: list[str] = json.loads(said[said.index("[") :])
    return words


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder that holds what the image holds: what is copied and not ignored."""
    for said in all_of("COPY"):
        *sources, target = said.split()
        for source in sources:
            place = tmp_path / target / source if target == "./" else tmp_path / target
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place)
            else:
                shutil.copy(ROOT / source, place)
    return tmp_path


@pytest.fixture
def environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = (pair.split("=", 1) for line in all_of("ENV") for pair in line.split())
    return {"PATH": path, **dict(said)}


def test_everything_copied_exists_and_is_not_ignored() -> None:
    kept = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {source for said in all_of("COPY") for source in said.split()[:-1]}
    assert copied == kept
    assert all((ROOT / source).exists() for source in copied)


def test_image_serves_the_course_and_its_health_check_sees_it(
    image: Path, environment: dict[str, str]
) -> None:
    check = command("HEALTHCHECK")
    with running(command("CMD"), folder=image, environment=environment) as server:
        asked = {**os.environ, **environment, "STREAMLIT_SERVER_PORT": str(server.port)}
        subprocess.run(check, env=asked, check=True, timeout=10)
        log = server.log.read_text()
    assert "starts cold" not in log
    assert "did not run" not in log
    stopped = subprocess.run(check, env=asked, check=False, timeout=10, capture_output=True)
    assert stopped.returncode != 0


def test_port_of_the_image_is_the_default_port() -> None:
    assert all_of("EXPOSE") == ["8501"]
    assert "8501" in command("HEALTHCHECK")[-1]


def test_user_is_not_root() -> None:
    names = [name for name, _ in INSTRUCTIONS]
    (user,) = all_of("USER")
    assert user not in {"root", "0"}
    assert names.index("USER") < names.index("CMD")
    assert any(f"useradd --create-home --uid 10001 {user}" in said for said in all_of("RUN"))


def test_only_what_runs_is_installed() -> None:
    installs = [said for said in all_of("RUN") if "pip install" in said]
    assert installs == ["pip install -r requirements.txt"]


def test_image_is_the_version_that_is_tested() -> None:
    assert all_of("FROM") == ["python:3.11-slim"]
