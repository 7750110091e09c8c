"""What a learner waits for: the first picture, an answer of the server, the next frame of a drag.

A second visit is measured twice: until the page as it was left is seen, and until it is live.

Each is measured in the same run on three servers: the course, an empty page with the same picture
under the course's settings (``bench/empty.py``), and that page with Streamlit's defaults. Drags are
of the course, and of a stage with 4,059 points that all move (``bench/origin.py``).
``make bench`` writes the tables, with the promises that do not hold, to ``bench/results/pages.md``;
``python -m bench.pages 3`` takes three learners of each kind.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import Page, Playwright, sync_playwright

from bench import machine, promises
from bench.browser import DRAG_SECONDS, Drag, Visits, drag, profile, reactions, settle, visits
from tools.server import ROOT, house_around, running
from tools.visit import LAPTOP

RESULTS = ROOT / "bench" / "results" / "pages.md"
EMPTY = ROOT / "bench" / "empty.py"
ORIGIN = ROOT / "bench" / "origin.py"
TIMES = 10
LATE = 1000 / 30  # milliseconds: a frame that takes longer is seen to stop


@dataclass(frozen=True)
class Lesson:
    """A page of the course, its first picture, and the seconds promised for it.

    Promised for a ``warm`` visit is when a learner sees the page: at first as it was left.
    """

    title: str
    path: str
    picture: str
    cold: float
    warm: float


LESSONS = (
    Lesson("Pooling, without Plotly", "pooling", "springs", 1.3, 0.3),
    Lesson("Data, with Plotly", "data", "levels", 2.3, 0.8),
)


def next_of_three(page: Page, number: int) -> None:
    """Press Space on the next of three datasets."""
    page.locator(".st-key-data button").nth((number + 1) % 3).focus()
    page.keyboard.press("Space")


def to_and_fro(page: Page, number: int) -> None:
    """Choose another dataset of a list and press Enter."""
    page.locator(".st-key-data input").focus()
    for key in ("ArrowUp", "ArrowUp") if number % 2 else ("ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")


def skip(page: Page, *predictions: str) -> None:
    """Reveal what a picture waits for."""
    for name in predictions:
        page.locator(f".st-key-skip-{name} button").click()
        settle(page)


CONTROLS = (
    ("Pooling, another dataset in the four panels", "pooling", "panels", next_of_three),
    ("Data, another dataset, with Plotly", "data", "levels", to_and_fro),
)
DRAGS = (
    ("Pooling, σ_u, with 4,059 points in each of four panels", "pooling", "sigma_u"),
    ("Random slopes, the origin, the model fitted again at each frame", "slopes", "c"),
)
REFITTED = "The same with 4,059 points on it that all move"


@dataclass(frozen=True)
class Measured:
    """By lesson or picture: visits and reactions on the three servers, and the drags."""

    visits: dict[str, list[Visits]]
    reactions: dict[str, list[list[float]]]
    drags: dict[str, Drag]


def measure(
    playwright: Playwright, course: str, alike: str, plain: str, origin: str, times: int
) -> Measured:
    """Measure on the course, the empty page with its settings, the one with the defaults."""
    empty = (f"{alike}/?picture=", f"{plain}/?picture=")
    came: dict[str, list[Visits]] = {}
    for lesson in LESSONS:
        urls = [f"{course}/{lesson.path}", *(each + lesson.picture for each in empty)]
        for url in urls:  # whoever comes first waits for fits and compression
            visits(playwright, url, lesson.picture, 1)
        came[lesson.title] = [visits(playwright, url, lesson.picture, times) for url in urls]
    reacted: dict[str, list[list[float]]] = {}
    dragged: dict[str, Drag] = {}
    with profile(playwright) as context:
        page = context.new_page()
        for title, path, picture, press in CONTROLS:
            reacted[title] = []
            for url in (f"{course}/{path}", *(each + picture for each in empty)):
                page.goto(url)
                settle(page)
                if url.endswith("/pooling"):
                    skip(page, "pooling-moves", "pooling-slope")
                reacted[title].append(reactions(page, picture, press))
        page.goto(f"{course}/slopes")
        settle(page)
        skip(page, "slopes-origin")
        for title, path, handle in DRAGS:
            dragged[title] = drag(page, f"{course}/{path}", f"[data-focus={handle}]")
        dragged[REFITTED] = drag(page, origin, "[data-focus=c]")
    return Measured(came, reacted, dragged)


def table(measured: Measured) -> str:
    paints, weights = [], []
    count = len(measured.visits[LESSONS[0].title][0].cold)
    for lesson in LESSONS:
        came = measured.visits[lesson.title]
        for name, seconds, promised in (
            ("cold", [each.cold for each in came], f"< {lesson.cold}"),
            ("warm, as it was left", [each.seen for each in came], f"< {lesson.warm}"),
            ("warm, live", [each.warm for each in came], ""),
        ):
            cells = " | ".join(f"{median(each):.2f}" for each in seconds)
            paints.append(f"| {lesson.title}, {name} | {cells} | {promised} |")
        weights += [
            f"| {lesson.title} | {each.loaded / 1e6:.2f} | {each.told / 1e3:.0f} "
            f"| {len(each.elsewhere)} |"
            for each in came[:1]
        ]
    answers = [
        f"| {title} | " + " | ".join(percentiles(each) for each in lists) + " |"
        for title, lists in measured.reactions.items()
    ]
    drags = [
        f"| {title} | {each.rate:.0f} | {np.percentile(each.frames, 95):.0f} "
        f"| {100 * np.mean(each.frames > LATE):.1f} % | {each.sent} |"
        for title, each in measured.drags.items()
    ]
    return f"""\
# What a learner waits for

{machine.described()}; Chromium without a GPU on the same machine, in a window
of {LAPTOP[0]} by {LAPTOP[1]}. Beside the course, in the same run: an empty Streamlit page with the
same picture, once with the settings of the course and once with Streamlit's defaults.

In short:

{short(measured)}
{promises.told(broken_promises(measured))}
## The first picture

Seconds from the address to the frame with heading and picture; medians of {count} learners. Cold
is a browser that was never here, warm the same learner's second visit. The course
shows at first the page as it was left, which the browser kept, and then the live one; an empty page
is seen when it is live.

| page | the course | empty page, same settings | empty page, defaults | promised |
|---|---|---|---|---|
{chr(10).join(paints)}

What a first visit takes:

| page | MB of files, compressed | kB through the web socket | requests elsewhere |
|---|---|---|---|
{chr(10).join(weights)}

## A control that goes to the server

Milliseconds from the key press to the frame with another picture: median / 95 % within. Promised
are at most 1.2 times the empty page's median, and 95 % within 90 ms.

| control | the course | empty page, same settings | empty page, defaults |
|---|---|---|---|
{chr(10).join(answers)}

## A drag

{DRAG_SECONDS} seconds of dragging a handle with the mouse.

| handle | frames a second | 95 % of frames within ms | longer than 1/30 s | messages sent |
|---|---|---|---|---|
{chr(10).join(drags)}
"""


def short(measured: Measured) -> str:
    lines = []
    for lesson in LESSONS:
        own, alike, _ = measured.visits[lesson.title]
        lines += [
            f"- {lesson.title}: the first picture after {median(own.cold):.1f} s at a first visit;",
            f"  the next visit shows the page as it was left after {median(own.seen):.1f} s, "
            f"and it is live after {median(own.warm):.1f} s.",
            f"  An empty Streamlit page takes {median(alike.cold):.1f} and "
            f"{median(alike.warm):.1f} s.",
            f"  {own.loaded / 1e6:.1f} MB are loaded, "
            f"{len(own.elsewhere) or 'nothing'} of it from elsewhere.",
        ]
    for title, (own_ms, alike_ms, _) in measured.reactions.items():
        lines += [
            f"- {title}: {median(own_ms):.0f} ms from the key to the picture;",
            f"  {median(alike_ms):.0f} on an empty page.",
        ]
    for title, each in measured.drags.items():
        lines += [
            f"- {title}:",
            f"  {each.rate:.0f} frames a second while it is dragged, "
            f"{each.sent or 'no'} messages to the server.",
        ]
    return "\n".join(lines) + "\n"


def percentiles(milliseconds: list[float]) -> str:
    middle, late = np.percentile(milliseconds, [50, 95])
    return f"{middle:.0f} / {late:.0f}"


def broken_promises(measured: Measured) -> list[str]:
    """What is promised for two cores and does not hold."""
    kept = {}
    for lesson in LESSONS:
        own = measured.visits[lesson.title][0]
        kept[f"{lesson.title}: cold in {lesson.cold} s"] = median(own.cold) < lesson.cold
        kept[f"{lesson.title}: seen again in {lesson.warm} s"] = median(own.seen) < lesson.warm
        kept[f"{lesson.title}: nothing from elsewhere"] = not own.elsewhere
    for title, (own_ms, alike_ms, _) in measured.reactions.items():
        kept[f"{title}: 1.2 times an empty page"] = median(own_ms) <= 1.2 * median(alike_ms)
        kept[f"{title}: 95 % within 90 ms"] = bool(np.percentile(own_ms, 95) < 90)
    for title, each in measured.drags.items():
        kept[f"{title}: 60 frames a second"] = each.rate > 58
        kept[f"{title}: no traffic"] = each.sent == 0
    return [promise for promise, holds in kept.items() if not holds]


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    defaults = (sys.executable, "-m", "streamlit", "run", str(EMPTY), "--server.headless", "true")
    with (
        tempfile.TemporaryDirectory() as house,
        tempfile.TemporaryDirectory() as bare,
        tempfile.TemporaryDirectory() as drawn,
        running() as course,
        running(folder=house_around(EMPTY, Path(house))) as alike,
        running(defaults, folder=Path(bare), environment={"PYTHONPATH": str(ROOT)}) as plain,
        running(folder=house_around(ORIGIN, Path(drawn))) as origin,
        sync_playwright() as playwright,
    ):
        measured = measure(playwright, course.url, alike.url, plain.url, origin.url, times)
    text = table(measured)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
