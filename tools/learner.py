"""A simulated learner: what a browser says to the server and hears from it, without the drawing.

The frames are Streamlit's own protocol buffers over a web socket.
"""

from __future__ import annotations

import json
import time
from types import TracebackType
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from ui.store import COOKIE

MAX_FRAME = 200 * 2**20


class Learner:
    """One learner on one page of the course at ``url``; ``async with`` opens the connection.

    ``record`` is what the browser keeps from an earlier visit: a cookie says that it is there, and
    it is handed over as soon as the page asks. ``query`` is what the address bar holds, and follows
    what the page puts there; ``said`` are the paragraphs of the last run.
    """

    def __init__(self, url: str, page: str = "", query: str = "", record: str = "") -> None:
        self._address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        self._page, self.query, self._script = page, query, ""
        self._record = record
        self._widgets: dict[str, WidgetState] = {}
        self._cached: set[str] = set()
        self.elements: dict[str, str] = {}
        self.said: list[str] = []
        self.received = 0

    async def __aenter__(self) -> Learner:
        self._socket: ClientConnection = await connect(
            self._address,
            max_size=MAX_FRAME,
            compression=None,
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": f"{COOKIE}=kept"} if self._record else None,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()

    async def run(self) -> float:
        """Have the page run and return the seconds until its script has finished.

        The first run opens the page; a later one is what a moved control causes.
        """
        self.said.clear()
        start = time.perf_counter()
        await self._ask()
        while not self._hear(await self._socket.recv()):
            if self._record and any(name.endswith("-storage") for name in self.elements):
                self.move("storage", json_value=json.dumps({"saved": self._record}))
                self._record = ""
                await self._ask()
        return time.perf_counter() - start

    async def _ask(self) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = self._script
        state.page_name = "" if self._script else self._page
        state.widget_states.widgets.extend(self._widgets.values())
        state.cached_message_hashes.extend(self._cached)
        await self._socket.send(message.SerializeToString())

    def move(self, key: str, **value: Any) -> None:
        """Set the control called ``key``; ``value`` is a field of Streamlit's ``WidgetState``."""
        matches = [name for name in self.elements if name.endswith(f"-{key}")]
        if not matches:
            raise KeyError(f"no control {key!r} on this page; there are {sorted(self.elements)}")
        self._widgets[matches[0]] = WidgetState(id=matches[0], **value)

    def _hear(self, frame: bytes | str) -> bool:
        """Take in a frame; true when the script has finished."""
        data = frame if isinstance(frame, bytes) else frame.encode()
        self.received += len(data)
        message = ForwardMsg.FromString(data)
        if message.metadata.cacheable:
            self._cached.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            self._note(message)
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                raise RuntimeError("the page does not compile")
            return bool(message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)
        return False

    def _note(self, message: ForwardMsg) -> None:
        """Remember the controls by their identity, and fail where a learner would see an error."""
        element = message.delta.new_element
        kind = element.WhichOneof("type") or ""
        if kind == "exception":
            raise RuntimeError(f"the page shows an error: {element.exception.message}")
        if kind == "alert" and element.alert.format == Alert.ERROR:
            raise RuntimeError(f"the page shows an error: {element.alert.body}")
        if kind == "markdown":
            self.said.append(element.markdown.body)
        identity = getattr(getattr(element, kind, None), "id", "")
        if identity:
            self.elements[identity] = kind
