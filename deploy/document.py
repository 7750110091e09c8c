"""Streamlit's document, which also says where the server is and what every lesson is drawn with.

Before anything of that has come, it shows the page as it was left at the last visit (``left.js``).

Left alone, the browser of someone who opens a lesson first asks for the server beside that page, in
vain, and then who may frame the page, which here nobody may, before it connects. And it fetches
the script of each kind of element when the first of the kind is to be drawn; React then holds back
what it could not draw at once, 300 ms after the last such script.
"""

import re
from pathlib import Path

# The kinds of elements that nearly every lesson has, by the names of Streamlit's scripts.
KINDS = (
    "BidiComponent",
    "Html",
    "Button",
    "ButtonGroup",
    "Radio",
    "TextInput",
    "PageLink",
    "rehype-katex",
)
# What a page has besides, by the last word of its address: more kinds, a script that is long.
PAGES = {"data": (("Selectbox", "DownloadButton"), "vendor/plotly-*/*.js")}
STATIC = Path(__file__).parent.parent / "static"
IMPORT = re.compile(r'from"\./([\w.-]+\.js)"')

# The server is where the document's own scripts are, and no other page may speak to this one.
SERVER = (
    '<script>window.__streamlit={BACKEND_BASE_URL:new URL(".",location).href,'
    "HOST_CONFIG:{allowedOrigins:[location.origin],useExternalAuthToken:false}}</script>"
)


def prepared(index: Path, page: str = "") -> bytes:
    """Return the document `index` of a page, with the server's address and the scripts it needs."""
    more, ours = PAGES.get(page, ((), "!"))
    folder = index.parent / "static" / "js"
    text = index.read_text(encoding="utf-8")
    wanted = [file.name for kind in (*KINDS, *more) for file in folder.glob(f"{kind}.*.js")]
    fetched = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">'
        for name in with_imports(folder, wanted)
        if name not in text
    )
    run = "".join(f'import "./static/js/{name}";' for name in wanted)
    own = "".join(
        f'<script type="module" async src="./app/static/{file.relative_to(STATIC).as_posix()}">'
        "</script>"
        for file in STATIC.glob(ours)
    )
    left = Path(__file__).with_name("left.js").read_text(encoding="utf-8")
    text = text.replace("</body>", f"<script>{left}</script></body>")
    added = f'{SERVER}{own}{fetched}<script type="module">{run}</script>'
    return text.replace("</head>", f"{added}</head>").encode()


def with_imports(folder: Path, names: list[str]) -> list[str]:
    """The scripts `names` and all that they import, each once."""
    found = [*names]
    for name in found:
        imported = IMPORT.findall((folder / name).read_text(encoding="utf-8"))
        found += [each for each in dict.fromkeys(imported) if each not in found]
    return found
