"""A learner's visit: a fresh browser window on the course, and what went over the wire."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, WebSocket

LAPTOP = (1366, 768)
PROJECTOR = (1920, 1080)
PHONE = (390, 844)

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
QUIET_SECONDS = 0.4
MOST_WAITS = 50

# Streamlit's page asks for these beside its own address to learn where the server's root is.
PROBES = ("/_stcore/health", "/_stcore/host-config")

CUT_OFF = """() => {
  const out = [];
  const visit = node => {
    for (const element of node.children) {
      const style = getComputedStyle(element);
      const scrolls = /auto|scroll/.test(style.overflowX) && element.dataset.testid !== 'stMain';
      const unseen = style.visibility === 'hidden' || style.clipPath !== 'none';
      if (scrolls || unseen || element.matches('[data-testid=stSidebar]')) continue;
      const words = [...element.childNodes].filter(n => n.nodeType === 3 && n.data.trim());
      for (const word of words) {
        const range = document.createRange();
        range.selectNodeContents(word);
        const box = range.getBoundingClientRect();
        if (box.width > 1 && (box.left < -1 || box.right > innerWidth + 1))
          out.push(word.data.trim());
      }
      visit(element);
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document.body);
  return out;
}"""


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


class Visit:
    """A page in a window of its own. Requests to anywhere else are stopped and remembered."""

    def __init__(
        self,
        browser: Browser,
        home: str,
        *,
        size: tuple[int, int] = LAPTOP,
        dark: bool = False,
        touch: bool = False,
    ) -> None:
        self.home = home
        self.traffic = Traffic()
        self.loaded: dict[str, int] = {}
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
        self.page.on("requestfinished", self._weigh)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str, query: str = "") -> None:
        """Open a path of the course, cold, and wait until it is drawn."""
        self.page.goto(f"{self.home}/{path.lstrip('/')}{'?' if query else ''}{query}")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run, nothing more arrives and the fonts are there."""
        for _ in range(MOST_WAITS):
            self.page.wait_for_selector(IDLE, timeout=30_000)
            before = (len(self.traffic.sent), len(self.traffic.received))
            self.page.wait_for_timeout(QUIET_SECONDS * 1000)
            if before == (len(self.traffic.sent), len(self.traffic.received)):
                break
        self.page.wait_for_selector(IDLE)
        self.page.evaluate("document.fonts.ready.then(() => true)")

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "Math.max(...[document.documentElement, ...document.querySelectorAll("
                "'[data-testid=stMain], [data-testid=stAppViewContainer]')]"
                ".map(e => e.scrollWidth - e.clientWidth))"
            )
        )

    def cut_off(self) -> list[str]:
        """List the words of the page that stick out of the window at its sides."""
        found: list[str] = self.page.evaluate(CUT_OFF)
        return found

    def height(self) -> int:
        """How many pixels tall a window must be to show the whole page."""
        return int(
            self.page.evaluate(
                "Math.max(innerHeight, document.querySelector('[data-testid=stMain]').scrollHeight)"
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

    def _weigh(self, request: Request) -> None:
        self.loaded[request.url] = request.sizes()["responseBodySize"]

    def _listen(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        if message.type == "error" and not address.endswith(PROBES):
            self.complaints.append(f"{message.text} ({address})")
