"""A stage on a page of its own: the library's script, the sheet, and a diary of what it reports."""

import json
from typing import Any

from playwright.sync_api import Browser, Page, expect

from ui import theme
from ui.assets import library_script

PAGE = """<!doctype html><html><head>
<style>{tokens} html{{color-scheme:light;font-size:16px}}</style></head>
<body style="margin:0;background:var(--paper)"><div class="stage"></div></body></html>"""

MOUNT = """([name, data]) => {
  const root = document.querySelector('.stage');
  window.said ??= [];
  document.adoptedStyleSheets = [window.pictures.sheet];
  root.picture ??= window.pictures[name](root);
  root.picture.update(data, { setStateValue: (name, value) => window.said.push(value) });
}"""


class Bench:
    """Mounts what `Stage.drawn` or `Stage.asking` says, as the component would."""

    def __init__(
        self, browser: Browser, picture: str = "scene", *, size: tuple[int, int] = (1040, 900)
    ) -> None:
        self.picture = picture
        self.page: Page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.errors: list[str] = []
        self.page.set_content(PAGE.format(tokens=theme.tokens()))
        script = library_script().replace("export default function", "window.begin = function")
        self.page.add_script_tag(content=script)
        self.page.evaluate("begin(); multilevelLab.promise.then(p => { window.pictures = p; })")

    def show(self, sent: dict[str, Any], **more: Any) -> None:
        sent = json.loads(json.dumps({"values": {}, **sent, **more}))
        self.page.evaluate(MOUNT, [self.picture, sent])
        self.page.wait_for_timeout(400)

    def said(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("window.said")
        return found

    def text(self) -> str:
        return " ".join(self.page.inner_text(".stage").split())

    def says(self, words: str) -> None:
        """Wait until the stage has come to rest on these words."""
        expect(self.page.locator(".stage")).to_contain_text(words)

    def reported(self) -> dict[str, Any]:
        """What it reported last, once nothing more has come for half a second."""
        before = -1
        while before != (before := len(self.said())):
            self.page.wait_for_timeout(500)
        return self.said()[-1]

    def close(self) -> None:
        self.page.close()
        assert self.errors == []
