"""The course, served on a free port: for the tests, the benchmarks and the screenshots."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "streamlit", "run", "serve.py")
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, its process, what it has written."""

    url: str
    pid: int
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@contextmanager
def running(
    command: Sequence[str] = COMMAND,
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Server]:
    """Start ``command`` in ``folder``, on a free port if none is given, and stop it at the end.

    The variables of the caller that would set Streamlit or the number of threads are taken away,
    so that the server has the settings of the house and no others.
    """
    port = port or free_port()
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STREAMLIT_", "OPENBLAS_"))
    }
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**inherited, "STREAMLIT_SERVER_PORT": str(port), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://localhost:{port}", process.pid, Path(log.name))
        try:
            _wait_until_healthy(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def house_around(app: Path, house: Path) -> Path:
    """Make a folder of links to the rest of the house, with another page for ``app.py``."""
    for room in ROOT.iterdir():
        (house / room.name).symlink_to(app if room.name == "app.py" else room)
    return house


def free_port() -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped at once:\n{server.log.read_text()}")
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"no answer in {START_SECONDS} s:\n{server.log.read_text()}")
