"""The machine that a bench ran on, in a sentence."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

CPU = Path("/proc/cpuinfo")


def described() -> str:
    """Say the number of cores, their kind where Linux tells it, and what runs on them."""
    kind = re.search(r"model name\s*: (.+)", CPU.read_text()) if CPU.exists() else None
    cores = f"{os.cpu_count()} cores{f' ({kind[1]})' if kind else ''}"
    return f"{cores}, Python {platform.python_version()}, Streamlit {version('streamlit')}"
