"""Several processes of the course behind the proxy of ``deploy/``, on this machine."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import caddy
from tools.server import ROOT, Server, free_port, running


@dataclass(frozen=True)
class Room:
    """The processes, and the proxy that stands before them."""

    proxy: Server
    replicas: tuple[Server, ...]


@contextmanager
def replicated(number: int = 2, *, folder: Path = ROOT) -> Iterator[Room]:
    """Start ``number`` replicas and the proxy as ``deploy/compose.yml`` does, and stop them."""
    binary = caddy.find()
    if binary is None:
        raise FileNotFoundError(caddy.MISSING)
    secret = {"STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32)}
    with ExitStack() as stack:
        replicas = tuple(
            stack.enter_context(running(folder=folder, environment=secret)) for _ in range(number)
        )
        port = free_port()
        environment = {
            "SITE": f":{port}",
            "REPLICAS": " ".join(f"localhost:{replica.port}" for replica in replicas),
        }
        command = (binary, "run", "--config", str(ROOT / "deploy" / "Caddyfile"))
        proxy = stack.enter_context(running(command, environment=environment, port=port))
        yield Room(proxy, replicas)
