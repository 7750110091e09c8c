"""The server: Streamlit's own, with compressed assets and everything loaded before the first visit.

``streamlit run serve.py`` is what ``make run`` and the container do. ``streamlit run app.py``
shows the same course without the two.
"""

import asyncio
import ctypes
import gc
import importlib
import os
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is loaded: so before that

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config
from streamlit.logger import get_logger
from streamlit.runtime import Runtime

from deploy.compression import Compressed

ROOMS = ("mlcore", "datasets", "workbench", "figures", "ui")
WARM_UP_SECONDS = 20
M_ARENA_MAX = -8  # malloc.h
APOLOGY = (
    "This page stopped because of a mistake of ours. Your answers are safe in this browser. "
    "Reload the page; if it happens again, tell whoever runs this course."
)

log = get_logger("multilevel_lab")


def share_heaps(count: int = 2) -> None:
    """Have threads share `count` heaps, where the C library is glibc.

    Left alone it gives each of them its own and keeps it: with a thread for each run of a page,
    a third of what a learner takes.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, count)


@asynccontextmanager
async def warm(app: st.App) -> AsyncIterator[None]:
    """Load the heavy modules and run ``app.py`` once, then set them aside from garbage collection.

    A failure is logged and the server starts cold: a slow first visit is better than none.
    """
    try:
        for module in modules():
            importlib.import_module(module)
        async with asyncio.timeout(WARM_UP_SECONDS):
            works, message = await Runtime.instance().does_script_run_without_error()
        if not works:
            log.warning("app.py did not run at start: %s", message)
    except Exception:
        log.exception("The server starts cold")
    gc.collect()
    gc.freeze()
    yield


def modules() -> Iterator[str]:
    """Every module of the house; they bring numpy, scipy, pandas and Plotly with them."""
    for room in ROOMS:
        yield room
        path = importlib.import_module(room).__path__
        yield from (module.name for module in pkgutil.walk_packages(path, f"{room}."))


def apologise(_: Exception) -> bool:
    """Show our words where a page fails; Streamlit has written the traceback to the log."""
    if config.get_option("client.showErrorDetails") == "full":  # make dev
        return False
    st.error(APOLOGY)
    return True


share_heaps()
app = st.App(
    "app.py", middleware=[Middleware(Compressed)], lifespan=warm, on_script_error=apologise
)
