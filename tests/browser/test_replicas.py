"""The course behind the proxy of deploy/, in two processes, one of which is killed."""

import json
import os
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tools import caddy
from tools.replicas import Room, replicated
from tools.server import ROOT
from tools.visit import Visit

QUESTION = re.compile("Two schools both lie")
MOST_TRIES = 40  # each new learner comes to either replica by chance


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    if caddy.find() is None:
        pytest.fail(caddy.MISSING) if caddy.may_install() else pytest.skip(caddy.MISSING)
    with replicated(2) as started:
        yield started


def newcomer(browser: Browser, room: Room) -> Visit:
    """A learner who comes by a name of the proxy that no replica knows."""
    return Visit(browser, room.proxy.url.replace("localhost", "course.localhost"))


def replica(learner: Visit) -> str:
    """The cookie that leads a learner back to the same replica."""
    (value,) = [
        cookie["value"] for cookie in learner.context.cookies() if cookie["name"] == "replica"
    ]
    return value


def one_on_each(browser: Browser, room: Room) -> tuple[Visit, Visit]:
    """Let learners come until there is one on either replica; all others leave."""
    arrived: dict[str, Visit] = {}
    for _ in range(MOST_TRIES):
        learner = newcomer(browser, room)
        learner.page.goto(f"{learner.home}/_stcore/health")
        if replica(learner) in arrived:
            learner.close()
        else:
            arrived[replica(learner)] = learner
        if len(arrived) == len(room.replicas):
            return tuple(arrived.values())
    pytest.fail("the proxy led every learner to the same replica")


def answer(learner: Visit, option: int) -> None:
    learner.page.get_by_role("radiogroup", name=QUESTION).locator("label").nth(option).click()
    learner.settle()


def kept(learner: Visit) -> dict[str, object]:
    """What the browser keeps of the learner's answers."""
    found: dict[str, object] = learner.page.evaluate(
        "JSON.parse(localStorage.getItem('multilevel-lab'))"
    )
    return found


def save_and_load(learner: Visit, file: Path) -> None:
    """Download one's work, upload it again."""
    learner.page.locator("[data-testid=stSidebarNavLink]", has_text="Your work").click()
    learner.settle()
    with learner.page.expect_download() as download:
        learner.page.get_by_role("button", name="Save as a file").click()
    download.value.save_as(file)
    assert json.loads(file.read_text()) == kept(learner)
    learner.page.set_input_files("input[type=file]", file)
    learner.settle()
    expect(learner.page.get_by_text("Loaded.")).to_be_visible()


def test_a_replica_is_killed_and_its_learners_go_on(
    browser: Browser, room: Room, tmp_path: Path
) -> None:
    learners = one_on_each(browser, room)
    for learner in learners:
        came_to = replica(learner)
        learner.go("pooling")
        learner.page.locator(".st-key-skip-pooling-moves button").click()
        learner.settle()
        answer(learner, 1)
        save_and_load(learner, tmp_path / "work.json")
        learner.go("pooling")
        assert replica(learner) == came_to
    before = kept(learners[0])

    os.kill(room.replicas[0].pid, signal.SIGKILL)
    while len({replica(learner) for learner in learners}) > 1:
        learners[0].page.wait_for_timeout(100)
    for learner in learners:
        learner.page.wait_for_selector("[data-test-connection-state=CONNECTED]")
        learner.settle()

    for learner in learners:
        answer(learner, 0)
        expect(learner.page.get_by_text("It keeps .50 of its distance")).to_be_visible()
        now = kept(learner)
        assert now["predictions"] == before["predictions"]
        assert now["checks"]["pooling.two"]["option"] == 0
        save_and_load(learner, tmp_path / "work.json")
        learner.complaints.clear()  # the browser says that the connection was lost
        learner.close()


def test_what_the_server_counts_is_not_for_the_public(room: Room) -> None:
    with urllib.request.urlopen(f"{room.proxy.url}/_stcore/health") as healthy:
        assert healthy.status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{room.proxy.url}/_stcore/metrics")
    refused.value.close()
    assert refused.value.code == 404


def test_the_files_of_deploy_name_the_same_replicas() -> None:
    compose = (ROOT / "deploy" / "compose.yml").read_text(encoding="utf-8")
    proxy = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    services = re.findall(r"^  (lab\d+):", compose, re.MULTILINE)
    (named,) = re.findall(r"REPLICAS: (.+)", compose)
    (default,) = re.findall(r"\{\$REPLICAS:([^}]+)\}", proxy)
    assert named.split() == default.split() == [f"{service}:8501" for service in services]
