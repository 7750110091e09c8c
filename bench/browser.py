"""What a browser sees and when: the first picture, another one after a key press, a drag's frames.

Chromium runs without a GPU; ``watch.js`` looks at each frame.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import sin
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import BrowserContext, Page, Playwright, Request

from tools import chromium
from tools.server import ROOT
from tools.visit import IDLE, LAPTOP, Traffic

WATCH = (ROOT / "bench" / "watch.js").read_text(encoding="utf-8")
PRESSES = 25
DRAG_SECONDS = 3


@contextmanager
def profile(playwright: Playwright) -> Iterator[BrowserContext]:
    """A browser that has never been here, with a disk cache of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=chromium.find(),
            args=list(chromium.FLAGS),
            viewport={"width": LAPTOP[0], "height": LAPTOP[1]},
        )
        context.add_init_script(WATCH)
        yield context
        context.close()


def settle(page: Page) -> None:
    """Wait until the script has run and its picture is drawn."""
    page.wait_for_selector(IDLE)
    page.wait_for_timeout(300)


@dataclass
class Visits:
    """Seconds to the first picture, cold and warm, and what the last cold visit took.

    ``seen`` are the seconds to the page as it was left, or where none was shown, to the live one.
    """

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    loaded: int = 0
    told: int = 0
    elsewhere: list[str] = field(default_factory=list)


def visits(playwright: Playwright, url: str, picture: str, times: int) -> Visits:
    """Come ``times`` as a new learner, and once again each time.

    A visit lasts from the address to the frame that has the heading and the picture. ``loaded`` are
    the bytes of its files as they came, ``told`` those through the web socket.
    """
    found = Visits()
    for _ in range(times):
        with profile(playwright) as context:
            page = context.new_page()
            requests: list[Request] = []
            traffic = Traffic()
            page.on("requestfinished", _into(requests))
            page.on("websocket", traffic.watch)
            found.cold.append(_first_picture(page, url, picture))
            settle(page)
            page.wait_for_load_state("networkidle")
            found.loaded = sum(request.sizes()["responseBodySize"] for request in requests)
            found.told = sum(traffic.received)
            asked = {urlsplit(request.url) for request in requests}
            found.elsewhere += [
                each.geturl()
                for each in asked
                if each.scheme.startswith("http") and each.netloc != urlsplit(url).netloc
            ]
            page.wait_for_timeout(1000)  # what is at rest is kept
            page.close()
            page = context.new_page()
            found.warm.append(_first_picture(page, url, picture))
            left = page.evaluate("watch.left()")
            found.seen.append(found.warm[-1] if left is None else left / 1000)
    return found


def _into(kept: list[Request]) -> Callable[[Request], None]:
    return lambda request: kept.append(request)


def _first_picture(page: Page, url: str, picture: str) -> float:
    page.goto(url)
    return float(page.evaluate(f"watch.painted('{picture}')")) / 1000


def reactions(page: Page, picture: str, press: Callable[[Page, int], None]) -> list[float]:
    """Milliseconds from a key press to another picture, after each choice was made once."""
    found = []
    for number in range(PRESSES):
        page.evaluate(f"watch.reaction('{picture}')")
        press(page, number)
        found.append(float(page.evaluate("reacted")))
        settle(page)
    return found[3:]


@dataclass(frozen=True)
class Drag:
    """Milliseconds of each frame of a drag, and the messages that were sent meanwhile."""

    frames: np.ndarray
    sent: int

    @property
    def rate(self) -> float:
        """Frames in a second."""
        return float(1000 / self.frames.mean())


def drag(page: Page, url: str, handle: str, reach: int = 150) -> Drag:
    """Move a handle to and fro with the mouse."""
    traffic = Traffic()
    page.on("websocket", traffic.watch)
    page.goto(url)
    settle(page)
    target = page.locator(handle).first
    target.wait_for()
    page.wait_for_timeout(1000)  # a scroll bar or a font that comes late draws the picture anew
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    if box is None:
        raise RuntimeError(f"the handle {handle} is not on screen")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    traffic.clear()
    page.evaluate("watch.film()")
    end, step = time.perf_counter() + DRAG_SECONDS, 0
    while time.perf_counter() < end:
        step += 1
        page.mouse.move(x + reach * sin(step / 15), y)
    times = page.evaluate("filmed()")
    sent = len(traffic.sent)
    page.mouse.up()
    return Drag(np.diff(times), sent)
