"""Streamlit's JavaScript and CSS and our own static files, compressed once and kept.

Plotly's script takes 0.4 MB instead of 1.2 over the air. Streamlit leaves all of them uncompressed
because compressing them at every request costs too much; here each is compressed when first
asked for, in a thread, and the bytes are kept: some 7 MB if all of them were.
"""

import asyncio
import gzip
import hashlib
import re
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.file_util import get_static_dir

from deploy import document

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}
OURS = Path(__file__).parent.parent / "static"
HASHED = "public, immutable, max-age=31536000"  # the name changes with the content
PAGE = "no-cache"


class Compressed:
    """Answer requests for static text with gzip; leave all others, and ranges, to ``app``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files = assets(Path(get_static_dir()), config.get_option("server.baseUrlPath"))
        self.bodies: dict[tuple[Path, str], asyncio.Task[tuple[bytes, str]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self.files.get(wanted(scope)) if scope["type"] == "http" else None
        if file is None or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "range" in headers or not accepts_gzip(headers.get("accept-encoding", "")):
            await self.app(scope, receive, varying(send))
            return
        body, tag = await self.compressed(file, page_of(scope))
        described = {
            "Cache-Control": PAGE if file.suffix == ".html" else HASHED,
            "Content-Encoding": "gzip",
            "Content-Type": MEDIA_TYPES[file.suffix],
            "ETag": tag,
            "Vary": "Accept-Encoding",
        }
        if tag in headers.get("if-none-match", ""):
            response = Response(status_code=304, headers=described)
        else:
            response = Response(body, headers=described)
        await response(scope, receive, send)

    async def compressed(self, file: Path, page: str = "") -> tuple[bytes, str]:
        """Give the gzip of ``file`` and its tag; forty who ask at once wait for one compression."""
        if (file, page) not in self.bodies:
            made = asyncio.to_thread(compress, file, page)
            self.bodies[file, page] = asyncio.create_task(made)
        return await asyncio.shield(self.bodies[file, page])


def wanted(scope: Scope) -> str:
    """Return the path asked for; every page of the course is Streamlit's one document."""
    path: str = scope["path"]
    above, _, last = path.rpartition("/")
    page = "text/html" in Headers(scope=scope).get("accept", "") and "." not in last
    return f"{above}/" if page else path


def page_of(scope: Scope) -> str:
    """Return the page asked for where its document has something of its own."""
    last: str = scope["path"].rpartition("/")[2]
    return last if last in document.PAGES else ""


def assets(root: Path, base: str) -> dict[str, Path]:
    """List what is compressed, by its path in the address: the document and the static text."""
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return {
        f"{prefix}/": root / "index.html",
        **texts(root / "static", f"{prefix}/static"),
        **texts(OURS, f"{prefix}/app/static"),
    }


def texts(folder: Path, address: str) -> dict[str, Path]:
    """List the files of a folder that are text, by their path below its address."""
    files = (file for file in folder.rglob("*") if file.suffix in MEDIA_TYPES)
    return {f"{address}/{file.relative_to(folder).as_posix()}": file for file in files}


def compress(file: Path, page: str = "") -> tuple[bytes, str]:
    """Make the gzip of a file, the same at every start, and a strong validator for it."""
    content = document.prepared(file, page) if file.suffix == ".html" else file.read_bytes()
    body = gzip.compress(content, compresslevel=9, mtime=0)
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a request takes gzip (RFC 9110, 12.5.3); a weight of zero refuses it."""
    return re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accept_encoding) is not None


def varying(send: Send) -> Send:
    """Tell caches that the answer depends on what the browser accepts."""

    async def with_vary(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
        await send(message)

    return with_vary
