"""A page that writes down the state of the server it runs in, served in place of ``app.py``.

It is copied beside links to the rest of the house, so that ``serve.py`` and the settings are the
real ones.
"""

import ctypes
import gc
import json
import os
import threading
from pathlib import Path

import numpy
import streamlit as st
from streamlit import config
from streamlit.runtime import Runtime


def blas_threads() -> int:
    """Ask the BLAS that came with numpy how many threads it uses."""
    (library,) = (Path(numpy.__file__).parent.parent / "numpy.libs").glob("*openblas*")
    return int(ctypes.CDLL(str(library)).scipy_openblas_get_num_threads64_())


collections = st.cache_resource(lambda: [])()
if not any(getattr(callback, "__name__", "") == "note_collection" for callback in gc.callbacks):

    def note_collection(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            collections.append(threading.current_thread().name)

    gc.callbacks.append(note_collection)

loop = Runtime.instance()._get_async_objs().eventloop
Path(os.environ["DIAGNOSIS"]).write_text(
    json.dumps(
        {
            "loop": type(loop).__module__,
            "frozen": gc.get_freeze_count(),
            "full_collections": len(collections),
            "blas_threads": blas_threads(),
            "watcher": config.get_option("server.fileWatcherType"),
        }
    ),
    encoding="utf-8",
)
st.write("Written down.")
