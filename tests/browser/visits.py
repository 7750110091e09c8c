"""A learner's visit: a fresh browser window on the course, and what went over the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, WebSocket

from tools.server import ROOT

LAPTOP = (1366, 768)
PROJECTOR = (1920, 1080)
PHONE = (390, 844)

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
QUIET_SECONDS = 0.4
AXE = (ROOT / "tests/vendor/axe.min.js").read_text(encoding="utf-8")

# What axe-core finds in Streamlit itself and no page of ours can change: rule, then a piece of the
# markup it is found in, then why it is left.
STREAMLITS_OWN: Mapping[str, tuple[str, ...]] = {}


@dataclass
class Traffic:
    """The frames of the web socket, in bytes, since the last ``clear``."""

    sent: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)

    def clear(self) -> None:
        self.sent.clear()
        self.received.clear()

    def watch(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(len(frame)))
        socket.on("framereceived", lambda frame: self.received.append(len(frame)))


@dataclass(frozen=True)
class Violation:
    """Something axe-core objects to: its rule, how grave, and the markup."""

    rule: str
    impact: str
    markup: str


class Visit:
    """A page in a window of its own. Requests to anywhere else are stopped and remembered."""

    def __init__(
        self, browser: Browser, home: str, *, size: tuple[int, int], dark: bool, touch: bool
    ) -> None:
        self.home = home
        self.traffic = Traffic()
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            has_touch=touch,
        )
        self.context.route("**/*", self._stay_here)
        self.page: Page = self.context.new_page()
        self.page.on("websocket", self.traffic.watch)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str, query: str = "") -> None:
        """Open a path of the course, cold, and wait until it is drawn."""
        self.page.goto(f"{self.home}/{path.lstrip('/')}{'?' if query else ''}{query}")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run, nothing more arrives and the fonts are there."""
        self.page.wait_for_selector(IDLE, timeout=30_000)
        while True:
            before = (len(self.traffic.sent), len(self.traffic.received))
            self.page.wait_for_timeout(QUIET_SECONDS * 1000)
            if before == (len(self.traffic.sent), len(self.traffic.received)):
                break
        self.page.wait_for_selector(IDLE)
        self.page.evaluate("document.fonts.ready.then(() => true)")

    def axe(self) -> list[Violation]:
        """List what axe-core objects to on the page, but for what is Streamlit's own."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        violations = [
            Violation(rule["id"], rule["impact"], node["html"])
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        return [
            violation
            for violation in violations
            if not any(
                piece in violation.markup for piece in STREAMLITS_OWN.get(violation.rule, ())
            )
        ]

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "Math.max(...[document.documentElement, ...document.querySelectorAll("
                "'[data-testid=stMain], [data-testid=stAppViewContainer]')]"
                ".map(e => e.scrollWidth - e.clientWidth))"
            )
        )

    def close(self) -> None:
        """End the visit; it must have been free of errors and of requests elsewhere."""
        self.context.close()
        assert self.complaints == [], "the browser's console complains"
        assert self.elsewhere == [], "the page asks other machines for something"

    def _stay_here(self, route: Route, request: Request) -> None:
        if urlsplit(request.url).netloc == urlsplit(self.home).netloc:
            route.continue_()
        else:
            self.elsewhere.append(request.url)
            route.abort()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")
